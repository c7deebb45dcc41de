//! Carts in SQL, for a shop without Redis: each a document in one row, changed only by compare-and-set.

mod entity;
mod recent;
mod store;
mod sweep;

pub use store::SqlCartStore;
