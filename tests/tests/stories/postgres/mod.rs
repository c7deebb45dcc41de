//! What only a Postgres can do to a shop.

mod collisions;
mod cut;
mod fill;
mod locks;
mod plans;
mod tls;
