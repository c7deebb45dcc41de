//! Moments.

use super::output_scalar;
use async_graphql::Value;
use chrono::SecondsFormat;
use stoa_domain::shared::Timestamp;

/// A moment, in whole seconds.
#[derive(Clone, Copy, Debug)]
pub struct DateTime(
    /// The moment.
    pub Timestamp,
);

output_scalar!(
    DateTime,
    "DateTime",
    "A moment in UTC, as ISO 8601 writes it, to the second: `2026-11-20T08:30:00Z`.",
    |this| Value::String(this.0.to_rfc3339_opts(SecondsFormat::Secs, true))
);

impl From<Timestamp> for DateTime {
    fn from(moment: Timestamp) -> Self {
        Self(moment)
    }
}
