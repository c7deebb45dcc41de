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
            several_units_are_taken_or_none
            several_units_come_back_when_it_was_said
            more_than_the_quota_is_too_much_and_takes_nothing
            no_units_take_nothing_and_tell_what_is_left
            several_units_are_given_back_and_no_more
            of_many_at_once_nobody_gets_part_of_what_they_asked_for
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
    takes(limiter, key, quota, 1).await
}

async fn takes(limiter: &Limiter, key: &LimitKey, quota: Quota, units: u32) -> bool {
    limiter.take(key, quota, units).await.unwrap().is_allowed()
}

/// What is left of the key, without taking any of it.
async fn left(limiter: &Limiter, key: &LimitKey, quota: Quota) -> u32 {
    match limiter.take(key, quota, 0).await.unwrap() {
        Decision::Allowed { remaining, .. } => remaining,
        refused => panic!("{refused:?}, with nothing asked for"),
    }
}

/// As many as the quota says, each telling how many are left; then none, and when there will be one.
pub async fn the_quota_is_allowed_and_no_more(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(5, HOUR));
    for left in (0..5).rev() {
        match limiter.take(&key, quota, 1).await.unwrap() {
            Decision::Allowed { remaining, full_after } => {
                assert_eq!(remaining, left);
                assert!(full_after > Duration::ZERO && full_after <= HOUR, "{full_after:?}");
            }
            refused => panic!("{refused:?}, with {left} left"),
        }
    }
    for _ in 0..3 {
        match limiter.take(&key, quota, 1).await.unwrap() {
            Decision::Refused { retry_after } => {
                let fifth = HOUR / 5;
                assert!(retry_after > Duration::ZERO && retry_after <= fifth, "{retry_after:?}");
            }
            other => panic!("{other:?}"),
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
        while let Decision::Refused { retry_after } = limiter.take(&key, quota, 1).await.unwrap() {
            tokio::time::sleep(retry_after).await;
        }
    }
}

/// A unit that is given back is there at once.
pub async fn what_is_given_back_can_be_taken_again(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(3, HOUR));
    while allowed(&limiter, &key, quota).await {}
    limiter.give_back(&key, quota, 1).await.unwrap();
    assert!(allowed(&limiter, &key, quota).await);
    assert!(!allowed(&limiter, &key, quota).await, "one was given back, and not two");
}

/// Also not of a key that nobody has taken from.
pub async fn giving_back_never_makes_more_than_the_quota(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(3, HOUR));
    for _ in 0..5 {
        limiter.give_back(&key, quota, 1).await.unwrap();
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

/// All or none: who asks for too many leaves them to those who ask for less.
pub async fn several_units_are_taken_or_none(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(10, HOUR));
    match limiter.take(&key, quota, 7).await.unwrap() {
        Decision::Allowed { remaining, full_after } => {
            assert_eq!(remaining, 3);
            assert!(full_after > HOUR / 2 && full_after <= HOUR * 7 / 10, "{full_after:?}");
        }
        refused => panic!("{refused:?}, with 10 left"),
    }
    for _ in 0..3 {
        match limiter.take(&key, quota, 4).await.unwrap() {
            Decision::Refused { retry_after } => {
                let one = HOUR / 10;
                assert!(
                    retry_after > Duration::ZERO && retry_after <= one,
                    "three are there: {retry_after:?}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(takes(&limiter, &key, quota, 3).await, "who was refused took none");
    assert!(!takes(&limiter, &key, quota, 1).await);
}

/// Who waits as long as they were told gets all they asked for.
pub async fn several_units_come_back_when_it_was_said(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(4, Duration::from_secs(2)));
    assert!(takes(&limiter, &key, quota, 4).await);
    // The suite's own deadline ends this if nothing ever comes back.
    while let Decision::Refused { retry_after } = limiter.take(&key, quota, 3).await.unwrap() {
        tokio::time::sleep(retry_after).await;
    }
}

/// There is nothing to wait for, so nobody is told to.
pub async fn more_than_the_quota_is_too_much_and_takes_nothing(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(3, HOUR));
    for units in [4, 1_000, u32::MAX] {
        assert_eq!(limiter.take(&key, quota, units).await.unwrap(), Decision::TooMuch);
    }
    assert!(takes(&limiter, &key, quota, 3).await);
    assert_eq!(limiter.take(&key, quota, 4).await.unwrap(), Decision::TooMuch, "also when all are gone");
}

/// Looking is free, also where there is nothing left.
pub async fn no_units_take_nothing_and_tell_what_is_left(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(5, HOUR));
    for _ in 0..3 {
        let told = limiter.take(&key, quota, 0).await.unwrap();
        assert_eq!(told, Decision::Allowed { remaining: 5, full_after: Duration::ZERO });
    }
    assert!(takes(&limiter, &key, quota, 2).await);
    assert_eq!(left(&limiter, &key, quota).await, 3);
    assert!(takes(&limiter, &key, quota, 3).await);
    assert_eq!(left(&limiter, &key, quota).await, 0);
}

/// As many as were given back, and never more than the quota, however many are said to come back.
pub async fn several_units_are_given_back_and_no_more(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(10, HOUR));
    assert!(takes(&limiter, &key, quota, 10).await);
    limiter.give_back(&key, quota, 0).await.unwrap();
    assert!(!takes(&limiter, &key, quota, 1).await);
    limiter.give_back(&key, quota, 4).await.unwrap();
    assert!(!takes(&limiter, &key, quota, 5).await);
    assert!(takes(&limiter, &key, quota, 4).await);
    for units in [11, u32::MAX] {
        limiter.give_back(&key, quota, units).await.unwrap();
        assert_eq!(left(&limiter, &key, quota).await, 10);
    }
    assert!(takes(&limiter, &key, quota, 10).await);
    assert!(!takes(&limiter, &key, quota, 1).await);
}

/// Taking several is one step as well.
pub async fn of_many_at_once_nobody_gets_part_of_what_they_asked_for(limiter: Limiter) {
    let (key, quota) = (key(), Quota::new(10, HOUR));
    let tasks = (0..64).map(|_| {
        let (limiter, key) = (Arc::clone(&limiter), key.clone());
        async move { takes(&limiter, &key, quota, 3).await }
    });
    let let_in = at_once(tasks).await.into_iter().filter(|allowed| *allowed).count();
    assert_eq!(let_in, 3);
    assert_eq!(left(&limiter, &key, quota).await, 1);
}
