//! What carts show of what is in them.

use super::Catalog;
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    catalog::Merchandise,
    inventory::StockSnapshot,
    shared::{Fault, VariantId},
};
use stoa_persistence::{catalog, inventory};

/// Merchandise by variant; variants that are gone are absent.
pub(crate) type Shelf = HashMap<VariantId, Arc<Merchandise>>;

impl Catalog {
    /// What these variants are and cost, as the catalogue last looked: for showing a cart, not for charging anybody.
    ///
    /// Their stock may be any figure there has been. Where nobody looks at the stock itself when units are held, that alone is
    /// read anew: one statement more, of the stock rows only, which those share who ask at the same time.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn merchandise(&self, variants: &[VariantId]) -> Result<Shelf, Fault> {
        if variants.is_empty() {
            return Ok(Shelf::new());
        }
        let generation = self.current().await?;
        let cache = &self.caches.merchandise;
        let mut shelf = Shelf::with_capacity(variants.len());
        let mut missing = Vec::new();
        for variant in variants {
            match cache.get(generation, variant) {
                Some(known) => drop(shelf.insert(*variant, known)),
                None => missing.push(*variant),
            }
        }
        if !self.holds.reads_stock() {
            let known: Vec<VariantId> = shelf.keys().copied().collect();
            self.renew_stock(&mut shelf, &known).await?;
        }
        if !missing.is_empty() {
            let fetch = |variants: Vec<VariantId>| self.read_merchandise(generation, variants);
            let read = self.merchandise_read.ask(&missing, fetch, |read| read.variant).await?;
            shelf.extend(read.into_iter().map(|read| (read.variant, read)));
        }
        Ok(shelf)
    }

    async fn read_merchandise(
        &self,
        generation: u64,
        variants: Vec<VariantId>,
    ) -> Result<Vec<Arc<Merchandise>>, Fault> {
        let read = catalog::merchandise(self.db.read(), &variants, self.now()).await?;
        let keep = |read: Merchandise| {
            let read = Arc::new(read);
            // Whoever shows the cart wants to know it next.
            self.caches.variants.insert(generation, read.variant, Some(read.product));
            self.caches.merchandise.insert(generation, read.variant, Arc::clone(&read));
            read
        };
        Ok(read.found.into_iter().map(keep).collect())
    }

    /// Puts the newest figures beside what is on the shelf; what has none any more is taken off.
    async fn renew_stock(&self, shelf: &mut Shelf, variants: &[VariantId]) -> Result<(), Fault> {
        if variants.is_empty() {
            return Ok(());
        }
        let fetch = async |variants: Vec<VariantId>| inventory::snapshots(self.db.read(), &variants).await;
        let newest = self.stock_read.ask(variants, fetch, |snapshot| snapshot.variant).await?;
        let newest: HashMap<VariantId, StockSnapshot> =
            newest.into_iter().map(|snapshot| (snapshot.variant, snapshot)).collect();
        shelf.retain(|variant, merchandise| {
            let Some(snapshot) = newest.get(variant) else { return false };
            if merchandise.snapshot != *snapshot {
                *merchandise =
                    Arc::new(Merchandise { snapshot: *snapshot, ..Merchandise::clone(merchandise) });
            }
            true
        });
        Ok(())
    }
}
