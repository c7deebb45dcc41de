//! Lists of products.

use super::{
    Catalog,
    cache::{Filed, ListKey, PageKey, ProductIds, ProductPage, Recommended},
};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    catalog::{
        Collection, CollectionListing, Product, ProductListing, Recommendation,
        filter::ProductFilter,
        sort::{CollectionProductSort, ProductSort},
    },
    shared::{
        Fault, ProductId,
        page::{Page, PageRequest, PageRow},
    },
};
use stoa_persistence::catalog::{self, ListError};

/// How long a page is shown that stock decides: as long as a figure of stock.
const STOCK_EPOCH: Duration = Duration::from_secs(1);
/// How long a page is shown that units sold decide.
const SALES_EPOCH: Duration = Duration::from_secs(60);
/// Products recommended beside another, as many as the storefronts of the field show.
const RECOMMENDED: usize = 10;

impl Catalog {
    /// A page of the shop's products.
    ///
    /// # Errors
    /// A cursor is not of this list, or the database does not answer.
    pub async fn products(
        &self,
        listing: ProductListing,
        page: PageRequest,
    ) -> Result<ProductPage, ListError> {
        let span = if listing.query.asks_for_stock() {
            Some(STOCK_EPOCH)
        } else {
            (listing.sort == ProductSort::BestSelling).then_some(SALES_EPOCH)
        };
        let key = PageKey { epoch: self.epoch(span), list: ListKey::Products(listing), page };
        self.page(key, CollectionProductSort::default()).await
    }

    /// A page of a collection's products.
    ///
    /// # Errors
    /// A cursor is not of this list, or the database does not answer.
    pub async fn collection_products(
        &self,
        collection: &Collection,
        sort: CollectionProductSort,
        reverse: bool,
        filters: Vec<ProductFilter>,
        page: PageRequest,
    ) -> Result<ProductPage, ListError> {
        let span = if filters.iter().any(|filter| matches!(filter, ProductFilter::Available(_))) {
            Some(STOCK_EPOCH)
        } else {
            let sort = sort.resolved(collection.default_sort);
            (sort == CollectionProductSort::BestSelling).then_some(SALES_EPOCH)
        };
        let listing = CollectionListing { collection: collection.id, sort, reverse, filters };
        let key = PageKey { epoch: self.epoch(span), list: ListKey::OfCollection(listing), page };
        self.page(key, collection.default_sort).await
    }

    /// Products to show beside another, best first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn recommendations(
        &self,
        product: &Product,
        why: Recommendation,
    ) -> Result<Recommended, Fault> {
        let generation = self.current().await?;
        let key = (generation, (product.id, why));
        if let Some(known) = self.caches.recommendations.get(&key) {
            return Ok(known);
        }
        let ids = catalog::recommended(self.db.catalogue(), product, why, RECOMMENDED, self.now()).await?;
        let products: Recommended = self.load(generation, &ids).await?.into_iter().flatten().collect();
        self.caches.recommendations.insert(key, Arc::clone(&products));
        Ok(products)
    }

    async fn page(
        &self,
        key: PageKey<ListKey>,
        default: CollectionProductSort,
    ) -> Result<ProductPage, ListError> {
        let filed = (self.current().await?, key);
        let page = match self.caches.product_pages.get(&filed) {
            Some(known) => known,
            None => self.page_flights.join(&filed, || self.read_and_keep(&filed, default)).await?,
        };
        let ids: Vec<ProductId> = page.nodes().copied().collect();
        let products = self.load(filed.0, &ids).await?;
        Ok(joined(&page, products))
    }

    /// Reads a page, and its products with it: a crowd that waits for the page finds them.
    async fn read_and_keep(
        &self,
        filed: &Filed<PageKey<ListKey>>,
        default: CollectionProductSort,
    ) -> Result<ProductIds, ListError> {
        let page = Arc::new(self.read_page(&filed.1, default).await?);
        let ids: Vec<ProductId> = page.nodes().copied().collect();
        self.load(filed.0, &ids).await?;
        self.caches.product_pages.insert(filed.clone(), Arc::clone(&page));
        Ok(page)
    }

    async fn read_page(
        &self,
        key: &PageKey<ListKey>,
        default: CollectionProductSort,
    ) -> Result<Page<ProductId>, ListError> {
        let (reader, now) = (self.db.catalogue(), self.now());
        match &key.list {
            ListKey::Products(listing) => catalog::list_products(reader, listing, &key.page, now).await,
            ListKey::OfCollection(listing) => {
                catalog::list_collection_products(reader, listing, default, &key.page, now).await
            }
        }
    }

    /// Which span of time it is; always the same where the list depends on the catalogue alone.
    pub(super) fn epoch(&self, span: Option<Duration>) -> u64 {
        span.map_or(0, |span| self.generation.running().as_secs() / span.as_secs().max(1))
    }
}

/// The page with the products in the place of their ids; one that was deleted meanwhile is left out.
fn joined(page: &Page<ProductId>, products: Vec<Option<Arc<Product>>>) -> ProductPage {
    let rows = page.rows.iter().zip(products);
    Page {
        rows: rows
            .filter_map(|(row, node)| Some(PageRow { cursor: row.cursor.clone(), node: node? }))
            .collect(),
        info: page.info,
    }
}
