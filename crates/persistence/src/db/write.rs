//! Transactions that write, and whose turn it is.

use super::{
    bounded::{Patience, within},
    connections::Connections,
    error::fault,
    transaction::Transaction,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use std::{sync::Arc, time::Duration};
use stoa_domain::shared::Fault;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit};

/// What a commit must survive.
///
/// Postgres keeps every commit whichever is asked, but for what the outbox writes of jobs that are claimed or done. On SQLite in WAL mode a [`Durability::Full`] commit also makes all
/// earlier relaxed ones permanent, since it syncs the log they stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A power cut: for orders, payments and everything that must never be lost. Waits for the disk.
    Full,
    /// A crash of the process, but perhaps not a power cut: for carts and holds, whose loss may annoy and no more.
    Relaxed,
}

impl Durability {
    /// SQLite's name of it. `synchronous` belongs to the connection, not to the transaction.
    const fn pragma(self) -> &'static str {
        match self {
            Self::Full => "PRAGMA synchronous = FULL",
            Self::Relaxed => "PRAGMA synchronous = NORMAL",
        }
    }
}

/// Whose turn it is to write. SQLite allows one writer at a time and its own way of waiting is to poll, which is
/// unfair; a queue in front of one connection serves in order.
#[derive(Clone, Debug)]
pub(super) struct WriteGate {
    single: Option<Arc<Mutex<Synchronous>>>,
    patience: Duration,
}

/// What the one connection's `synchronous` is known to be.
#[derive(Debug)]
struct Synchronous(Option<Durability>);

impl WriteGate {
    /// One writer at a time, each waiting at most `patience` for its turn.
    pub(super) fn single(patience: Duration) -> Self {
        // Unknown at first, so that the first transaction says what it wants.
        Self { single: Some(Arc::new(Mutex::new(Synchronous(None)))), patience }
    }

    /// Any number of writers: the database sorts them out.
    pub(super) const fn none() -> Self {
        Self { single: None, patience: Duration::ZERO }
    }

    async fn turn(&self) -> Result<Option<OwnedMutexGuard<Synchronous>>, Fault> {
        let Some(gate) = &self.single else { return Ok(None) };
        match tokio::time::timeout(self.patience, Arc::clone(gate).lock_owned()).await {
            Ok(guard) => Ok(Some(guard)),
            Err(elapsed) => Err(Fault::unavailable("waiting for the turn to write", elapsed)),
        }
    }

    /// The turn, with the connection set to what a commit must survive.
    async fn turn_for(
        &self,
        writer: &Connections,
        durability: Durability,
    ) -> Result<Option<OwnedMutexGuard<Synchronous>>, Fault> {
        let mut turn = self.turn().await?;
        if let Some(synchronous) = turn.as_deref_mut() {
            synchronous.switch(writer, durability).await?;
        }
        Ok(turn)
    }
}

impl Synchronous {
    /// Makes the connection's setting the wanted one; costs nothing when it already is.
    async fn switch(&mut self, connection: &Connections, wanted: Durability) -> Result<(), Fault> {
        if self.0 == Some(wanted) {
            return Ok(());
        }
        // Forgotten first: were this future dropped half way, the next transaction must not trust a stale note.
        self.0 = None;
        connection.execute_unprepared(wanted.pragma()).await.map_err(fault("switching synchronous"))?;
        self.0 = Some(wanted);
        Ok(())
    }
}

/// One statement that writes, which is its own transaction: that saves two trips to the thread of the connection, or to the server,
/// begin and commit. Whatever needs two statements needs a [`WriteTx`].
#[derive(Debug)]
#[must_use = "nothing is written yet"]
pub struct WriteOne {
    connection: Connections,
    _turn: Option<OwnedMutexGuard<Synchronous>>,
}

impl WriteOne {
    pub(super) async fn turn(
        writer: &Connections,
        gate: &WriteGate,
        durability: Durability,
    ) -> Result<Self, Fault> {
        let turn = gate.turn_for(writer, durability).await?;
        Ok(Self { connection: writer.clone(), _turn: turn })
    }

    pub(super) const fn connection(&self) -> &Connections {
        &self.connection
    }
}

/// A transaction that writes. Dropping it undoes everything; only [`WriteTx::commit`] keeps it.
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct WriteTx {
    // One that is dropped keeps its connection until it is rolled back: on SQLite there is no other for whoever has the turn next.
    transaction: Transaction,
    _turn: Option<OwnedMutexGuard<Synchronous>>,
}

impl WriteTx {
    pub(super) async fn begin(
        writer: &Connections,
        gate: &WriteGate,
        durability: Durability,
    ) -> Result<Self, Fault> {
        let turn = gate.turn_for(writer, durability).await?;
        let transaction = writer.begin().await.map_err(fault("beginning a transaction"))?;
        Ok(Self { transaction, _turn: turn })
    }

    /// Whether nobody else can write until it ends, as on SQLite: what it has read stays true.
    pub fn is_alone(&self) -> bool {
        self.transaction.get_database_backend() == DbBackend::Sqlite
    }

    /// Keeps everything written in it.
    ///
    /// # Errors
    /// The database refused or could not be reached. In the second case nobody knows whether it was kept: what must
    /// not happen twice needs a key of its own.
    pub async fn commit(self) -> Result<(), Fault> {
        self.transaction.commit().await.map_err(fault("committing"))
    }

    /// Undoes everything now, instead of when it is dropped.
    ///
    /// # Errors
    /// The database could not be reached; the transaction is undone all the same.
    pub async fn rollback(self) -> Result<(), Fault> {
        self.transaction.rollback().await.map_err(fault("rolling back"))
    }

    pub(super) const fn transaction(&self) -> &Transaction {
        &self.transaction
    }
}

/// A transaction that changes the tables: SeaORM's own, which its migrator asks for, and with all the time it takes.
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub(super) struct MigrationTx {
    transaction: DatabaseTransaction,
    patience: Option<Duration>,
    _place: OwnedSemaphorePermit,
    _turn: Option<OwnedMutexGuard<Synchronous>>,
}

impl MigrationTx {
    pub(super) async fn begin(
        writer: &Connections,
        gate: &WriteGate,
        patience: Option<Patience>,
    ) -> Result<Self, Fault> {
        let turn = gate.turn_for(writer, Durability::Full).await?;
        // As our own transactions begin; Postgres ignores it.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let (place, pool) = writer.seaorm().await.map_err(fault("waiting for a connection"))?;
        let begin = pool.begin_with_options(options);
        let begun = within(patience.map(|p| p.with_connection), begin).await;
        let transaction = begun.map_err(fault("beginning a migration"))?;
        Ok(Self { transaction, patience: patience.map(|p| p.statement), _place: place, _turn: turn })
    }

    pub(super) const fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    pub(super) async fn commit(self) -> Result<(), Fault> {
        within(self.patience, self.transaction.commit()).await.map_err(fault("committing"))
    }
}
