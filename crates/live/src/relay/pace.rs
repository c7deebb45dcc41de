//! How fast things go.

use std::time::Duration;

/// How often things are told, and how long silence is borne.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two messages: what changes in between goes into one.
    pub gather: Duration,
    /// Between two messages about stock, which changes with every click.
    pub gather_stock: Duration,
    /// Between two signs of life.
    pub heartbeat: Duration,
    /// A line on which nothing came for so long, not even our own sign of life, is dead.
    pub silence: Duration,
    /// Before a carrier that failed is tried again; twice as long each time.
    pub retry: Duration,
    /// The longest such wait.
    pub retry_at_most: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            gather: Duration::from_millis(20),
            gather_stock: Duration::from_millis(250),
            heartbeat: Duration::from_secs(5),
            silence: Duration::from_secs(15),
            retry: Duration::from_millis(100),
            retry_at_most: Duration::from_secs(5),
        }
    }
}

impl Pace {
    /// How long to wait after so many failures in a row (from 1): up to half as long again, so that instances that failed
    /// together do not come back together.
    pub(super) fn wait(&self, failures: u32) -> Duration {
        let doubled = self.retry.saturating_mul(1 << (failures - 1).min(16)).min(self.retry_at_most);
        doubled + doubled.mul_f64(rand::random_range(0.0..0.5))
    }
}
