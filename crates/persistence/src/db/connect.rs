//! Opens a database: on SQLite one writer and several readers of one file, on Postgres two pools.

use super::{
    CatalogueReader, DbConfig, DbTarget, Durability, PoolState, Reader, WriteOne, WriteTx,
    bounded::{Patience, within},
    connections::Connections,
    error::fault,
    lease::Home,
    postgres,
    replica::Replica,
    seals::Seals,
    sqlite,
    statements::{StatementRun, Statements},
    write::{MigrationTx, WriteGate},
};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use std::sync::Arc;
use stoa_domain::shared::{Fault, Sealer};

/// A database. Cheap to clone: all clones share its connections.
#[derive(Clone, Debug)]
pub struct Db {
    reader: Reader,
    replica: Option<Replica>,
    writer: Connections,
    /// With a Postgres; none with SQLite, which has no network.
    patience: Option<Patience>,
    gate: WriteGate,
    statements: Statements,
}

impl Db {
    /// Opens the database, making an SQLite file that does not exist. Does not migrate: see [`Db::migrate`]. A replica is asked only
    /// when there is something to read: one that is away keeps nobody from the rest.
    ///
    /// # Errors
    /// It cannot be opened or reached.
    pub async fn connect(config: &DbConfig) -> Result<Self, Fault> {
        let statements = Statements::default();
        let patience = match &config.target {
            DbTarget::Sqlite(_) => None,
            DbTarget::Postgres(_) => Some(Patience::of(config)),
        };
        let connections = |pool: DatabaseConnection, size: u32| {
            let home = Home::new(pool, size, config.acquire_timeout, patience);
            Connections::new(home, statements.clone())
        };
        let (writer, reader, gate) = match &config.target {
            DbTarget::Sqlite(path) => {
                // The writer goes first: it makes the file and switches it to the write-ahead log.
                let writer = connections(open(sqlite::writer(path, config)).await?, 1);
                let reader = connections(open(sqlite::readers(path, config)).await?, config.readers);
                (writer, reader, WriteGate::single(config.acquire_timeout))
            }
            DbTarget::Postgres(url) => {
                let open = async |size| {
                    Ok::<_, Fault>(connections(open(postgres::connections(url, size, config)).await?, size))
                };
                (open(config.writers).await?, open(config.readers).await?, WriteGate::none())
            }
        };
        let replica = match (&config.target, &config.postgres.replica) {
            (DbTarget::Postgres(_), Some(url)) => {
                let mut options = postgres::connections(url, config.readers, config);
                let pool = open(options.connect_lazy(true).to_owned()).await?;
                let sign_of_life = Patience::of(config).sign_of_life;
                Some(Replica::new(connections(pool, config.readers), sign_of_life))
            }
            _ => None,
        };
        Ok(Self { reader: Reader(reader), replica, writer, patience, gate, statements })
    }

    /// The same database, whose sealed columns are opened and sealed by this; without, they are kept as they are.
    #[must_use]
    pub fn with_sealer(self, sealer: Arc<dyn Sealer>) -> Self {
        self.sealed_by(&Seals::new(sealer))
    }

    /// The same database, of whose orders telephone, address and note are sealed from now on, or no longer. Off at first: a program
    /// that does not know of it cannot read such an order, so it waits until none is left. What the other way has written is read
    /// all the same.
    #[must_use]
    pub fn with_sealed_orders(self, sealed: bool) -> Self {
        let seals = self.writer.seals().clone().with_orders(sealed);
        self.sealed_by(&seals)
    }

    fn sealed_by(self, seals: &Seals) -> Self {
        let sealed = |connections: Connections| connections.sealed_by(seals.clone());
        Self {
            reader: Reader(sealed(self.reader.0)),
            replica: self.replica.map(|replica| replica.sealed_by(seals.clone())),
            writer: sealed(self.writer),
            ..self
        }
    }

    /// What reads run on.
    pub const fn read(&self) -> &Reader {
        &self.reader
    }

