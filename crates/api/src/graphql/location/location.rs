//! A place that holds stock.

use crate::graphql::scalars::Gid;
use async_graphql::{InputObject, Object};
use stoa_domain::{inventory, shared::LocationId};

/// A place that holds stock.
#[derive(Clone, Debug)]
pub struct Location(
    /// The place.
    pub inventory::Location,
);

/// A place that holds stock.
#[Object]
impl Location {
    /// Where it is.
    async fn address(&self) -> LocationAddress<'_> {
        LocationAddress(&self.0)
    }

    /// Its global id.
    async fn id(&self) -> Gid<LocationId> {
        Gid(self.0.id)
    }

    /// What people call it.
    async fn name(&self) -> &str {
        &self.0.name
    }
}

/// Where a place is.
#[derive(Clone, Copy, Debug)]
pub struct LocationAddress<'a>(&'a inventory::Location);

/// Where a place is.
#[Object]
impl LocationAddress<'_> {
    /// The lines of its address. Places have no postal address yet, so this is their name.
    async fn formatted(&self) -> [&str; 1] {
        [&self.0.name]
    }
}

/// A place on earth.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct GeoCoordinateInput {
    /// Degrees north of the equator.
    pub latitude: f64,
    /// Degrees east of Greenwich.
    pub longitude: f64,
}
