//! How much is allowed, and the arithmetic of it: the generic cell rate algorithm (ITU-T I.371), which needs one number for
//! each key.
//!
//! That number is the moment at which everything taken so far will be given back. Each unit taken moves it on by the time one
//! unit takes to come back; it may be at most a window ahead of now. Several units are taken all at once or not at all.

use std::time::Duration;

/// So many units may be taken at once; they come back one by one, all of them within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    limit: u32,
    window: Duration,
}

/// What came of asking for units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They are taken.
    Allowed {
        /// How many more can be taken right now.
        remaining: u32,
        /// When all will have come back.
        full_after: Duration,
    },
    /// There are not so many, and none is taken.
    Refused {
        /// When there will be, if nobody else takes any.
        retry_after: Duration,
    },
    /// There are never so many at once: waiting does not help. One unit never gets this answer.
    TooMuch,
}

impl Decision {
    /// Whether they were taken.
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

    /// How far so many units move the number on, in µs. More than there are count as all.
    pub fn cost_us(self, units: u32) -> i64 {
        self.interval_us().saturating_mul(i64::from(units.min(self.limit)))
    }

    /// Takes units at `now`, all of them or none; 0 units only tell what is left. `given_back` is the key's number, `None` for a
    /// new key; it and `now` are in µs of any one clock. Also gives the number after it.
    pub fn take(self, given_back: Option<i64>, now: i64, units: u32) -> (Decision, i64) {
        let before = given_back.unwrap_or(now).max(now);
        if units > self.limit {
            return (Decision::TooMuch, before);
        }
        let after = before.saturating_add(self.cost_us(units));
        let ahead = after.saturating_sub(now);
        // A quota may have been lowered since; looking is never refused.
        if units > 0 && ahead > self.capacity_us() {
            return (Decision::Refused { retry_after: micros(ahead - self.capacity_us()) }, before);
        }
        (self.allowed(ahead), after)
    }

    /// What is told of units that were taken, when the number is so far ahead of now.
    pub fn allowed(self, ahead: i64) -> Decision {
        let left = self.capacity_us().saturating_sub(ahead) / self.interval_us();
        Decision::Allowed { remaining: u32::try_from(left).unwrap_or(0), full_after: micros(ahead) }
    }

    /// Gives units back. More than were taken are as good as all: what lies before now is now.
    pub fn give_back(self, given_back: i64, units: u32) -> i64 {
        given_back.saturating_sub(self.cost_us(units))
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
            let (decision, after) = TEN_A_MINUTE.take(number, 0, 1);
            assert!(matches!(decision, Decision::Allowed { remaining, .. } if remaining == left));
            number = Some(after);
        }
        let (refused, same) = TEN_A_MINUTE.take(number, 0, 1);
        assert_eq!(refused, Decision::Refused { retry_after: Duration::from_secs(6) });
        assert_eq!(Some(same), number, "who is refused pays nothing");
        assert!(!TEN_A_MINUTE.take(number, 5_999_999, 1).0.is_allowed());
        assert!(TEN_A_MINUTE.take(number, 6_000_000, 1).0.is_allowed());
        let all_back = TEN_A_MINUTE.take(number, 60_000_000, 1).0;
        assert_eq!(all_back, Decision::Allowed { remaining: 9, full_after: Duration::from_secs(6) });
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let (decision, number) = TEN_A_MINUTE.take(None, 0, 10);
        assert_eq!(decision, Decision::Allowed { remaining: 0, full_after: Duration::from_mins(1) });
        let number = Some(TEN_A_MINUTE.give_back(number, 4));
        assert!(!TEN_A_MINUTE.take(number, 0, 5).0.is_allowed());
        assert!(TEN_A_MINUTE.take(number, 0, 4).0.is_allowed());
    }

    #[test]
    fn several_are_waited_for_together() {
        let number = Some(TEN_A_MINUTE.take(None, 0, 8).1);
        let (refused, same) = TEN_A_MINUTE.take(number, 0, 5);
        assert_eq!(
            refused,
            Decision::Refused { retry_after: Duration::from_secs(18) },
            "two are left, three come"
        );
        assert_eq!(Some(same), number);
        assert!(!TEN_A_MINUTE.take(number, 17_999_999, 5).0.is_allowed());
        assert!(TEN_A_MINUTE.take(number, 18_000_000, 5).0.is_allowed());
    }

    #[test]
    fn more_than_there_ever_are_is_not_worth_waiting_for() {
        assert_eq!(TEN_A_MINUTE.take(None, 7, 11), (Decision::TooMuch, 7));
        assert_eq!(TEN_A_MINUTE.take(Some(99), 7, u32::MAX), (Decision::TooMuch, 99));
    }

    #[test]
    fn none_are_always_there_and_tell_what_is_left() {
        let number = TEN_A_MINUTE.take(None, 0, 10).1;
        let (told, same) = TEN_A_MINUTE.take(Some(number), 0, 0);
        assert_eq!(told, Decision::Allowed { remaining: 0, full_after: Duration::from_mins(1) });
        assert_eq!(same, number);
        let fresh = Decision::Allowed { remaining: 10, full_after: Duration::ZERO };
        assert_eq!(TEN_A_MINUTE.take(None, 5, 0), (fresh, 5));
        let lowered = Quota::new(2, Duration::from_secs(12));
        assert!(matches!(lowered.take(Some(number), 0, 0).0, Decision::Allowed { remaining: 0, .. }));
    }

    proptest! {
        /// Whenever and however many are asked for, in any window there is never more than twice the limit, and in the long run
        /// the limit.
        #[test]
        fn no_more_is_given_than_the_quota_says(
            limit in 1_u32..50,
            window_ms in 1_u64..100_000,
            asks in proptest::collection::vec((0_i64..10_000_000, 0_u32..60), 1..300),
        ) {
            let quota = Quota::new(limit, Duration::from_millis(window_ms));
            let (mut now, mut number, mut taken) = (0, None, 0_i64);
            for (pause, units) in asks {
                now += pause;
                let (decision, after) = quota.take(number, now, units);
                number = Some(after);
                taken += if decision.is_allowed() { i64::from(units) } else { 0 };
                prop_assert!(taken <= i64::from(limit) + now / quota.interval_us());
            }
        }

        /// Whoever waits as long as they are told gets what they asked for, and a moment earlier does not.
        #[test]
        fn the_time_to_wait_is_the_time_it_takes(
            limit in 1_u32..50,
            window_ms in 1_u64..100_000,
            first in 0_u32..50,
            then in 1_u32..50,
        ) {
            let quota = Quota::new(limit, Duration::from_millis(window_ms));
            let number = Some(quota.take(None, 0, first.min(limit)).1);
            if let Decision::Refused { retry_after } = quota.take(number, 0, then.min(limit)).0 {
                let wait = i64::try_from(retry_after.as_micros()).unwrap();
                prop_assert!(quota.take(number, wait, then.min(limit)).0.is_allowed());
                prop_assert!(!quota.take(number, wait - 1, then.min(limit)).0.is_allowed());
            }
        }

        /// No figure overflows.
        #[test]
        fn the_largest_figures_are_counted_too(
            limit in any::<u32>(),
            window in any::<u64>(),
            number in any::<Option<i64>>(),
            now in any::<i64>(),
            units in any::<u32>(),
        ) {
            let quota = Quota::new(limit, Duration::from_millis(window));
            let (_, after) = quota.take(number, now, units);
            quota.give_back(after, units);
        }
    }
}
