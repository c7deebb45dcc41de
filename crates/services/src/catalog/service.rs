//! Reads of the catalogue for the storefront, through a cache.
//!
//! What a shopper may not see is not found. Money and stock of carts and orders never come from here: those read SQL.

use super::{
    cache::{CacheLimits, Caches, Flights, Generation, ListKey, PageKey, ProductIds, Together},
    stock::Stocked,
};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};
use stoa_domain::{
    catalog::{Merchandise, Product, Variant},
    inventory::{ReservationStore, StockSnapshot},
    live::EventBus,
    shared::{Clock, Fault, ProductId, Timestamp, VariantId},
};
use stoa_persistence::{CatalogueReader, Db, catalog};
use tokio_util::sync::CancellationToken;

/// How often the background task looks whether the catalogue has changed.
const LOOK: Duration = Duration::from_millis(500);

/// A variant with the product it belongs to.
#[derive(Clone, Debug)]
pub struct VariantOf {
    /// The product.
    pub product: Arc<Product>,
    /// The variant's index in the product.
    pub at: usize,
}

impl VariantOf {
    /// The variant.
    pub fn variant(&self) -> Option<&Variant> {
        self.product.variants.get(self.at)
    }
}

/// What is shown at one moment, as far as it may change: as long as the catalogue and the stock of a product are those of the
/// moment, whatever was made of them is still right. See [`Catalog::changed_since`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    generation: u64,
    pub(super) turn: u64,
}

impl Moment {
    /// Whether the catalogue is the same at both.
    pub const fn same_catalogue(self, other: Self) -> bool {
        self.generation == other.generation
    }

    /// As numbers that mean nothing outside this process; see [`Self::from_parts`].
    pub const fn parts(self) -> [u64; 2] {
        [self.generation, self.turn]
    }

    /// From the numbers that [`Self::parts`] gave.
    pub const fn from_parts([generation, turn]: [u64; 2]) -> Self {
        Self { generation, turn }
    }
}

/// Products that are read at once: in which generation, at which turn of the stock, and which.
type Wanted = (u64, u64, Vec<ProductId>);

/// Products and collections, read through a cache.
pub struct Catalog {
    pub(super) db: Db,
    pub(super) holds: Arc<dyn ReservationStore>,
    pub(super) bus: Option<Arc<dyn EventBus>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) caches: Caches,
    pub(super) page_flights: Flights<(u64, PageKey<ListKey>), ProductIds>,
    pub(super) product_flights: Flights<Wanted, Arc<Vec<Option<Stocked>>>>,
    pub(super) stock_read: Together<VariantId, StockSnapshot>,
    pub(super) merchandise_read: Together<VariantId, Arc<Merchandise>>,
    /// What of goods was ever asked for that only rules ask: a bit each.
    pub(super) facts: AtomicU64,
    pub(super) generation: Generation,
}

impl Catalog {
    /// Reads from `db`; what can be bought is what is left beside the holds of `holds`.
    pub fn new(db: Db, holds: Arc<dyn ReservationStore>, clock: Arc<dyn Clock>) -> Self {
        Self::with_limits(db, holds, clock, CacheLimits::default())
    }

    /// The same with other bounds of memory.
    pub fn with_limits(
        db: Db,
        holds: Arc<dyn ReservationStore>,
        clock: Arc<dyn Clock>,
        limits: CacheLimits,
    ) -> Self {
        Self {
            db,
            holds,
            bus: None,
            clock,
            caches: Caches::new(limits),
            page_flights: Flights::new(),
            product_flights: Flights::new(),
            stock_read: Together::new(),
            merchandise_read: Together::new(),
            facts: AtomicU64::new(0),
            generation: Generation::new(),
        }
    }

    /// The same where this bus tells of all holds: what of them a store cannot tell is heard there.
    #[must_use]
    pub fn with_bus(self, bus: Arc<dyn EventBus>) -> Self {
        Self { bus: Some(bus), ..self }
    }

