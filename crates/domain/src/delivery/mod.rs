//! Delivery: how goods get to their buyers, and the port of carriers that say what it costs.

mod service;

pub use service::{CarrierQuote, CarrierRates, DeliveryDays, Parcel, ShipmentRequest};
