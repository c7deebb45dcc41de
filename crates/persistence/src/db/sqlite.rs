//! Connections to an SQLite file: one that writes, several that can only read.

use super::{DbConfig, connect::pool};
use sea_orm::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::{path::Path, path::PathBuf, sync::Arc, time::Duration};

/// How long SQLite waits for another process (an import, a backup) to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Page cache of a connection that reads. The system keeps the file in its memory anyway, and each write of others empties this
/// one. The file is not mapped into memory besides: each connection would map it anew, and a small shop's server would look
/// as large as its database.
const READER_CACHE_KIB: u32 = 1_000;
/// The write-ahead log is cut back to this after a checkpoint.
const JOURNAL_LIMIT: &str = "67108864";
/// Prepared statements kept by each connection: more than the program has shapes of.
const STATEMENT_CACHE: usize = 512;

pub(super) fn writer(path: &Path, config: &DbConfig) -> ConnectOptions {
    let cache = kib(config.writer_cache_kib);
    let mut options = sqlite(path, config, move |file| {
        file.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What the gate starts from; it switches as transactions ask.
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", cache.clone())
            .pragma("journal_size_limit", JOURNAL_LIMIT)
            .optimize_on_close(true, 400)
    });
    options.max_connections(1).min_connections(0);
    options
}

/// As SQLite wants it: negative, since a positive number counts pages.
fn kib(kib: u32) -> String {
    format!("-{kib}")
}

pub(super) fn readers(path: &Path, config: &DbConfig) -> ConnectOptions {
    let mut options = sqlite(path, config, |file| {
        file.pragma("query_only", "ON").pragma("cache_size", kib(READER_CACHE_KIB))
    });
    options.max_connections(config.readers.max(1)).min_connections(0);
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
