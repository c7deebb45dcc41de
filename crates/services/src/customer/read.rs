//! Showing customers what is theirs.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    customer::{AddressBook, BookAddress, Customer},
    shared::{CustomerAddressId, Fault},
};
use stoa_persistence::customer;

/// Shows customers themselves, and nobody else.
pub struct ReadCustomer(pub(crate) Arc<Context>);

impl ReadCustomer {
    /// Their account; `None` if it is gone since they were asked who they are.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn run(&self, who: SignedIn) -> Result<Option<Customer>, Fault> {
        customer::find(self.0.db().read(), who.customer).await
    }

    /// Their address book.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn address_book(&self, of: &Customer) -> Result<AddressBook, Fault> {
        customer::address_book(self.0.db().read(), of).await
    }

    /// One address of their book; somebody else's is not there.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn address(&self, who: SignedIn, id: CustomerAddressId) -> Result<Option<BookAddress>, Fault> {
        customer::address(self.0.db().read(), who.customer, id).await
    }
}
