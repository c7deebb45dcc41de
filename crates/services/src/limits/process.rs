//! [`RateLimiter`] of one process.

use async_trait::async_trait;
use moka::{Expiry, policy::EvictionPolicy, sync::Cache};
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

/// Keys of a room that are remembered; of more those are forgotten that nobody has asked for the longest. A new one always comes in:
/// what is not let in is not counted.
const ROOM: u64 = 100_000;

/// What keys of accounts begin with, and of who has passwords hashed. To make one takes a password that is hashed, and of those a site
/// has few: nobody makes so many that others' are forgotten.
const OF_ACCOUNTS: [&str; 6] = [
    "guess-at:customer-",
    "guess-at:staff-",
    "guess-device:",
    "guess-spare:customer-",
    "guess-spare:staff-",
    "hash-",
];
/// And all others of who guesses.
const OF_GUESSES: &str = "guess-";

/// Quotas in memory. They end with the process, and another process knows nothing of them.
#[derive(Debug)]
pub struct ProcessLimiter {
    /// Each kind has a room of its own: whoever fills one with keys, as everybody does by asking from ever new addresses, has nothing of
    /// the others forgotten.
    accounts: Cache<LimitKey, Arc<Taken>>,
    guesses: Cache<LimitKey, Arc<Taken>>,
    others: Cache<LimitKey, Arc<Taken>>,
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
        Self::with_room(ROOM)
    }
}

impl ProcessLimiter {
    fn with_room(keys: u64) -> Self {
        let room = || {
            let room = Cache::builder().max_capacity(keys).eviction_policy(EvictionPolicy::lru());
            room.expire_after(AfterItsWindow).build()
        };
        Self { accounts: room(), guesses: room(), others: room(), start: Instant::now() }
    }

    /// Where a key is kept.
    fn room(&self, key: &LimitKey) -> &Cache<LimitKey, Arc<Taken>> {
        let begins_with = |kind: &str| key.as_str().starts_with(kind);
        if OF_ACCOUNTS.into_iter().any(begins_with) {
            &self.accounts
        } else if begins_with(OF_GUESSES) {
            &self.guesses
        } else {
            &self.others
        }
    }

    fn now(&self) -> i64 {
        i64::try_from(self.start.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    fn taken(&self, key: &LimitKey, quota: Quota) -> Arc<Taken> {
        self.room(key).get_with_by_ref(key, || {
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
        if let Some(taken) = self.room(key).get(key) {
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

    const TEN: Quota = Quota::new(10, Duration::from_hours(1));

    /// How many of thirty tries are counted as allowed, while the rooms are tidied as they are in time.
    async fn allowed(limiter: &ProcessLimiter, kind: &str, of: u32) -> u32 {
        let mut allowed = 0;
        for _ in 0..30 {
            let taken = limiter.take(&LimitKey::new(kind, of), TEN, 1).await.unwrap();
            allowed += u32::from(taken.is_allowed());
            for room in [&limiter.accounts, &limiter.guesses, &limiter.others] {
                room.run_pending_tasks();
            }
        }
        allowed
    }

    #[tokio::test]
    async fn who_asks_from_ever_new_addresses_has_nobody_else_forgotten() {
        let limiter = ProcessLimiter::with_room(50);
        for kind in ["requests:network", "guess-from:order", "guess-at:order"] {
            for n in 0..100 {
                allowed(&limiter, kind, n).await;
            }
        }
        for kind in ["requests:network", "guess-from:order", "guess-at:staff-sign-in", "hash-from"] {
            assert_eq!(allowed(&limiter, kind, 1_000).await, 10, "{kind}: one that is new is counted");
        }
        for kind in ["requests:network", "guess-from:order", "guess-at:order"] {
            for n in 0..100 {
                allowed(&limiter, kind, n).await;
            }
        }
        for kind in ["guess-at:staff-sign-in", "hash-from"] {
            assert_eq!(allowed(&limiter, kind, 1_000).await, 0, "{kind}: and is still");
        }
    }
}
