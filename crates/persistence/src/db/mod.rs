//! Connections, transactions, errors and migrations: the ground every feature stands on.

mod config;
mod conn;
mod connect;
mod error;
mod migrate;
mod postgres;
mod retry;
mod rows;
mod sqlite;
mod statements;
mod write;

pub use config::{DbConfig, DbTarget, PostgresConfig};
pub(crate) use conn::Raw;
pub use conn::{Conn, Reader};
pub use connect::Db;
pub use error::is_transient;
pub use retry::{MayFault, retrying};
pub(crate) use write::WriteOne;
pub use write::{Durability, WriteTx};

pub(crate) use error::{Violation, fault, violation};
pub(crate) use rows::{bind_chunks, padded, stored};

#[cfg(test)]
mod postgres_tests;
#[cfg(test)]
mod tests;
