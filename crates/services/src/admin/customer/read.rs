//! Customers, for people.

use crate::Context;
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::CustomersRead},
    customer::{AddressBook, Consent, Customer, CustomerGroup},
    shared::{
        CustomerId, Fault,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    customer::{self, CustomerTax, CustomersListing},
    db::ListError,
    order,
};

/// Customers, for people.
pub struct Customers(pub(crate) Arc<Context>);

impl Customers {
    /// A page of them. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "customer.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<CustomersRead>,
        listing: &CustomersListing,
        request: &PageRequest,
    ) -> Result<Page<CustomerId>, ListError> {
        customer::list_customers(self.0.db().read(), listing, request).await
    }

    /// Those with these ids that there are, in the order of the ids. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(
        &self,
        _by: &Permit<CustomersRead>,
        ids: &[CustomerId],
    ) -> Result<Vec<Customer>, Fault> {
        customer::find_all(self.0.db().read(), ids).await
    }

    /// Somebody's address book.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn addresses(&self, _by: &Permit<CustomersRead>, of: &Customer) -> Result<AddressBook, Fault> {
        customer::address_book(self.0.db().read(), of).await
    }

    /// Each one's tags; those without any are not in it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn tags(
        &self,
        _by: &Permit<CustomersRead>,
        of: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Vec<String>>, Fault> {
        customer::tags_of(self.0.db().read(), of).await
    }

    /// What is noted of how each is taxed. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn taxes(
        &self,
        _by: &Permit<CustomersRead>,
        of: &[CustomerId],
    ) -> Result<HashMap<CustomerId, CustomerTax>, Fault> {
        customer::taxes_of(self.0.db().read(), of).await
    }

    /// Each one's groups; those in none are not in it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn groups(
        &self,
        _by: &Permit<CustomersRead>,
        of: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Vec<CustomerGroup>>, Fault> {
        customer::groups_of(self.0.db().read(), of).await
    }

    /// Everything each one has ever agreed to or taken back, the oldest first; those who have never said anything are not in it. One
    /// statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn consents(
        &self,
        _by: &Permit<CustomersRead>,
        of: &[CustomerId],
    ) -> Result<HashMap<CustomerId, Vec<Consent>>, Fault> {
        customer::consents_of(self.0.db().read(), of).await
    }

    /// How many orders somebody has placed, whatever has become of them. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn order_count(&self, _by: &Permit<CustomersRead>, of: CustomerId) -> Result<u64, Fault> {
        order::count_of_customer(self.0.db().read(), of).await
    }
}
