//! When a service is not asked at all: a breaker, so that a shop whose tax service is down is not slow as well.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// After so many failures in a row it is given a rest. One or two may be chance.
const FAILURES: u32 = 3;
/// How long a rest is.
pub(crate) const REST: Duration = Duration::from_secs(10);

/// Counts a service's failures.
#[derive(Debug, Default)]
pub(crate) struct Rest(Mutex<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// In a row.
    failures: u32,
    /// Until when nobody asks.
    until: Option<Instant>,
}

impl Rest {
    /// Whether the service may be asked. Of those who come when its rest is over one is let through; the others go on waiting for as long as that one
    /// may take (`patience`), and so do the next if it is never heard of again.
    pub(crate) fn may_ask(&self, now: Instant, patience: Duration) -> bool {
        let mut state = self.lock();
        match state.until {
            Some(until) if now < until => false,
            Some(_) => {
                state.until = Some(now + patience);
                true
            }
            None => true,
        }
    }

    /// It has answered, whatever it said.
    pub(crate) fn answered(&self) {
        *self.lock() = State::default();
    }

    /// It did not answer, or said that it cannot.
    pub(crate) fn failed(&self, now: Instant) {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            state.until = Some(now + REST);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(2);

    fn tired(now: Instant) -> Rest {
        let rest = Rest::default();
        for _ in 0..FAILURES {
            assert!(rest.may_ask(now, PATIENCE), "it may be chance");
            rest.failed(now);
        }
        rest
    }

    #[test]
    fn who_is_silent_several_times_in_a_row_is_given_a_rest() {
        let now = Instant::now();
        let rest = tired(now);
        assert!(!rest.may_ask(now, PATIENCE));
        assert!(!rest.may_ask(now + REST - Duration::from_millis(1), PATIENCE));
        assert!(rest.may_ask(now + REST, PATIENCE));
    }

    #[test]
    fn an_answer_in_between_counts() {
        let now = Instant::now();
        let rest = Rest::default();
        for _ in 0..10 {
            rest.failed(now);
            rest.failed(now);
            rest.answered();
        }
        assert!(rest.may_ask(now, PATIENCE));
    }

    #[test]
    fn after_a_rest_it_is_tried_with_one_question() {
        let now = Instant::now();
        let rest = tired(now);
        let after = now + REST;
        assert!(rest.may_ask(after, PATIENCE));
        assert!(!rest.may_ask(after, PATIENCE), "one is enough");
        rest.failed(after);
        assert!(!rest.may_ask(after + PATIENCE, PATIENCE), "one failure more is a rest more");
        assert!(rest.may_ask(after + REST, PATIENCE));
        rest.answered();
        assert!(rest.may_ask(after + REST, PATIENCE));
        assert!(rest.may_ask(after + REST, PATIENCE), "everybody asks again");
    }

    #[test]
    fn whoever_tries_it_and_goes_away_keeps_nobody_waiting() {
        let now = Instant::now();
        let rest = tired(now);
        assert!(rest.may_ask(now + REST, PATIENCE));
        assert!(rest.may_ask(now + REST + PATIENCE, PATIENCE));
    }
}
