//! Opens a database: on SQLite one writer and several readers of one file, on Postgres two pools.

use super::{
    DbConfig, DbTarget, Durability, Reader, WriteOne, WriteTx, error::fault, statements::StatementCount,
    write::WriteGate,
};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::{path::Path, path::PathBuf, sync::Arc, time::Duration};
use stoa_domain::shared::Fault;

/// How long SQLite waits for another process (an import, a backup) to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Page cache of a connection, in KiB (negative, as SQLite wants it). The file is not mapped into memory besides: each
/// connection would map it anew, and a small shop's server would look as large as its database.
const WRITER_CACHE_KIB: &str = "-32000";
const READER_CACHE_KIB: &str = "-8000";
/// The write-ahead log is cut back to this after a checkpoint.
const JOURNAL_LIMIT: &str = "67108864";
/// Prepared statements kept by each connection: more than the program has shapes of.
const STATEMENT_CACHE: usize = 512;

/// A database. Cheap to clone: all clones share its connections.
#[derive(Clone, Debug)]
pub struct Db {
    reader: Reader,
    writer: DatabaseConnection,
    gate: WriteGate,
    statements: StatementCount,
}

impl Db {
    /// Opens the database, making an SQLite file that does not exist. Does not migrate: see [`Db::migrate`].
    ///
    /// # Errors
    /// It cannot be opened or reached.
    pub async fn connect(config: &DbConfig) -> Result<Self, Fault> {
        let (mut writer, mut reader, gate) = match &config.target {
            DbTarget::Sqlite(path) => {
                // The writer goes first: it makes the file and switches it to the write-ahead log.
                let writer = open(sqlite_writer(path, config)).await?;
                let reader = open(sqlite_readers(path, config)).await?;
                (writer, reader, WriteGate::single(config.acquire_timeout))
            }
            DbTarget::Postgres(url) => {
                let writer = open(postgres(url, config.writers, config)).await?;
                let reader = open(postgres(url, config.readers, config)).await?;
                (writer, reader, WriteGate::none())
            }
        };
        let statements = StatementCount::default();
        statements.watch(&mut writer);
        statements.watch(&mut reader);
        Ok(Self { reader: Reader(reader), writer, gate, statements })
    }

    /// What reads run on.
    pub const fn read(&self) -> &Reader {
        &self.reader
    }

    /// Begins to write, waiting for the turn where there is one writer. Keep it short: no call to anything but the
    /// database belongs inside.
    ///
    /// # Errors
    /// The database cannot be reached, or the turn did not come within the configured time.
    pub async fn write(&self, durability: Durability) -> Result<WriteTx, Fault> {
        WriteTx::begin(&self.writer, &self.gate, durability).await
    }

    /// Waits for the turn to write one statement, a transaction of its own.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub(crate) async fn write_one(&self, durability: Durability) -> Result<WriteOne, Fault> {
        WriteOne::turn(&self.writer, &self.gate, durability).await
    }

    /// Statements run so far, over all connections; the difference of two readings is what something cost.
    pub fn statements(&self) -> u64 {
        self.statements.get()
    }

    /// Whether the database answers, for readiness checks.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.reader.0.ping().await.map_err(fault("pinging the database"))
    }

    /// Waits for what runs, then closes every connection.
    ///
    /// # Errors
    /// A connection did not close cleanly; nothing is lost by it.
    pub async fn close(self) -> Result<(), Fault> {
        self.reader.0.close().await.map_err(fault("closing the readers"))?;
        self.writer.close().await.map_err(fault("closing the writer"))
    }
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, Fault> {
    Database::connect(options).await.map_err(fault("opening the database"))
}

fn sqlite_writer(path: &Path, config: &DbConfig) -> ConnectOptions {
    let mut options = sqlite(path, config, |file| {
        file.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What the gate starts from; it switches as transactions ask.
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", WRITER_CACHE_KIB)
            .pragma("journal_size_limit", JOURNAL_LIMIT)
            .optimize_on_close(true, 400)
    });
    options.max_connections(1).min_connections(1);
    options
}

fn sqlite_readers(path: &Path, config: &DbConfig) -> ConnectOptions {
    let mut options =
        sqlite(path, config, |file| file.pragma("query_only", "ON").pragma("cache_size", READER_CACHE_KIB));
    options.max_connections(config.readers.max(1)).min_connections(1);
    options
}

fn sqlite(
    path: &Path,
    config: &DbConfig,
    more: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> ConnectOptions {
    let path: Arc<PathBuf> = Arc::new(path.to_owned());
    // The file name goes in below: within a URL a path with `?` or `%` would be misread.
    let mut options = pool("sqlite://", config);
    options.map_sqlx_sqlite_opts(move |file| {
        let file = file
            .filename(path.as_path())
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENT_CACHE)
            .pragma("temp_store", "MEMORY");
        more(file)
    });
    // A file does not hang up: connections never grow old and need no check before use.
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>).test_before_acquire(false);
    options
}

fn postgres(url: &str, connections: u32, config: &DbConfig) -> ConnectOptions {
    let mut options = pool(url, config);
    options.max_connections(connections.max(1)).min_connections(1).set_application_name("stoa");
    options
}

fn pool(url: &str, config: &DbConfig) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.acquire_timeout(config.acquire_timeout).sqlx_logging(false);
    options
}
