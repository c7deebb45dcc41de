//! The language in which staff search orders: a row of conditions, all of which must hold.
//!
//! | written | means |
//! |---|---|
//! | `#1001`, `1001`, `name:#1001` | the order with this number |
//! | `ada@example.org`, `email:` | orders with this address |
//! | `status:awaiting_payment`, `paid`, `cancelled`; `open`, which is paid | in this state |
//! | `financial_status:pending`, `authorized`, `paid`, `partially_refunded`, `refunded`, `voided` | whose money stands so |
//! | `fulfillment_status:unfulfilled`, `partial`, `fulfilled` | of which so much was sent |
//! | `attention:true` | that a person should look at |
//! | `created_at:>=2026-01-31`, `updated_at:` | as in the search of products |
//! | `customer_id:gid://stoa/Customer/…` | of this account; the bare id does as well |
//!
//! An order is not found by words. Each condition may stand once; a field that there is not, or a value that its field cannot have, is
//! refused: a list of all orders where three were meant costs more than a message.

use stoa_domain::{
    catalog::search::{FlatTerm, NotFlat, flat_terms},
    order::{FinancialStatus, FulfillmentStatus, OrderNumber},
    shared::{CustomerId, EmailAddress},
};
use stoa_persistence::order::OrdersListing;
use uuid::Uuid;

/// Why a text is no search for orders.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderSearchError {
    /// It is no row of conditions.
    #[error(transparent)]
    NotFlat(#[from] NotFlat),
    /// Orders have no such field.
    #[error("orders are not searched by {0:?}")]
    UnknownField(String),
    /// Its field cannot have the value.
    #[error("{field} cannot be {value:?}")]
    BadValue {
        /// Which field.
        field: &'static str,
        /// The value as it was written.
        value: String,
    },
    /// A condition was given twice.
    #[error("{0} is given twice")]
    Twice(&'static str),
}

/// Adds what a text asks for to a listing that asks for nothing yet but an order.
///
/// # Errors
/// The text is no search for orders.
pub fn parse_order_search(text: &str, listing: OrdersListing) -> Result<OrdersListing, OrderSearchError> {
    let mut listing = listing;
    for term in flat_terms(text)? {
        add(&mut listing, &term)?;
    }
    Ok(listing)
}

fn add(listing: &mut OrdersListing, term: &FlatTerm) -> Result<(), OrderSearchError> {
    let field = term.field();
    match field.as_deref() {
        None if term.value().contains('@') => put(&mut listing.email, "email", term, email),
        None | Some("name") => put(&mut listing.number, "name", term, number),
        Some("email") => put(&mut listing.email, "email", term, email),
        Some("status") => put(&mut listing.state, "status", term, state),
        Some("financial_status") => put(&mut listing.financial, "financial_status", term, financial),
        Some("fulfillment_status") => put(&mut listing.fulfillment, "fulfillment_status", term, fulfillment),
        Some("attention") => put(&mut listing.attention, "attention", term, flag),
        Some("created_at" | "processed_at") => {
            put(&mut listing.placed, "created_at", term, FlatTerm::moments)
        }
        Some("updated_at") => put(&mut listing.updated, "updated_at", term, FlatTerm::moments),
        Some("customer_id") => put(&mut listing.customer, "customer_id", term, customer),
        Some(unknown) => Err(OrderSearchError::UnknownField(unknown.to_owned())),
    }
}

fn put<T>(
    slot: &mut Option<T>,
    field: &'static str,
    term: &FlatTerm,
    read: impl FnOnce(&FlatTerm) -> Option<T>,
) -> Result<(), OrderSearchError> {
    if slot.is_some() {
        return Err(OrderSearchError::Twice(field));
    }
    let value = if term.is_prefix() { None } else { read(term) };
    let bad = || OrderSearchError::BadValue { field, value: term.value().to_owned() };
    *slot = Some(value.ok_or_else(bad)?);
    Ok(())
}

fn number(term: &FlatTerm) -> Option<OrderNumber> {
    let text = term.value();
    text.strip_prefix('#').unwrap_or(text).parse().ok()
}

fn email(term: &FlatTerm) -> Option<EmailAddress> {
    EmailAddress::parse(term.value()).ok()
}

fn state(term: &FlatTerm) -> Option<&'static str> {
    match term.value().to_lowercase().as_str() {
        "awaiting_payment" => Some("awaiting_payment"),
        "paid" | "open" => Some("paid"),
        "cancelled" => Some("cancelled"),
        _ => None,
    }
}

