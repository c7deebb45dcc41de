//! The codes of refusals about orders.

use crate::graphql::admin::user_error::{AdminUserError, RefusalCode};
use async_graphql::Enum;

/// Why money is not given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum RefundCreateErrorCode {
    /// The key was used for another refund of this order.
    IdempotencyKeyReused,
    /// The value is not valid.
    Invalid,
    /// The order is not paid, or nothing was to be paid for it.
    InvalidState,
    /// There is no such order, line or location.
    NotFound,
    /// More than is left, of money or of units.
    TooMuch,
}

/// Why an order is not cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderCancelErrorCode {
    /// The value is not valid.
    Invalid,
    /// It was paid at this moment, or its bank is still thinking: look at it again. Or it was cancelled before, and then its money did not go
    /// back or what it had sent was not taken in.
    InvalidState,
    /// There is no such order or location.
    NotFound,
}

/// Why an order keeps its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderAttentionClearErrorCode {
    /// There is no such mark.
    Invalid,
    /// There is no such order.
    NotFound,
    /// It is marked for another reason by now, or once more for the same one: look at it again.
    Stale,
}

/// Why nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum FulfillmentErrorCode {
    /// Some units are named, and no key.
    IdempotencyKeyRequired,
    /// The key was used for another parcel of this order.
    IdempotencyKeyReused,
    /// The value is not valid.
    Invalid,
    /// The order is not paid, or was cancelled.
    InvalidState,
    /// There is no such order, line or parcel.
    NotFound,
    /// The units are not where they would leave from.
    NotInStock,
    /// There is nothing left to be sent.
    NothingToSend,
    /// More than is left to be sent.
    TooMuch,
}

impl RefusalCode for RefundCreateErrorCode {
    const ERROR: &'static str = "RefundCreateUserError";
}

impl RefusalCode for OrderCancelErrorCode {
    const ERROR: &'static str = "OrderCancelUserError";
}

impl RefusalCode for OrderAttentionClearErrorCode {
    const ERROR: &'static str = "OrderAttentionClearUserError";
}

impl RefusalCode for FulfillmentErrorCode {
    const ERROR: &'static str = "FulfillmentUserError";
}

/// A refusal to give money back.
pub type RefundCreateUserError = AdminUserError<RefundCreateErrorCode>;
/// A refusal to cancel.
pub type OrderCancelUserError = AdminUserError<OrderCancelErrorCode>;
/// A refusal to take a mark off.
pub type OrderAttentionClearUserError = AdminUserError<OrderAttentionClearErrorCode>;
/// A refusal to send.
pub type FulfillmentUserError = AdminUserError<FulfillmentErrorCode>;
