//! Watches the statements that are run: counts them, for benches and for the tests that say a list costs the same whatever its
//! size, shows them to whoever traces, and keeps one of each on demand, for the tests that ask how the database runs them.

use sea_orm::Statement;
use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// A statement that has run.
#[derive(Clone, Copy, Debug)]
pub struct StatementRun<'a> {
    /// Its text, with placeholders where its values are.
    pub sql: &'a str,
    /// How long it took, the wait for a connection not included.
    pub elapsed: Duration,
    /// Whether it failed.
    pub failed: bool,
}

type Observer = Box<dyn Fn(&StatementRun<'_>) + Send + Sync>;

/// Statements run on every connection of one database. Beginning and ending a transaction do not count.
#[derive(Clone, Default)]
pub(super) struct Statements(Arc<Watched>);

#[derive(Default)]
struct Watched {
    count: AtomicU64,
    /// Whoever wants to be shown each.
    observer: OnceLock<Observer>,
    /// One of each text, with the values it was last run with; not there unless somebody has asked for them.
    kept: OnceLock<Mutex<BTreeMap<String, Statement>>>,
}

impl Statements {
    /// A statement has run: one relaxed addition, and two looks whether anybody wants more.
    pub(super) fn note(&self, statement: &Statement, elapsed: Duration, failed: bool) {
        let watched = &self.0;
        watched.count.fetch_add(1, Ordering::Relaxed);
        if let Some(observer) = watched.observer.get() {
            observer(&StatementRun { sql: &statement.sql, elapsed, failed });
        }
        if let Some(kept) = watched.kept.get() {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(statement.sql.clone(), statement.clone());
        }
    }

    /// How many were run so far.
    pub(super) fn count(&self) -> u64 {
        self.0.count.load(Ordering::Relaxed)
    }

    /// Shows each from now on. The first observer stays.
    pub(super) fn observe(&self, observer: Observer) {
        let _ = self.0.observer.set(observer);
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

impl fmt::Debug for Statements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Statements").field(&self.count()).finish()
    }
}
