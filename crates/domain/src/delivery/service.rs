//! The port of carriers' rates.

use super::DeliveryDays;
use crate::shared::{Currency, DeliveryGroupId, OutsideError, Place};
use async_trait::async_trait;

/// Says what delivering costs. Never told names, streets or mail addresses.
#[async_trait]
pub trait CarrierRates: Send + Sync {
    /// Its name, for logs.
    fn name(&self) -> &str;
    /// The ways of delivering each parcel. Never called inside a transaction.
    ///
    /// # Errors
    /// No answer, or none of value; the same question may be asked again.
    async fn quote(&self, asked: &ShipmentRequest) -> Result<Vec<CarrierQuote>, OutsideError>;
}

/// What is to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipmentRequest {
    /// The currency of all amounts, those of the answer too.
    pub currency: Currency,
    /// Where it comes from, if the shop says so.
    pub from: Option<Place>,
    /// Where it goes.
    pub to: Place,
    /// One a delivery group.
    pub parcels: Vec<Parcel>,
}

/// What is delivered together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parcel {
    /// Which group.
    pub group: DeliveryGroupId,
    /// Weight of all units, in grams.
    pub grams: u64,
    /// Room that all units take, in cubic millimetres; 0 where no sides are known.
    pub volume_mm3: u64,
    /// Units.
    pub units: u64,
    /// What they cost, in minor units.
    pub value: i64,
}

/// A carrier's way of delivering a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierQuote {
    /// Which group.
    pub group: DeliveryGroupId,
    /// Stable name, such as `express`.
    pub handle: String,
    /// What the buyer reads.
    pub title: String,
    /// What it costs, in minor units of the request's currency; not negative.
    pub amount: i64,
    /// How long it takes, if the carrier says so.
    pub days: Option<DeliveryDays>,
}
