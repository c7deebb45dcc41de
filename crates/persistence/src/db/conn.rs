//! What a read runs on: the readers' pool, or a transaction that must see its own writes.

use super::{WriteOne, WriteTx, bounded::Bounded};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction};

/// Anything a read can run on. Implemented by [`Reader`] and [`WriteTx`] only.
pub trait Conn: Raw {}

/// The way to SeaORM's connection, for this crate alone.
pub trait Raw: Send + Sync {
    /// SeaORM's side of it.
    type Connection: ConnectionTrait;
    /// The connection to run a statement on.
    fn raw(&self) -> &Self::Connection;
}

/// The pool of connections that can only read. Each statement sees all that was committed before it.
#[derive(Clone, Debug)]
pub struct Reader(pub(super) Bounded<DatabaseConnection>);

impl Conn for Reader {}
impl Raw for Reader {
    type Connection = Bounded<DatabaseConnection>;
    fn raw(&self) -> &Bounded<DatabaseConnection> {
        &self.0
    }
}

impl Raw for WriteOne {
    type Connection = Bounded<DatabaseConnection>;
    fn raw(&self) -> &Bounded<DatabaseConnection> {
        self.connection()
    }
}

impl Conn for WriteTx {}
impl Raw for WriteTx {
    type Connection = Bounded<DatabaseTransaction>;
    fn raw(&self) -> &Bounded<DatabaseTransaction> {
        self.transaction()
    }
}
