//! Showing customers what is theirs.

use crate::{
    Context,
    order::{OrderView, view_of},
};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::SignedIn,
    customer::{AddressBook, BookAddress, Customer},
    payment::Payment,
    shared::{
        CustomerAddressId, Fault, Money, OrderId,
        page::{Page, PageRequest, PageRow},
    },
};
use stoa_persistence::{
    customer,
    db::ListError,
    gift_card,
    order::{self, OrdersListing},
    payment,
};

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

    /// Whether they have a password; whoever has come by a provider has none until they set it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn has_password(&self, who: SignedIn) -> Result<bool, Fault> {
        customer::has_password(self.0.db().read(), who.customer).await
    }

    /// Their address book.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn address_book(&self, of: &Customer) -> Result<AddressBook, Fault> {
        customer::address_book(self.0.db().read(), of).await
    }

    /// What they have to spend without a gift card, by currency: what can be spent now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn store_credit(&self, who: SignedIn) -> Result<Vec<Money>, Fault> {
        let (theirs, now) = (gift_card::credit_of(self.0.db().read(), who.customer).await?, self.0.now());
        let usable = theirs.into_iter().filter(|credit| credit.usable(credit.currency, now));
        Ok(usable.map(|credit| Money::new(credit.balance, credit.currency)).collect())
    }

    /// One address of their book; somebody else's is not there.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn address(&self, who: SignedIn, id: CustomerAddressId) -> Result<Option<BookAddress>, Fault> {
        customer::address(self.0.db().read(), who.customer, id).await
    }

    /// A page of the orders they have placed, or that were placed with their address before they had an account, of which all is true that
    /// the listing asks for; nobody else's, whatever it says. The same four statements whatever the page.
    ///
    /// # Errors
    /// A cursor is not of this list, or the database does not answer.
    pub async fn orders(
        &self,
        who: SignedIn,
        listing: OrdersListing,
        request: &PageRequest,
    ) -> Result<Page<OrderView>, ListError> {
        let read = self.0.db().read();
        let theirs = OrdersListing { customer: Some(who.customer), ..listing };
        let page = order::list_orders(read, &theirs, request).await?;
        let ids: Vec<OrderId> = page.nodes().copied().collect();
        let orders = order::find_all(read, &ids).await?;
        let payments = payment::find_by_orders(read, &ids).await?;
        let mut by_order: HashMap<OrderId, Vec<Payment>> = HashMap::new();
        for payment in payments {
            by_order.entry(payment.order).or_default().push(payment);
        }
        let mut views: HashMap<OrderId, OrderView> = orders
            .into_iter()
            .map(|order| {
                let payments = by_order.remove(&order.id).unwrap_or_default();
                (order.id, OrderView::new(order, payments))
            })
            .collect();
        let rows = page.rows.into_iter().filter_map(|row| {
            let node = views.remove(&row.node)?;
            Some(PageRow { cursor: row.cursor, node })
        });
        Ok(Page { rows: rows.collect(), info: page.info })
    }

    /// One of those orders; somebody else's is not there.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn order(&self, who: SignedIn, id: OrderId) -> Result<Option<OrderView>, Fault> {
        let found = view_of(&self.0, id).await?;
        Ok(found.filter(|view| view.order.customer == Some(who.customer)))
    }

    /// How many orders those are.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn number_of_orders(&self, who: SignedIn) -> Result<u64, Fault> {
        order::count_of_customer(self.0.db().read(), who.customer).await
    }
}
