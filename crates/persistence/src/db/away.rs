//! A replica that does not answer is left alone for a while, and the primary is read instead: it is never behind.

use super::{
    bounded::within,
    error::{is_given_up, is_undone},
};
use sea_orm::DbErr;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// How long it is left alone after it has failed: each try costs somebody the time of a sign of life.
const PAUSE: Duration = Duration::from_secs(5);
/// How often the log says that it fails.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// Whether the replicas behind one address are asked just now.
#[derive(Debug)]
pub(super) struct Away {
    /// For the first answer.
    sign_of_life: Duration,
    /// Until when nobody asks. Who waits for an answer at the time hears that somebody else has given up.
    resume_at: watch::Sender<Option<Instant>>,
    told: Mutex<Option<Instant>>,
}

impl Away {
    pub(super) fn new(sign_of_life: Duration) -> Self {
        Self { sign_of_life, resume_at: watch::Sender::new(None), told: Mutex::new(None) }
    }

    /// For how long an answer is waited for where nothing is known of who should give it.
    pub(super) const fn sign_of_life(&self) -> Duration {
        self.sign_of_life
    }

    fn is_paused(&self) -> bool {
        self.resume_at.borrow().is_some_and(|at| Instant::now() < at)
    }

    /// What a replica answers; `None` if the primary is to be asked. `known` is one that has answered before: of any other a sign
    /// of life is due soon.
    ///
    /// # Errors
    /// The statement has taken longer than any may: it would on the primary as well.
    pub(super) async fn ask<T>(
        &self,
        known: bool,
        question: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Option<T>, DbErr> {
        if self.is_paused() {
            return Ok(None);
        }
        let mut given_up = self.resume_at.subscribe();
        let answer = tokio::select! {
            biased;
            answer = within((!known).then_some(self.sign_of_life), question) => answer,
            _ = given_up.changed() => return Ok(None),
        };
        match answer {
            Ok(answer) => {
                self.note_answer();
                Ok(Some(answer))
            }
            Err(error) if is_given_up(&error) => Err(error),
            // A standby undoes reads that are in the way of its catching up: it is there, and well.
            Err(error) if is_undone(&error) => Ok(None),
            // Whatever else it is, the primary does not share it, or says so itself.
            Err(error) => {
                self.pause(&error);
                Ok(None)
            }
        }
    }

    fn note_answer(&self) {
        if self.resume_at.borrow().is_some() {
            // Nobody need be woken for that.
            self.resume_at.send_if_modified(|at| {
                *at = None;
                false
            });
            tracing::debug!("the replica answers again");
        }
    }

    fn pause(&self, error: &DbErr) {
        self.resume_at.send_replace(Some(Instant::now() + PAUSE));
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|at| at.elapsed() >= TELL_EVERY) {
            *told = Some(Instant::now());
            tracing::warn!(%error, "the replica fails; the catalogue is read on the primary");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::pending,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    const SOON: Duration = Duration::from_millis(10);

    fn gone() -> DbErr {
        DbErr::Custom("gone".to_owned())
    }

    #[tokio::test]
    async fn who_has_failed_is_not_asked_each_time() {
        let away = Away::new(SOON);
        let asked = AtomicUsize::new(0);
        for _ in 0..3 {
            let question = async {
                asked.fetch_add(1, Ordering::Relaxed);
                Err::<(), _>(gone())
            };
            assert_eq!(away.ask(true, question).await, Ok(None));
        }
        assert_eq!(asked.into_inner(), 1);
    }

    #[tokio::test]
    async fn who_waits_for_it_hears_that_somebody_else_has_given_up() {
        let away = Arc::new(Away::new(SOON));
        let waiting = Arc::clone(&away);
        let waiting = tokio::spawn(async move { waiting.ask(true, pending::<Result<(), DbErr>>()).await });
        tokio::task::yield_now().await;
        assert_eq!(away.ask(true, async { Ok(7) }).await, Ok(Some(7)), "all is well with others");
        assert!(!waiting.is_finished());
        assert_eq!(away.ask(false, pending::<Result<(), DbErr>>()).await, Ok(None), "no sign of life");
        assert_eq!(waiting.await.unwrap(), Ok(None));
    }
}
