//! What the staff do to what the shop has.

mod cancels;
mod fulfils;
mod refunds;
mod shop;
