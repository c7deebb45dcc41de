//! What a read runs on: the readers' pool, or a transaction that must see its own writes.

use super::{WriteOne, WriteTx, connections::Connections, seals::Seals, transaction::Transaction};
use sea_orm::ConnectionTrait;
use stoa_domain::shared::Sealer;

/// Anything a read can run on. Implemented by [`Reader`] and [`WriteTx`] only.
pub trait Conn: Raw {}

/// The way to SeaORM's connection, for this crate alone.
pub trait Raw: Send + Sync {
    /// SeaORM's side of it.
    type Connection: ConnectionTrait;
    /// The connection to run a statement on.
    fn raw(&self) -> &Self::Connection;
    /// What opens and seals columns.
    fn seals(&self) -> &Seals;
    /// What opens and seals the columns that are kept sealed, but for those of orders.
    fn sealer(&self) -> &dyn Sealer {
        &**self.seals()
    }
}

/// The pool of connections that can only read. Each statement sees all that was committed before it.
#[derive(Clone, Debug)]
pub struct Reader(pub(super) Connections);

impl Conn for Reader {}
impl Raw for Reader {
    type Connection = Connections;
    fn raw(&self) -> &Connections {
        &self.0
    }
    fn seals(&self) -> &Seals {
        self.0.seals()
    }
}

/// What a single statement that writes runs on: a transaction, or a turn of its own. Implemented by [`WriteTx`] and
/// [`WriteOne`] only.
pub trait Writes: Raw {
    /// Whether what is run is a transaction of its own.
    fn is_one_statement(&self) -> bool;
}

impl Writes for WriteOne {
    fn is_one_statement(&self) -> bool {
        true
    }
}
impl Raw for WriteOne {
    type Connection = Connections;
    fn raw(&self) -> &Connections {
        self.connection()
    }
    fn seals(&self) -> &Seals {
        self.connection().seals()
    }
}

impl Conn for WriteTx {}
impl Writes for WriteTx {
    fn is_one_statement(&self) -> bool {
        false
    }
}
impl Raw for WriteTx {
    type Connection = Transaction;
    fn raw(&self) -> &Transaction {
        self.transaction()
    }
    fn seals(&self) -> &Seals {
        self.transaction().seals()
    }
}
