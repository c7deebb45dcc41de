//! What every implementation of a store's port must do, as suites of tests.
//!
//! A *rule* is an async function that takes a store and panics when the store breaks it. [`cart_store_contract!`],
//! [`reservation_store_contract!`], [`event_bus_contract!`], [`rate_limiter_contract!`] and [`media_store_contract!`] turn each
//! rule into a test bound to one implementation, so that a backend's test file is a list of names and no second backend can quietly
//! mean something else by the same port:
//!
//! ```ignore
//! async fn open() -> (Arc<SqlCartStore>, TempDir) { … }
//! stoa_contracts::cart_store_contract!(open);
//! ```
//!
//! The function named gives a store and whatever must outlive it. Rules make ids of their own and never ask for an
//! empty store, so one server may serve them all at once. Their clock starts at the wall clock's time and goes
//! ahead of it by hours at most, so a store may let its own keys die by wall-clock time, as long as what it answers
//! depends on the `now` it is given.
//!
//! The crate that binds a suite needs `tokio` among its dependencies, with `macros` and `rt-multi-thread`.

#![expect(clippy::unwrap_used, reason = "a rule fails by panicking, as any test does")]

mod bind;
pub mod cart_store;
pub mod event_bus;
pub mod media_store;
pub mod model;
mod race;
pub mod rate_limiter;
pub mod reservation_store;
mod sample;

pub use bind::within_a_minute;
