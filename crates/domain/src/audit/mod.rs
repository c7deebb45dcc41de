//! The audit log: what staff, keys and commands have changed, chained so that a row that was removed or altered shows.

mod chain;
mod changes;
mod entry;

pub use chain::{Broken, Chained, Hash, Head, Mac, Verifier, Why, links, verify};
pub use changes::{AuditValue, Change, Changes, UnreadableChanges};
pub use entry::{AuditActor, Entry, Subject, canonical};
