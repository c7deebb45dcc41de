//! What a shop decides about money: what is decided once, and all rules read whole for who keeps them in memory.
//!
//! Who writes a rule takes the catalogue's turn first, which raises the number that rules are kept by: so they are written one
//! transaction at a time, and whoever has the number of the rules has the rules.

mod entities;
mod kept;
mod load;
mod settings;
mod words;

pub use kept::{Kept, Removed, Saved, Switched};
pub use load::{Loaded, Unreadable, load};
pub use settings::{ServiceUse, ShopSettings, save_settings, settings};

pub(crate) use kept::{arranged, removed, saved, written};
pub(crate) use words::{clean, from_json, json, named, word};

use crate::{
    catalog,
    db::{Conn, WriteTx},
};
use stoa_domain::shared::Fault;

/// Takes the turn of whoever writes rules, before they read what they are about to change: behind it nobody else changes a rule, or the
/// catalogue, until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn take_turn(tx: &WriteTx) -> Result<(), Fault> {
    catalog::raise_rules(tx).await
}

/// The number of the rules, which says that none has changed since it was last the same. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn version(conn: &impl Conn) -> Result<i64, Fault> {
    catalog::versions(conn).await.map(|versions| versions.rules)
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
