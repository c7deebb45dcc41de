//! When a hold ends.

use crate::shared::Timestamp;
use chrono::{DurationRound, TimeDelta};

/// A term is divided into so many steps.
const STEPS: i32 = 60;

/// Until when stock is held for a cart that is touched at `now`: `term` from now, rounded up to a step of a sixtieth of
/// it (15 minutes: to the quarter minute). What a buyer does in one go then moves the expiry once, and each move costs a
/// write of every line that is held.
pub fn hold_expiry(now: Timestamp, term: TimeDelta) -> Timestamp {
    let step = term / STEPS;
    let exactly = now + term;
    // Rounding is refused where a step is no step, or where nanoseconds do not reach: then it is left out.
    let down = exactly.duration_trunc(step).unwrap_or(exactly);
    if down < exactly { down + step } else { exactly }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    #[test]
    fn a_quarter_of_an_hour_ends_on_the_quarter_minute() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        for (now, until) in [
            ("2026-11-18T11:06:40Z", "2026-11-18T11:21:45Z"),
            ("2026-11-18T11:06:45Z", "2026-11-18T11:21:45Z"),
            ("2026-11-18T11:06:45.000001Z", "2026-11-18T11:22:00Z"),
        ] {
            assert_eq!(hold_expiry(at(now), TimeDelta::minutes(15)), at(until), "{now}");
        }
        let beyond_rounding = at("2600-01-01T00:00:07Z");
        assert_eq!(hold_expiry(beyond_rounding, TimeDelta::minutes(15)), at("2600-01-01T00:15:07Z"));
    }

    proptest! {
        #[test]
        fn stock_is_held_for_the_whole_term_and_hardly_longer(
            minutes in 1_i64..100_000,
            at in 0_i64..4_000_000_000_000_000,
        ) {
            let (term, now) = (TimeDelta::minutes(minutes), DateTime::from_timestamp_micros(at).unwrap());
            let until = hold_expiry(now, term);
            let longer = until - now - term;
            prop_assert!(longer >= TimeDelta::zero() && longer < term / STEPS);
            prop_assert_eq!(hold_expiry(now + longer, term), until, "the last moment of the same step");
        }
    }
}
