//! [`RateLimiter`] of one process.

use async_trait::async_trait;
use moka::{Expiry, sync::Cache};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use stoa_domain::{
    limits::{Decision, LimitKey, Quota, RateLimiter},
    shared::Fault,
};

/// Keys that are remembered; of more the least asked for are forgotten.
const ROOM: u64 = 100_000;

/// Quotas in memory. They end with the process, and another process knows nothing of them.
#[derive(Debug)]
pub struct ProcessLimiter {
    keys: Cache<LimitKey, Arc<Taken>>,
    start: Instant,
}

/// What was taken of one key.
#[derive(Debug)]
struct Taken {
    /// The quota's number, in µs since the start.
    given_back: AtomicI64,
    window: Duration,
}

/// A key is forgotten when all of it has come back, whatever it was.
#[derive(Debug)]
struct AfterItsWindow;

impl Expiry<LimitKey, Arc<Taken>> for AfterItsWindow {
    fn expire_after_create(&self, _: &LimitKey, taken: &Arc<Taken>, _: Instant) -> Option<Duration> {
        Some(taken.window)
    }

    fn expire_after_read(
        &self,
        _: &LimitKey,
        taken: &Arc<Taken>,
        _: Instant,
        _: Option<Duration>,
        _: Instant,
    ) -> Option<Duration> {
        Some(taken.window)
    }
}

impl Default for ProcessLimiter {
    fn default() -> Self {
        let keys = Cache::builder().max_capacity(ROOM).expire_after(AfterItsWindow).build();
        Self { keys, start: Instant::now() }
    }
}

impl ProcessLimiter {
    fn now(&self) -> i64 {
        i64::try_from(self.start.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    fn taken(&self, key: &LimitKey, quota: Quota) -> Arc<Taken> {
        self.keys.get_with_by_ref(key, || {
            Arc::new(Taken { given_back: AtomicI64::new(self.now()), window: quota.window() })
        })
    }
}

#[async_trait]
impl RateLimiter for ProcessLimiter {
    async fn take(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<Decision, Fault> {
        let (taken, now) = (self.taken(key, quota), self.now());
        let mut before = taken.given_back.load(Ordering::Relaxed);
        loop {
            let (decision, after) = quota.take(Some(before), now, units);
            if !decision.is_allowed() || units == 0 {
                return Ok(decision);
            }
            let written =
                taken.given_back.compare_exchange_weak(before, after, Ordering::Relaxed, Ordering::Relaxed);
            match written {
                Ok(_) => return Ok(decision),
                Err(changed) => before = changed,
            }
        }
    }

    async fn give_back(&self, key: &LimitKey, quota: Quota, units: u32) -> Result<(), Fault> {
        // A key that nobody has taken from has nothing to get back, and need not be remembered.
        if let Some(taken) = self.keys.get(key) {
            // So many less, whoever else takes some meanwhile.
            let less = |before| Some(quota.give_back(before, units));
            let _ = taken.given_back.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn open() -> (Arc<ProcessLimiter>, ()) {
        (Arc::default(), ())
    }

    stoa_contracts::rate_limiter_contract!(open);
}
