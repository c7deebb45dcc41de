//! Events, and what became of sending them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Something that happened, with the object as it was at that moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    /// `evt_…`.
    pub(crate) id: String,
    /// Seconds.
    pub(crate) created: i64,
    /// What happened, such as `payment_intent.succeeded`.
    pub(crate) kind: String,
    /// The object in Stripe's JSON.
    pub(crate) object: Box<RawValue>,
    /// The former values of what changed.
    pub(crate) previous: Option<Box<RawValue>>,
    /// `req_…` that made it happen; `None` when nobody asked.
    pub(crate) request_id: Option<String>,
    /// That request's idempotency key.
    pub(crate) idempotency_key: Option<String>,
}

/// An event on its way to the webhook target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// `evt_…`.
    pub(crate) event: String,
    /// Where it stands.
    pub(crate) state: DeliveryState,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    /// To be sent, or sent again.
    Pending,
    /// Answered with 2xx.
    Delivered,
    /// Lost by the fault plan.
    Dropped,
    /// Given up after the last attempt.
    Exhausted,
}
