//! Placed orders, for the buyer.

mod find;
mod guesses;

pub(crate) use find::view_of;
pub use find::{FindOrder, LookupError, OrderView};

use stoa_domain::{order::Order, shared::ProductId};

/// Units sold of each product, for the ranking of best sellers.
pub(crate) fn sold(order: &Order) -> Vec<(ProductId, i64)> {
    order.lines.iter().map(|line| (line.product, i64::from(line.quantity))).collect()
}
