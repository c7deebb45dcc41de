//! The codes of refusals about customers.

use crate::graphql::admin::user_error::{AdminUserError, RefusalCode};
use async_graphql::Enum;

/// Why a customer stays as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdminCustomerErrorCode {
    /// The value is not valid.
    Invalid,
    /// What they are does not allow it: their address is proved already, or not yet.
    InvalidState,
    /// There is nobody like that, or they were erased.
    NotFound,
    /// An order still has to be paid, or to be sent.
    OrdersOpen,
    /// They were changed by somebody else at the same moment.
    Stale,
    /// The value is too long.
    TooLong,
}

/// Why a group of customers stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CustomerGroupErrorCode {
    /// The value is missing.
    Blank,
    /// There is no such group or customer.
    NotFound,
    /// It was changed by somebody else at the same moment.
    Stale,
    /// Another group has that name.
    Taken,
    /// The value is too long, or there are too many.
    TooLong,
}

impl RefusalCode for AdminCustomerErrorCode {
    const ERROR: &'static str = "AdminCustomerUserError";
}

impl RefusalCode for CustomerGroupErrorCode {
    const ERROR: &'static str = "CustomerGroupUserError";
}

/// A refusal about a customer.
pub type AdminCustomerUserError = AdminUserError<AdminCustomerErrorCode>;
/// A refusal about a group.
pub type CustomerGroupUserError = AdminUserError<CustomerGroupErrorCode>;
