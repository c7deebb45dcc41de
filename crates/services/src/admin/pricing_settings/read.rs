//! Showing what a shop has decided.

use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::TaxesRead},
    pricing::{PricingSettings, Rules},
    shared::Fault,
};
use stoa_persistence::pricing::{self, ShopSettings};

/// What a shop has decided about money, for people: how it is changed stands in the file beside this one.
pub struct PricingDecisions(pub(crate) Arc<Context>);

/// What a shop has decided, and what counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedSettings {
    /// What it has decided itself.
    pub decided: ShopSettings,
    /// What counts: with what the configuration says of the rest.
    pub counting: PricingSettings,
    /// Rises by 1 with every change; 0 while nothing was decided.
    pub version: i64,
}

impl PricingDecisions {
    /// All of it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read(&self, _by: &Permit<TaxesRead>) -> Result<DecidedSettings, Fault> {
        let (decided, version) = pricing::settings(self.0.db().read()).await?;
        Ok(self.counting(decided, version))
    }

    /// What counts of what was decided.
    pub(super) fn counting(&self, decided: ShopSettings, version: i64) -> DecidedSettings {
        let (configured, currency) = (&self.0.settings.pricing, self.0.settings.currency);
        let mut counting = Rules::implicit(configured, currency).settings().clone();
        decided.over(&mut counting);
        DecidedSettings { decided, counting, version }
    }
}
