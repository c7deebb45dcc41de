//! A customer.

use crate::graphql::{
    ApiError, MoneyV2, Request,
    cart::MailingAddress,
    metafield::{HasMetafieldsIdentifier, Metafield, none_of},
    order::{Knowledge, Order},
    paging::{Connection, PageArgs, page_of},
    scalars::{Gid, UnsignedInt64},
};
use async_graphql::{Context, Enum, Object};
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    customer::{AddressBook, BookAddress},
    shared::CustomerId,
};
use stoa_graphql_http::Nullable;
use stoa_persistence::order::{OrderSort, OrdersListing};
use stoa_services::customer::parse_own_order_search;
use tokio::sync::OnceCell;

/// A customer, as they see themselves. Clones share what was read.
#[derive(Clone)]
pub struct Customer(Arc<CustomerData>);

struct CustomerData {
    customer: stoa_domain::customer::Customer,
    who: SignedIn,
    /// Read once it is asked for.
    book: OnceCell<AddressBook>,
}

/// Hides the person.
impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Customer({})", self.0.customer.id)
    }
}

impl Customer {
    /// A customer, read for themselves.
    pub fn new(customer: stoa_domain::customer::Customer, who: SignedIn) -> Self {
        Self(Arc::new(CustomerData { customer, who, book: OnceCell::new() }))
    }

    /// Whoever is signed in; `None` if their account is gone.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read(ctx: &Context<'_>, who: SignedIn) -> Result<Option<Self>, ApiError> {
        let found = ctx.services().read_customer.run(who).await?;
        Ok(found.map(|customer| Self::new(customer, who)))
    }

    /// The same with an address book that was read already.
    #[must_use]
    pub fn with_book(self, book: AddressBook) -> Self {
        let customer = self.0.customer.clone();
        Self(Arc::new(CustomerData { customer, who: self.0.who, book: OnceCell::new_with(Some(book)) }))
    }

    async fn book(&self, ctx: &Context<'_>) -> Result<&AddressBook, ApiError> {
        let read = || ctx.services().read_customer.address_book(&self.0.customer);
        Ok(self.0.book.get_or_try_init(read).await?)
    }
}

/// An address of a customer's book, as the schema shows it.
pub(super) fn mailing_address(entry: &BookAddress) -> MailingAddress {
    MailingAddress::new(entry.id.uuid(), entry.address.clone())
}

/// A customer account.
#[Object]
impl Customer {
    /// Whether the customer agreed to receive advertising.
    fn accepts_marketing(&self) -> bool {
        self.0.customer.accepts_marketing
    }

    /// The customer's addresses.
    async fn addresses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Result<Connection<MailingAddress>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let addresses = self.book(ctx).await?.addresses();
        let reverse = reverse.unwrap_or(false);
        page_of(addresses, reverse, &args, |a| a.id.uuid(), |at| mailing_address(&addresses[at]))
    }

    /// The address taken when none is chosen.
    async fn default_address(&self, ctx: &Context<'_>) -> Nullable<MailingAddress> {
        Nullable::run(async {
            let book = self.book(ctx).await?;
            Ok::<_, ApiError>(book.default_address().map(mailing_address))
        })
        .await
    }

    /// The name to greet with.
    fn display_name(&self) -> String {
        self.0.customer.display_name()
    }

    /// The e-mail address.
    fn email(&self) -> Option<&str> {
        Some(self.0.customer.email.as_str())
    }

    /// The given name.
    fn first_name(&self) -> Option<&str> {
        self.0.customer.first_name.as_ref().map(|name| name.as_str())
    }

    /// The global id.
    fn id(&self) -> Gid<CustomerId> {
        Gid(self.0.customer.id)
    }

    /// The family name.
    fn last_name(&self) -> Option<&str> {
        self.0.customer.last_name.as_ref().map(|name| name.as_str())
    }

    /// Metafields by name, null where there is none.
    fn metafields(
        &self,
        #[graphql(desc = "The names.")] identifiers: Vec<HasMetafieldsIdentifier>,
    ) -> Vec<Option<Metafield>> {
        none_of(identifiers)
    }

    /// How many orders the customer has placed.
    async fn number_of_orders(&self, ctx: &Context<'_>) -> Result<UnsignedInt64, ApiError> {
        Ok(UnsignedInt64(ctx.services().read_customer.number_of_orders(self.0.who).await?))
    }

    /// The orders the customer has placed.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn orders(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(
            desc = "Conditions, all of which must hold: `#1001`, `email:`, `status:`, `financial_status:`, `fulfillment_status:`, `created_at:`, `updated_at:`."
        )]
        query: Option<String>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(desc = "How the list is sorted.")] sort_key: Option<OrderSortKeys>,
    ) -> Result<Connection<Order>, ApiError> {
        let request = PageArgs { after, before, first, last }.request()?;
        let sort = sort_key.unwrap_or(OrderSortKeys::ProcessedAt).order();
        let reverse = reverse.unwrap_or(false);
        let listing = OrdersListing { sort, reverse, ..OrdersListing::default() };
        let listing = match query {
            Some(query) => parse_own_order_search(&query, listing)
                .map_err(|error| ApiError::bad_input(format!("query: {error}.")))?,
            None => listing,
        };
        let page = ctx.services().read_customer.orders(self.0.who, listing, &request).await?;
        Ok(Connection::of(&page, |view| Order::new(view.clone(), Knowledge::Account)))
    }

    /// The telephone number.
    fn phone(&self) -> Option<&str> {
        self.0.customer.phone.as_deref()
    }

    /// What the customer has to spend without a gift card: one amount a currency. `cartStoreCreditApply` pays with it.
    async fn store_credit(&self, ctx: &Context<'_>) -> Result<Vec<MoneyV2>, ApiError> {
        let credit = ctx.services().read_customer.store_credit(self.0.who).await?;
        Ok(credit.into_iter().map(MoneyV2::from).collect())
    }
}

/// How a customer's orders are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderSortKeys {
    /// By id, which is the order in which they were placed.
    Id,
    /// Oldest first.
    ProcessedAt,
    /// Oldest first: conditions hold or do not, so that none matches better.
    Relevance,
    /// Cheapest first.
    TotalPrice,
}

impl OrderSortKeys {
    const fn order(self) -> OrderSort {
        match self {
            Self::Id | Self::ProcessedAt | Self::Relevance => OrderSort::Number,
            Self::TotalPrice => OrderSort::Total,
        }
    }
}
