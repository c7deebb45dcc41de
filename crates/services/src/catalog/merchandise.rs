//! What carts show of what is in them.

use super::Catalog;
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    catalog::Merchandise,
    shared::{Fault, VariantId},
};
use stoa_persistence::catalog;

/// Merchandise by variant; variants that are gone are absent.
pub(crate) type Shelf = HashMap<VariantId, Arc<Merchandise>>;

impl Catalog {
    /// What these variants are and cost, as the catalogue last looked: for showing a cart, not for charging anybody.
    ///
    /// Their stock may be any figure there has been. Where nobody looks at the stock itself when units are held, everything
    /// is read anew.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn merchandise(&self, variants: &[VariantId]) -> Result<Shelf, Fault> {
        if variants.is_empty() {
            return Ok(Shelf::new());
        }
        if !self.holds.reads_stock() {
            let read = catalog::merchandise(self.db.read(), variants, self.now()).await?;
            return Ok(read.into_iter().map(|m| (m.variant, Arc::new(m))).collect());
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
        if !missing.is_empty() {
            for read in catalog::merchandise(self.db.read(), &missing, self.now()).await? {
                let read = Arc::new(read);
                cache.insert(generation, read.variant, Arc::clone(&read));
                shelf.insert(read.variant, read);
            }
        }
        Ok(shelf)
    }
}
