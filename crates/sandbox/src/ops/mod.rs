//! What the API can do: each operation reads its parameters, changes rows in a transaction and names its answer.

pub(crate) mod balance_transactions;
pub(crate) mod charges;
pub(crate) mod customers;
pub(crate) mod disputes;
pub(crate) mod events;
mod page;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod refunds;

use crate::{error::ApiError, wire::Object};

/// What an operation answers.
pub(crate) type Answer = Result<Object, ApiError>;

/// Whose key a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A server, with the secret key.
    Server,
    /// A browser, with the publishable key: it must also know the client secret of what it asks about.
    Browser,
}
