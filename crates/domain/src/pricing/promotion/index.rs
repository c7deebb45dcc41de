//! Which rules speak of which goods, so that a line asks a few tables rather than every promotion.

use super::{Promotion, Target, bits::Bits};
use crate::{
    pricing::{Goods, needs::targets},
    shared::{CollectionId, ProductId, VariantId},
};
use std::collections::HashMap;

/// The targets of all promotions, numbered, and by what they name. Made once a version of the rules; looked up only, so that the order of a
/// hash table decides nothing.
#[derive(Clone, Debug, Default)]
pub(in crate::pricing) struct RuleIndex {
    /// How many targets there are.
    targets: usize,
    /// The first target of each promotion: its action's come first, then its conditions', in order.
    first: Vec<usize>,
    all: Bits,
    variants: HashMap<VariantId, Bits>,
    products: HashMap<ProductId, Bits>,
    collections: HashMap<CollectionId, Bits>,
    tags: HashMap<Box<str>, Bits>,
}

impl RuleIndex {
    /// The index of promotions, in their order.
    pub(in crate::pricing) fn of(promotions: &[Promotion]) -> Self {
        let mut index = Self::default();
        for promotion in promotions {
            index.first.push(index.targets);
            for target in targets(promotion) {
                index.note(target);
            }
        }
        index
    }

    fn note(&mut self, target: &Target) {
        let n = self.targets;
        self.targets += 1;
        match target {
            Target::All => self.all.insert(n),
            Target::Of { products, variants, collections, tags } => {
                for product in products {
                    self.products.entry(*product).or_default().insert(n);
                }
                for variant in variants {
                    self.variants.entry(*variant).or_default().insert(n);
                }
                for collection in collections {
                    self.collections.entry(*collection).or_default().insert(n);
                }
                for tag in tags {
                    self.tags.entry(tag.clone()).or_default().insert(n);
                }
            }
        }
    }

    /// The number of a promotion's first target.
    pub(super) fn first(&self, promotion: usize) -> usize {
        self.first.get(promotion).copied().unwrap_or(self.targets)
    }

    /// For each target the lines it is for, of lines given as what they sell; `None`: a line that no rule is for.
    pub(super) fn lines<'a>(&self, lines: impl ExactSizeIterator<Item = Option<&'a Goods>>) -> Vec<Bits> {
        let mut found = vec![Bits::none(lines.len()); self.targets];
        for (n, goods) in lines.enumerate().filter_map(|(n, goods)| Some((n, goods?))) {
            let mut speaking = self.all.clone();
            let named = [self.variants.get(&goods.variant), self.products.get(&goods.product)];
            let of_collections = goods.collections.iter().filter_map(|id| self.collections.get(id));
            let of_tags = goods.tags.iter().filter_map(|tag| self.tags.get(tag));
            for targets in named.into_iter().flatten().chain(of_collections).chain(of_tags) {
                speaking.add(targets);
            }
            for target in speaking.iter() {
                found[target].insert(n);
            }
        }
        found
    }
}
