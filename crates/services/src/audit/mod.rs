//! The log of what was done in the shop's name: who, when, from where, and what it changed.
//!
//! Whoever changes something that only staff may change does it in an [`AuditedTx`], whose row of the log is in the same transaction: one
//! is not there without the other. Rows are chained with a key that the database does not have, so that one that was altered or removed
//! shows ([`Doctor`](crate::doctor::Doctor)).

mod export;
mod read;
mod rekey;
mod tx;
mod witness;

pub use export::{AuditExport, ExportAuditLog};
pub use read::AuditLog;
pub use rekey::{rekey, resealed};
pub(crate) use tx::AuditedTx;
pub use witness::Witness;

/// What its keys are derived for. Another label is another log.
pub(crate) const LABEL: &str = "audit log";

#[cfg(test)]
mod tests;
