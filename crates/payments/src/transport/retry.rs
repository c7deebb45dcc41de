//! When a call is made again.

use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};
use std::time::Duration;

/// How patiently a call is repeated. Every repeat carries the idempotency key of the first attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a call is made at most, the first time included.
    pub attempts: u32,
    /// The pause after the first failure; it doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause, unless Stripe asks for a longer one.
    pub longest_pause: Duration,
}

impl Default for RetryPolicy {
    /// Five attempts, with pauses from a quarter of a second up to 4 seconds.
    fn default() -> Self {
        Self { attempts: 5, first_pause: Duration::from_millis(250), longest_pause: Duration::from_secs(4) }
    }
}

impl RetryPolicy {
    /// The pause after `failures` (1 or more) failed attempts, before jitter.
    fn ceiling(&self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.first_pause.saturating_mul(doubled).min(self.longest_pause)
    }

    /// The pause with jitter, a random part between its half and the whole, so that callers who failed
    /// together do not come back together; at least what Stripe asked for.
    pub(super) fn pause(&self, failures: u32, asked_for: Option<Duration>) -> Duration {
        let whole = self.ceiling(failures);
        let jittered = rand::random_range(whole / 2..=whole);
        jittered.max(asked_for.unwrap_or_default())
    }
}

/// What an answer means for the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is the answer, good or bad.
    Final,
    /// The call may be made again, not before the given time has passed.
    Again(Option<Duration>),
}

/// Judges an answer as Stripe's own libraries do (<https://docs.stripe.com/error-low-level>): what the header
/// `Stripe-Should-Retry` says; without it, collisions (409), failures outside (424), limits (429) and
/// failures (5xx) are tried again.
pub(super) fn judge(status: StatusCode, headers: &HeaderMap) -> Verdict {
    if status.is_success() {
        return Verdict::Final;
    }
    let again = match header(headers, "stripe-should-retry") {
        Some("true") => true,
        Some("false") => false,
        // Stripe keeps the first answer of an idempotency key, failures too: asking again only repeats it.
        _ if is_replayed(headers) => false,
        _ => matches!(status.as_u16(), 409 | 424 | 429) || status.is_server_error(),
    };
    if again { Verdict::Again(retry_after(headers)) } else { Verdict::Final }
}

/// Whether Stripe repeats an answer that it gave earlier to the same idempotency key.
pub(super) fn is_replayed(headers: &HeaderMap) -> bool {
    header(headers, "idempotent-replayed") == Some("true")
}

/// `Retry-After` in whole seconds, the only form that Stripe uses.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    header(headers, RETRY_AFTER.as_str())?.trim().parse().ok().map(Duration::from_secs)
}

pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn judged(status: u16, headers: &[(&'static str, &'static str)]) -> Verdict {
        let headers = headers
            .iter()
            .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)))
            .collect::<HeaderMap>();
        judge(StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn passing_troubles_are_tried_again() {
        for status in [409, 424, 429, 500, 502, 503, 504] {
            assert_eq!(judged(status, &[]), Verdict::Again(None), "{status}");
        }
        for status in [200, 302, 400, 401, 402, 403, 404] {
            assert_eq!(judged(status, &[]), Verdict::Final, "{status}");
        }
    }

    #[test]
    fn stripes_word_goes_before_the_status() {
        assert_eq!(judged(400, &[("stripe-should-retry", "true")]), Verdict::Again(None));
        assert_eq!(judged(500, &[("stripe-should-retry", "false")]), Verdict::Final);
        assert_eq!(judged(500, &[("stripe-should-retry", "perhaps")]), Verdict::Again(None));
        assert_eq!(judged(200, &[("stripe-should-retry", "true")]), Verdict::Final);
    }

    #[test]
    fn a_failure_that_is_kept_under_the_key_is_not_asked_for_again() {
        assert_eq!(judged(500, &[("idempotent-replayed", "true")]), Verdict::Final);
    }

    #[test]
    fn the_wait_that_stripe_asks_for_is_read() {
        assert_eq!(judged(429, &[("retry-after", "7")]), Verdict::Again(Some(Duration::from_secs(7))));
        for odd in ["-1", "soon", "1.5", "Fri, 20 Nov 2026 10:00:00 GMT"] {
            assert_eq!(judged(429, &[("retry-after", odd)]), Verdict::Again(None), "{odd}");
        }
    }

    #[test]
    fn pauses_double_up_to_a_ceiling_with_jitter() {
        let policy = RetryPolicy::default();
        let ceilings: Vec<_> = (1..=7).map(|n| policy.ceiling(n).as_millis()).collect();
        assert_eq!(ceilings, [250, 500, 1000, 2000, 4000, 4000, 4000]);
        assert_eq!(policy.ceiling(u32::MAX), policy.longest_pause);
        for _ in 0..100 {
            let pause = policy.pause(3, None).as_millis();
            assert!((500..=1000).contains(&pause), "{pause}");
        }
        assert_eq!(policy.pause(1, Some(Duration::from_secs(9))), Duration::from_secs(9));
    }
}
