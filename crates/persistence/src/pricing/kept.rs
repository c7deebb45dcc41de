//! What every family of rules has beside the rule itself, and what becomes of a change.

use crate::db::{Violation, violation};
use sea_orm::DbErr;
use std::collections::HashMap;
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

/// A rule as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// The rule.
    pub rule: T,
    /// Rises by 1 with every change: who changes it says which one they have read.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A rule that can be switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switched<T> {
    /// The rule.
    pub rule: T,
    /// Whether it is in use.
    pub active: bool,
}

/// What became of a change of a rule. In all cases but the first the transaction must be given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is written.
    Saved,
    /// Somebody else has changed it since it was read, or it is gone.
    Stale,
    /// Another one has its name.
    Taken,
    /// It speaks of something that is not there.
    Unknown,
}

/// What became of taking a rule away. In all cases but the first nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is gone.
    Removed,
    /// Somebody else has changed it since it was read, or it was gone before.
    Stale,
    /// Something else speaks of it.
    InUse,
}

/// What became of a statement that should have written one row; `unique` is the constraint that keeps names apart.
pub(crate) fn saved(
    rows: Result<u64, DbErr>,
    unique: &str,
    fault: impl FnOnce(DbErr) -> Fault,
) -> Result<Saved, Fault> {
    match rows {
        Ok(0) => Ok(Saved::Stale),
        Ok(_) => Ok(Saved::Saved),
        Err(error) => match violation(&error) {
            Some(Violation::Unique(name)) if name == unique => Ok(Saved::Taken),
            Some(Violation::ForeignKey) => Ok(Saved::Unknown),
            _ => Err(fault(error)),
        },
    }
}

/// What became of a statement that should have deleted one row.
pub(crate) const fn removed(rows: u64) -> Removed {
    if rows == 0 { Removed::Stale } else { Removed::Removed }
}

/// When somebody wrote a row: all that [`Kept`] has of it beside the rule.
pub(crate) const fn written<T>(rule: T, version: i64, times: (Timestamp, Timestamp)) -> Kept<T> {
    Kept { rule, version, created_at: times.0, updated_at: times.1 }
}

/// What was read, in the order in which it was asked for; each once.
pub(crate) fn arranged<T>(ids: &[Uuid], read: impl IntoIterator<Item = (Uuid, T)>) -> Vec<T> {
    let mut read: HashMap<Uuid, T> = read.into_iter().collect();
    ids.iter().filter_map(|id| read.remove(id)).collect()
}
