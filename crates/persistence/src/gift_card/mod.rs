//! Gift cards and store credit in the system of record.

mod cards;
mod create;
mod entities;
mod history;
mod ledger;
mod map;
mod read;
mod staff;

pub use cards::{NewGiftCard, SoldGiftCard, expired, issue, lock, out_of_balance, save, sold_with};
pub use create::{create, insert, lock_credit};
pub use history::{KeptEntry, find_entry, ledger};
pub use ledger::{NewEntry, append, spend};
pub use read::{by_hashes, credit_of, of_cart};
pub use staff::{GiftCardsListing, StaffGiftCard, find, find_all, list_cards, set_note};

#[cfg(test)]
mod tests;