fn financial(term: &FlatTerm) -> Option<FinancialStatus> {
    match term.value().to_lowercase().as_str() {
        "pending" => Some(FinancialStatus::Pending),
        "authorized" => Some(FinancialStatus::Authorized),
        "paid" => Some(FinancialStatus::Paid),
        "partially_refunded" => Some(FinancialStatus::PartiallyRefunded),
        "refunded" => Some(FinancialStatus::Refunded),
        "voided" => Some(FinancialStatus::Voided),
        _ => None,
    }
}

fn fulfillment(term: &FlatTerm) -> Option<FulfillmentStatus> {
    match term.value().to_lowercase().as_str() {
        "unfulfilled" | "unshipped" => Some(FulfillmentStatus::Unfulfilled),
        "partial" | "partially_fulfilled" => Some(FulfillmentStatus::PartiallyFulfilled),
        "fulfilled" | "shipped" => Some(FulfillmentStatus::Fulfilled),
        _ => None,
    }
}

fn flag(term: &FlatTerm) -> Option<bool> {
    term.value().to_lowercase().parse().ok()
}

/// A whole gid has slashes and a colon in it, of which the lexer takes none for the end of a value.
fn customer(term: &FlatTerm) -> Option<CustomerId> {
    let id = term.value().rsplit('/').next()?;
    id.parse::<Uuid>().ok().map(CustomerId::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<OrdersListing, OrderSearchError> {
        parse_order_search(text, OrdersListing::default())
    }

    #[test]
    fn conditions_are_added_up() {
        let text = "#1001 ada@Example.org status:open financial_status:PARTIALLY_REFUNDED \
                    fulfillment_status:partial attention:true created_at:>=2026-01-31 \
                    customer_id:gid://stoa/Customer/00000000-0000-0000-0000-000000000007";
        let listing = read(text).unwrap();
        assert_eq!((listing.number, listing.state), (Some(1001), Some("paid")));
        assert_eq!(listing.email.unwrap().key(), "ada@example.org");
        assert_eq!(listing.financial, Some(FinancialStatus::PartiallyRefunded));
        assert_eq!(listing.fulfillment, Some(FulfillmentStatus::PartiallyFulfilled));
        assert_eq!(listing.attention, Some(true));
        assert_eq!(listing.placed.unwrap().from.unwrap().to_rfc3339(), "2026-01-31T00:00:00+00:00");
        assert_eq!(listing.customer, Some(CustomerId::new(Uuid::from_u128(7))));
        assert_eq!(read("").unwrap(), OrdersListing::default());
    }

    #[test]
    fn what_would_find_more_than_was_meant_is_refused() {
        let bad = |field, value: &str| Err(OrderSearchError::BadValue { field, value: value.to_owned() });
        assert_eq!(read("mug"), bad("name", "mug"));
        assert_eq!(read("name:1001*"), bad("name", "1001"));
        assert_eq!(read("status:lost"), bad("status", "lost"));
        assert_eq!(read("customer_id:7"), bad("customer_id", "7"));
        assert_eq!(read("sku:mug"), Err(OrderSearchError::UnknownField("sku".to_owned())));
        assert_eq!(read("1001 name:1002"), Err(OrderSearchError::Twice("name")));
        assert_eq!(read("paid OR refunded"), Err(OrderSearchError::NotFlat(NotFlat::Nested)));
    }
}
