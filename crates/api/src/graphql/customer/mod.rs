//! Customers, in the words of the Storefront API. What that has no words for is in [`account`](super::account).
//!
//! No answer here tells whether an address has an account, and what is somebody else's is not there.

mod access_token;
mod address_input;
#[expect(clippy::module_inception, reason = "the folder is the feature, the file its main type")]
mod customer;
mod error_code;
mod mutations;
mod payloads;
mod queries;
pub mod refusals;
mod user_error;

pub use access_token::{CustomerAccessToken, holder_of};
pub use address_input::MailingAddressInput;
pub use customer::{Customer, OrderSortKeys};
pub use error_code::CustomerErrorCode;
pub use mutations::{
    CustomerAccessTokenCreate, CustomerAccessTokenCreateInput, CustomerAccessTokenDelete,
    CustomerAccessTokenRenew, CustomerActivate, CustomerActivateInput, CustomerAddressCreate,
    CustomerAddressDelete, CustomerAddressUpdate, CustomerCreate, CustomerCreateInput,
    CustomerDefaultAddressUpdate, CustomerMutations, CustomerRecover, CustomerReset, CustomerResetInput,
    CustomerUpdate, CustomerUpdateInput,
};
pub use payloads::{
    CustomerAccessTokenCreatePayload, CustomerAccessTokenDeletePayload, CustomerAccessTokenRenewPayload,
    CustomerActivatePayload, CustomerAddressCreatePayload, CustomerAddressDeletePayload,
    CustomerAddressUpdatePayload, CustomerCreatePayload, CustomerDefaultAddressUpdatePayload,
    CustomerRecoverPayload, CustomerResetPayload, CustomerUpdatePayload,
};
pub use queries::CustomerQueries;
pub use user_error::{CustomerUserError, UserError};
