//! Addresses that are not written out but taken from the address book of who calls.

use super::CartAddressInput;
use crate::graphql::{ApiError, scalars::gid};
use async_graphql::ID;
use stoa_domain::{
    customer,
    shared::{Address, CustomerAddressId, CustomerId},
};
use stoa_services::{Services, account::Caller};

/// The address book of who calls; empty for who has none.
#[derive(Clone, Debug, Default)]
pub struct AddressBook(Option<(CustomerId, customer::AddressBook)>);

impl AddressBook {
    /// Reads the book if any of the addresses is to be taken from it.
    ///
    /// # Errors
    /// A fault.
    pub async fn of<'a>(
        services: &Services,
        by: &Caller,
        mut written: impl Iterator<Item = &'a CartAddressInput> + Send,
    ) -> Result<Self, ApiError> {
        let wanted = written.any(|address| address.copy_from_customer_address_id.is_some());
        let Some(who) = by.signed_in().filter(|_| wanted) else { return Ok(Self::default()) };
        let Some(customer) = services.read_customer.run(who).await? else { return Ok(Self::default()) };
        Ok(Self(Some((customer.id, services.read_customer.address_book(&customer).await?))))
    }

    /// An address of the book, and whose that is; somebody else's is not in it.
    ///
    /// # Errors
    /// It is no id of an address.
    pub(super) fn find(&self, id: &ID) -> Result<Option<(Address, CustomerId)>, ApiError> {
        let id = gid::decode::<CustomerAddressId>(id)?;
        let (Some(id), Some((owner, book))) = (id, &self.0) else { return Ok(None) };
        Ok(book.find(id).map(|known| (known.address.clone(), *owner)))
    }
}
