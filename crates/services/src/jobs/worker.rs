//! Runs jobs: claims what is due, several at once, and waits to be rung or for the next one's time.

use super::handlers::{Done, handle, may_be_given_up};
use crate::{
    Context,
    meters::{self, JobOutcome},
};
use chrono::TimeDelta;
use futures_util::FutureExt;
use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use stoa_domain::shared::{Fault, Timestamp};
use stoa_persistence::{
    Durability,
    db::retrying,
    outbox::{self, Job, Kinds},
};
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// Jobs one worker runs at once.
const AT_ONCE: usize = 8;
/// How many of them may be mails: a mail server that takes what it is told and never answers keeps mails waiting, and neither stock
/// nor money.
const MAILS_AT_ONCE: usize = 4;
/// How long a claim lasts: longer than any handler takes with all its retries.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How long to sleep at most: another process may have put something in.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often the log says that looks are in vain.
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// How long to wait at least between two looks.
const BREATH: Duration = Duration::from_millis(20);

/// How a failed job is tried again.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// Before the second attempt; doubles with each.
    pub first: TimeDelta,
    /// The longest wait.
    pub most: TimeDelta,
    /// Attempts in all; then the job is dead.
    pub attempts: i32,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: TimeDelta::seconds(5), most: TimeDelta::hours(1), attempts: 20 }
    }
}

impl Backoff {
    /// The wait after a failed attempt (from 1), spread by up to a fifth either way so that jobs that failed together
    /// do not come back together. `dice` is from 0 to 1,000.
    fn wait(&self, attempt: i32, dice: i32) -> TimeDelta {
        let doublings = u32::try_from(attempt - 1).unwrap_or(0).min(20);
        let wait = self.first.checked_mul(1 << doublings).unwrap_or(self.most).min(self.most);
        wait * (800 + dice * 400 / 1_000) / 1_000
    }
}

/// Runs jobs until told to stop.
pub struct JobWorker {
    ctx: Arc<Context>,
    backoff: Backoff,
    /// The kinds of what is being done.
    doing: Mutex<Vec<String>>,
}

impl JobWorker {
    /// A worker.
    pub const fn new(ctx: Arc<Context>, backoff: Backoff) -> Self {
        Self { ctx, backoff, doing: Mutex::new(Vec::new()) }
    }

    /// Runs until `stop`; jobs in flight are finished first.
    pub async fn run(self, stop: CancellationToken) {
        let worker = Arc::new(self);
        let mut running = JoinSet::new();
        let mails = Arc::new(Semaphore::new(MAILS_AT_ONCE));
        let (mut in_vain, mut said): (u32, Option<Instant>) = (0, None);
        while !stop.is_cancelled() {
            while running.try_join_next().is_some() {}
            let free = AT_ONCE - running.len();
            let (kinds, wanted) = match mails.available_permits() {
                0 => (Kinds::NotMails, free),
                room => (Kinds::All, free.min(room)),
            };
            let claimed = match worker.claim(kinds, wanted).await {
                Ok(claimed) => {
                    if in_vain > 0 {
                        tracing::info!(times = in_vain, "jobs can be claimed again");
                    }
                    (in_vain, said) = (0, None);
                    claimed
                }
                Err(fault) => {
                    in_vain = in_vain.saturating_add(1);
                    // A look a second: whoever reads the log need not hear of each.
                    if said.is_none_or(|at| at.elapsed() >= SAY_AGAIN) {
                        tracing::error!(error = %fault, times = in_vain, "jobs cannot be claimed");
                        said = Some(Instant::now());
                    }
                    Vec::new()
                }
            };
            let full = claimed.len() == wanted;
            for job in claimed {
                let worker = Arc::clone(&worker);
                let turn = job.is_mail().then(|| Arc::clone(&mails).try_acquire_owned());
                running.spawn(async move {
                    worker.attend(job).await;
                    drop(turn);
                });
            }
            if full {
                // There may be more: wait for room only.
                if running.len() >= AT_ONCE {
                    tokio::select! { _ = running.join_next() => {}, () = stop.cancelled() => {} }
                }
                continue;
            }
            // In a busy shop something is put in every few milliseconds: what comes meanwhile is taken with the next look. Mails that
            // were passed over need not wait so long once there is room for one.
            tokio::select! {
                () = tokio::time::sleep(BREATH) => {}
                _ = running.join_next(), if kinds == Kinds::NotMails && !running.is_empty() => continue,
            }
            tokio::select! {
                () = worker.ctx.jobs_waiting.notified() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                _ = running.join_next(), if !running.is_empty() => {}
                () = stop.cancelled() => {}
            }
        }
        let doing = worker.doing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !doing.is_empty() {
            // If one of them takes so long that the program is killed, this says which.
            tracing::info!(jobs = ?doing, "stopping: jobs in flight are finished first");
        }
        while running.join_next().await.is_some() {}
    }

