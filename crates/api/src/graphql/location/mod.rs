//! Places that hold stock, and what they have.

#[expect(clippy::module_inception, reason = "the folder is the feature, the file its main type")]
mod location;
mod store_availability;

pub use location::{GeoCoordinateInput, Location, LocationAddress};
pub use store_availability::StoreAvailability;
