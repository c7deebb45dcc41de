//! How a service outside of the house fails, and what is done then.

use serde::{Deserialize, Serialize};

/// Why a tax service or a carrier gave no answer of value. What is done then is the shop's fallback rule to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    /// Nothing came in time, or no connection.
    #[error("the service is silent")]
    Silent,
    /// It answered that it will not.
    #[error("the service refused with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// What came is no answer: too long, of another form, in another currency, or its sums are wrong.
    #[error("the service's answer cannot be used: {0}")]
    Unreadable(&'static str),
}

/// What stands in for the answer of a tax service that gives none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// The shop's own rules.
    #[default]
    Rules,
    /// Nothing: no tax is shown, and no order is placed.
    Refuse,
}
