//! What this crate counts, by the [`metrics`](https://docs.rs/metrics) facade.

use crate::{graphql, http};

/// Describes all of it, and begins to count at 0. Call once a recorder is installed, before a schema or a router is made.
pub fn register() {
    http::register_meters();
    graphql::register_meters();
}
