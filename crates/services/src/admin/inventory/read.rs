//! What is where.

use crate::Context;
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::InventoryRead},
    catalog::StockPolicy,
    inventory::{Location, StockLevel},
    shared::{Fault, VariantId},
};
use stoa_persistence::inventory;

/// Stock, for people.
pub struct ReadStock(pub(crate) Arc<Context>);

impl ReadStock {
    /// All places that hold stock, in the order in which it is taken from them. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "inventory.locations", skip_all)]
    pub async fn locations(&self, _by: &Permit<InventoryRead>) -> Result<Vec<Location>, Fault> {
        inventory::locations(self.0.db().read()).await
    }

    /// The stock of variants, place by place; those that are nowhere are not in it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn levels(
        &self,
        _by: &Permit<InventoryRead>,
        variants: &[VariantId],
    ) -> Result<HashMap<VariantId, Vec<StockLevel>>, Fault> {
        inventory::levels_of(self.0.db().read(), variants).await
    }

    /// Whether units of variants are counted, and how many may be sold beyond them. Unknown ones are not in it. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn policies(
        &self,
        _by: &Permit<InventoryRead>,
        variants: &[VariantId],
    ) -> Result<HashMap<VariantId, StockPolicy>, Fault> {
        inventory::policies(self.0.db().read(), variants).await
    }
}
