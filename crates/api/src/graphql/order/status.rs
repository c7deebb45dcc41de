//! How an order stands.

use async_graphql::Enum;
use stoa_domain::order::{CancelReason, FinancialStatus, FulfillmentStatus};

/// How much of an order's money is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderFinancialStatus {
    /// None yet, but it is reserved.
    Authorized,
    /// All of it.
    Paid,
    /// Some of it.
    PartiallyPaid,
    /// All of it was, and some went back.
    PartiallyRefunded,
    /// None yet.
    Pending,
    /// It all went back.
    Refunded,
    /// None, and none will come.
    Voided,
}

impl From<FinancialStatus> for OrderFinancialStatus {
    fn from(status: FinancialStatus) -> Self {
        match status {
            FinancialStatus::Pending => Self::Pending,
            FinancialStatus::Authorized => Self::Authorized,
            FinancialStatus::Paid => Self::Paid,
            FinancialStatus::PartiallyRefunded => Self::PartiallyRefunded,
            FinancialStatus::Refunded => Self::Refunded,
            FinancialStatus::Voided => Self::Voided,
        }
    }
}

/// How much of an order has left the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderFulfillmentStatus {
    /// All of it.
    Fulfilled,
    /// None yet, but somebody is at it.
    InProgress,
    /// None, and none for now.
    OnHold,
    /// None yet; it may begin.
    Open,
    /// Some of it.
    PartiallyFulfilled,
    /// None yet; a warehouse was asked.
    PendingFulfillment,
    /// It came back into stock.
    Restocked,
    /// None yet; there is a date.
    Scheduled,
    /// None yet.
    Unfulfilled,
}

impl From<FulfillmentStatus> for OrderFulfillmentStatus {
    fn from(status: FulfillmentStatus) -> Self {
        match status {
            FulfillmentStatus::Unfulfilled => Self::Unfulfilled,
            FulfillmentStatus::PartiallyFulfilled => Self::PartiallyFulfilled,
            FulfillmentStatus::Fulfilled => Self::Fulfilled,
        }
    }
}

/// Why an order was cancelled. `EXPIRED` is an addition of this server to the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderCancelReason {
    /// The buyer wanted it so.
    Customer,
    /// The payment was declined or cancelled.
    Declined,
    /// It was not paid in time.
    Expired,
    /// It was a fraud.
    Fraud,
    /// There was not enough in stock.
    Inventory,
    /// For another reason.
    Other,
    /// Staff wanted it so.
    Staff,
}

impl From<CancelReason> for OrderCancelReason {
    fn from(reason: CancelReason) -> Self {
        match reason {
            CancelReason::Expired => Self::Expired,
            CancelReason::PaymentCancelled | CancelReason::Declined => Self::Declined,
            CancelReason::Staff => Self::Staff,
            CancelReason::Customer => Self::Customer,
            CancelReason::Fraud => Self::Fraud,
            CancelReason::Inventory => Self::Inventory,
            CancelReason::Other => Self::Other,
        }
    }
}