    /// Runs everything that is due by the clock and what that puts in, until nothing is; for tests and for one-shot
    /// commands. Gives how many attempts were made.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn run_due(&self) -> Result<usize, Fault> {
        let mut attempts = 0;
        loop {
            let claimed = self.claim(Kinds::All, AT_ONCE).await?;
            if claimed.is_empty() {
                return Ok(attempts);
            }
            for job in claimed {
                attempts += 1;
                self.attend(job).await;
            }
        }
    }

    async fn claim(&self, kinds: Kinds, wanted: usize) -> Result<Vec<Job>, Fault> {
        let now = self.ctx.now();
        let limit = u64::try_from(wanted).unwrap_or(0);
        if limit == 0 {
            return Ok(Vec::new());
        }
        // Where all wait for one writer, nobody becomes it for nothing. Elsewhere a claim that finds nothing costs no more than the question.
        if self.ctx.db().has_one_writer() && !outbox::is_due(self.ctx.db().read(), kinds, now).await? {
            return Ok(Vec::new());
        }
        retrying(|| self.claim_once(kinds, now, limit)).await
    }

    async fn claim_once(&self, kinds: Kinds, now: Timestamp, limit: u64) -> Result<Vec<Job>, Fault> {
        let turn = self.ctx.db().write_one(Durability::Relaxed).await?;
        outbox::claim_of(&turn, kinds, now, now + LEASE, limit).await
    }

    /// Does one job and writes down what became of it. If that cannot be written, the lease runs out and the job is
    /// done again.
    #[tracing::instrument(name = "job", skip_all, fields(job.id = %job.id, job.kind = %job.kind, job.attempt = job.attempt, job.payload = %job.payload))]
    async fn attend(&self, job: Job) {
        let doing = || self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        doing().push(job.kind.clone());
        self.attend_once(&job).await;
        let mut doing = doing();
        if let Some(at) = doing.iter().position(|kind| *kind == job.kind) {
            doing.swap_remove(at);
        }
    }

    async fn attend_once(&self, job: &Job) {
        // A handler that takes its whole process down is never heard of again: its attempts are counted all the same.
        let done = match job.attempt > self.backoff.attempts && may_be_given_up(&job.kind) {
            true => Err(Fault::bug("the job has never come to an end")),
            false => match AssertUnwindSafe(handle(&self.ctx, job)).catch_unwind().await {
                Ok(done) => done,
                Err(_) => Err(Fault::bug("the job's handler panicked")),
            },
        };
        if let Err(fault) = &done {
            meters::fault(fault);
        }
        if let Err(fault) = retrying(|| self.write_down(job, &done)).await {
            tracing::error!(error = %fault, "what became of a job was not written down; it will run again");
        }
    }

    async fn write_down(&self, job: &Job, done: &Result<Done, Fault>) -> Result<(), Fault> {
        let now = self.ctx.now();
        // A power cut may bring back a job that was done: handlers may run twice without harm.
        let turn = self.ctx.db().write_one(Durability::Relaxed).await?;
        let outcome = match done {
            Ok(Done::Yes) => {
                outbox::done(&turn, job).await?;
                JobOutcome::Done
            }
            Ok(Done::NotBefore(at)) => {
                outbox::postpone(&turn, job, *at, &job.payload).await?;
                JobOutcome::Done
            }
            Ok(Done::GoesOn(at, payload)) => {
                outbox::postpone(&turn, job, *at, payload).await?;
                JobOutcome::Done
            }
            Err(fault) if job.attempt >= self.backoff.attempts && may_be_given_up(&job.kind) => {
                tracing::error!(error = %fault, "the job is given up");
                outbox::bury(&turn, job, now, &fault.to_string()).await?;
                JobOutcome::Dead
            }
            Err(fault) => {
                let at = self.next_attempt(job, now);
                tracing::warn!(error = %fault, retry.at = %at, "the job failed");
                outbox::retry_later(&turn, job, at, &fault.to_string()).await?;
                JobOutcome::Failed
            }
        };
        meters::job(&job.kind, outcome);
        Ok(())
    }

    fn next_attempt(&self, job: &Job, now: Timestamp) -> Timestamp {
        now + self.backoff.wait(job.attempt, rand::random_range(0..=1_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound_and_are_spread() {
        let backoff = Backoff::default();
        assert_eq!(backoff.wait(1, 500), TimeDelta::seconds(5));
        assert_eq!(backoff.wait(4, 500), TimeDelta::seconds(40));
        assert_eq!(backoff.wait(40, 500), TimeDelta::hours(1));
        assert_eq!(backoff.wait(1, 0), TimeDelta::seconds(4));
        assert_eq!(backoff.wait(1, 1_000), TimeDelta::seconds(6));
    }
}
