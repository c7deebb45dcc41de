//! Gift cards and store credit in the system of record.

mod read;

pub use read::{by_hashes, of_cart};
