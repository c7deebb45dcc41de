//! Price lists in the system of record, and what they fix.

mod entities;
mod list;
mod map;
mod prices;
mod read;
mod write;

pub use list::{list_price_lists, list_priced_variants};
pub use prices::{MOST_PRICES, PricesSet, prices_of, remove_breaks, remove_prices, set_prices};
pub use read::{find, find_all};
pub use write::{insert, remove, update};

pub(crate) use prices::active as active_prices;
pub(crate) use read::{active, is_of_market, is_there};

#[cfg(test)]
mod tests;
