//! Gift cards and store credit in the system of record.

mod read;
mod write;

pub use read::{by_hashes, of_cart};
pub use write::insert;
