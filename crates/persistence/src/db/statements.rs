//! Watches the statements that are run: counts them, for benches and for the tests that say a list costs the same whatever its
//! size, and keeps one of each on demand, for the tests that ask how the database runs them.

use sea_orm::{DatabaseConnection, Statement};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Statements run on every connection of one database. Beginning and ending a transaction do not count.
#[derive(Clone, Debug, Default)]
pub(super) struct Statements(Arc<Watched>);

#[derive(Debug, Default)]
struct Watched {
    count: AtomicU64,
    /// One of each text, with the values it was last run with; not there unless somebody has asked for them.
    kept: OnceLock<Mutex<BTreeMap<String, Statement>>>,
}

impl Statements {
    /// Watches what runs on this connection from now on: one relaxed addition a statement.
    pub(super) fn watch(&self, connection: &mut DatabaseConnection) {
        let watched = Arc::clone(&self.0);
        connection.set_metric_callback(move |info| {
            watched.count.fetch_add(1, Ordering::Relaxed);
            if let Some(kept) = watched.kept.get() {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.insert(info.statement.sql.clone(), info.statement.clone());
            }
        });
    }

    /// How many were run so far.
    pub(super) fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }

    /// Keeps one of each from now on.
    pub(super) fn keep(&self) {
        self.0.kept.get_or_init(Mutex::default);
    }

    /// Those kept.
    pub(super) fn kept(&self) -> Vec<Statement> {
        let Some(kept) = self.0.kept.get() else { return Vec::new() };
        kept.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
