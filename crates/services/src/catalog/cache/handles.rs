//! Which product has which handle.
//!
//! What a page looks like is found by its product, and the product by its handle: so at least as many handles are known as there are
//! pages in memory. They are filed under a digest of 128 bits, which takes half the room of most handles. Nobody outside this process knows how it
//! is made, and two handles have the same one as likely as two random numbers of that length are alike.

use super::Filed;
use std::hash::{BuildHasher, RandomState};
use stoa_domain::shared::ProductId;

/// Handles that were asked for.
pub(in crate::catalog) struct Handles {
    products: Filed<[u64; 2], Option<ProductId>>,
    hashers: [RandomState; 2],
}

impl Handles {
    pub(super) fn new(bytes: u64) -> Self {
        Self { products: Filed::new(bytes, 80, |_, _| 0), hashers: [RandomState::new(), RandomState::new()] }
    }

    /// The product with a handle, if that was asked before; `None` inside where there is none.
    pub(in crate::catalog) fn get(&self, generation: u64, handle: &str) -> Option<Option<ProductId>> {
        self.products.get(generation, &self.digest(handle))
    }

    /// Files what was found under `generation`.
    pub(in crate::catalog) fn insert(&self, generation: u64, handle: &str, product: Option<ProductId>) {
        self.products.insert(generation, self.digest(handle), product);
    }

    pub(super) fn clear(&self) {
        self.products.clear();
    }

    fn digest(&self, handle: &str) -> [u64; 2] {
        [self.hashers[0].hash_one(handle), self.hashers[1].hash_one(handle)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

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
}
