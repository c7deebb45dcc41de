//! Customers' address books.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    customer::{AddressBook, AddressBookRefusal, BookAddress},
    shared::{Address, CustomerAddressId, Fault},
};
use stoa_persistence::{
    Durability, customer,
    db::{MayFault, retrying},
};

/// Why a book stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum AddressBookError {
    /// It cannot be changed so. What is somebody else's is not in it.
    #[error(transparent)]
    Refused(#[from] AddressBookRefusal),
    /// There is no such account any more.
    #[error("no such customer")]
    Unknown,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MayFault for AddressBookError {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::Refused(_) | Self::Unknown => None,
        }
    }
}

/// What to do to a book.
enum Change {
    Add(CustomerAddressId, Box<Address>),
    Update(CustomerAddressId, Box<Address>),
    Remove(CustomerAddressId),
    Default(CustomerAddressId),
}

/// Keeps address books.
pub struct Addresses(pub(crate) Arc<Context>);

impl Addresses {
    /// Puts an address in; the first is the default.
    ///
    /// # Errors
    /// The book is full, or the address cannot be taken.
    #[tracing::instrument(name = "customer.address_create", skip_all)]
    pub async fn create(&self, who: SignedIn, address: Address) -> Result<BookAddress, AddressBookError> {
        let id = CustomerAddressId::new(self.0.ports.ids.id());
        let book = self.change(who, &Change::Add(id, Box::new(address))).await?;
        found(&book, id)
    }

    /// Writes an address anew.
    ///
    /// # Errors
    /// There is no such address, or the new one cannot be taken.
    #[tracing::instrument(name = "customer.address_update", skip_all)]
    pub async fn update(
        &self,
        who: SignedIn,
        id: CustomerAddressId,
        address: Address,
    ) -> Result<BookAddress, AddressBookError> {
        let book = self.change(who, &Change::Update(id, Box::new(address))).await?;
        found(&book, id)
    }

    /// Takes an address out.
    ///
    /// # Errors
    /// There is no such address.
    #[tracing::instrument(name = "customer.address_delete", skip_all)]
    pub async fn delete(&self, who: SignedIn, id: CustomerAddressId) -> Result<(), AddressBookError> {
        self.change(who, &Change::Remove(id)).await.map(drop)
    }

    /// Makes an address the default, and gives the book.
    ///
    /// # Errors
    /// There is no such address.
    #[tracing::instrument(name = "customer.address_default", skip_all)]
    pub async fn set_default(
        &self,
        who: SignedIn,
        id: CustomerAddressId,
    ) -> Result<AddressBook, AddressBookError> {
        self.change(who, &Change::Default(id)).await
    }

    async fn change(&self, who: SignedIn, change: &Change) -> Result<AddressBook, AddressBookError> {
        retrying(|| self.change_once(who, change)).await
    }

    async fn change_once(&self, who: SignedIn, change: &Change) -> Result<AddressBook, AddressBookError> {
        let tx = self.0.db().write(Durability::Relaxed).await?;
        let customer = customer::find_for_update(&tx, who.customer).await?;
        let customer = customer.ok_or(AddressBookError::Unknown)?;
        let before = customer::address_book(&tx, &customer).await?;
        let mut after = before.clone();
        match change {
            Change::Add(id, address) => drop(after.add(*id, (**address).clone())?),
            Change::Update(id, address) => drop(after.update(*id, (**address).clone())?),
            Change::Remove(id) => after.remove(*id)?,
            Change::Default(id) => after.set_default(*id)?,
        }
        if !customer::save_addresses(&tx, who.customer, &before, &after, self.0.now()).await? {
            return Err(AddressBookError::Unknown);
        }
        tx.commit().await?;
        Ok(after)
    }
}

fn found(book: &AddressBook, id: CustomerAddressId) -> Result<BookAddress, AddressBookError> {
    book.find(id).cloned().ok_or(AddressBookError::Refused(AddressBookRefusal::Unknown))
}
