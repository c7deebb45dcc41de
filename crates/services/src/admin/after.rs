//! What follows a commit that has moved stock.

use crate::Context;
use std::collections::BTreeMap;
use stoa_domain::{inventory::StockSnapshot, shared::VariantId};

impl Context {
    /// Tells the store of holds, and whoever shows stock. The transaction stands whatever becomes of that: the next hold brings the newer
    /// figure along.
    pub(super) async fn stock_moved(&self, moved: &[StockSnapshot]) {
        let newest = newest(moved);
        if newest.is_empty() {
            return;
        }
        if let Err(fault) = self.ports.holds.learn(self.news_of_stock(&newest)).await {
            tracing::warn!(error = %fault, "the reservation store has not learnt of stock that staff have changed");
        }
        self.stock_changed(&newest);
    }
}

/// Of each variant the last of what was said.
fn newest(moved: &[StockSnapshot]) -> Vec<StockSnapshot> {
    let mut newest: BTreeMap<VariantId, StockSnapshot> = BTreeMap::new();
    for snapshot in moved {
        let known = newest.entry(snapshot.variant).or_insert(*snapshot);
        if known.version < snapshot.version {
            *known = *snapshot;
        }
    }
    newest.into_values().collect()
}
