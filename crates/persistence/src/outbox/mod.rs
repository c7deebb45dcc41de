//! The outbox: what must follow a commit, written inside it. Handlers may run twice without harm.

mod entity;
mod queue;

pub use queue::{
    DeadJob, Job, NewJob, bury, claim, dead_count, dead_jobs, done, enqueue, is_due, overdue, pending,
    postpone, retry_later,
};

#[cfg(test)]
mod batch_tests;
#[cfg(test)]
mod tests;
