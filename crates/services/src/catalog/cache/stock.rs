//! The stock that is shown: a moment old at most.

use moka::sync::Cache;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use stoa_domain::shared::ProductId;

/// From this age on, one reader fetches anew while the others still see the old figure.
const FRESH: Duration = Duration::from_millis(500);
/// Nobody is shown a figure older than this.
const OLDEST: Duration = Duration::from_secs(1);

/// What is shown of a variant's stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VariantStock {
    /// Whether a unit can be bought.
    pub available: bool,
    /// How many units can be; `None` where there is no limit.
    pub quantity: Option<i64>,
}

/// The stock of a product's variants, in their order.
pub type ProductStock = Arc<[VariantStock]>;

struct Entry {
    stock: ProductStock,
    read: Instant,
    renewing: AtomicBool,
}

/// The stock of some products, each as it was read.
pub(in crate::catalog) struct StockCache {
    entries: Cache<ProductId, Arc<Entry>>,
}

impl StockCache {
    pub(super) fn new(bytes: u64) -> Self {
        let entries = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, entry: &Arc<Entry>| {
                u32::try_from(96 + size_of_val::<[VariantStock]>(&entry.stock)).unwrap_or(u32::MAX)
            })
            .time_to_live(OLDEST)
            .build();
        Self { entries }
    }

    /// What may be shown of a product at `now`; `None` asks the caller to read it.
    pub(in crate::catalog) fn get(&self, product: ProductId, now: Instant) -> Option<ProductStock> {
        let entry = self.entries.get(&product)?;
        let age = now.saturating_duration_since(entry.read);
        let mine_to_renew = age >= FRESH && !entry.renewing.swap(true, Ordering::Relaxed);
        (age < OLDEST && !mine_to_renew).then(|| Arc::clone(&entry.stock))
    }

    /// Keeps what was read; `read` is when reading began.
    pub(in crate::catalog) fn put(&self, product: ProductId, stock: ProductStock, read: Instant) {
        self.entries.insert(product, Arc::new(Entry { stock, read, renewing: AtomicBool::new(false) }));
    }

    /// Forgets all figures.
    pub(in crate::catalog) fn clear(&self) {
        self.entries.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_reader_renews_and_nobody_sees_an_old_figure() {
        let cache = StockCache::new(1 << 20);
        let product = ProductId::new(Uuid::nil());
        let read = Instant::now();
        let stock: ProductStock = Arc::new([VariantStock { available: true, quantity: Some(3) }]);
        assert_eq!(cache.get(product, read), None);
        cache.put(product, Arc::clone(&stock), read);
        let at = |millis| cache.get(product, read + Duration::from_millis(millis));
        assert_eq!(at(499), Some(Arc::clone(&stock)));
        assert_eq!(at(500), None, "the first to come renews");
        assert_eq!(at(501), Some(Arc::clone(&stock)), "meanwhile the others see what there is");
        assert_eq!(at(1_000), None, "but not for ever");
        cache.put(product, stock, read);
        cache.clear();
        assert_eq!(at(0), None);
    }
}
