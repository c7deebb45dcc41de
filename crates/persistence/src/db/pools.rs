//! How busy a pool is.

use sea_orm::{DatabaseConnection, DbBackend};

/// The connections of one pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// `writer`, `reader` or `replica`.
    pub name: &'static str,
    /// Open and in use.
    pub busy: u64,
    /// Open and waiting for use.
    pub idle: u64,
}

impl PoolState {
    pub(super) fn of(name: &'static str, connection: &DatabaseConnection) -> Self {
        let (open, idle) = match connection.get_database_backend() {
            DbBackend::Sqlite => {
                let pool = connection.get_sqlite_connection_pool();
                (u64::from(pool.size()), pool.num_idle() as u64)
            }
            DbBackend::Postgres => {
                let pool = connection.get_postgres_connection_pool();
                (u64::from(pool.size()), pool.num_idle() as u64)
            }
            _ => (0, 0),
        };
        // The two figures are not read at one moment.
        Self { name, busy: open.saturating_sub(idle), idle }
    }
}
