//! Counts the statements that were run, for benches and for the tests that say a list costs the same whatever its size.

use sea_orm::DatabaseConnection;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Statements run so far on every connection of one database. Beginning and ending a transaction do not count.
#[derive(Clone, Debug, Default)]
pub(super) struct StatementCount(Arc<AtomicU64>);

impl StatementCount {
    /// Counts what runs on this connection from now on: one relaxed addition a statement.
    pub(super) fn watch(&self, connection: &mut DatabaseConnection) {
        let count = Arc::clone(&self.0);
        connection.set_metric_callback(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
