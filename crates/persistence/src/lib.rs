//! The system of record: SeaORM on SQLite and Postgres from one code base.
//!
//! [`db`] is the ground every feature stands on: connections, transactions, errors, migrations. Each feature then has
//! its own folder with its tables (private), its reads and its writes. Functions that read take `&impl Conn`, which is
//! either the readers' pool or a transaction; functions that write take a [`WriteTx`] that the caller opened and will
//! commit. Nothing of SeaORM is visible from outside.

pub mod account;
pub mod audit;
pub mod cart;
pub mod catalog;
pub mod customer;
pub mod db;
pub mod delivery;
pub mod fulfillment;
pub mod gift_card;
pub mod holds;
pub mod inventory;
pub mod live;
pub mod lookup_key;
pub mod market;
pub mod media;
pub mod order;
pub mod outbox;
pub mod payment;
pub mod price_list;
pub mod pricing;
pub mod promotion;
pub mod sealed;
pub mod staff;
pub mod tax;

pub use cart::SqlCartStore;
pub use db::{
    Batch, CatalogueReader, Conn, Db, DbConfig, DbTarget, Durability, PoolState, PostgresConfig, Reader,
    StatementRun, WriteTx,
};
pub use holds::SqlReservationStore;

#[cfg(test)]
mod testing;
