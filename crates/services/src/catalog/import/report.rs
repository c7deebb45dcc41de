//! What an import tells.

use super::MissingColumns;
use std::path::{Path, PathBuf};
use stoa_domain::shared::Fault;

/// How many products came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// New ones.
    pub created: u64,
    /// Known ones that the file says otherwise of than the file they came from.
    pub updated: u64,
    /// Known ones of which the file says what the last one said.
    pub unchanged: u64,
    /// Ones that could not be taken.
    pub refused: u64,
}

impl ImportReport {
    /// Adds another file's.
    pub const fn add(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.refused += other.refused;
    }
}

/// A product that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Of which file.
    pub file: PathBuf,
    /// Of the file, from 1: the row that is wrong.
    pub line: u64,
    /// The product's handle, as the file has it.
    pub handle: String,
    /// What is wrong.
    pub reason: String,
}

/// Whoever watches an import. Refusals are told as they come and not kept: a file may be wrong a million times.
pub trait Progress: Send + Sync {
    /// So many bytes of the file are done.
    fn at(&self, bytes: u64);
    /// A product was refused.
    fn refused(&self, refusal: &Refusal);
}

/// Why a file cannot be imported, beyond the products that are refused one by one. What was written stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It is no product file.
    #[error(transparent)]
    Header(MissingColumns),
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ImportError {
    #[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
    pub(super) fn unreadable(error: csv::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

pub(super) fn refusal(file: &Path, line: u64, handle: &str, reason: impl Into<String>) -> Refusal {
    Refusal { file: file.to_owned(), line, handle: handle.to_owned(), reason: reason.into() }
}
