//! Delivery: how goods get to their buyers, what that costs, and the port of carriers that say it themselves.

mod days;
mod group;
mod measure;
mod method;
mod quote;
mod rate;
mod service;
mod split;
mod zone;

pub use days::DeliveryDays;
pub use group::{DeliveryOffer, GroupChoice};
pub use measure::{Load, Measure};
pub use method::{Bounds, DeliveryMethod, LoadBounds, MethodKind};
pub use quote::KeptQuote;
pub use rate::{InvalidRates, RateRow, RateTable};
pub use service::{CarrierQuote, CarrierRates, Parcel, ShipmentRequest};
pub use split::{StockAt, group_id, having_all, split};
pub use zone::DeliveryZone;
