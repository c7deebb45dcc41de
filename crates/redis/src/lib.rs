//! Carts, holds, live events and rate limits on Redis or Redis Cluster, behind the domain's ports.
//!
//! [`Redis`] is a connection that may be made while the server is down, fails fast, and mends itself.
//! [`RedisCartStore`] keeps carts, [`RedisReservationStore`] keeps holds, [`RedisCarrier`] carries live events,
//! [`RedisRateLimiter`] counts for all instances. All but the carrier do whatever decides something in a Lua
//! script on one key (or the keys of one hash tag), so one code serves a single server and a cluster. What is kept here may be
//! lost at any moment: an order is decided by SQL alone. Nothing of the `redis` crate is visible from outside.
//!
//! A `rediss://` URL needs rustls to have a crypto provider; the program installs one at its start.

mod cart;
mod config;
mod connection;
mod holds;
mod keys;
mod limits;
mod link;
mod links;
mod live;
mod script;
mod servers;

pub use cart::RedisCartStore;
pub use config::{InvalidRedisConfig, RedisConfig, Timeouts};
pub use connection::{Redis, Traffic};
pub use holds::RedisReservationStore;
pub use limits::RedisRateLimiter;
pub use live::RedisCarrier;
pub use servers::{Concern, Server};
