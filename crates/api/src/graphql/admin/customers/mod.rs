//! Customers, as staff see them.

mod error_code;
mod group;
mod object;
mod queries;

pub use error_code::{
    AdminCustomerErrorCode, AdminCustomerUserError, CustomerGroupErrorCode, CustomerGroupUserError,
};
pub use group::AdminCustomerGroup;
pub(crate) use object::one;
pub use object::{AdminCustomer, AdminCustomerState};
pub use queries::{AdminCustomerSortKeys, CustomerReads};
