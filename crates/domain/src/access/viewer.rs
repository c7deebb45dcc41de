//! Who looks at the shop from outside.

use crate::shared::{CustomerId, SessionId};

/// A customer, signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Which.
    pub customer: CustomerId,
    /// Their sign-in.
    pub session: SessionId,
}

/// Who looks. What belongs to somebody else is not there for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Viewer {
    /// Nobody we know.
    #[default]
    Anonymous,
    /// A customer.
    Customer(SignedIn),
}

impl Viewer {
    /// Which customer.
    pub const fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Anonymous => None,
            Self::Customer(signed_in) => Some(signed_in.customer),
        }
    }
}
