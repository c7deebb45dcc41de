//! The mutations of customers, one file each: input, mapping of refusals, resolver.

mod access_token_create;
mod access_token_delete;
mod access_token_renew;
mod activate;
mod address_create;
mod address_delete;
mod address_update;
mod create;
mod default_address_update;
mod recover;
mod reset;
mod update;

pub use access_token_create::{CustomerAccessTokenCreate, CustomerAccessTokenCreateInput};
pub use access_token_delete::CustomerAccessTokenDelete;
pub use access_token_renew::CustomerAccessTokenRenew;
pub use activate::{CustomerActivate, CustomerActivateInput};
pub use address_create::CustomerAddressCreate;
pub use address_delete::CustomerAddressDelete;
pub use address_update::CustomerAddressUpdate;
pub use create::{CustomerCreate, CustomerCreateInput};
pub use default_address_update::CustomerDefaultAddressUpdate;
pub use recover::CustomerRecover;
pub use reset::{CustomerReset, CustomerResetInput};
pub use update::{CustomerUpdate, CustomerUpdateInput};

use super::{CustomerUserError, refusals};
use crate::graphql::{ApiError, cart::InputPath};
use async_graphql::MergedObject;
use stoa_services::customer::AddressBookError;

/// All mutations of customers that the Storefront API has.
#[derive(Clone, Copy, Debug, Default, MergedObject)]
pub struct CustomerMutations(
    CustomerCreate,
    CustomerActivate,
    CustomerRecover,
    CustomerReset,
    CustomerUpdate,
    CustomerAccessTokenCreate,
    CustomerAccessTokenRenew,
    CustomerAccessTokenDelete,
    CustomerAddressCreate,
    CustomerAddressUpdate,
    CustomerAddressDelete,
    CustomerDefaultAddressUpdate,
);

/// Why an address book stays as it was. `id` is the argument that names an address.
fn refused(error: AddressBookError, id: &'static str) -> Result<CustomerUserError, ApiError> {
    match error {
        AddressBookError::Refused(refusal) => {
            Ok(refusals::address_book(refusal, &InputPath::argument("address"), id))
        }
        AddressBookError::Unknown => Ok(CustomerUserError::unidentified()),
        AddressBookError::Fault(fault) => Err(fault.into()),
    }
}
