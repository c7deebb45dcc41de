//! The figures themselves, and what a change makes of them.

use super::{ProductStock, turns::Turns};
use std::collections::{HashMap, HashSet};
use stoa_domain::{
    inventory::StockSnapshot,
    shared::{ProductId, VariantId},
};
use stoa_persistence::inventory::{Changed, StockChanges, StockPosition};

#[derive(Default)]
pub(super) struct Figures {
    /// Those that were asked for a while ago at most, each with the turn of which it is.
    products: HashMap<ProductId, (ProductStock, u64)>,
    /// The product that each variant of theirs is of.
    owners: HashMap<VariantId, ProductId>,
    /// Units held of each variant; `None` where the store does not tell of all.
    held: Option<HashMap<VariantId, i64>>,
    /// Up to where the ledger has been read; `None` where it cannot tell.
    ledger: Option<StockPosition>,
    turns: Turns,
}

impl Figures {
    pub(super) fn ledger(&self) -> Option<StockPosition> {
        self.ledger.clone()
    }

    pub(super) const fn turn(&self) -> u64 {
        self.turns.now()
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
        self.turns.next();
        self.turns.change_all();
        self.forget_figures();
        self.held = None;
        self.ledger = None;
    }

    /// Lets go of figures, which stay true.
    pub(super) fn forget_figures(&mut self) {
        self.products = HashMap::new();
        self.owners = HashMap::new();
    }

    pub(super) fn is_as_at(&self, product: ProductId, turn: u64) -> bool {
        self.turns.is_as_at(product, turn)
    }

    /// What is shown of a product.
    pub(super) fn shown(&self, product: ProductId) -> Option<ProductStock> {
        let (stock, turn) = self.products.get(&product)?;
        self.turns.is_as_at(product, *turn).then(|| stock.clone())
    }

    /// What is or was last shown of it.
    pub(super) fn remembered(&self, product: ProductId) -> Option<ProductStock> {
        self.products.get(&product).map(|(stock, _)| stock.clone())
    }

    /// The figures that were read of a product, less what is held. Kept if `keep`; else they are shown this once.
    pub(super) fn take_in(
        &mut self,
        product: ProductId,
        snapshots: &[StockSnapshot],
        asked: &HashMap<VariantId, i64>,
        keep: bool,
    ) -> ProductStock {
        let held = self.held.as_ref().unwrap_or(asked);
        let stock = ProductStock::new(snapshots, |variant| held.get(&variant).copied().unwrap_or(0));
        if keep {
            self.forget_product(product);
            self.put(product, stock.clone());
        }
        stock
    }

    /// The products of the variants that an answer is about, as far as they are known here, and the variants of the others.
    pub(super) fn owners(
        &self,
        changes: Option<&StockChanges>,
        held: Option<&HashMap<VariantId, i64>>,
    ) -> (HashMap<VariantId, ProductId>, Vec<VariantId>) {
        let (mut known, mut strangers) = (HashMap::new(), Vec::new());
        let changed = changes.map(|changes| &changes.variants);
        let (Some(Changed::These(variants)), Some(now), Some(before)) = (changed, held, &self.held) else {
            return (known, strangers);
        };
        let all: HashSet<VariantId> = variants.iter().copied().chain(differing(before, now)).collect();
        for variant in all {
            match self.owners.get(&variant) {
                Some(product) => drop(known.insert(variant, *product)),
                None => strangers.push(variant),
            }
        }
        (known, strangers)
    }

    /// Learns what has changed. `owners` are the products of the variants that this is about.
    pub(super) fn learn(
        &mut self,
        changes: Option<StockChanges>,
        held: Option<HashMap<VariantId, i64>>,
        owners: &HashMap<VariantId, ProductId>,
    ) {
        self.turns.next();
        self.ledger = changes.as_ref().map(|changes| changes.position.clone());
        match (changes.map(|changes| changes.variants), held, self.held.take()) {
            (Some(Changed::These(variants)), Some(held), Some(before)) => {
                for variant in variants {
                    // Its stock has to be read again.
                    if let Some(product) = owners.get(&variant) {
                        self.turns.change(*product);
                    }
                }
                for variant in differing(&before, &held) {
                    self.hold_anew(variant, &held, owners);
                }
                self.held = Some(held);
            }
            // Not everything was told, or what was known before was not everything.
            (_, held, _) => {
                self.held = held;
                self.turns.change_all();
            }
        }
    }

    /// Shows a product of whose variant other units are held.
    fn hold_anew(
        &mut self,
        variant: VariantId,
        held: &HashMap<VariantId, i64>,
        owners: &HashMap<VariantId, ProductId>,
    ) {
        let Some(product) = owners.get(&variant).copied() else { return };
        let Some((stock, turn)) = self.products.get_mut(&product) else {
            return self.turns.change(product);
        };
        if !self.turns.is_as_at(product, *turn) {
            // Its stock has to be read again anyhow.
            return self.turns.change(product);
        }
        if let Some(other) = stock.held_anew(|variant| held.get(&variant).copied().unwrap_or(0)) {
            *stock = other;
            self.turns.change(product);
            *turn = self.turns.now();
        }
    }

    fn put(&mut self, product: ProductId, stock: ProductStock) {
        self.owners.extend(stock.variants().map(|variant| (variant, product)));
        self.products.insert(product, (stock, self.turns.now()));
    }

    fn forget_product(&mut self, product: ProductId) {
        if let Some((stock, _)) = self.products.remove(&product) {
            for variant in stock.variants() {
                self.owners.remove(&variant);
            }
        }
    }
}

/// Variants of which not the same units are held.
fn differing(before: &HashMap<VariantId, i64>, now: &HashMap<VariantId, i64>) -> Vec<VariantId> {
    let changed = now.iter().filter(|(variant, units)| before.get(variant) != Some(units));
    let gone = before.iter().filter(|(variant, _)| !now.contains_key(variant));
    changed.chain(gone).map(|(variant, _)| *variant).collect()
}
