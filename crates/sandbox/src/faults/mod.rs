//! The fault plan: what goes wrong on purpose, and how often.
//!
//! Faults on API calls act at the edge, as a broken line would: behind it the call runs as ever, its answer kept under
//! its idempotency key. So a retry after "timed out after having acted" finds what the first call did. Only
//! [`ApiAction::Break`] breaks the call itself, and that answer is what is kept.

mod plan;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use plan::Faults;

/// One thing that goes wrong. In JSON: `{"webhook": {"events": "payment_intent.*", "action": "drop"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// On the way to or from the API.
    Api(ApiFault),
    /// On the way to the webhook target.
    Webhook(WebhookFault),
    /// In the card network: payments that would succeed stay in `processing` until they are settled through
    /// `POST /sandbox/payment_intents/{id}/settle`.
    SlowNetwork {
        /// How many payments.
        #[serde(default = "once")]
        times: u32,
    },
}

/// A fault of API calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiFault {
    /// `GET`, `POST` or `DELETE`; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// `/v1/payment_intents/*/confirm`: `*` stands for one part of the path, `**` at the end for all the rest.
    pub path: String,
    /// How many calls.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens to them.
    pub action: ApiAction,
}

/// What happens to an API call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ApiAction {
    /// The call acts; its answer is held back.
    TimeOut {
        /// For how long, in milliseconds. Without it the answer never comes (until the sandbox stops).
        #[serde(default)]
        hold_ms: Option<u64>,
    },
    /// The call is in progress for a while before it acts, so that a second one with the same idempotency key gets
    /// 409. It acts even when the caller has gone away meanwhile.
    Slow {
        /// For how long, in milliseconds.
        by_ms: u64,
    },
    /// The call is answered with an error of the server or its rate limit.
    Answer {
        /// 429 or 500 to 599.
        status: u16,
        /// Whether it acts all the same.
        #[serde(default)]
        acted: bool,
    },
    /// The server breaks inside the call: the answer is an error, and stays one for as long as its idempotency key is
    /// remembered.
    Break {
        /// 500 to 599.
        status: u16,
        /// Whether what was done by then stays done.
        #[serde(default)]
        acted: bool,
    },
}

/// A fault of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookFault {
    /// Event types: an exact name, `payment_intent.*` or `*`.
    pub events: String,
    /// How many events.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens to them.
    pub action: WebhookAction,
}

/// What happens to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WebhookAction {
    /// It is sent more often than once.
    Duplicate {
        /// How much more often.
        #[serde(default = "once")]
        extra: u32,
        /// All at once instead of one after the other.
        #[serde(default)]
        at_once: bool,
    },
    /// It is sent later; what comes after it does not wait.
    Delay {
        /// How much later, in milliseconds.
        by_ms: u64,
    },
    /// It is never sent. `GET /v1/events` still knows it.
    Drop,
    /// It is sent after some that came later.
    Reorder {
        /// After how many.
        #[serde(default = "once")]
        behind: u32,
        /// How long to wait for them at most, in milliseconds.
        #[serde(default = "two_seconds")]
        at_most_ms: u64,
    },
}

/// Why a fault is not taken into the plan.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Only the answers of an overloaded or broken server.
    #[error("a fault may answer 429 (unless it breaks) or 500 to 599, not {0}")]
    Status(u16),
    /// Zero times is never.
    #[error("a fault must happen at least once")]
    Never,
    /// The path must be one of the API.
    #[error("the path of a fault must begin with /v1/")]
    Path,
}

impl Fault {
    /// A fault of the next API call with this method and path.
    pub fn api(method: &str, path: &str, action: ApiAction) -> Self {
        Self::Api(ApiFault { method: Some(method.to_owned()), path: path.to_owned(), times: 1, action })
    }

    /// A fault of the next event that fits `events`.
    pub fn webhook(events: &str, action: WebhookAction) -> Self {
        Self::Webhook(WebhookFault { events: events.to_owned(), times: 1, action })
    }

    /// The same, `times` times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        *self.left() = times;
        self
    }

    fn left(&mut self) -> &mut u32 {
        match self {
            Self::Api(fault) => &mut fault.times,
            Self::Webhook(fault) => &mut fault.times,
            Self::SlowNetwork { times } => times,
        }
    }

    fn check(&mut self) -> Result<(), FaultError> {
        if *self.left() == 0 {
            return Err(FaultError::Never);
        }
        match self {
            Self::Api(fault) if !fault.path.starts_with("/v1/") => Err(FaultError::Path),
            Self::Api(ApiFault { action: ApiAction::Answer { status, .. }, .. })
                if *status != 429 && !(500..600).contains(status) =>
            {
                Err(FaultError::Status(*status))
            }
            Self::Api(ApiFault { action: ApiAction::Break { status, .. }, .. })
                if !(500..600).contains(status) =>
            {
                Err(FaultError::Status(*status))
            }
            _ => Ok(()),
        }
    }
}

fn once() -> u32 {
    1
}

fn two_seconds() -> u64 {
    2_000
}
