//! The figures themselves, and what a change makes of them.

use super::{
    ProductStock,
    lapses::{Lapsed, Lapses},
    turns::Turns,
};
use std::collections::{HashMap, HashSet};
use stoa_domain::shared::{ProductId, VariantId};
use stoa_persistence::inventory::{Changed, StockChanges, StockPosition};

/// What all carts hold of a variant, where the store tells of each only if it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::catalog) struct HeldFor {
    /// Units.
    pub(in crate::catalog) units: i64,
    /// Milliseconds until some of them may be let go of by themselves.
    pub(in crate::catalog) ends: u64,
}

/// What is known of who holds what.
pub(super) enum Holds {
    /// Units held of each variant.
    All(HashMap<VariantId, i64>),
    /// Other units of these may be held than before; so may be of others where holds have ended by themselves.
    Changed(Vec<VariantId>),
    /// Nothing.
    Unknown,
}

/// An answer to the question what has changed.
pub(super) struct News {
    /// What the ledger says, if it can.
    pub(super) changes: Option<StockChanges>,
    pub(super) holds: Holds,
}

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
    /// Products of which something is held, where nobody tells when that ends.
    lapses: Lapses,
    turns: Turns,
}

/// Variants of which figures are read ahead at once, or a little more.
const PART: usize = 300;

/// Products whose figures are to be made anew, in parts, each with its figures where only what is held of it may be another.
pub(in crate::catalog) type Stale = Vec<Vec<(ProductId, Option<ProductStock>)>>;

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
        self.lapses.clear();
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

    /// What there is of a product, less what is held now, whatever was held when `stock` was made. Kept if `keep`; else it is shown this once.
    pub(super) fn take_in(
        &mut self,
        product: ProductId,
        stock: ProductStock,
        asked: &HashMap<VariantId, HeldFor>,
        (keep, now): (bool, u64),
    ) -> ProductStock {
        let other = if let Some(held) = &self.held {
            stock.held_anew(|variant| held.get(&variant).copied().unwrap_or(0))
        } else {
            let asked = |variant: VariantId| asked.get(&variant).copied();
            if let Some(ends) = stock.variants().filter_map(asked).map(|held| held.ends).min() {
                // Also where they are not kept: what is made of them is.
                self.lapses.note(product, now, ends);
            }
            stock.held_anew(|variant| asked(variant).map_or(0, |held| held.units))
        };
        let stock = other.unwrap_or(stock);
        if keep {
            self.forget_product(product);
            self.put(product, stock.clone());
        }
        stock
    }

    /// The products of the variants that an answer is about, as far as they are known here, and the variants of the others.
    pub(super) fn owners(&self, news: &News) -> (HashMap<VariantId, ProductId>, Vec<VariantId>) {
        let (mut known, mut strangers) = (HashMap::new(), Vec::new());
        let Some(Changed::These(variants)) = news.changes.as_ref().map(|changes| &changes.variants) else {
            return (known, strangers);
        };
        let held = match (&news.holds, &self.held) {
            (Holds::All(now), Some(before)) => differing(before, now),
            (Holds::Changed(variants), _) => variants.clone(),
            _ => return (known, strangers),
        };
        let all: HashSet<VariantId> = variants.iter().copied().chain(held).collect();
        for variant in all {
            match self.owners.get(&variant) {
                Some(product) => drop(known.insert(variant, *product)),
                None => strangers.push(variant),
            }
        }
        (known, strangers)
    }

    /// Products whose figures are right until an answer is learned, and not any more then: of so many variants at most, or a
    /// little more. Of others nobody has wanted to see what became of them before.
    pub(super) fn stale(
        &self,
        news: &News,
        owners: &HashMap<VariantId, ProductId>,
        now: u64,
        most: usize,
    ) -> Stale {
        let (Some(Changed::These(variants)), true) =
            (news.changes.as_ref().map(|changes| &changes.variants), self.tells_what(&news.holds))
        else {
            return Vec::new();
        };
        let held: &[VariantId] = if let Holds::Changed(held) = &news.holds { held } else { &[] };
        let products = |of: &[VariantId]| -> HashSet<ProductId> {
            of.iter().filter_map(|variant| owners.get(variant)).copied().collect()
        };
        let mut restocked = products(variants);
        // Figures of another form, without a variant that is held now, do not say what there is of it.
        let strangers = held.iter().filter(|variant| !self.owners.contains_key(variant));
        restocked.extend(strangers.filter_map(|variant| owners.get(variant)));
        let changed = restocked.iter().copied().chain(products(held));
        let (mut seen, mut variants) = (HashSet::new(), 0);
        let (mut stale, mut part, mut full) = (Stale::new(), Vec::new(), PART);
        for product in changed.chain(self.lapses.due(now)) {
            let Some((stock, turn)) = self.products.get(&product) else { continue };
            if self.turns.is_as_at(product, *turn) && seen.insert(product) {
                variants += stock.variants().count();
                part.push((product, (!restocked.contains(&product)).then(|| stock.clone())));
            }
            if variants >= full {
                stale.push(std::mem::take(&mut part));
                full = variants + PART;
            }
            if variants >= most {
                break;
            }
        }
        stale.push(part);
        stale
    }

    /// Whether an answer about holds, and what was known before, name those of which others may be held now.
    const fn tells_what(&self, holds: &Holds) -> bool {
        match holds {
            Holds::All(_) => self.held.is_some(),
            Holds::Changed(_) => true,
            Holds::Unknown => false,
        }
    }

    /// Learns what has changed. `owners` are the products of the variants that this is about.
    pub(super) fn learn(&mut self, news: News, owners: &HashMap<VariantId, ProductId>, now: u64) {
        self.turns.next();
        let (ledger, changed) = match news.changes {
            Some(changes) => (Some(changes.position), changes.variants),
            None => (None, Changed::Unknown),
        };
        self.ledger = ledger;
        match (changed, news.holds, self.held.take()) {
            (Changed::These(variants), Holds::All(held), Some(before)) => {
                self.read_again(&variants, owners);
                for variant in differing(&before, &held) {
                    self.hold_anew(variant, &held, owners);
                }
                self.held = Some(held);
            }
            (Changed::These(variants), Holds::Changed(held), _) => {
                self.read_again(&variants, owners);
                self.read_again(&held, owners);
                match self.lapses.take(now) {
                    Lapsed::These(products) => {
                        products.into_iter().for_each(|product| self.turns.change(product));
                    }
                    Lapsed::All => self.turns.change_all(),
                }
            }
            // Not everything was told, or what was known before was not everything.
            (_, holds, _) => {
                self.held = match holds {
                    Holds::All(held) => Some(held),
                    Holds::Changed(_) | Holds::Unknown => None,
                };
                self.lapses.clear();
                self.turns.change_all();
            }
        }
    }

    /// The stock of these variants has to be read again.
    fn read_again(&mut self, variants: &[VariantId], owners: &HashMap<VariantId, ProductId>) {
        for product in variants.iter().filter_map(|variant| owners.get(variant)) {
            self.turns.change(*product);
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
