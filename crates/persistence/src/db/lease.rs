//! Connections that stay at hand.
//!
//! sqlx's pool asks a connection for a sign of life each time it is given back: on SQLite a trip to the connection's thread, on
//! Postgres one over the network, and behind every single statement. So what ended well is kept here, beside the pool, for whoever
//! comes next. What did not (a statement that was given up half-way, a line that broke) goes back to the pool, which looks what it is
//! worth; so does what has been away from it for long.

use super::bounded::{Patience, alive};
use sea_orm::{ConnAcquireErr, DatabaseConnection, DbBackend, DbErr, RuntimeErr};
use sqlx::{
    Connection, PgPool, Postgres, Sqlite, SqlitePool,
    error::DatabaseError,
    pool::PoolConnection,
    postgres::{PgDatabaseError, PgSeverity},
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// A Postgres connection that was used so short a time ago is believed to live. Not one that any has failed since.
const FRESH: Duration = Duration::from_secs(1);
/// How long a Postgres connection stays away from the pool, which knows how old it may grow.
const AWAY: Duration = Duration::from_secs(300);
/// One that nobody has needed for so long goes back.
const UNNEEDED: Duration = Duration::from_secs(30);

/// A connection of either kind.
pub(super) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Where connections are when nobody uses them.
pub(super) struct Home {
    seaorm: DatabaseConnection,
    pool: Pool,
    /// One for each connection there may be: whoever waits is served in order.
    places: Arc<Semaphore>,
    size: usize,
    /// How long to wait for one.
    wait: Duration,
    /// With a Postgres; none with SQLite, which does not vanish.
    patience: Option<Patience>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The last one used is used next, so that the others can be let go.
    links: Vec<KeptLink>,
    /// When a connection failed last: those that were used before have to show that they live.
    failed: Option<Instant>,
}

struct KeptLink {
    link: Link,
    /// Since when it has been away from the pool.
    taken: Instant,
    used: Instant,
}

/// A connection, for one statement or one transaction.
pub(super) struct Lease {
    link: Option<Link>,
    taken: Instant,
    state: State,
    home: Arc<Home>,
    /// Given back last of all.
    _place: OwnedSemaphorePermit,
}

/// What is known of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// What was asked last has come to its end.
    Well,
    /// It has not: the pool has to look.
    Doubtful,
    /// The server has said farewell, takes no writes, or is in a transaction that nobody knows of: it is closed.
    Ruined,
}

impl Home {
    /// Around SeaORM's pool of `size` connections.
    pub(super) fn new(
        seaorm: DatabaseConnection,
        size: u32,
        wait: Duration,
        patience: Option<Patience>,
    ) -> Self {
        let pool = match seaorm.get_database_backend() {
            DbBackend::Postgres => Pool::Postgres(seaorm.get_postgres_connection_pool().clone()),
            _ => Pool::Sqlite(seaorm.get_sqlite_connection_pool().clone()),
        };
        let size = usize::try_from(size).unwrap_or(1).max(1);
        let places = Arc::new(Semaphore::new(size));
        Self { seaorm, pool, places, size, wait, patience, kept: Mutex::default() }
    }

    pub(super) const fn backend(&self) -> DbBackend {
        match self.pool {
            Pool::Sqlite(_) => DbBackend::Sqlite,
            Pool::Postgres(_) => DbBackend::Postgres,
        }
    }

    pub(super) const fn patience(&self) -> Option<Patience> {
        self.patience
    }

    /// How many are open, and how many of them are in use.
    pub(super) fn state(&self) -> (u64, u64) {
        let open = match &self.pool {
            Pool::Sqlite(pool) => pool.size(),
            Pool::Postgres(pool) => pool.size(),
        };
        let busy = self.size - self.places.available_permits().min(self.size);
        (u64::from(open), busy as u64)
    }

    /// A connection.
    ///
    /// # Errors
    /// None comes free in time, or none can be made.
    pub(super) async fn lease(self: &Arc<Self>) -> Result<Lease, DbErr> {
        // Mostly there is one. What else there may be to do is long, and not to be part of every statement's future.
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned()
            && let Some(KeptLink { link, taken, .. }) = self.kept_fresh()
        {
            return Ok(self.leased(link, taken, place));
        }
        Box::pin(self.wait_for_lease()).await
    }

    fn leased(self: &Arc<Self>, link: Link, taken: Instant, place: OwnedSemaphorePermit) -> Lease {
        Lease { link: Some(link), taken, state: State::Well, home: Arc::clone(self), _place: place }
    }

    async fn wait_for_lease(self: &Arc<Self>) -> Result<Lease, DbErr> {
        let place = self.place().await?;
        let (link, taken) = match self.kept_alive().await {
            Some(kept) => (kept.link, kept.taken),
            None => (self.take().await.map_err(not_acquired)?, Instant::now()),
        };
        Ok(self.leased(link, taken, place))
    }

    async fn take(&self) -> Result<Link, sqlx::Error> {
        Ok(match &self.pool {
            Pool::Sqlite(pool) => Link::Sqlite(pool.acquire().await?),
            Pool::Postgres(pool) => Link::Postgres(pool.acquire().await?),
        })
    }

    /// The last one that was used, if it is believed to live.
    fn kept_fresh(&self) -> Option<KeptLink> {
        let mut all = self.kept();
        let last = all.links.last()?;
        let fresh = self.patience.is_none()
            || all.failed.is_none_or(|failed| last.used > failed) && last.used.elapsed() < FRESH;
        if fresh { all.links.pop() } else { None }
    }

