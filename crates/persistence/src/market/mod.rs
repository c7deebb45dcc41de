//! Markets in the system of record, and what the shop's currency is worth in others.

mod entities;
mod map;
mod rates;
mod read;
mod write;

pub use rates::{KeptRate, rates, remove_rate, set_rates};
pub use read::{find, find_all, is_paid_in, list_markets};
pub use write::{MarketSaved, insert, remove, update};

pub(crate) use read::{active, has_list};

#[cfg(test)]
mod tests;
