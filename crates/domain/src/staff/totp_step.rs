//! When a code of an authenticator counts (RFC 6238). Which code a step has is for whoever has the secret to say.

use crate::shared::Timestamp;

/// How long a code is shown, in seconds.
pub const TOTP_PERIOD: i64 = 30;
/// Steps that a telephone's clock may be off.
const DRIFT: i64 = 1;

/// The step of a moment.
pub const fn step_of(now: Timestamp) -> i64 {
    now.timestamp().div_euclid(TOTP_PERIOD)
}

/// Whether the code of this step is good now: it is of this moment, or one step off, and later than the last that was used. So a
/// code works once, and who looks over a shoulder has nothing (RFC 6238, 5.2).
pub const fn is_good(step: i64, last_used: Option<i64>, now: Timestamp) -> bool {
    let current = step_of(now);
    let near = step >= current - DRIFT && step <= current + DRIFT;
    match last_used {
        Some(last) => near && step > last,
        None => near,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn a_step_is_half_a_minute() {
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        assert_eq!((step_of(at(0)), step_of(at(29)), step_of(at(30)), step_of(at(-1))), (0, 0, 1, -1));
        // RFC 6238, appendix B.
        assert_eq!(step_of(at(1_111_111_109)), 0x23523EC);
    }

    #[test]
    fn a_code_works_once_and_a_step_early_or_late() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(3_000);
        for (step, last, good) in [
            (100, None, true),
            (99, None, true),
            (101, None, true),
            (98, None, false),
            (102, None, false),
            (100, Some(99), true),
            (100, Some(100), false),
            (99, Some(100), false),
            (101, Some(100), true),
        ] {
            assert_eq!(is_good(step, last, now), good, "step {step} after {last:?}");
        }
    }
}
