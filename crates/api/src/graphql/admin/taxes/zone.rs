//! A tax zone with its rates, as staff see it.

use crate::graphql::{
    codes::CountryCode,
    pricing::percentage,
    scalars::{DateTime, Decimal, Gid},
};
use async_graphql::{Object, SimpleObject};
use std::sync::Arc;
use stoa_domain::{
    shared::{TaxCategoryId, TaxRateId, TaxZoneId},
    tax::{TaxRate, TaxZone},
};
use stoa_persistence::pricing::Kept;

/// Postal codes from one to another, both included, as they are compared: in upper case, without spaces and dashes, as far as each end goes.
#[derive(Clone, Debug, SimpleObject)]
pub struct TaxPostalRange {
    /// The first.
    pub from: String,
    /// The last.
    pub to: String,
}

/// A tax of a zone, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminTaxRate(Arc<TaxRate>);

/// One tax of a zone, at one rate.
#[Object]
impl AdminTaxRate {
    /// The global id of the category of the goods that it is for; null: all goods that no other rate of the zone is for.
    async fn category_id(&self) -> Option<Gid<TaxCategoryId>> {
        self.0.category.map(Gid)
    }

    /// Whether it is charged on the taxes before it as well.
    async fn compound(&self) -> bool {
        self.0.compound
    }

    /// The first moment it is charged no more; null: it does not end.
    async fn ends_at(&self) -> Option<DateTime> {
        self.0.valid_until.map(Into::into)
    }

    /// The global id.
    async fn id(&self) -> Gid<TaxRateId> {
        Gid(self.0.id)
    }

    /// What buyers read, such as `QST`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is charged on delivery, where delivery is taxed at rates of its own.
    async fn on_delivery(&self) -> bool {
        self.0.on_delivery
    }

    /// How much of the price, in percent.
    async fn percentage(&self) -> Decimal {
        percentage(self.0.rate)
    }

    /// The first moment it is charged; null: it has begun.
    async fn starts_at(&self) -> Option<DateTime> {
        self.0.valid_from.map(Into::into)
    }
}

/// A tax zone, as staff see it.
#[derive(Clone, Debug)]
pub struct AdminTaxZone(pub(in crate::graphql::admin) Kept<TaxZone>);

/// A part of the world with its own taxes. Of each level the zone that fits an address most closely counts: a country's taxes and a province's add up, those of two
/// provinces do not.
#[Object]
impl AdminTaxZone {
    /// Which country; null: everywhere, and where nobody has said where.
    async fn country(&self) -> Option<CountryCode> {
        self.0.rule.country.map(Into::into)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// The global id.
    async fn id(&self) -> Gid<TaxZoneId> {
        Gid(self.0.rule.id)
    }

    /// 0 to 3: which zones add up, and in which order their taxes are charged.
    async fn level(&self) -> i32 {
        self.0.rule.level.into()
    }

    /// What staff and explanations call it.
    async fn name(&self) -> &str {
        &self.0.rule.name
    }

    /// Which postal codes; none: all.
    async fn postal_ranges(&self) -> Vec<TaxPostalRange> {
        let range = |(from, to): (&str, &str)| TaxPostalRange { from: from.into(), to: to.into() };
        self.0.rule.postal_ranges.iter().map(|of| range(of.ends())).collect()
    }

    /// Of two zones of a level that fit as closely, the higher counts.
    async fn priority(&self) -> i32 {
        self.0.rule.priority
    }

    /// Which subdivisions of the country, by their ISO 3166-2 code without the country; none: all.
    async fn provinces(&self) -> Vec<&str> {
        self.0.rule.provinces.iter().map(AsRef::as_ref).collect()
    }

    /// Its taxes, in the order in which they are charged.
    async fn rates(&self) -> Vec<AdminTaxRate> {
        self.0.rule.rates.iter().map(|rate| AdminTaxRate(Arc::clone(rate))).collect()
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
