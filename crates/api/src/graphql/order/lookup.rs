//! How a buyer finds an order.

use async_graphql::{InputObject, OneofObject};
use stoa_domain::shared::EmailAddress;
use stoa_persistence::order::OrderLookup;

/// What a buyer knows of an order. An order's global id finds nothing: ids can be guessed.
#[derive(Clone, Debug, OneofObject)]
pub enum OrderLookupInput {
    /// The token that `orderPlace` gave. Whoever has it may see and pay the order.
    Token(String),
    /// What the confirmation mail says. It shows the order; paying it takes the token.
    Contact(OrderContactInput),
}

/// An order's number and whose it is.
#[derive(Clone, Debug, InputObject)]
pub struct OrderContactInput {
    /// The buyer's e-mail address, in any letter case.
    pub email: String,
    /// The order's number: 1001 for #1001.
    pub number: i32,
}

impl OrderLookupInput {
    /// What to look for; `None` if no order can be found so.
    pub fn into_lookup(self) -> Option<OrderLookup> {
        match self {
            Self::Token(token) => Some(OrderLookup::Token(token)),
            Self::Contact(OrderContactInput { email, number }) => {
                let email = EmailAddress::parse(&email).ok()?;
                Some(OrderLookup::Contact(number.into(), email))
            }
        }
    }
}
