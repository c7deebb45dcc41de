//! Reads of the catalogue where there are replicas. Behind one address there may be several, each as far behind as it is: two
//! statements, one after the other, may be answered by two of them. What none of them answers is read on the primary.

use super::{
    Conn, Raw, Reader, away::Away, bounded::within, connections::Connections, error::fault, seals::Seals,
    transaction::Transaction,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use stoa_domain::shared::Fault;

/// The replicas behind one address. Cheap to clone: all clones share their connections, and what is known of them.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub(super) connections: Connections,
    away: Arc<Away>,
}

impl Replica {
    /// What is reached by these, none of which need be open yet.
    pub(super) fn new(connections: Connections, sign_of_life: Duration) -> Self {
        Self { connections, away: Arc::new(Away::new(sign_of_life)) }
    }

    pub(super) fn sealed_by(self, seals: Seals) -> Self {
        Self { connections: self.connections.sealed_by(seals), ..self }
    }

    /// Begins to read on one of them, if one answers.
    pub(super) async fn one<'d>(&'d self, primary: &'d Reader) -> Result<CatalogueReader<'d>, Fault> {
        let begun = self.away.ask(false, self.connections.begin()).await;
        let begun = begun.map_err(fault("beginning to read on a replica"))?;
        Ok(match begun {
            Some(begun) => CatalogueReader::on(primary, &self.away, Asked::One(Box::new(begun))),
            None => CatalogueReader::primary(primary),
        })
    }

    /// Reads on any of them.
    pub(super) fn any<'d>(&'d self, primary: &'d Reader) -> CatalogueReader<'d> {
        CatalogueReader::on(primary, &self.away, Asked::Any(&self.connections))
    }

    /// Whether one answers, soon.
    pub(super) async fn ping(&self) -> Result<(), Fault> {
        let answer = within(Some(self.away.sign_of_life()), self.connections.ping()).await;
        answer.map_err(fault("pinging the replica"))
    }

    /// Closes every connection. One that is away is not waited for.
    pub(super) async fn close(&self) {
        let closed = within(Some(self.away.sign_of_life()), self.connections.close()).await;
        if let Err(error) = closed {
            tracing::debug!(%error, "a replica's connections were not closed cleanly");
        }
    }
}

/// What the catalogue is read on.
#[derive(Debug)]
pub struct CatalogueReader<'d> {
    /// Which is never behind.
    primary: &'d Reader,
    replica: Option<OnReplica<'d>>,
}

#[derive(Debug)]
struct OnReplica<'d> {
    away: &'d Away,
    asked: Asked<'d>,
    /// It has answered before.
    known: AtomicBool,
    /// It has not answered once: it may be in the middle of anything.
    given_up: AtomicBool,
}

#[derive(Debug)]
enum Asked<'d> {
    /// Whichever is reached, another for each statement.
    Any(&'d Connections),
    /// The same for all that is read: a transaction that only reads.
    One(Box<Transaction>),
}

impl<'d> CatalogueReader<'d> {
    pub(super) const fn primary(primary: &'d Reader) -> Self {
        Self { primary, replica: None }
    }

    const fn on(primary: &'d Reader, away: &'d Away, asked: Asked<'d>) -> Self {
        let (known, given_up) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { primary, replica: Some(OnReplica { away, asked, known, given_up }) }
    }

    /// Whether a replica is asked, which may be behind.
    pub(crate) fn may_be_behind(&self) -> bool {
        self.replica.as_ref().is_some_and(|replica| !replica.given_up.load(Ordering::Acquire))
    }
}

impl OnReplica<'_> {
    /// What the replica answers; `None` if the primary is to be asked, now and for all that comes.
    async fn answer<T>(&self, question: impl Future<Output = Result<T, DbErr>>) -> Result<Option<T>, DbErr> {
        if self.given_up.load(Ordering::Acquire) {
            return Ok(None);
        }
        let answer = self.away.ask(self.known.load(Ordering::Acquire), question).await;
        let noted = if matches!(answer, Ok(Some(_))) { &self.known } else { &self.given_up };
        noted.store(true, Ordering::Release);
        answer
    }
}

impl Conn for CatalogueReader<'_> {}
impl Raw for CatalogueReader<'_> {
    type Connection = Self;
    fn raw(&self) -> &Self {
        self
    }
    fn seals(&self) -> &Seals {
        self.primary.seals()
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for CatalogueReader<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.primary.raw().get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        if let Some(replica) = &self.replica
            && let Some(answer) = replica.answer(replica.asked.execute_raw(statement.clone())).await?
        {
            return Ok(answer);
        }
        self.primary.raw().execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        if let Some(replica) = &self.replica
            && let Some(answer) = replica.answer(replica.asked.execute_unprepared(sql)).await?
        {
            return Ok(answer);
        }
        self.primary.raw().execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        if let Some(replica) = &self.replica
            && let Some(answer) = replica.answer(replica.asked.query_one_raw(statement.clone())).await?
        {
            return Ok(answer);
        }
        self.primary.raw().query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if let Some(replica) = &self.replica
            && let Some(answer) = replica.answer(replica.asked.query_all_raw(statement.clone())).await?
        {
            return Ok(answer);
        }
        self.primary.raw().query_all_raw(statement).await
    }

    fn support_returning(&self) -> bool {
        self.primary.raw().support_returning()
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Asked<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Any(any) => any.get_database_backend(),
            Self::One(one) => one.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Any(any) => any.execute_raw(statement).await,
            Self::One(one) => one.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Any(any) => any.execute_unprepared(sql).await,
            Self::One(one) => one.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Any(any) => any.query_one_raw(statement).await,
            Self::One(one) => one.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Any(any) => any.query_all_raw(statement).await,
            Self::One(one) => one.query_all_raw(statement).await,
        }
    }

    fn support_returning(&self) -> bool {
        match self {
            Self::Any(any) => any.support_returning(),
            Self::One(one) => one.support_returning(),
        }
    }
}
