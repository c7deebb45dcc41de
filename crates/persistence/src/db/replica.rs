//! Reads of the catalogue where there are replicas. Behind one address there may be several, each as far behind as it is: two
//! statements, one after the other, may be answered by two of them.

use super::{Conn, Raw, Reader, seals::Seals, transaction::Transaction};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};

/// What the catalogue is read on.
#[derive(Debug)]
pub enum CatalogueReader<'d> {
    /// The primary, which is never behind.
    Primary(&'d Reader),
    /// One replica, the same for all that is read.
    Replica(OneReplica),
}

/// A transaction that only reads, on one replica.
#[derive(Debug)]
pub struct OneReplica(pub(super) Box<Transaction>);

impl Conn for OneReplica {}
impl Raw for OneReplica {
    type Connection = Transaction;
    fn raw(&self) -> &Transaction {
        &self.0
    }
    fn seals(&self) -> &Seals {
        self.0.seals()
    }
}

impl Conn for CatalogueReader<'_> {}
impl Raw for CatalogueReader<'_> {
    type Connection = Self;
    fn raw(&self) -> &Self {
        self
    }
    fn seals(&self) -> &Seals {
        match self {
            Self::Primary(reader) => reader.seals(),
            Self::Replica(replica) => replica.seals(),
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for CatalogueReader<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Primary(reader) => reader.raw().get_database_backend(),
            Self::Replica(replica) => replica.raw().get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Primary(reader) => reader.raw().execute_raw(statement).await,
            Self::Replica(replica) => replica.raw().execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Primary(reader) => reader.raw().execute_unprepared(sql).await,
            Self::Replica(replica) => replica.raw().execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Primary(reader) => reader.raw().query_one_raw(statement).await,
            Self::Replica(replica) => replica.raw().query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Primary(reader) => reader.raw().query_all_raw(statement).await,
            Self::Replica(replica) => replica.raw().query_all_raw(statement).await,
        }
    }

    fn support_returning(&self) -> bool {
        match self {
            Self::Primary(reader) => reader.raw().support_returning(),
            Self::Replica(replica) => replica.raw().support_returning(),
        }
    }
}
