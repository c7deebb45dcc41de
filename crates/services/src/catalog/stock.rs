//! The stock that is shown beside products.

use super::{
    Catalog,
    cache::{ProductStock, VariantStock},
};
use std::{collections::HashMap, time::Instant};
use stoa_domain::{
    catalog::Product,
    inventory::StockSnapshot,
    shared::{Fault, VariantId},
};
use stoa_persistence::inventory;

impl Catalog {
    /// What can be bought of a product's variants, in their order: at most a second old.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stock(&self, product: &Product) -> Result<ProductStock, Fault> {
        match self.caches.stock.get(product.id, Instant::now()) {
            Some(known) => Ok(known),
            None => {
                let read = self.read_stock(&[product]).await?;
                read.into_iter().next().ok_or_else(|| Fault::bug("reading the stock of a product gave none"))
            }
        }
    }

    /// The same for several products, in their order. What is not known is read at once: one statement, and one question
    /// to the store of holds.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stock_of<'p>(
        &self,
        products: impl ExactSizeIterator<Item = &'p Product>,
    ) -> Result<Vec<ProductStock>, Fault> {
        let now = Instant::now();
        let mut stock = Vec::with_capacity(products.len());
        let mut missing = Vec::new();
        for product in products {
            let known = self.caches.stock.get(product.id, now);
            if known.is_none() {
                missing.push((stock.len(), product));
            }
            stock.push(known.unwrap_or_default());
        }
        if !missing.is_empty() {
            let wanted: Vec<&Product> = missing.iter().map(|(_, product)| *product).collect();
            for ((at, _), read) in missing.iter().zip(self.read_stock(&wanted).await?) {
                stock[*at] = read;
            }
        }
        Ok(stock)
    }

    async fn read_stock(&self, products: &[&Product]) -> Result<Vec<ProductStock>, Fault> {
        let began = Instant::now();
        let variants: Vec<VariantId> = products.iter().flat_map(|p| &p.variants).map(|v| v.id).collect();
        let snapshots = inventory::snapshots(self.db.read(), &variants).await?;
        let snapshots: HashMap<VariantId, StockSnapshot> =
            snapshots.into_iter().map(|s| (s.variant, s)).collect();
        // Where there is no limit, nobody's hold takes anything away.
        let limited: Vec<VariantId> =
            variants.into_iter().filter(|v| snapshots.get(v).is_some_and(|s| s.sellable.is_some())).collect();
        let held =
            if limited.is_empty() { HashMap::new() } else { self.holds.held(&limited, self.now()).await? };
        let shown = |variant: VariantId| {
            snapshots.get(&variant).map_or_else(VariantStock::default, |snapshot| {
                let held = held.get(&variant).copied().unwrap_or(0);
                let quantity = snapshot.sellable.map(|sellable| sellable.saturating_sub(held).max(0));
                VariantStock { available: quantity != Some(0), quantity }
            })
        };
        let stock: Vec<ProductStock> =
            products.iter().map(|product| product.variants.iter().map(|v| shown(v.id)).collect()).collect();
        for (product, stock) in products.iter().zip(&stock) {
            self.caches.stock.put(product.id, ProductStock::clone(stock), began);
        }
        Ok(stock)
    }
}
