//! What counts together with others, and alone while they cannot be asked.

use super::ProcessLimiter;
use async_trait::async_trait;
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use stoa_domain::{
    limits::{Decision, LimitKey, Quota, RateLimiter},
    shared::Fault,
};

/// How long the other is left alone after it has failed: each try costs somebody its timeout.
const PAUSE: Duration = Duration::from_secs(5);

/// Asks `shared`; where that fails, this process counts alone. A limit is then one for each instance, and begins anew: neither is
/// everybody refused because Redis is gone, nor is anything unlimited.
pub struct FallbackLimiter<L> {
    shared: L,
    alone: ProcessLimiter,
    resume_at: Mutex<Option<Instant>>,
}

impl<L: RateLimiter> FallbackLimiter<L> {
    /// Counts in `shared` while that answers.
    pub fn new(shared: L) -> Self {
        Self { shared, alone: ProcessLimiter::default(), resume_at: Mutex::new(None) }
    }

    fn is_paused(&self) -> bool {
        let resume_at = *self.resume_at.lock().unwrap_or_else(PoisonError::into_inner);
        resume_at.is_some_and(|at| Instant::now() < at)
    }

    fn pause(&self, fault: &Fault) {
        // That Redis is gone, and that it is back, is told by who watches it.
        tracing::debug!(error = %fault, "limits are counted in this process alone");
        *self.resume_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + PAUSE);
    }
}

#[async_trait]
impl<L: RateLimiter> RateLimiter for FallbackLimiter<L> {
    async fn take(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<Decision, Fault> {
        if !self.is_paused() {
            match self.shared.take(key, quota, units).await {
                Ok(decision) => return Ok(decision),
                Err(fault) => self.pause(&fault),
            }
        }
        self.alone.take(key, quota, units).await
    }

    async fn give_back(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<(), Fault> {
        if !self.is_paused() {
            match self.shared.give_back(key, quota, units).await {
                Ok(()) => return Ok(()),
                Err(fault) => self.pause(&fault),
            }
        }
        self.alone.give_back(key, quota, units).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    /// Never answers, and counts who asks.
    #[derive(Default)]
    struct Gone(Arc<AtomicUsize>);

    #[async_trait]
    impl RateLimiter for Gone {
        async fn take(&self, _: &LimitKey, _: Quota, _: u32) -> Result<Decision, Fault> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Err(Fault::unavailable("test", "gone"))
        }

        async fn give_back(&self, _: &LimitKey, _: Quota, _: u32) -> Result<(), Fault> {
            Err(Fault::unavailable("test", "gone"))
        }
    }

    async fn open() -> (Arc<FallbackLimiter<Gone>>, ()) {
        (Arc::new(FallbackLimiter::new(Gone::default())), ())
    }

    stoa_contracts::rate_limiter_contract!(open);

    #[tokio::test]
    async fn who_does_not_answer_is_not_asked_each_time() {
        let gone = Gone::default();
        let asked = Arc::clone(&gone.0);
        let limiter = FallbackLimiter::new(gone);
        let quota = Quota::new(1_000, PAUSE);
        for n in 0..100 {
            limiter.take(&LimitKey::new("k", n), quota, 1).await.unwrap();
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }
}
