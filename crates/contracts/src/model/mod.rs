//! The ports in their simplest form: what a store must answer when nothing happens at once.
//!
//! A model says in a page what an implementation says in SQL or Lua, so the two can be compared on random
//! histories. It is no backend: one thread, everything in maps, nothing forgotten.

mod carts;
mod holds;

pub use carts::CartModel;
pub use holds::HoldModel;
