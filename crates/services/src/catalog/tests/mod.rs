//! What the cache may and may not do.

mod reads;
mod stock;
mod told;

use super::*;
use crate::system::{SystemClock, SystemIds};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use stoa_domain::{
    catalog::{
        CollectionDraft, CollectionInput, CollectionsListing, OptionInput, Product, ProductDraft,
        ProductInput, ProductListing, ProductStatus, Recommendation, StockInput, VariantInput,
        filter::ProductFilter,
        search::SearchQuery,
        sort::{CollectionProductSort, ProductSort},
    },
    inventory::{
        HoldPolicy, HoldRequest, Location, Reservation, ReservationStore, StockCause, StockSnapshot,
    },
    shared::{
        CartId, Clock, CollectionId, Fault, IdGenerator, LocationId, ProductId, Timestamp, VariantId,
        page::PageRequest,
    },
};
use stoa_persistence::{
    Db, DbConfig, Durability, SqlReservationStore, WriteTx,
    catalog::{self, NewProduct, WriteContext},
    inventory,
};

/// The real time, moved.
#[derive(Default)]
struct MovedClock(AtomicI64);

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + Duration::from_secs(self.0.load(Ordering::Relaxed).unsigned_abs())
    }
}

struct TestShop {
    db: Db,
    holds: Arc<SqlReservationStore>,
    clock: Arc<MovedClock>,
    catalog: Arc<Catalog>,
    location: LocationId,
    _folder: tempfile::TempDir,
}

impl TestShop {
    async fn open() -> Self {
        Self::with_limits(CacheLimits::default()).await
    }

    async fn with_limits(limits: CacheLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&DbConfig::sqlite(folder.path().join("shop.db"))).await.unwrap();
        db.migrate().await.unwrap();
        let holds = Arc::new(SqlReservationStore::new(db.clone()));
        let clock = Arc::new(MovedClock::default());
        let port: Arc<dyn ReservationStore> = Arc::<SqlReservationStore>::clone(&holds);
        let catalog = Catalog::with_limits(db.clone(), port, Arc::<MovedClock>::clone(&clock), limits);
        let location = LocationId::new(SystemIds.id());
        let shop = Self { db, holds, clock, catalog: Arc::new(catalog), location, _folder: folder };
        let tx = shop.write().await;
        let place = Location { id: location, name: "Main".to_owned(), position: 1 };
        inventory::add_location(&tx, &place, shop.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        shop
    }

    async fn write(&self) -> WriteTx {
        self.db.write(Durability::Relaxed).await.unwrap()
    }

    fn context(&self) -> WriteContext<'_> {
        WriteContext { ids: &SystemIds, now: self.clock.now(), location: self.location, reference: None }
    }

    async fn add(&self, inputs: &[ProductInput]) -> Vec<ProductId> {
        let drafts: Vec<_> = inputs.iter().map(|input| ProductDraft::try_new(input).unwrap()).collect();
        let new: Vec<_> = drafts.iter().map(|draft| NewProduct { draft, import_hash: None }).collect();
        let tx = self.write().await;
        let ids = catalog::insert_products(&tx, &new, &self.context()).await.unwrap();
        tx.commit().await.unwrap();
        self.catalog.refresh().await.unwrap();
        ids
    }

    async fn change(&self, id: ProductId, input: &ProductInput) {
        let tx = self.write().await;
        let draft = ProductDraft::try_new(input).unwrap();
        catalog::update_product(&tx, id, &draft, None, &self.context()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn collect(&self, title: &str, products: &[ProductId]) -> CollectionId {
        let published_at = Some(self.clock.now());
        let input = CollectionInput { title: title.into(), published_at, ..CollectionInput::default() };
        let tx = self.write().await;
        let draft = CollectionDraft::try_new(&input).unwrap();
        let id = catalog::create_collection(&tx, &draft, &self.context()).await.unwrap();
        catalog::set_collection_products(&tx, id, products, &self.context()).await.unwrap();
        tx.commit().await.unwrap();
        self.catalog.refresh().await.unwrap();
        id
    }

    async fn titles(&self, listing: ProductListing) -> Vec<String> {
        let page = self.catalog.products(listing, PageRequest::first(250)).await.unwrap();
        page.nodes().map(|product| product.title.clone()).collect()
    }

    /// What something costs in statements.
    async fn cost<T>(&self, work: impl Future<Output = T>) -> (T, u64) {
        let before = self.db.statements();
        let done = work.await;
        (done, self.db.statements() - before)
    }

    async fn hold(&self, product: &Product, quantity: u32) {
        let variant = product.variants[0].id;
        let snapshot = inventory::snapshots(self.db.read(), &[variant]).await.unwrap()[0];
        let request = HoldRequest { quantity, snapshot };
        let (cart, now) = (CartId::new(SystemIds.secret_id()), self.clock.now());
        let until = now + Duration::from_secs(60);
        self.holds.hold(cart, &[request], HoldPolicy::AllOrNothing, now, until).await.unwrap();
    }
}

fn product(title: &str) -> ProductInput {
    let stock = StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(10) };
    ProductInput {
        title: title.to_owned(),
        published_at: Some(SystemClock.now() - Duration::from_secs(60)),
        variants: vec![VariantInput { price: 1_000, stock, ..VariantInput::default() }],
        ..ProductInput::default()
    }
}

fn by_title() -> ProductListing {
    ProductListing { sort: ProductSort::Title, ..ProductListing::default() }
}
