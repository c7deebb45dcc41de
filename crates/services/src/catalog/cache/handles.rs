//! Which product has which handle.
//!
//! What a page looks like is found by its product, and the product by its handle: so as many handles are known as there are pages in
//! memory and in the file behind it, or what is there could not be found. They are filed under a digest of 128 bits, which takes half the
//! room of most handles, and holds the generation as well. Nobody outside this process knows how it is made, and two handles have the
//! same one as likely as two random numbers of that length are alike.

use quick_cache::sync::Cache;
use std::hash::{BuildHasher, RandomState};
use stoa_domain::shared::ProductId;
use uuid::Uuid;

/// What an entry takes in memory.
const ENTRY: u64 = 56;

/// Handles that were asked for.
pub(in crate::catalog) struct Handles {
    /// Nil where there is no product: an `Option` would make each entry a quarter larger.
    products: Cache<[u64; 2], Uuid>,
    hashers: [RandomState; 2],
}

impl Handles {
    pub(super) fn new(bytes: u64) -> Self {
        let entries = usize::try_from(bytes / ENTRY).unwrap_or(usize::MAX);
        Self { products: Cache::new(entries), hashers: [RandomState::new(), RandomState::new()] }
    }

    /// The product with a handle, if that was asked before; `None` inside where there is none.
    pub(in crate::catalog) fn get(&self, generation: u64, handle: &str) -> Option<Option<ProductId>> {
        let product = self.products.get(&self.digest(generation, handle))?;
        Some((!product.is_nil()).then(|| ProductId::new(product)))
    }

    /// Files what was found under `generation`.
    pub(in crate::catalog) fn insert(&self, generation: u64, handle: &str, product: Option<ProductId>) {
        let product = product.map_or(Uuid::nil(), |product| product.uuid());
        self.products.insert(self.digest(generation, handle), product);
    }

    /// Lets go of everything.
    pub(super) fn clear(&self) {
        self.products.clear();
    }

    fn digest(&self, generation: u64, handle: &str) -> [u64; 2] {
        [&self.hashers[0], &self.hashers[1]].map(|hasher| hasher.hash_one((generation, handle)))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::CacheLimits, *};

    #[test]
    fn handles_are_told_apart_and_so_are_generations() {
        let handles = Handles::new(1 << 20);
        let lamp = ProductId::new(Uuid::from_u128(7));
        handles.insert(1, "lamp", Some(lamp));
        handles.insert(1, "gone", None);
        assert_eq!(handles.get(1, "lamp"), Some(Some(lamp)));
        assert_eq!(handles.get(1, "gone"), Some(None));
        assert_eq!(handles.get(1, "lamps"), None);
        assert_eq!(handles.get(2, "lamp"), None);
        handles.clear();
        assert_eq!(handles.get(1, "lamp"), None);
    }
    #[test]
    fn a_shop_of_a_hundred_thousand_products_has_all_its_handles_known() {
        let handles = Handles::new(CacheLimits::default().names / 4 * 3);
        let product = |number: u128| Some(ProductId::new(Uuid::from_u128(number)));
        for number in 1..=101_000 {
            handles.insert(1, &format!("lamp-{number}"), product(number));
        }
        let unknown = (1..=101_000)
            .filter(|number| handles.get(1, &format!("lamp-{number}")) != Some(product(*number)));
        assert_eq!(unknown.count(), 0);
    }
}
