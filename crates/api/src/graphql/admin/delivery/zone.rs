//! A delivery zone, as staff see it.

use crate::graphql::{
    codes::CountryCode,
    scalars::{DateTime, Gid},
};
use async_graphql::{Object, SimpleObject};
use stoa_domain::{delivery::DeliveryZone, shared::DeliveryZoneId};
use stoa_persistence::pricing::Kept;

/// Postal codes from one to another, both included, as they are compared: in upper case, without spaces and dashes, as far as each end goes.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeliveryPostalRange {
    /// The first.
    pub from: String,
    /// The last.
    pub to: String,
}

/// A delivery zone, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminDeliveryZone(pub(in crate::graphql::admin) Kept<DeliveryZone>);

/// A part of the world with its own ways of delivering. The one that fits an address most closely counts, and no other.
#[Object]
impl AdminDeliveryZone {
    /// Which countries, in alphabetical order; none: everywhere, and where nobody has said where.
    async fn countries(&self) -> Vec<CountryCode> {
        self.0.rule.countries.iter().copied().map(Into::into).collect()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The global id.
    async fn id(&self) -> Gid<DeliveryZoneId> {
        Gid(self.0.rule.id)
    }

    /// What staff call it.
    async fn name(&self) -> &str {
        &self.0.rule.name
    }

    /// Which postal codes; none: all.
    async fn postal_ranges(&self) -> Vec<DeliveryPostalRange> {
        let range = |(from, to): (&str, &str)| DeliveryPostalRange { from: from.into(), to: to.into() };
        self.0.rule.postal_ranges.iter().map(|of| range(of.ends())).collect()
    }

    /// Of two zones that fit as closely, the higher counts.
    async fn priority(&self) -> i32 {
        self.0.rule.priority
    }

    /// Which subdivisions of the countries, by code; none: all.
    async fn provinces(&self) -> Vec<&str> {
        self.0.rule.provinces.iter().map(AsRef::as_ref).collect()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Rises by 1 with every change: who changes it says which one they have read.
    async fn version(&self) -> i64 {
        self.0.version
    }
}
