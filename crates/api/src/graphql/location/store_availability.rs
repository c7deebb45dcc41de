//! What a place has of a variant.

use super::Location;
use async_graphql::Object;

/// Whether a variant can be picked up at a place.
#[derive(Clone, Debug)]
pub struct StoreAvailability {
    /// Whether there is stock.
    pub available: bool,
    /// Where.
    pub location: Location,
}

/// Whether a variant can be picked up at a place.
#[Object]
impl StoreAvailability {
    /// Whether the place has any that is not promised to an order.
    async fn available(&self) -> bool {
        self.available
    }

    /// The place.
    async fn location(&self) -> &Location {
        &self.location
    }

    /// When it can be picked up. The shop promises no time.
    async fn pick_up_time(&self) -> &'static str {
        "Ask the shop"
    }
}
