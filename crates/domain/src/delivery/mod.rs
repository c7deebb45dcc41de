//! Delivery: how goods get to their buyers, what that costs, and the port of carriers that say it themselves.

mod group;
mod measure;
mod method;
mod rate;
mod service;
mod zone;

pub use group::{DeliveryOffer, GroupChoice};
pub use measure::{Load, Measure};
pub use method::{Bounds, DeliveryMethod, LoadBounds, MethodKind};
pub use rate::{RateRow, RateTable};
pub use service::{CarrierQuote, CarrierRates, DeliveryDays, Parcel, ShipmentRequest};
pub use zone::DeliveryZone;
