//! The codes of refusals about stock.

use crate::graphql::admin::user_error::{AdminUserError, RefusalCode};
use async_graphql::Enum;

/// Why stock stays as it is: all of it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InventoryErrorCode {
    /// Fewer units would be there than are promised to orders.
    BelowCommitted,
    /// Nobody said how many units there were, nor that it does not matter.
    CompareQuantityRequired,
    /// Another number of units is there than was seen; the message says which.
    CompareQuantityStale,
    /// A change has neither a key nor the number of units that were there, and so would be made twice if it were asked for twice.
    IdempotencyKeyRequired,
    /// The key was used for other changes.
    IdempotencyKeyReused,
    /// The value is not valid.
    Invalid,
    /// A variant and a location are named twice.
    NamedTwice,
    /// There is no such variant or location.
    NotFound,
    /// Fewer units than none would be there, or more than can be counted.
    OutOfRange,
}

impl RefusalCode for InventoryErrorCode {
    const ERROR: &'static str = "InventoryUserError";
}

/// A refusal to change stock.
pub type InventoryUserError = AdminUserError<InventoryErrorCode>;
