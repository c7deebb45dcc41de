//! Live events between instances that share a Redis.

mod carrier;

pub use carrier::RedisCarrier;
