//! Answers kept under an idempotency key.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The first answer to a request that carried an `Idempotency-Key`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedAnswer {
    /// The key.
    pub(crate) key: String,
    /// Seconds.
    pub(crate) created: i64,
    /// Method and path of the request.
    pub(crate) endpoint: String,
    /// SHA-256 over endpoint and parameters, hex.
    pub(crate) fingerprint: String,
    /// `req_…` of the request.
    pub(crate) request_id: String,
    /// HTTP status.
    pub(crate) status: u16,
    /// JSON.
    pub(crate) body: Box<RawValue>,
}

impl SavedAnswer {
    /// Stripe forgets keys after a day.
    const KEPT_FOR: i64 = 24 * 60 * 60;

    /// Whether the key is free again.
    pub(crate) fn expired(&self, now: i64) -> bool {
        now - self.created >= Self::KEPT_FOR
    }
}
