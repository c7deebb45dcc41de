//! Holds on stock in SQL, for a shop without Redis.
//!
//! Two tables: `cart_holds`, what each cart holds until when, and `hold_fences`, the newest stock figure of each variant
//! that holds have been decided by. Every verb is one transaction that others wait for: on SQLite because there is one
//! writer, on Postgres because it locks its cart first and then its variants' fences, in the order of their ids.
//!
//! A variant's hold is never written before its fence, and fences are never deleted: where there is no fence, nobody
//! holds anything.

mod at_once;
mod decide;
mod entities;
mod fences;
mod rows;
mod standing;
mod store;
mod sweep;
mod turn;

pub use store::SqlReservationStore;
