//! Lists of products.

use super::{
    Catalog, Stocked,
    cache::{IdPage, ListKey, PageKey, ProductIds, ProductPage, Recommended},
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

/// Which products a page lists. It is of one generation of the catalogue, and so are the products that
/// [`Catalog::stocked_of`] has for it.
#[derive(Clone, Debug)]
pub struct ProductIdPage {
    pub(super) generation: u64,
    /// The page.
    pub page: ProductIds,
}

impl ProductIdPage {
    /// A page of nothing.
    pub fn empty() -> Self {
        Self { generation: 0, page: Arc::new(IdPage::new(&Page::empty())) }
    }
}

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
        let ids = self.product_ids(listing, page).await?;
        Ok(self.joined(&ids).await?)
    }

    /// The same by their ids, for whoever may have no need of the products themselves.
    ///
    /// # Errors
    /// As [`Catalog::products`].
    pub async fn product_ids(
        &self,
        listing: ProductListing,
        page: PageRequest,
    ) -> Result<ProductIdPage, ListError> {
        let span = if listing.query.asks_for_stock() {
            Some(STOCK_EPOCH)
        } else {
            (listing.sort == ProductSort::BestSelling).then_some(SALES_EPOCH)
        };
        let key = PageKey { epoch: self.epoch(span), list: ListKey::Products(listing), page };
        self.page(key, CollectionProductSort::default()).await
    }

    /// A page of a collection's products, by their ids.
    ///
    /// # Errors
    /// A cursor is not of this list, or the database does not answer.
    pub async fn collection_product_ids(
        &self,
        collection: &Collection,
        sort: CollectionProductSort,
        reverse: bool,
        filters: Vec<ProductFilter>,
        page: PageRequest,
    ) -> Result<ProductIdPage, ListError> {
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

    /// Products of a page with their stock, in the order of the ids; one that was deleted since is `None`. Of many who ask for the same
    /// at once, one reads.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stocked_of(
        &self,
        page: &ProductIdPage,
        ids: &[ProductId],
    ) -> Result<Vec<Option<Stocked>>, Fault> {
        // Who has seen a change of stock does not take what was read before it; who is about to see one has asked for it first, or they
        // would not all wait for the same.
        self.keep_fresh().await?;
        let wanted = (page.generation, self.caches.stock.turn(), ids.to_vec());
        let load = || async { self.load_stocked(page.generation, ids).await.map(Arc::new) };
        self.product_flights.join(&wanted, load).await.map(Arc::unwrap_or_clone)
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
        let key = (product.id, why);
        let ids = match self.caches.recommendations.get(generation, &key) {
            Some(known) => known,
            None => {
                let reader = &self.reader().await?;
                let ids = catalog::recommended(reader, product, why, RECOMMENDED, self.now()).await?;
                let ids: Arc<[ProductId]> = ids.into();
                self.caches.recommendations.insert(generation, key, Arc::clone(&ids));
                ids
            }
        };
        Ok(self.load(generation, &ids).await?.into_iter().flatten().collect())
    }

    async fn page(
        &self,
        key: PageKey<ListKey>,
        default: CollectionProductSort,
    ) -> Result<ProductIdPage, ListError> {
        let generation = self.current().await?;
        let page = match self.caches.product_pages.get(generation, &key) {
            Some(known) => known,
            None => {
                let filed = (generation, key);
                self.page_flights.join(&filed, || self.read_and_keep(&filed, default)).await?
            }
        };
        Ok(ProductIdPage { generation, page })
    }

    /// Reads a page.
    async fn read_and_keep(
        &self,
        (generation, key): &(u64, PageKey<ListKey>),
        default: CollectionProductSort,
    ) -> Result<ProductIds, ListError> {
        let page = Arc::new(IdPage::new(&self.read_page(key, default).await?));
        self.caches.product_pages.insert(*generation, key.clone(), Arc::clone(&page));
        Ok(page)
    }

    /// The page with the products in the place of their ids; one that was deleted meanwhile is left out.
    async fn joined(&self, ids: &ProductIdPage) -> Result<ProductPage, Fault> {
        let products = self.stocked_of(ids, ids.page.ids()).await?;
        let row = |(at, found): (usize, Option<Stocked>)| {
            Some(PageRow { cursor: ids.page.cursor(at)?, node: found?.product })
        };
        Ok(Page { rows: products.into_iter().enumerate().filter_map(row).collect(), info: ids.page.info() })
    }

    async fn read_page(
        &self,
        key: &PageKey<ListKey>,
        default: CollectionProductSort,
    ) -> Result<Page<ProductId>, ListError> {
        let (reader, now) = (&self.reader().await?, self.now());
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
