//! A tax, at one rate.

use crate::shared::{Rate, TaxCategoryId, TaxRateId, Timestamp};
use std::sync::Arc;

/// One tax of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRate {
    /// Which; [`TaxRateId::NIL`] for that of the configuration.
    pub id: TaxRateId,
    /// The goods it is for; `None`: all that no other rate of the zone is for.
    pub category: Option<TaxCategoryId>,
    /// What the buyer reads, such as `QST`.
    pub name: Arc<str>,
    /// How much of the price.
    pub rate: Rate,
    /// Whether it is charged on the taxes before it as well.
    pub compound: bool,
    /// Whether it is charged on delivery, where delivery is taxed at rates of its own.
    pub on_delivery: bool,
    /// Its place among the zone's rates.
    pub position: i32,
    /// The first moment it is charged.
    pub valid_from: Option<Timestamp>,
    /// The first moment it is charged no more.
    pub valid_until: Option<Timestamp>,
}

impl TaxRate {
    /// Whether it is charged then.
    pub fn valid(&self, now: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= now) && self.valid_until.is_none_or(|until| now < until)
    }
}
