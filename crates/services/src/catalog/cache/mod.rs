//! What the catalogue keeps in memory.
//!
//! Everything is filed under a *generation*, which moves on as soon as the catalogue's version has: what was read
//! before is then not found any more, and what a slow reader files late under an old generation is never found at all.
//! Each cache holds so many bytes at most.

mod flight;
mod generation;
mod stock;

pub(super) use flight::Flights;
pub(super) use generation::Generation;
pub(super) use stock::StockBoard;
pub use stock::{ProductStock, VariantStock};

use moka::sync::Cache;
use std::{hash::Hash, sync::Arc};
use stoa_domain::{
    catalog::{
        Collection, CollectionListing, CollectionsListing, Merchandise, Product, ProductListing,
        Recommendation,
    },
    shared::{
        CollectionId, ProductId, VariantId,
        page::{CursorKey, Page, PageRequest, PageRow},
    },
};

/// A page of products.
pub type ProductPage = Page<Arc<Product>>;
/// A page of products as it is kept: only which they are, so that none is kept twice and none outlives its own cache.
pub(super) type ProductIds = Arc<Page<ProductId>>;
/// Products recommended beside another, best first.
pub type Recommended = Arc<[Arc<Product>]>;
/// A page of collections.
pub type CollectionPage = Arc<Page<Arc<Collection>>>;

/// How much the catalogue may keep in memory, in bytes. By default a shop of a hundred thousand products fits; a smaller
/// one takes what it needs.
#[derive(Clone, Copy, Debug)]
pub struct CacheLimits {
    /// Products.
    pub products: u64,
    /// Pages of lists.
    pub pages: u64,
    /// What is in carts.
    pub merchandise: u64,
    /// Variants whose stock is kept, some 300 bytes each.
    pub stock: usize,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self { products: 384 << 20, pages: 32 << 20, merchandise: 12 << 20, stock: 500_000 }
    }
}

/// A list of products.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ListKey {
    Products(ProductListing),
    OfCollection(CollectionListing),
}

/// A page of a list. Where the list depends on figures that change without the catalogue's changing (stock, units
/// sold), `epoch` counts the short spans of time for which a page may be shown again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PageKey<L> {
    pub(super) list: L,
    pub(super) page: PageRequest,
    pub(super) epoch: u64,
}

/// Something filed under a generation.
pub(super) type Filed<K> = (u64, K);

/// The caches.
pub(super) struct Caches {
    pub(super) products: Cache<Filed<ProductId>, Option<Arc<Product>>>,
    pub(super) handles: Cache<Filed<Box<str>>, Option<ProductId>>,
    pub(super) variants: Cache<Filed<VariantId>, Option<ProductId>>,
    pub(super) merchandise: Cache<Filed<VariantId>, Arc<Merchandise>>,
    pub(super) collections: Cache<Filed<CollectionId>, Option<Arc<Collection>>>,
    pub(super) collection_handles: Cache<Filed<Box<str>>, Option<CollectionId>>,
    pub(super) product_pages: Cache<Filed<PageKey<ListKey>>, ProductIds>,
    pub(super) collection_pages: Cache<Filed<PageKey<CollectionsListing>>, CollectionPage>,
    pub(super) recommendations: Cache<Filed<(ProductId, Recommendation)>, Recommended>,
    pub(super) stock: StockBoard,
}

/// Entries of the caches whose values are small.
const SMALL_ENTRIES: u64 = 50_000;

impl Caches {
    pub(super) fn new(limits: CacheLimits) -> Self {
        Self {
            products: weighed(limits.products, |_, product: &Option<Arc<Product>>| {
                64 + product.as_ref().map_or(0, |p| p.weight())
            }),
            handles: Cache::new(SMALL_ENTRIES),
            variants: Cache::new(SMALL_ENTRIES),
            merchandise: weighed(limits.merchandise, |_, m: &Arc<Merchandise>| {
                let texts = [&m.product_title, &m.variant_title].map(String::len).iter().sum::<usize>();
                size_of::<Merchandise>() + texts + m.image.as_ref().map_or(0, |image| image.url.len()) + 128
            }),
            collections: weighed(limits.pages / 4, |_, collection: &Option<Arc<Collection>>| {
                64 + collection.as_ref().map_or(0, |c| weight_of(c))
            }),
            collection_handles: Cache::new(SMALL_ENTRIES / 10),
            product_pages: weighed(limits.pages, |_, page: &ProductIds| {
                let text = |row: &PageRow<ProductId>| match &row.cursor.key {
                    CursorKey::Text(text) => text.len(),
                    CursorKey::Id | CursorKey::Number(_) => 0,
                };
                page.rows.iter().map(|row| size_of_val(row) + text(row)).sum::<usize>() + 512
            }),
            collection_pages: weighed(limits.pages / 4, |_, page: &CollectionPage| {
                page.rows.iter().map(|row| size_of::<PageRow<()>>() + weight_of(&row.node)).sum::<usize>()
                    + 256
            }),
            recommendations: weighed(limits.pages / 4, |_, products: &Recommended| {
                products.iter().map(|p| p.weight()).sum::<usize>() + 64
            }),
            stock: StockBoard::new(limits.stock),
        }
    }

    /// Lets go of what is filed under generations that are over; only for the memory's sake.
    pub(super) fn clear(&self) {
        self.products.invalidate_all();
        self.handles.invalidate_all();
        self.variants.invalidate_all();
        self.merchandise.invalidate_all();
        self.collections.invalidate_all();
        self.collection_handles.invalidate_all();
        self.product_pages.invalidate_all();
        self.collection_pages.invalidate_all();
        self.recommendations.invalidate_all();
    }
}

fn weight_of(collection: &Collection) -> usize {
    let text = &collection.description;
    size_of::<Collection>() + collection.title.len() + text.html.len() + text.text.len()
}

/// A cache of at most so many bytes.
fn weighed<K, V>(bytes: u64, weigh: impl Fn(&K, &V) -> usize + Send + Sync + 'static) -> Cache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder()
        .max_capacity(bytes)
        .weigher(move |key, value| u32::try_from(weigh(key, value)).unwrap_or(u32::MAX))
        .build()
}
