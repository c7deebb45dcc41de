//! Nothing waits for ever on a database whose host is gone. A machine without power and a network without a route close no connection:
//! the server's own limits are of no use there, and the system here gives a connection up after a quarter of an hour. So whatever is
//! asked of a Postgres has a time of its own on our side, and so has the look whether a connection may be used again.

use super::DbConfig;
use sea_orm::{DbErr, RuntimeErr};
use sqlx::{Connection, PgConnection, postgres::PgPoolOptions};
use std::{future::Future, io, time::Duration};

/// For the answer of a server that gives a statement up in its own time to reach us.
const ON_THE_WAY: Duration = Duration::from_secs(5);
/// For a statement where the server has no limit.
const UNLIMITED: Duration = Duration::from_secs(300);
/// For a connection to show that it is alive.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// How long we wait for a Postgres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a statement on a connection that is at hand: longer than the server itself allows it.
    pub(super) statement: Duration,
    /// For one for which a connection must be had first.
    pub(super) with_connection: Duration,
    /// For a connection that was or will be idle to answer: short enough that another can be made in the same wait.
    pub(super) sign_of_life: Duration,
}

impl Patience {
    pub(super) fn of(config: &DbConfig) -> Self {
        let limit = config.postgres.statement_timeout;
        let statement = if limit.is_zero() { UNLIMITED } else { limit } + ON_THE_WAY;
        Self {
            statement,
            with_connection: statement + config.acquire_timeout,
            sign_of_life: SIGN_OF_LIFE.min(config.acquire_timeout / 2),
        }
    }

    /// Bounds the pool's own waits.
    pub(super) fn watch(self, pool: PgPoolOptions) -> PgPoolOptions {
        watched(pool, self.sign_of_life)
    }
}

/// Has the pool ask its connections for a sign of life within this time, where it would wait for one as long as it takes: before one is
/// used, and before one is taken back, for it may have been left in the middle of a statement. One that gives none is closed.
///
/// Right after that the pool asks one that is taken back once more itself, and for that it has no bound: of a host that goes in just
/// this moment a connection is missed until the system gives it up, as soon as `net.ipv4.tcp_retries2` says.
pub(crate) fn watched(pool: PgPoolOptions, within: Duration) -> PgPoolOptions {
    pool.test_before_acquire(false)
        .before_acquire(move |connection, _| Box::pin(alive(connection, within)))
        .after_release(move |connection, _| Box::pin(alive(connection, within)))
}

/// An error closes the connection without another word.
pub(super) async fn alive(connection: &mut PgConnection, within: Duration) -> Result<bool, sqlx::Error> {
    match tokio::time::timeout(within, connection.ping()).await {
        Ok(answer) => answer.map(|()| true),
        Err(_) => Err(timed_out()),
    }
}

/// What comes of it, or an error if it does not come within this time. Of a statement that was given up nobody knows whether it was
/// kept, as of one whose connection was lost.
pub(super) async fn within<T>(
    time: Option<Duration>,
    work: impl Future<Output = Result<T, DbErr>>,
) -> Result<T, DbErr> {
    let Some(time) = time else { return work.await };
    match tokio::time::timeout(time, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(DbErr::Conn(RuntimeErr::SqlxError(timed_out().into()))),
    }
}

fn timed_out() -> sqlx::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the database did not answer in time").into()
}
