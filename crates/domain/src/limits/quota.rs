//! How much is allowed, and the arithmetic of it: the generic cell rate algorithm (ITU-T I.371), which needs one number for
//! each key.
//!
//! That number is the moment at which everything taken so far will be given back. Each unit taken moves it on by the time one
//! unit takes to come back; it may be at most a window ahead of now.

use std::time::Duration;

/// So many units may be taken at once; they come back one by one, all of them within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    limit: u32,
    window: Duration,
}

/// What came of asking for a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is taken.
    Allowed {
        /// How many more can be taken right now.
        remaining: u32,
        /// When all will have come back.
        full_after: Duration,
    },
    /// There is none.
    Refused {
        /// When there will be one.
        retry_after: Duration,
    },
}

impl Decision {
    /// Whether it was taken.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

impl Quota {
    /// A limit of 0 counts as 1: what nobody may do has no quota.
    pub const fn new(limit: u32, window: Duration) -> Self {
        Self { limit: if limit == 0 { 1 } else { limit }, window }
    }

    /// Units at once.
    pub const fn limit(self) -> u32 {
        self.limit
    }

    /// Time in which all units come back.
    pub const fn window(self) -> Duration {
        self.window
    }

    /// Time in which one unit comes back, in µs and at least one.
    pub fn interval_us(self) -> i64 {
        (self.window_us() / i64::from(self.limit)).max(1)
    }

    /// How far ahead of now the number may be, in µs.
    pub fn capacity_us(self) -> i64 {
        self.interval_us().saturating_mul(i64::from(self.limit))
    }

    fn window_us(self) -> i64 {
        i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX / 2)
    }

    /// Takes a unit at `now`. `given_back` is the key's number, `None` for a new key; it and `now` are in µs of any one clock. Also
    /// gives the number after it.
    pub fn take(self, given_back: Option<i64>, now: i64) -> (Decision, i64) {
        let before = given_back.unwrap_or(now).max(now);
        let after = before.saturating_add(self.interval_us());
        let ahead = after - now;
        if ahead > self.capacity_us() {
            return (Decision::Refused { retry_after: micros(ahead - self.capacity_us()) }, before);
        }
        (self.allowed(ahead), after)
    }

    /// What is told of a unit that was taken, when the number is so far ahead of now.
    pub fn allowed(self, ahead: i64) -> Decision {
        let left = (self.capacity_us() - ahead) / self.interval_us();
        Decision::Allowed { remaining: u32::try_from(left).unwrap_or(0), full_after: micros(ahead) }
    }

    /// Gives a unit back.
    pub fn give_back(self, given_back: i64) -> i64 {
        given_back.saturating_sub(self.interval_us())
    }
}

fn micros(us: i64) -> Duration {
    Duration::from_micros(u64::try_from(us).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEN_A_MINUTE: Quota = Quota::new(10, Duration::from_secs(60));

    #[test]
    fn ten_at_once_and_then_one_every_six_seconds() {
        let mut number = None;
        for left in (0..10).rev() {
            let (decision, after) = TEN_A_MINUTE.take(number, 0);
            assert!(matches!(decision, Decision::Allowed { remaining, .. } if remaining == left));
            number = Some(after);
        }
        let (refused, same) = TEN_A_MINUTE.take(number, 0);
        assert_eq!(refused, Decision::Refused { retry_after: Duration::from_secs(6) });
        assert_eq!(Some(same), number, "who is refused pays nothing");
        assert!(!TEN_A_MINUTE.take(number, 5_999_999).0.is_allowed());
        assert!(TEN_A_MINUTE.take(number, 6_000_000).0.is_allowed());
        let all_back = TEN_A_MINUTE.take(number, 60_000_000).0;
        assert_eq!(all_back, Decision::Allowed { remaining: 9, full_after: Duration::from_secs(6) });
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let number = (0..10).fold(None, |number, _| Some(TEN_A_MINUTE.take(number, 0).1));
        let number = number.map(|number| TEN_A_MINUTE.give_back(number));
        assert!(TEN_A_MINUTE.take(number, 0).0.is_allowed());
    }

    proptest! {
        /// Whenever it is asked for, in any window there is never more than twice the limit, and in the long run the limit.
        #[test]
        fn no_more_is_given_than_the_quota_says(
            limit in 1_u32..50,
            window_ms in 1_u64..100_000,
            pauses in proptest::collection::vec(0_i64..10_000_000, 1..300),
        ) {
            let quota = Quota::new(limit, Duration::from_millis(window_ms));
            let (mut now, mut number, mut taken) = (0, None, 0_i64);
            for pause in pauses {
                now += pause;
                let (decision, after) = quota.take(number, now);
                number = Some(after);
                taken += i64::from(decision.is_allowed());
                prop_assert!(taken <= i64::from(limit) + now / quota.interval_us());
            }
        }
    }
}
