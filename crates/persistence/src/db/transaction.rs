//! A transaction: one connection, from its beginning to its end.

use super::{
    bounded::{Patience, within},
    lease::Lease,
    run,
    seals::Seals,
    statements::Statements,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use std::time::Duration;
use tokio::{runtime::Handle, sync::Mutex};

/// A transaction. One that is dropped is rolled back, before anybody else is given its connection.
#[derive(Debug)]
pub struct Transaction {
    /// None once it has ended.
    lease: Mutex<Option<Lease>>,
    backend: DbBackend,
    statements: Statements,
    seals: Seals,
    patience: Option<Patience>,
}

/// A transaction that has ended was asked something: no caller can do that.
fn ended() -> DbErr {
    DbErr::Custom("the transaction has ended".to_owned())
}

impl Transaction {
    pub(super) async fn begin(
        lease: Lease,
        backend: DbBackend,
        statements: Statements,
        patience: Option<Patience>,
    ) -> Result<Self, DbErr> {
        // From here on, so that it is rolled back should nobody wait for the answer.
        let mut begun =
            Self { lease: Mutex::new(Some(lease)), backend, statements, seals: Seals::default(), patience };
        // IMMEDIATE, because a deferred transaction that reads first and then writes is refused outright when anyone (another process)
        // has written in between.
        let begin = if backend == DbBackend::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
        let lease = begun.lease.get_mut().as_mut().ok_or_else(ended)?;
        run::command(lease, begin).await?;
        Ok(begun)
    }

    /// The same with another sealer.
    pub(super) fn sealed_by(mut self, seals: Seals) -> Self {
        self.seals = seals;
        self
    }

    pub(super) const fn seals(&self) -> &Seals {
        &self.seals
    }

    fn patience(&self) -> Option<Duration> {
        self.patience.map(|patience| patience.statement)
    }

    /// Keeps everything written in it.
    ///
    /// # Errors
    /// The database refuses, or does not answer: then nobody knows whether it was kept.
    pub(super) async fn commit(mut self) -> Result<(), DbErr> {
        let patience = self.patience();
        let lease = self.lease.get_mut().as_mut().ok_or_else(ended)?;
        within(patience, run::command(lease, "COMMIT")).await?;
        // Nothing is left to be rolled back.
        *self.lease.get_mut() = None;
        Ok(())
    }

    /// Undoes everything now, instead of when it is dropped.
    ///
    /// # Errors
    /// The database does not answer; it is undone all the same.
    pub(super) async fn rollback(mut self) -> Result<(), DbErr> {
        let patience = self.patience();
        let lease = self.lease.get_mut().as_mut().ok_or_else(ended)?;
        within(patience, run::command(lease, "ROLLBACK")).await?;
        *self.lease.get_mut() = None;
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(mut lease) = self.lease.get_mut().take() else { return };
        // Whatever becomes of what follows: an open transaction is given to nobody.
        lease.ruin();
        let Ok(runtime) = Handle::try_current() else { return };
        let (sqlite, time) = (self.backend == DbBackend::Sqlite, self.patience.map(|p| p.sign_of_life));
        runtime.spawn(async move {
            // Where a statement was given up half-way, Postgres' first answer may be the error of that one.
            for _ in 0..2 {
                match within(time, run::command(&mut lease, "ROLLBACK")).await {
                    Ok(_) => return,
                    // It has rolled back by itself, or the commit whose end nobody waited for was kept.
                    Err(_) if sqlite && lease.is_well() => return,
                    Err(error) => tracing::debug!(%error, "a transaction was not rolled back at once"),
                }
            }
            lease.ruin();
        });
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut lease = self.lease.lock().await;
        let lease = lease.as_mut().ok_or_else(ended)?;
        within(self.patience(), run::execute(lease, &self.statements, &statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut lease = self.lease.lock().await;
        let lease = lease.as_mut().ok_or_else(ended)?;
        within(self.patience(), run::command(lease, sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut lease = self.lease.lock().await;
        let lease = lease.as_mut().ok_or_else(ended)?;
        within(self.patience(), run::query_one(lease, &self.statements, &statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut lease = self.lease.lock().await;
        let lease = lease.as_mut().ok_or_else(ended)?;
        within(self.patience(), run::query_all(lease, &self.statements, &statement)).await
    }

    fn support_returning(&self) -> bool {
        self.backend.support_returning()
    }
}
