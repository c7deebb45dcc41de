//! Where the sandbox reads the time: a function, so that tests can freeze it.

use std::{fmt, sync::Arc};

/// A source of the current time in whole seconds since the Unix epoch, as Stripe counts it.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that asks `seconds` every time.
    pub fn new(seconds: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(seconds))
    }

    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self::new(system_seconds)
    }

    /// A clock that stands still at `seconds` since the Unix epoch.
    #[must_use]
    pub fn fixed(seconds: i64) -> Self {
        Self::new(move || seconds)
    }

    /// Seconds since the Unix epoch, now.
    #[must_use]
    pub fn now(&self) -> i64 {
        (self.0)()
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place of this crate where real time comes in")]
fn system_seconds() -> i64 {
    chrono::Utc::now().timestamp()
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
