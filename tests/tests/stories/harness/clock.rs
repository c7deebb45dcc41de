//! The machine's clock, moved by as much as a story asks.

use chrono::{SubsecRound, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use stoa_domain::shared::{Clock, Timestamp};

/// Goes on by itself, so that what waits for time to pass does, and jumps ahead when told to.
#[derive(Default)]
pub(crate) struct MovedClock(AtomicI64);

impl MovedClock {
    /// Jumps ahead.
    pub(crate) fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(
            by.num_microseconds().expect("a story lasts less than 292,000 years"),
            Ordering::SeqCst,
        );
    }
}

impl Clock for MovedClock {
    #[expect(clippy::disallowed_methods, reason = "this is a clock")]
    fn now(&self) -> Timestamp {
        Utc::now().trunc_subsecs(6) + TimeDelta::microseconds(self.0.load(Ordering::SeqCst))
    }
}
