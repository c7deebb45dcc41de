//! What carts show of what is in them.

use super::Catalog;
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
};
use stoa_domain::{
    catalog::Merchandise,
    inventory::StockSnapshot,
    pricing::Needs,
    shared::{Fault, VariantId},
};
use stoa_persistence::{catalog, inventory};

/// Merchandise by variant; variants that are gone are absent.
pub(crate) type Shelf = HashMap<VariantId, Arc<Merchandise>>;

/// What only rules ask of goods, as bits: which of it stands beside goods that are kept.
const COLLECTIONS: u64 = 1;
const TAGS: u64 = 2;
/// How many bits there are.
const BITS: u32 = 2;

fn bits(needs: &Needs) -> u64 {
    (u64::from(needs.collections) * COLLECTIONS) | (u64::from(needs.tags) * TAGS)
}

impl Catalog {
    /// The number of the shop's rules, as the catalogue last looked.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn rules_number(&self) -> Result<i64, Fault> {
        self.current().await?;
        Ok(self.generation.rules())
    }

    /// The same without looking, unless nobody has looked yet.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn known_rules_number(&self) -> Result<i64, Fault> {
        match self.generation.rules() {
            0 => self.rules_number().await,
            known => Ok(known),
        }
    }

    /// What these variants are and cost, as the catalogue last looked: for showing a cart, not for charging anybody.
    ///
    /// Their stock may be any figure there has been. Where nobody looks at the stock itself when units are held, that alone is
    /// read anew: one statement more, of the stock rows only, which those share who ask at the same time. What only the shop's rules ask of goods
    /// stands beside them, as far as some rule does.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn merchandise(&self, variants: &[VariantId], needs: &Needs) -> Result<Shelf, Fault> {
        if variants.is_empty() {
            return Ok(Shelf::new());
        }
        let generation = self.current().await?;
        // Once asked for, always read: of many who ask together, whoever reads for all knows of it.
        let asked = bits(needs);
        let file = filed(generation, self.facts.fetch_or(asked, Ordering::AcqRel) | asked);
        let cache = &self.caches.merchandise;
        let mut shelf = Shelf::with_capacity(variants.len());
        let mut missing = Vec::new();
        for variant in variants {
            match cache.get(file, variant) {
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
        let facts = self.facts.load(Ordering::Acquire);
        let mut read = catalog::merchandise(self.db.read(), &variants, self.now()).await?;
        let needs =
            Needs { collections: facts & COLLECTIONS != 0, tags: facts & TAGS != 0, ..Needs::default() };
        catalog::facts(self.db.read(), &needs, &mut read.found).await?;
        let file = filed(generation, facts);
        let keep = |read: Merchandise| {
            let read = Arc::new(read);
            // Whoever shows the cart wants to know it next.
            self.caches.variants.insert(generation, read.variant, Some(read.product));
            self.caches.merchandise.insert(file, read.variant, Arc::clone(&read));
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

/// What goods are filed under: a generation, and what of them was read in it.
const fn filed(generation: u64, facts: u64) -> u64 {
    generation << BITS | facts
}
