//! Connections to a Postgres. TLS and its certificates are asked for by the URL itself (`sslmode`, `sslrootcert`).

use super::{DbConfig, bounded::Patience, concurrency::ISOLATION, connect::pool};
use sea_orm::ConnectOptions;
use std::time::Duration;

/// A transaction in which nothing happens for so long belongs to an instance that hangs: the server ends it, and lets its
/// locks go. No transaction of ours waits for anything but the database.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(60);
/// How often the server's system asks again before it takes us for gone.
const KEEPALIVE_COUNT: u32 = 3;

/// A pool of so many connections, to the primary or to a replica.
pub(super) fn connections(url: &str, number: u32, config: &DbConfig) -> ConnectOptions {
    let mut options = pool(url, config);
    // None is made ahead: the pool would wait for it for five minutes, with the place of one that somebody needs.
    options.max_connections(number.max(1)).min_connections(0).set_application_name("stoa");
    let patience = Patience::of(config);
    options.map_sqlx_postgres_pool_opts(move |pool| patience.watch(pool));
    let settings = settings(config);
    options.map_sqlx_postgres_opts(move |connection| connection.options(settings.clone()));
    options
}

/// What the server is told about each session.
fn settings(config: &DbConfig) -> Vec<(&'static str, String)> {
    let millis = |span: Duration| span.as_millis().to_string();
    let mut settings = vec![
        ("default_transaction_isolation", ISOLATION.to_owned()),
        ("idle_in_transaction_session_timeout", millis(IDLE_IN_TRANSACTION)),
    ];
    if !config.postgres.statement_timeout.is_zero() {
        settings.push(("statement_timeout", millis(config.postgres.statement_timeout)));
    }
    let keepalive = config.postgres.keepalive.as_secs();
    if keepalive > 0 {
        settings.push(("tcp_keepalives_idle", keepalive.to_string()));
        settings.push(("tcp_keepalives_interval", (keepalive / 3).max(1).to_string()));
        settings.push(("tcp_keepalives_count", KEEPALIVE_COUNT.to_string()));
    }
    settings
}
