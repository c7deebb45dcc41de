//! A customer.

use crate::graphql::{
    cart::MailingAddress,
    metafield::{HasMetafieldsIdentifier, Metafield},
    order::Order,
    paging::Connection,
    scalars::UnsignedInt64,
};
use async_graphql::{Enum, ID, Object};

/// A customer account. There are none yet: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum Customer {}

/// A customer account.
#[Object]
#[expect(
    unused_variables,
    clippy::needless_pass_by_value,
    reason = "nothing is ever asked of a type without values"
)]
impl Customer {
    /// Whether the customer agreed to receive advertising.
    fn accepts_marketing(&self) -> bool {
        match *self {}
    }

    /// The customer's addresses.
    fn addresses(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Connection<MailingAddress> {
        match *self {}
    }

    /// The address taken when none is chosen.
    fn default_address(&self) -> Option<MailingAddress> {
        match *self {}
    }

    /// The name to greet with.
    fn display_name(&self) -> String {
        match *self {}
    }

    /// The e-mail address.
    fn email(&self) -> Option<String> {
        match *self {}
    }

    /// The given name.
    fn first_name(&self) -> Option<String> {
        match *self {}
    }

    /// The global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// The family name.
    fn last_name(&self) -> Option<String> {
        match *self {}
    }

    /// Metafields by name, null where there is none.
    fn metafields(
        &self,
        #[graphql(desc = "The names.")] identifiers: Vec<HasMetafieldsIdentifier>,
    ) -> Vec<Option<Metafield>> {
        match *self {}
    }

    /// How many orders the customer has placed.
    fn number_of_orders(&self) -> UnsignedInt64 {
        match *self {}
    }

    /// The orders the customer has placed.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    fn orders(
        &self,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "Words and conditions that the orders must meet.")] query: Option<String>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(desc = "How the list is sorted.")] sort_key: Option<OrderSortKeys>,
    ) -> Connection<Order> {
        match *self {}
    }

    /// The telephone number.
    fn phone(&self) -> Option<String> {
        match *self {}
    }
}

/// How a customer's orders are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderSortKeys {
    /// By id.
    Id,
    /// Oldest first.
    ProcessedAt,
    /// Best match of the searched words first.
    Relevance,
    /// Cheapest first.
    TotalPrice,
}
