//! Which database, and how many connections.

use std::{path::PathBuf, time::Duration};

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DbTarget {
    /// An SQLite file; made when it does not exist. Its folder must exist.
    Sqlite(PathBuf),
    /// A `postgres://` URL. May hold a password: never printed.
    Postgres(String),
}

/// How to open a database.
#[derive(Clone)]
pub struct DbConfig {
    /// Where the data is.
    pub target: DbTarget,
    /// Connections for reading.
    pub readers: u32,
    /// Connections for writing on Postgres. SQLite has exactly one writer, whatever this says.
    pub writers: u32,
    /// Page cache of SQLite's writer, in KiB. A server needs little; an import goes faster with much.
    pub writer_cache_kib: u32,
    /// How long to wait for a connection, or for the turn to write, before giving up.
    pub acquire_timeout: Duration,
    /// What only Postgres knows.
    pub postgres: PostgresConfig,
}

/// How to use a Postgres. SQLite has none of it.
#[derive(Clone, Default)]
pub struct PostgresConfig {
    /// After this the server gives a statement up. Zero: never. Migrations are exempt.
    pub statement_timeout: Duration,
    /// After this long without a word the server's system asks whether we are still there, so that the locks of an instance
    /// whose machine is gone are let go. Zero: as the system has it, mostly two hours.
    pub keepalive: Duration,
    /// The URL of a replica for reading the catalogue; may hold a password. Carts, orders and payments never use it.
    pub replica: Option<String>,
}

impl DbConfig {
    /// An SQLite file with the defaults of a small shop: four readers.
    pub fn sqlite(file: impl Into<PathBuf>) -> Self {
        Self::new(DbTarget::Sqlite(file.into()))
    }

    /// Reads a setting: a `postgres://` or `postgresql://` URL, or else the path of an SQLite file, with or without
    /// `sqlite:` or `sqlite://` before it.
    pub fn parse(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::new(DbTarget::Postgres(url.to_owned()));
        }
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        Self::sqlite(path.strip_prefix("//").unwrap_or(path))
    }

    fn new(target: DbTarget) -> Self {
        Self {
            target,
            readers: 4,
            writers: 8,
            writer_cache_kib: 5_000,
            acquire_timeout: Duration::from_secs(30),
            postgres: PostgresConfig::default(),
        }
    }
}

impl std::fmt::Debug for DbConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("DbConfig");
        match &self.target {
            DbTarget::Sqlite(path) => out.field("sqlite", path),
            DbTarget::Postgres(_) => out.field("postgres", &"…"),
        };
        out.field("readers", &self.readers).field("writers", &self.writers).finish_non_exhaustive()
    }
}
