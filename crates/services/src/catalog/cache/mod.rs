//! What the catalogue keeps in memory.
//!
//! Everything is filed under a *generation*, which moves on as soon as the catalogue's version has: what was read
//! before is then not found any more, and what a slow reader files late under an old generation is never found at all.
//! Each cache holds so many bytes at most.

mod filed;
mod flight;
mod generation;
mod handles;
mod id_page;
mod stock;
mod together;

pub(super) use flight::Flights;
pub(super) use generation::Generation;
pub(super) use stock::{HeldFor, StockBoard};
pub use stock::{ProductStock, StockPrint, VariantStock};

pub use id_page::IdPage;

pub(super) use filed::Filed;
pub(super) use handles::Handles;
pub(super) use together::Together;

use std::sync::Arc;
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
pub(super) type ProductIds = Arc<IdPage>;
/// Products recommended beside another, best first.
pub type Recommended = Vec<Arc<Product>>;
/// A page of collections.
pub type CollectionPage = Arc<Page<Arc<Collection>>>;

/// How much the catalogue may keep in memory, in bytes. A shop of a hundred thousand products is served well within the defaults; a
/// smaller one takes what it needs.
#[derive(Clone, Copy, Debug)]
pub struct CacheLimits {
    /// Products.
    pub products: u64,
    /// Pages of lists.
    pub pages: u64,
    /// What is in carts.
    pub merchandise: u64,
    /// Handles, and which variant is of which product.
    pub names: u64,
    /// Variants whose stock is kept, some 130 bytes each.
    pub stock: usize,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self { products: 4 << 20, pages: 8 << 20, merchandise: 7 << 20, names: 8 << 20, stock: 30_000 }
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

/// The caches.
pub(super) struct Caches {
    pub(super) products: Filed<ProductId, Option<Arc<Product>>>,
    pub(super) handles: Handles,
    pub(super) variants: Filed<VariantId, Option<ProductId>>,
    pub(super) merchandise: Filed<VariantId, Arc<Merchandise>>,
    pub(super) collections: Filed<CollectionId, Option<Arc<Collection>>>,
    pub(super) collection_handles: Filed<Box<str>, Option<CollectionId>>,
    pub(super) product_pages: Filed<PageKey<ListKey>, ProductIds>,
    pub(super) collection_pages: Filed<PageKey<CollectionsListing>, CollectionPage>,
    pub(super) recommendations: Filed<(ProductId, Recommendation), Arc<[ProductId]>>,
    pub(super) stock: StockBoard,
}

impl Caches {
    pub(super) fn new(limits: CacheLimits) -> Self {
        Self {
            products: Filed::new(limits.products, 4_096, |_, product| {
                product.as_ref().map_or(0, |p| p.weight() + 16)
            }),
            handles: Handles::new(limits.names / 4 * 3),
            variants: Filed::new(limits.names / 4, 96, |_, _| 0),
            merchandise: Filed::new(limits.merchandise, 384, |_, m| {
                let texts = [&m.product_title, &m.variant_title].map(String::len).iter().sum::<usize>();
                size_of::<Merchandise>() + texts + m.image.as_ref().map_or(0, |image| image.url.len()) + 64
            }),
            collections: Filed::new(limits.pages / 4, 1_024, |_, collection| {
                collection.as_ref().map_or(0, |c| weight_of(c))
            }),
            collection_handles: Filed::new(limits.names / 8, 128, |handle, _| handle.len() + 16),
            product_pages: Filed::new(limits.pages, 1_024, weight_of_page),
            collection_pages: Filed::new(limits.pages / 4, 4_096, |_, page| {
                page.rows.iter().map(|row| size_of::<PageRow<()>>() + weight_of(&row.node)).sum::<usize>()
            }),
            recommendations: Filed::new(limits.pages / 4, 256, |_, products| {
                size_of_val::<[_]>(products) + 16
            }),
            stock: StockBoard::new(limits.stock),
        }
    }

    /// Lets go of what is filed under generations that are over; only for the memory's sake.
    pub(super) fn clear(&self) {
        self.products.clear();
        self.handles.clear();
        self.variants.clear();
        self.merchandise.clear();
        self.collections.clear();
        self.collection_handles.clear();
        self.product_pages.clear();
        self.collection_pages.clear();
        self.recommendations.clear();
    }
}

fn weight_of(collection: &Collection) -> usize {
    let text = &collection.description;
    size_of::<Collection>() + collection.title.len() + text.html.len() + text.text.len() + 16
}

fn weight_of_page(key: &PageKey<ListKey>, page: &ProductIds) -> usize {
    let text = |key: &CursorKey| if let CursorKey::Text(text) = key { text.len() + 16 } else { 0 };
    let of_key = [&key.page.after, &key.page.before].into_iter().flatten().map(|cursor| text(&cursor.key));
    size_of::<IdPage>() + page.weight() + of_key.sum::<usize>() + 32
}
