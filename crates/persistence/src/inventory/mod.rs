//! Stock in the system of record: what there is, what is promised to orders, and the ledger of every change.
//!
//! `inventory_items` holds a variant's totals and decides; `inventory_levels` says at which location; every change of
//! either is a row of `inventory_ledger` in the same transaction. A change is one conditional update that adds 1 to the
//! item's version, behind which the schema's CHECK constraints stand; items are locked in id order, so that two orders
//! of the same variants wait for each other instead of deadlocking. What changed comes back as [`StockSnapshot`]s: once
//! the transaction is committed, hand them to the reservation store.
//!
//! [`StockSnapshot`]: stoa_domain::inventory::StockSnapshot

mod allocate;
mod changes;
mod counters;
mod counts;
mod entities;
mod items;
mod ledger;
mod locations;
mod places;
mod proof;
mod release;
mod requests;
mod several;
mod snapshots;
mod write;

pub use allocate::allocate;
pub use changes::{Changed, StockChanges, StockPosition, stock_changes};
pub use counts::{adjust, set_on_hand, set_policy};
pub use items::policies;
pub use locations::{add_location, levels, locations};
pub use places::stock_at;
pub use proof::{Discrepancy, discrepancies, unowned};
pub use release::{fulfil, give_back};
pub use requests::claim_request;
pub use several::{levels_of, lock_stock};
pub use snapshots::snapshots;
pub use write::{ChangeRefused, StockChange, StockChanged, StockTo, change_stock};

pub(crate) use counters::lock_all;
pub(crate) use entities::item;
pub(crate) use items::{NewStock, Removed, insert_items, remove_items};
pub(crate) use snapshots::snapshot_of;

#[cfg(test)]
mod large_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod write_tests;