    /// What the catalogue is read on: the replica, where there is one and it answers. It may be a moment behind, and where several are
    /// behind one address each statement may be answered by another: what must fit a version is read on what `catalog::since` gives.
    /// Nothing that decides about money or stock may use it.
    pub fn catalogue(&self) -> CatalogueReader<'_> {
        match &self.replica {
            Some(replica) => replica.any(&self.reader),
            None => CatalogueReader::primary(&self.reader),
        }
    }

    /// Whether the catalogue is read elsewhere than the rest.
    pub(crate) const fn has_replica(&self) -> bool {
        self.replica.is_some()
    }

    /// Whether there is one writer at a time, for whose turn all others wait.
    pub const fn has_one_writer(&self) -> bool {
        self.patience.is_none()
    }

    /// The same to read more than once on one replica.
    ///
    /// # Errors
    /// It cannot be begun.
    pub(crate) async fn one_catalogue(&self) -> Result<CatalogueReader<'_>, Fault> {
        match &self.replica {
            Some(replica) => replica.one(&self.reader).await,
            None => Ok(self.primary_catalogue()),
        }
    }

    /// What the catalogue is read on where nothing may be behind.
    pub(crate) const fn primary_catalogue(&self) -> CatalogueReader<'_> {
        CatalogueReader::primary(&self.reader)
    }

    /// Begins to write, waiting for the turn where there is one writer. Keep it short: no call to anything but the
    /// database belongs inside.
    ///
    /// # Errors
    /// The database cannot be reached, or the turn did not come within the configured time.
    pub async fn write(&self, durability: Durability) -> Result<WriteTx, Fault> {
        WriteTx::begin(&self.writer, &self.gate, durability).await
    }

    /// Begins to change the tables.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub(super) async fn migration(&self) -> Result<MigrationTx, Fault> {
        MigrationTx::begin(&self.writer, &self.gate, self.patience).await
    }

    /// Waits for the turn to write one statement, a transaction of its own: kept as soon as it has run.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_one(&self, durability: Durability) -> Result<WriteOne, Fault> {
        WriteOne::turn(&self.writer, &self.gate, durability).await
    }

    /// Statements run so far, over all connections; the difference of two readings is what something cost.
    pub fn statements(&self) -> u64 {
        self.statements.count()
    }

    /// The statements run so far, and those yet to come; for tests that ask how the database runs them.
    pub(super) const fn watched(&self) -> &Statements {
        &self.statements
    }

    /// Shows every statement from now on to somebody, right after it has run and where it was waited for. Once: the first
    /// observer stays.
    pub fn observe(&self, observer: impl Fn(&StatementRun<'_>) + Send + Sync + 'static) {
        self.statements.observe(Box::new(observer));
    }

    /// The pools, with how many of their connections are in use right now.
    pub fn pools(&self) -> Vec<PoolState> {
        let replica = self.replica.as_ref().map(|replica| ("replica", &replica.connections));
        [("writer", &self.writer), ("reader", &self.reader.0)]
            .into_iter()
            .chain(replica)
            .map(|(name, connections)| PoolState::of(name, connections))
            .collect()
    }

    /// Whether the database answers, for readiness checks.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.reader.0.ping().await.map_err(fault("pinging the database"))
    }

    /// Whether a replica answers within two seconds; `None` where there is none. Readiness does not depend on it.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping_replica(&self) -> Option<Result<(), Fault>> {
        match &self.replica {
            Some(replica) => Some(replica.ping().await),
            None => None,
        }
    }

    /// What comes of this work on a connection, in time.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        within(self.patience.map(|p| p.with_connection), work).await
    }

    /// Waits for what runs, then closes every connection.
    ///
    /// # Errors
    /// A connection did not close cleanly; nothing is lost by it.
    pub async fn close(self) -> Result<(), Fault> {
        if let Some(replica) = &self.replica {
            replica.close().await;
        }
        self.reader.0.close().await.map_err(fault("closing the readers"))?;
        self.writer.close().await.map_err(fault("closing the writer"))
    }
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, Fault> {
    Database::connect(options).await.map_err(fault("opening the database"))
}

/// What all pools have in common.
pub(super) fn pool(url: &str, config: &DbConfig) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.acquire_timeout(config.acquire_timeout).sqlx_logging(false);
    options
}
