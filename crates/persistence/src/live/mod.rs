//! Live events between instances that share a Postgres.

mod carrier;

pub use carrier::PgCarrier;