    /// One of those that are kept which is believed or shows to live.
    async fn kept_alive(&self) -> Option<KeptLink> {
        if let Some(fresh) = self.kept_fresh() {
            return Some(fresh);
        }
        let mut kept = self.kept().links.pop()?;
        let (Link::Postgres(link), Some(patience)) = (&mut kept.link, self.patience) else {
            return Some(kept);
        };
        if let Err(error) = alive(link, patience.sign_of_life).await {
            tracing::debug!(%error, "a connection that was kept is gone");
            // The others were kept for longer. To ask one after the other would take longer than to make a new one.
            self.note_failure();
            let others = std::mem::take(&mut self.kept().links);
            others.into_iter().chain([kept]).for_each(|kept| kept.link.close());
            return None;
        }
        Some(kept)
    }

    fn keep(&self, link: Link, taken: Instant) {
        let now = Instant::now();
        let mut old = None;
        let mut kept = self.kept();
        kept.links.push(KeptLink { link, taken, used: now });
        if self.patience.is_some()
            && kept.links.first().is_some_and(|first| now.duration_since(first.used) > UNNEEDED)
        {
            old = Some(kept.links.remove(0));
        }
        drop(kept);
        // Outside the lock.
        if let Some(old) = old {
            old.link.give_back();
        }
    }

    fn note_failure(&self) {
        self.kept().failed = Some(Instant::now());
    }

    /// SeaORM's own way to the pool, for what needs that, and a place there. Whatever is kept goes back to the pool first.
    ///
    /// # Errors
    /// No place comes free in time.
    pub(super) async fn seaorm(&self) -> Result<(OwnedSemaphorePermit, &DatabaseConnection), DbErr> {
        let place = self.place().await?;
        self.give_all_back();
        Ok((place, &self.seaorm))
    }

    fn give_all_back(&self) {
        let kept = std::mem::take(&mut self.kept().links);
        kept.into_iter().for_each(|kept| kept.link.give_back());
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, DbErr> {
        let place = timeout(self.wait, Arc::clone(&self.places).acquire_owned()).await;
        place
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
    }

    /// Waits for what runs, then closes every connection. Nobody is given one from now on.
    ///
    /// # Errors
    /// A connection did not close cleanly.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        // All places: what runs has ended, and its connection is kept.
        let all = u32::try_from(self.size).unwrap_or(u32::MAX);
        if let Ok(places) = self.places.acquire_many(all).await {
            places.forget();
        }
        self.places.close();
        self.give_all_back();
        self.seaorm.close_by_ref().await
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As SeaORM says it.
fn not_acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
    }
}

impl Lease {
    /// Asks something of the connection. Until it has come to its end the connection is not to be trusted.
    pub(super) async fn ask<T>(
        &mut self,
        question: impl AsyncFnOnce(&mut Link) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        self.state = State::Doubtful;
        let Some(link) = &mut self.link else { return Err(sqlx::Error::PoolClosed) };
        let answer = question(link).await;
        self.state = match &answer {
            Ok(_) | Err(sqlx::Error::RowNotFound) => State::Well,
            // What the database itself says is wrong mostly leaves the connection as it was.
            Err(sqlx::Error::Database(error)) if is_ruin(&**error) => State::Ruined,
            Err(sqlx::Error::Database(_)) => State::Well,
            Err(_) => State::Doubtful,
        };
        answer
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// It does not.
    pub(super) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        self.ask(async |link| match link {
            Link::Sqlite(link) => link.ping().await,
            Link::Postgres(link) => link.ping().await,
        })
        .await
    }

    /// Whether what was asked last has come to its end, well or not.
    pub(super) const fn is_well(&self) -> bool {
        matches!(self.state, State::Well)
    }

    /// From here on it is closed when it is given back, unless what is asked next comes to its end.
    pub(super) const fn ruin(&mut self) {
        self.state = State::Ruined;
    }
}

/// Whether the server ends the connection, is a standby by now, or is in a transaction that was aborted.
fn is_ruin(error: &dyn DatabaseError) -> bool {
    const READ_ONLY: &str = "25006";
    const ABORTED: &str = "25P02";
    let Some(error) = error.try_downcast_ref::<PgDatabaseError>() else { return false };
    matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)
        || [READ_ONLY, ABORTED].contains(&error.code())
}

impl Link {
    /// The pool gets it back, and looks what it is worth.
    fn give_back(self) {
        // That takes a task of the pool's. Where nothing runs any more there is nobody to have it back.
        if Handle::try_current().is_err() {
            self.cut_off();
        }
    }

    /// Closed, by a task of the pool's.
    fn close(mut self) {
        match &mut self {
            Self::Sqlite(link) => link.close_on_drop(),
            Self::Postgres(link) => link.close_on_drop(),
        }
        self.give_back();
    }

    /// Closed as it is.
    fn cut_off(self) {
        match self {
            Self::Sqlite(link) => drop(link.detach()),
            Self::Postgres(link) => drop(link.detach()),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(link) = self.link.take() else { return };
        let may_stay = self.home.patience.is_none() || self.taken.elapsed() < AWAY;
        match self.state {
            State::Well if may_stay => return self.home.keep(link, self.taken),
            State::Well => {}
            State::Doubtful => self.home.note_failure(),
            State::Ruined => {
                self.home.note_failure();
                return link.close();
            }
        }
        link.give_back();
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Closed as they are: the pool would want a runtime to take them back, and may have outlived it.
        let kept = std::mem::take(&mut self.kept.get_mut().unwrap_or_else(PoisonError::into_inner).links);
        for kept in kept {
            kept.link.cut_off();
        }
    }
}

impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Home").field("size", &self.size).finish_non_exhaustive()
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("state", &self.state).finish_non_exhaustive()
    }
}
