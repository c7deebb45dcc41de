//! The language in which customers search their own orders: that of the staff, but for what is not theirs to ask.

use crate::admin::{OrderSearchError, parse_order_search};
use stoa_persistence::order::OrdersListing;

/// Adds what a text asks for to a listing of somebody's own orders that asks for nothing yet but an order.
///
/// # Errors
/// The text is no search for orders, or asks for what the shop notes for itself, or for whose they are.
pub fn parse_own_order_search(text: &str, listing: OrdersListing) -> Result<OrdersListing, OrderSearchError> {
    let listing = parse_order_search(text, listing)?;
    let unknown = |field: &str| Err(OrderSearchError::UnknownField(field.to_owned()));
    if listing.attention.is_some() {
        return unknown("attention");
    }
    if listing.customer.is_some() {
        return unknown("customer_id");
    }
    Ok(listing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_shops_is_not_searched() {
        let read = |text| parse_own_order_search(text, OrdersListing::default());
        assert_eq!(read("#1001 status:paid").unwrap().number, Some(1001));
        let unknown = |field: &str| Err(OrderSearchError::UnknownField(field.to_owned()));
        assert_eq!(read("attention:true"), unknown("attention"));
        let somebody = "customer_id:gid://stoa/Customer/00000000-0000-0000-0000-000000000007";
        assert_eq!(read(somebody), unknown("customer_id"));
        assert_eq!(read("sku:mug"), unknown("sku"));
    }
}
