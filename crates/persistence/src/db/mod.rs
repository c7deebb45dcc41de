//! Connections, transactions, errors and migrations: the ground every feature stands on.

mod away;
mod batch;
mod bounded;
mod concurrency;
mod conditions;
mod config;
mod conn;
mod connect;
mod connections;
mod error;
mod handover;
mod in_order;
mod keyset;
mod leading;
mod lease;
mod migrate;
mod plans;
mod pools;
mod postgres;
mod replica;
mod rows;
mod run;
mod seals;
mod sqlite;
mod statements;
mod transaction;
mod write;

pub use batch::{Batch, Place, Written};
pub(crate) use bounded::watched;
pub use concurrency::{LOCK_ORDER, MayFault, is_transient, retrying};
pub use config::{DbConfig, DbTarget, PostgresConfig};
pub(crate) use conn::Raw;
pub use conn::{Conn, Reader, Writes};
pub use connect::Db;
pub use keyset::ListError;
pub use migrate::UndoError;
pub use plans::Plan;
pub use pools::PoolState;
pub use replica::CatalogueReader;
pub use statements::StatementRun;
pub use write::{Durability, WriteOne, WriteTx};

pub(crate) use conditions::{begins, within};
pub(crate) use error::{Violation, fault, violation};
pub(crate) use in_order::{by_key, update_in_order};
pub(crate) use keyset::{Key, Keyset};
pub(crate) use leading::{Leading, leads};
pub(crate) use rows::{bind_chunks, fitting, padded, stored};
pub(crate) use seals::{OrderSealer, Seals};

#[cfg(test)]
mod lease_tests;
#[cfg(test)]
mod migrate_pricing_tests;
#[cfg(test)]
mod migrate_tests;
#[cfg(test)]
mod postgres_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vanished_tests;
