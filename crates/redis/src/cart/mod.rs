//! Carts.

mod store;
mod writes;

pub use store::RedisCartStore;