    /// Looks twice a second whether the catalogue has changed, until told to stop. Without it, readers look themselves
    /// once a second.
    pub async fn watch(&self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(fault) = self.refresh().await {
                tracing::warn!(%fault, "cannot see whether the catalogue has changed");
            }
        }
    }

    /// Looks whether the catalogue has changed, now: for whoever has just changed it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn refresh(&self) -> Result<(), Fault> {
        if self.generation.look(&self.db, &*self.clock).await? {
            self.caches.clear();
        }
        Ok(())
    }

    /// Forgets the stock that is shown, so that the next reader sees it as it is.
    pub fn forget_stock(&self) {
        self.caches.stock.clear();
    }

    /// What is shown now. Whatever is read after it is at least as new.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn moment(&self) -> Result<Moment, Fault> {
        let generation = self.current().await?;
        self.keep_fresh().await?;
        Ok(Moment { generation, turn: self.caches.stock.turn() })
    }

    /// Which product shoppers see under a handle, if that was asked before.
    pub fn known_handle(&self, moment: Moment, handle: &str) -> Option<ProductId> {
        self.caches.handles.get(moment.generation, handle).flatten()
    }

    /// A product that shoppers see.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn product(&self, id: ProductId) -> Result<Option<Arc<Product>>, Fault> {
        let found = self.products_by_ids(&[id]).await?;
        Ok(found.into_iter().next().flatten())
    }

    /// The product that shoppers see under a handle.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn product_by_handle(&self, handle: &str) -> Result<Option<Arc<Product>>, Fault> {
        let generation = self.current().await?;
        if let Some(known) = self.caches.handles.get(generation, handle) {
            return match known {
                Some(id) => self.product(id).await,
                None => Ok(None),
            };
        }
        let found = catalog::product_by_handle(&self.reader().await?, handle).await?.map(Arc::new);
        self.caches.handles.insert(generation, handle, found.as_ref().map(|product| product.id));
        if let Some(product) = &found {
            self.caches.products.insert(generation, product.id, Some(Arc::clone(product)));
        }
        let now = self.now();
        Ok(found.filter(|product| product.is_listed(now)))
    }

    /// The same with its stock: one statement where it is not known.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stocked_by_handle(&self, handle: &str) -> Result<Option<Stocked>, Fault> {
        let generation = self.current().await?;
        if let Some(known) = self.caches.handles.get(generation, handle) {
            return match known {
                Some(id) => self.stocked(id).await,
                None => Ok(None),
            };
        }
        let since = self.moment().await?.turn;
        let found = catalog::stocked_product_by_handle(&self.reader().await?, handle).await?;
        self.caches.handles.insert(generation, handle, found.as_ref().map(|found| found.product.id));
        let found = self.take_stock(since, found.into_iter().collect()).await?.pop();
        if let Some(Stocked { product, .. }) = &found {
            self.caches.products.insert(generation, product.id, Some(Arc::clone(product)));
        }
        let now = self.now();
        Ok(found.filter(|found| found.product.is_listed(now)))
    }

    /// A product that shoppers see, with its stock.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stocked(&self, id: ProductId) -> Result<Option<Stocked>, Fault> {
        let generation = self.current().await?;
        let found = self.load_stocked(generation, &[id]).await?.pop().flatten();
        let now = self.now();
        Ok(found.filter(|found| found.product.is_listed(now)))
    }

    /// For each id the product, if shoppers see it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn products_by_ids(&self, ids: &[ProductId]) -> Result<Vec<Option<Arc<Product>>>, Fault> {
        let generation = self.current().await?;
        let now = self.now();
        let products = self.load(generation, ids).await?;
        Ok(products.into_iter().map(|product| product.filter(|p| p.is_listed(now))).collect())
    }

    /// A variant of a product that shoppers see.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn variant(&self, id: VariantId) -> Result<Option<VariantOf>, Fault> {
        let found = self.variants_by_ids(&[id]).await?.into_iter().next().flatten();
        let now = self.now();
        Ok(found.filter(|found| found.product.is_listed(now)))
    }

    /// For each id the variant, also of products that shoppers no longer see: a cart or an order may still hold them.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn variants_by_ids(&self, ids: &[VariantId]) -> Result<Vec<Option<VariantOf>>, Fault> {
        let generation = self.current().await?;
        let owners = self.owners(generation, ids).await?;
        let wanted: Vec<ProductId> = owners.iter().flatten().copied().collect();
        let mut products = self.load(generation, &wanted).await?.into_iter();
        let variants = ids.iter().zip(owners).map(|(id, owner)| {
            owner?;
            let product = products.next()??;
            let at = product.variants.iter().position(|variant| variant.id == *id)?;
            Some(VariantOf { product, at })
        });
        Ok(variants.collect())
    }

    /// Of which product each variant is.
    async fn owners(&self, generation: u64, ids: &[VariantId]) -> Result<Vec<Option<ProductId>>, Fault> {
        let mut owners: Vec<Option<Option<ProductId>>> =
            ids.iter().map(|id| self.caches.variants.get(generation, id)).collect();
        let missing: Vec<VariantId> =
            ids.iter().zip(&owners).filter(|(_, owner)| owner.is_none()).map(|(id, _)| *id).collect();
        if !missing.is_empty() {
            let found: HashMap<VariantId, ProductId> =
                catalog::products_of_variants(&self.reader().await?, &missing).await?;
            for (id, owner) in ids.iter().zip(&mut owners).filter(|(_, owner)| owner.is_none()) {
                let product = found.get(id).copied();
                self.caches.variants.insert(generation, *id, product);
                *owner = Some(product);
            }
        }
        Ok(owners.into_iter().map(Option::flatten).collect())
    }

    /// The same with their stock, which is read with what else is missing of them: at most two statements.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stocked_variants(&self, ids: &[VariantId]) -> Result<Vec<Option<(Stocked, usize)>>, Fault> {
        let generation = self.current().await?;
        let owners = self.owners(generation, ids).await?;
        let mut wanted: Vec<ProductId> = owners.iter().flatten().copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        self.keep_fresh().await?;
        let found = self.load_stocked(generation, &wanted).await?;
        let found: HashMap<ProductId, Stocked> =
            wanted.into_iter().zip(found).filter_map(|(id, found)| Some((id, found?))).collect();
        let variant = |(id, owner): (&VariantId, Option<ProductId>)| {
            let found = found.get(&owner?)?;
            let at = found.product.variants.iter().position(|variant| variant.id == *id)?;
            Some((found.clone(), at))
        };
        Ok(ids.iter().zip(owners).map(variant).collect())
    }

    /// The generation everything is read and filed in.
    pub(super) async fn current(&self) -> Result<u64, Fault> {
        self.generation.current(&self.db, &*self.clock).await
    }

    /// What is not in memory is read on this, while the database answers.
    pub(super) async fn reader(&self) -> Result<CatalogueReader<'_>, Fault> {
        self.generation.reader(&self.db).await
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Products from the cache, the missing ones read at once; in the order of the ids.
    pub(super) async fn load(
        &self,
        generation: u64,
        ids: &[ProductId],
    ) -> Result<Vec<Option<Arc<Product>>>, Fault> {
        let mut products = Vec::with_capacity(ids.len());
        let mut missing = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let known = self.caches.products.get(generation, id);
            if known.is_none() {
                missing.push((at, *id));
            }
            products.push(known.flatten());
        }
        if missing.is_empty() {
            return Ok(products);
        }
        let mut wanted: Vec<ProductId> = missing.iter().map(|(_, id)| *id).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let found: HashMap<ProductId, Arc<Product>> =
            catalog::products_by_ids(&self.reader().await?, &wanted)
                .await?
                .into_iter()
                .map(|product| (product.id, Arc::new(product)))
                .collect();
        for id in wanted {
            self.caches.products.insert(generation, id, found.get(&id).cloned());
        }
        for (at, id) in missing {
            products[at] = found.get(&id).cloned();
        }
        Ok(products)
    }

    /// Products with their stock, in the order of the ids. One statement for those that are not in memory, and one for the stock
    /// of the others as far as it is not known.
    pub(super) async fn load_stocked(
        &self,
        generation: u64,
        ids: &[ProductId],
    ) -> Result<Vec<Option<Stocked>>, Fault> {
        let known: Vec<Option<Option<Arc<Product>>>> =
            ids.iter().map(|id| self.caches.products.get(generation, id)).collect();
        let at_hand: Vec<&Arc<Product>> = known.iter().flatten().flatten().collect();
        let mut stock = self.stock_of(at_hand.iter().map(|product| &***product)).await?.into_iter();
        let mut missing: Vec<ProductId> =
            ids.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(id, _)| *id).collect();
        missing.sort_unstable();
        missing.dedup();
        let mut read = HashMap::with_capacity(missing.len());
        if !missing.is_empty() {
            let since = self.moment().await?.turn;
            let found = catalog::stocked_products_by_ids(&self.reader().await?, &missing).await?;
            for found in self.take_stock(since, found).await? {
                read.insert(found.product.id, found);
            }
            for id in missing {
                let product = read.get(&id).map(|found: &Stocked| Arc::clone(&found.product));
                self.caches.products.insert(generation, id, product);
            }
        }
        let stocked = |(id, known): (&ProductId, Option<Option<Arc<Product>>>)| match known {
            Some(product) => {
                let product = product?;
                Some(Stocked { product, stock: stock.next()? })
            }
            None => read.get(id).cloned(),
        };
        Ok(ids.iter().zip(known).map(stocked).collect())
    }
}
