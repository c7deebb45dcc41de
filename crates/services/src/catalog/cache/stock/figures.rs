//! The figures themselves, and what a change makes of them.

use super::{ProductStock, Stocked};
use std::collections::HashMap;
use stoa_domain::{
    inventory::StockSnapshot,
    shared::{ProductId, VariantId},
};
use stoa_persistence::inventory::{Changed, StockChanges};

#[derive(Default)]
pub(super) struct Figures {
    products: HashMap<ProductId, ProductStock>,
    /// Those of the product that each variant is of.
    owners: HashMap<VariantId, ProductStock>,
    /// Units held of each variant; `None` where the store does not tell of all.
    held: Option<HashMap<VariantId, i64>>,
    /// Up to where the ledger has been read; `None` where it cannot tell.
    ledger: Option<i64>,
    /// Counts the answers about changes.
    answers: u64,
    /// Counts how often everything was forgotten at once.
    epoch: u64,
}

impl Figures {
    pub(super) const fn ledger(&self) -> Option<i64> {
        self.ledger
    }

    pub(super) const fn answers(&self) -> u64 {
        self.answers
    }

    pub(super) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether holds have to be asked for with each product.
    pub(super) const fn ask_holds(&self) -> bool {
        self.held.is_none()
    }

    /// How many variants there are figures of.
    pub(super) fn len(&self) -> usize {
        self.owners.len()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.clear_products();
        self.held = None;
        self.ledger = None;
        self.answers += 1;
    }

    /// Forgets the figures of all products, which are not shown any more.
    pub(super) fn clear_products(&mut self) {
        self.epoch += 1;
        self.products.clear();
        self.owners.clear();
    }

    /// What is shown of a product.
    pub(super) fn shown(&self, product: &impl Stocked) -> Option<ProductStock> {
        self.remembered(product).filter(|stock| stock.is_shown(self.epoch))
    }

    /// What is or was last shown of it.
    pub(super) fn remembered(&self, product: &impl Stocked) -> Option<ProductStock> {
        self.products.get(&product.product_id()).filter(|stock| stock.form() == product.form()).cloned()
    }

    /// Takes in what was read of a product. Unless `keep`, it is shown this once.
    pub(super) fn take_in(
        &mut self,
        product: &impl Stocked,
        snapshots: &HashMap<VariantId, StockSnapshot>,
        asked: &HashMap<VariantId, i64>,
        keep: bool,
    ) -> ProductStock {
        let held = self.held.as_ref().unwrap_or(asked);
        let stock = ProductStock::new(
            (product.product_id(), product.form()),
            product.variant_ids().map(|variant| {
                // A variant without a stock row is going away: none of it can be bought.
                let gone = || StockSnapshot { variant, sellable: Some(0), version: 0 };
                snapshots.get(&variant).copied().unwrap_or_else(gone)
            }),
            |variant| held.get(&variant).copied().unwrap_or(0),
            keep.then_some(self.epoch),
        );
        if keep {
            self.forget_product(product.product_id());
            self.put(&stock);
        }
        stock
    }

    pub(super) fn learn(&mut self, changes: Option<StockChanges>, held: Option<HashMap<VariantId, i64>>) {
        self.answers += 1;
        self.ledger = changes.as_ref().map(|changes| changes.position);
        let Some(changes) = changes else {
            // Anything may have changed: nothing is shown any more before it has been read again.
            self.held = held;
            self.epoch += 1;
            return;
        };
        match (changes.variants, held) {
            (Changed::These(variants), Some(held)) if self.held.is_some() => {
                for variant in variants {
                    // Its stock has to be read again.
                    if let Some(product) = self.owners.get(&variant).map(Stocked::product_id) {
                        self.forget_product(product);
                    }
                }
                self.hold(held);
            }
            // Not everything was told, or what was known before was not everything.
            (_, held) => {
                self.held = held;
                self.clear_products();
            }
        }
    }

    fn put(&mut self, stock: &ProductStock) {
        self.owners.extend(stock.variant_ids().map(|variant| (variant, stock.clone())));
        self.products.insert(stock.product_id(), stock.clone());
    }

    fn forget_product(&mut self, product: ProductId) {
        if let Some(stock) = self.products.remove(&product) {
            stock.end();
            for variant in stock.variant_ids() {
                self.owners.remove(&variant);
            }
        }
    }

    /// Learns who holds what, and shows anew what that changes.
    fn hold(&mut self, now: HashMap<VariantId, i64>) {
        let before = self.held.replace(now).unwrap_or_default();
        let Some(now) = self.held.take() else { return };
        let differs = |a: &HashMap<_, _>, b: &HashMap<VariantId, i64>| -> Vec<VariantId> {
            a.iter()
                .filter(|(variant, units)| b.get(variant) != Some(units))
                .map(|(variant, _)| *variant)
                .collect()
        };
        for variant in differs(&before, &now).into_iter().chain(differs(&now, &before)) {
            let Some(stock) = self.owners.get(&variant).cloned() else { continue };
            if let Some(other) = stock.held_anew(|variant| now.get(&variant).copied().unwrap_or(0)) {
                stock.end();
                self.put(&other);
            }
        }
        self.held = Some(now);
    }
}
