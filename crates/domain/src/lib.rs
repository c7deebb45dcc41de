//! The rules of a shop: types that cannot be wrong, state machines, price arithmetic, and the few ports that
//! really have two implementations.
//!
//! Nothing here does IO, knows an async runtime, a database, GraphQL or Stripe; time and randomness come in as
//! parameters through [`shared::Clock`] and [`shared::IdGenerator`].

pub mod access;
pub mod account;
pub mod audit;
pub mod cart;
pub mod catalog;
pub mod checkout;
pub mod customer;
pub mod delivery;
pub mod gift_card;
pub mod inventory;
pub mod limits;
pub mod live;
pub mod mail;
pub mod market;
pub mod media;
pub mod order;
pub mod payment;
pub mod pricing;
pub mod shared;
pub mod staff;
pub mod tax;
