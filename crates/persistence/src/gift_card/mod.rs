//! Gift cards and store credit in the system of record.

mod cards;
mod entities;
mod ledger;
mod read;
mod write;

pub use cards::{NewGiftCard, SoldGiftCard, expired, issue, lock, out_of_balance, save, sold_with};
pub use ledger::{NewEntry, append, spend};
pub use read::{by_hashes, of_cart};
pub use write::insert;

#[cfg(test)]
mod tests;
