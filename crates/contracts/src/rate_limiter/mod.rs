//! The rules of a [`RateLimiter`].
//!
//! It counts by a clock of its own, so what comes back is waited for, never timed.

use crate::race::at_once;
use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher, Hasher},
    sync::Arc,
    time::Duration,
};
use stoa_domain::limits::{Decision, LimitKey, Quota, RateLimiter};

/// The limiter under test.
pub type Limiter = Arc<dyn RateLimiter>;

/// Binds every rule of this suite to an implementation. `$open` names an async function without arguments that
/// gives `(Arc<impl RateLimiter>, whatever must outlive it)`.
#[macro_export]
macro_rules! rate_limiter_contract {
    ($open:path) => {
        $crate::__bind_rules!(rate_limiter, $open,
            the_quota_is_allowed_and_no_more
            one_key_does_not_touch_another
            units_come_back_one_by_one
            what_is_given_back_can_be_taken_again
            giving_back_never_makes_more_than_the_quota
            of_many_at_once_as_many_as_there_are_units_are_allowed
        );
    };
}

/// So long that nothing comes back while a rule runs.
const HOUR: Duration = Duration::from_secs(3_600);

fn key() -> LimitKey {
    // The keys of the standard library's hash maps are random, which is all that a key of one's own takes.
    LimitKey::new("contract", format_args!("{:016x}", RandomState::new().build_hasher().finish()))
}

async fn allowed(limiter: &Limiter, key: &LimitKey, quota: Quota) -> bool {
    limiter.take(key, quota).await.unwrap().is_allowed()
}

/// As many as the quota says, each telling how many are left; then none, and when there will be one.
pub async fn the_quota_is_allowed_and_no_more(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(5, HOUR));
    for left in (0..5).rev() {
        match limiter.take(&key, quota).await.unwrap() {
            Decision::Allowed { remaining, full_after } => {
                assert_eq!(remaining, left);
                assert!(full_after > Duration::ZERO && full_after <= HOUR, "{full_after:?}");
            }
            Decision::Refused { retry_after } => panic!("refused for {retry_after:?}, with {left} left"),
        }
    }
    for _ in 0..3 {
        match limiter.take(&key, quota).await.unwrap() {
            Decision::Refused { retry_after } => {
                let fifth = HOUR / 5;
                assert!(retry_after > Duration::ZERO && retry_after <= fifth, "{retry_after:?}");
            }
            allowed @ Decision::Allowed { .. } => panic!("{allowed:?}"),
        }
    }
}

/// Who is used up says nothing of others.
pub async fn one_key_does_not_touch_another(limiter: Limiter) {
    let (mine, yours, quota) = (key(), key(), Quota::new(1, HOUR));
    assert!(allowed(&limiter, &mine, quota).await);
    assert!(!allowed(&limiter, &mine, quota).await);
    assert!(allowed(&limiter, &yours, quota).await);
}

/// A used-up key is allowed again, by and by.
pub async fn units_come_back_one_by_one(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(2, Duration::from_secs(2)));
    while allowed(&limiter, &key, quota).await {}
    for _ in 0..2 {
        // The suite's own deadline ends this if nothing ever comes back.
        while let Decision::Refused { retry_after } = limiter.take(&key, quota).await.unwrap() {
            tokio::time::sleep(retry_after).await;
        }
    }
}

/// A unit that is given back is there at once.
pub async fn what_is_given_back_can_be_taken_again(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(3, HOUR));
    while allowed(&limiter, &key, quota).await {}
    limiter.give_back(&key, quota).await.unwrap();
    assert!(allowed(&limiter, &key, quota).await);
    assert!(!allowed(&limiter, &key, quota).await, "one was given back, and not two");
}

/// Also not of a key that nobody has taken from.
pub async fn giving_back_never_makes_more_than_the_quota(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(3, HOUR));
    for _ in 0..5 {
        limiter.give_back(&key, quota).await.unwrap();
    }
    for _ in 0..3 {
        assert!(allowed(&limiter, &key, quota).await);
    }
    assert!(!allowed(&limiter, &key, quota).await);
}

/// The decision is one step: nobody is let in between reading and writing.
pub async fn of_many_at_once_as_many_as_there_are_units_are_allowed(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(10, HOUR));
    let tasks = (0..64).map(|_| {
        let (limiter, key) = (Arc::clone(&limiter), key.clone());
        async move { allowed(&limiter, &key, quota).await }
    });
    let let_in = at_once(tasks).await.into_iter().filter(|allowed| *allowed).count();
    assert_eq!(let_in, 10);
}
