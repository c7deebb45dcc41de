//! The connections of a pool: whatever is asked runs on one that is free.

use super::{
    bounded::within, lease::Home, run, seals::Seals, statements::Statements, transaction::Transaction,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::OwnedSemaphorePermit;

/// The connections of a pool. Cheap to clone: all clones share them.
#[derive(Clone, Debug)]
pub struct Connections {
    home: Arc<Home>,
    statements: Statements,
    seals: Seals,
}

impl Connections {
    pub(super) fn new(home: Home, statements: Statements) -> Self {
        Self { home: Arc::new(home), statements, seals: Seals::default() }
    }

    /// The same with another sealer.
    pub(super) fn sealed_by(self, seals: Seals) -> Self {
        Self { seals, ..self }
    }

    pub(super) const fn seals(&self) -> &Seals {
        &self.seals
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// No connection is to be had, or the database refuses.
    pub(super) async fn begin(&self) -> Result<Transaction, DbErr> {
        let patience = self.home.patience();
        let begin = async {
            let lease = self.home.lease().await?;
            let begun = Transaction::begin(lease, self.backend(), self.statements.clone(), patience).await?;
            Ok(begun.sealed_by(self.seals.clone()))
        };
        // Boxed: every use case that writes has one in its future.
        Box::pin(within(patience.map(|p| p.with_connection), begin)).await
    }

    /// How many connections are open, and how many of them are in use.
    pub(super) fn state(&self) -> (u64, u64) {
        self.home.state()
    }

    /// SeaORM's own way to the pool, for what needs that, with a place for one connection: slower, and bounded by nothing.
    ///
    /// # Errors
    /// No place comes free in time.
    pub(super) async fn seaorm(&self) -> Result<(OwnedSemaphorePermit, &DatabaseConnection), DbErr> {
        self.home.seaorm().await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub(super) async fn ping(&self) -> Result<(), DbErr> {
        let ping = async {
            let mut lease = self.home.lease().await?;
            lease.ping().await.map_err(|e| DbErr::Conn(RuntimeErr::SqlxError(e.into())))
        };
        within(self.patience(), ping).await
    }

    /// Waits for what runs, then closes every connection.
    ///
    /// # Errors
    /// A connection did not close cleanly.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        within(self.patience(), self.home.close()).await
    }

    fn backend(&self) -> DbBackend {
        self.home.backend()
    }

    fn patience(&self) -> Option<Duration> {
        self.home.patience().map(|patience| patience.with_connection)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connections {
    fn get_database_backend(&self) -> DbBackend {
        self.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let work = async {
            let mut lease = self.home.lease().await?;
            run::execute(&mut lease, &self.statements, &statement).await
        };
        within(self.patience(), work).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let work = async {
            let mut lease = self.home.lease().await?;
            run::command(&mut lease, sql).await
        };
        within(self.patience(), work).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let work = async {
            let mut lease = self.home.lease().await?;
            run::query_one(&mut lease, &self.statements, &statement).await
        };
        within(self.patience(), work).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let work = async {
            let mut lease = self.home.lease().await?;
            run::query_all(&mut lease, &self.statements, &statement).await
        };
        within(self.patience(), work).await
    }

    fn support_returning(&self) -> bool {
        self.backend().support_returning()
    }
}
