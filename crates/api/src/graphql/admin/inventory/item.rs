//! What there is of a variant, and where.

use crate::graphql::scalars::Gid;
use async_graphql::SimpleObject;
use stoa_domain::{
    inventory::{Location, StockLevel},
    shared::{LocationId, VariantId},
};

/// A place that holds stock.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminLocation {
    /// The global id.
    pub id: Gid<LocationId>,
    /// What it is called.
    pub name: String,
    /// Its place in the order in which stock is taken.
    pub position: i32,
}

impl From<Location> for AdminLocation {
    fn from(location: Location) -> Self {
        Self { id: Gid(location.id), name: location.name, position: location.position }
    }
}

/// What is of a variant in one place.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct AdminInventoryLevel {
    /// Units that can be promised: what is there without what is promised. What is in carts counts.
    pub available: i64,
    /// Units that are promised to orders.
    pub committed: i64,
    /// The global id of the location.
    pub location_id: Gid<LocationId>,
    /// Units that are there.
    pub on_hand: i64,
    /// The global id of the variant.
    pub variant_id: Gid<VariantId>,
}

impl AdminInventoryLevel {
    /// The level of a variant.
    pub(crate) const fn new(variant: VariantId, level: StockLevel) -> Self {
        Self {
            available: level.on_hand.saturating_sub(level.allocated),
            committed: level.allocated,
            location_id: Gid(level.location),
            on_hand: level.on_hand,
            variant_id: Gid(variant),
        }
    }
}

/// What there is of a variant.
#[derive(Clone, Debug, SimpleObject)]
pub struct AdminInventoryItem {
    /// Units that may be sold beyond what is there; null: any number.
    pub backorder_limit: Option<i64>,
    /// Place by place.
    pub levels: Vec<AdminInventoryLevel>,
    /// Whether units are counted.
    pub tracked: bool,
    /// The global id of the variant.
    pub variant_id: Gid<VariantId>,
}
