//! Connections, transactions, errors and migrations: the ground every feature stands on.

mod config;
mod conn;
mod connect;
#[allow(dead_code, reason = "the features that use it arrive one by one")]
mod error;
mod migrate;
mod retry;
#[allow(dead_code, reason = "the features that use it arrive one by one")]
mod rows;
mod statements;
mod write;

pub use config::{DbConfig, DbTarget};
pub(crate) use conn::Raw;
pub use conn::{Conn, Reader};
pub use connect::Db;
pub use error::is_transient;
pub use retry::{MayFault, retrying};
pub use write::{Durability, WriteTx};

#[allow(unused_imports, reason = "the features that use them arrive one by one")]
pub(crate) use error::{Violation, fault, violation};
#[allow(unused_imports, reason = "the features that use them arrive one by one")]
pub(crate) use rows::{bind_chunks, padded, stored};

#[cfg(test)]
mod tests;
