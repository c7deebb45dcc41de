//! The outbox: what must follow a commit, written inside it. Handlers may run twice without harm.

mod admin;
mod entity;
mod queue;

pub use admin::{JobState, JobView, discard, find_jobs, list_jobs, revive};
pub use queue::{
    DeadJob, Job, Kinds, NewJob, bury, claim, claim_of, dead_count, dead_jobs, done, enqueue, is_due,
    overdue, pending, postpone, retry_later,
};

#[cfg(test)]
mod admin_tests;
#[cfg(test)]
mod batch_tests;
#[cfg(test)]
mod tests;
