//! The audit log in the system of record. Rows are only ever added, each chained to the one before; the chain's end stands in a table of
//! one row, which whoever adds to it locks.

mod append;
mod entities;
mod map;
mod past_keys;
mod read;

pub use append::{Act, append};
pub use past_keys::{PastKey, REKEY, past_keys, sealed_keys};
pub use read::{AuditListing, head, list_audit, prove, rows_after, verify};

#[cfg(test)]
mod tests;
