//! The stock that is shown beside products.

use super::{
    Catalog,
    cache::{HeldFor, ProductStock, VariantStock},
    service::Moment,
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use stoa_domain::{
    catalog::Product,
    inventory::StockSnapshot,
    shared::{Fault, FaultKind, ProductId, Timestamp, VariantId},
};
use stoa_persistence::{catalog, inventory};
use tokio::time::timeout;

/// How long a page waits for figures that it can do without.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long whoever asks what has changed reads for others, while who comes first waits and everybody else is shown what was.
const AHEAD: Duration = Duration::from_millis(300);

/// A product with what can be bought of its variants, in their order: at most a second old.
#[derive(Clone, Debug)]
pub struct Stocked {
    /// The product.
    pub product: Arc<Product>,
    /// Its stock.
    pub stock: ProductStock,
}

impl Catalog {
    /// For each product whether its stock may have changed since a moment at which something was made of it. Ask after
    /// [`Catalog::moment`], and only within one generation.
    pub fn changed_since(&self, products: impl IntoIterator<Item = (ProductId, Moment)>) -> Vec<bool> {
        self.caches.stock.changed(products.into_iter().map(|(product, moment)| (product, moment.turn)))
    }

    /// What can be bought of a product's variants, in their order: at most a second old.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stock(&self, product: &Product) -> Result<ProductStock, Fault> {
        let stock = self.stock_of(std::iter::once(product)).await?;
        stock.into_iter().next().ok_or_else(|| Fault::bug("reading the stock of a product gave none"))
    }

    /// The same for several products, in their order. What is not known is read at once, in one statement.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stock_of<'p>(
        &self,
        products: impl ExactSizeIterator<Item = &'p Product> + Clone + Send,
    ) -> Result<Vec<ProductStock>, Fault> {
        let ids: Vec<ProductId> = products.clone().map(|product| product.id).collect();
        // What is known of another form of a product is read again.
        let known = self.known_stock(&ids).await?;
        let fits = |(product, known): (&Product, Option<ProductStock>)| known.filter(|s| s.are_of(product));
        let mut stock: Vec<_> = products.clone().zip(known).map(fits).collect();
        let unfit: Vec<ProductId> =
            ids.iter().zip(&stock).filter(|(_, known)| known.is_none()).map(|(id, _)| *id).collect();
        if !unfit.is_empty() {
            let read = match self.read_unless_silent(&unfit).await? {
                Some(read) => read,
                None => match self.caches.stock.remembered(unfit.iter().copied()) {
                    Some(remembered) => remembered,
                    None => self.read_stock(&unfit).await?,
                },
            };
            let mut read = read.into_iter();
            stock.iter_mut().filter(|slot| slot.is_none()).for_each(|slot| *slot = read.next());
        }
        let shown = |(product, stock): (&Product, Option<ProductStock>)| {
            stock.unwrap_or_else(ProductStock::none).for_product(product)
        };
        Ok(products.zip(stock).map(shown).collect())
    }

    /// The same for products of which only the ids are at hand; what is gone has no figures. `None` while the database is silent and
    /// what was shown before is still to be shown.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stock_by_ids(&self, ids: &[ProductId]) -> Result<Option<Vec<ProductStock>>, Fault> {
        let mut stock = self.known_stock(ids).await?;
        let missing: Vec<ProductId> =
            ids.iter().zip(&stock).filter(|(_, known)| known.is_none()).map(|(id, _)| *id).collect();
        if !missing.is_empty() {
            let Some(read) = self.read_unless_silent(&missing).await? else { return Ok(None) };
            let mut read = read.into_iter();
            stock.iter_mut().filter(|slot| slot.is_none()).for_each(|slot| *slot = read.next());
        }
        Ok(Some(stock.into_iter().map(|stock| stock.unwrap_or_else(ProductStock::none)).collect()))
    }

    /// Products that were read together with their stock since a turn, as they are shown.
    pub(super) async fn take_stock(
        &self,
        since: u64,
        read: Vec<catalog::StockedProduct>,
    ) -> Result<Vec<Stocked>, Fault> {
        let of = |read: &catalog::StockedProduct| (read.product.id, ProductStock::of(&read.stock));
        let (stock, held) = self.with_holds(read.iter().map(of).collect()).await?;
        let stock = self.caches.stock.take_in(since, stock.into_iter(), &held);
        let stocked = |(read, stock): (catalog::StockedProduct, ProductStock)| Stocked {
            stock: stock.for_product(&read.product),
            product: Arc::new(read.product),
        };
        Ok(read.into_iter().zip(stock).map(stocked).collect())
    }

    /// What can be bought of some variants as of now, past all caches of stock; of those only that shoppers see.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub(crate) async fn stock_now(
        &self,
        variants: &[VariantId],
    ) -> Result<HashMap<VariantId, VariantStock>, Fault> {
        let now = self.now();
        let found = self.variants_by_ids(variants).await?;
        let listed: Vec<VariantId> = variants
            .iter()
            .zip(&found)
            .filter(|(_, found)| found.as_ref().is_some_and(|found| found.product.is_listed(now)))
            .map(|(variant, _)| *variant)
            .collect();
        // Not from a replica, which may not have heard yet of what we were told has changed.
        let snapshots = inventory::snapshots(self.db.read(), &listed).await?;
        let limited: Vec<VariantId> =
            snapshots.iter().filter(|s| s.sellable.is_some()).map(|s| s.variant).collect();
        let held = self.held_of(&limited).await?;
        let shown =
            |s: &StockSnapshot| VariantStock::of(s, held.get(&s.variant).map_or(0, |held| held.units));
        Ok(snapshots.iter().map(|snapshot| (snapshot.variant, shown(snapshot))).collect())
    }

    /// Asks what has changed, unless the database is in doubt, or comes to be by not saying so in time: then what is shown stays as it
    /// is, for a while.
    pub(super) async fn keep_fresh(&self) -> Result<(), Fault> {
        if self.generation.is_in_doubt() {
            return Ok(());
        }
        let board = &self.caches.stock;
        let asked = self.ask_what_has_changed();
        if !board.is_to_be_remembered() {
            return asked.await;
        }
        match timeout(PATIENCE, asked).await {
            Ok(Err(fault)) if fault.kind() != FaultKind::Unavailable => Err(fault),
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => {
                board.note_unasked();
                self.generation.doubt();
                Ok(())
            }
        }
    }

    async fn ask_what_has_changed(&self) -> Result<(), Fault> {
        let board = &self.caches.stock;
        let asked = board.ask(&self.db, &*self.holds, self.bus.as_deref(), &*self.clock).await?;
        let Some(mut answer) = asked else { return Ok(()) };
        let stale = answer.take_stale();
        // What cannot be read ahead, or not soon, is read by whoever shows it. A part at a time, so that others get their turn between.
        let (mut read, mut held) = (Vec::new(), HashMap::new());
        let ahead = async {
            for part in stale {
                let (stock, holds) = self.figures_of(part).await?;
                read.extend(stock);
                held.extend(holds);
            }
            Ok::<_, Fault>(())
        };
        match timeout(AHEAD, ahead).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => {
                tracing::warn!(error = %fault, "stock that has changed is read by whoever shows it");
            }
            Err(_) => tracing::debug!("some of the stock that has changed is read by whoever shows it"),
        }
        board.learn(answer, read.into_iter(), &held);
        Ok(())
    }

    async fn known_stock(&self, ids: &[ProductId]) -> Result<Vec<Option<ProductStock>>, Fault> {
        self.keep_fresh().await?;
        Ok(self.caches.stock.shown(ids.iter().copied()))
    }

    /// Reads the stock of products. `None` if the database does not say in time, and what was shown is still to be shown.
    async fn read_unless_silent(&self, ids: &[ProductId]) -> Result<Option<Vec<ProductStock>>, Fault> {
        let board = &self.caches.stock;
        if !board.is_to_be_remembered() {
            return self.read_stock(ids).await.map(Some);
        }
        if self.generation.is_in_doubt() {
            return Ok(None);
        }
        match timeout(PATIENCE, self.read_stock(ids)).await {
            Ok(Err(fault)) if fault.kind() != FaultKind::Unavailable => Err(fault),
            Ok(Ok(read)) => Ok(Some(read)),
            Ok(Err(_)) | Err(_) => {
                board.note_unread();
                self.generation.doubt();
                Ok(None)
            }
        }
    }

    /// Reads the stock of products, and remembers it.
    async fn read_stock(&self, ids: &[ProductId]) -> Result<Vec<ProductStock>, Fault> {
        self.generation.answers()?;
        let board = &self.caches.stock;
        let since = board.turn();
        let (stock, held) = self.figures_of(ids.iter().map(|id| (*id, None)).collect()).await?;
        Ok(board.take_in(since, stock.into_iter(), &held))
    }

    /// What there is of products, from the database where it is not known, and, where each has to be asked about, what is held of it.
    async fn figures_of(
        &self,
        known: Vec<(ProductId, Option<ProductStock>)>,
    ) -> Result<(Vec<(ProductId, ProductStock)>, HashMap<VariantId, HeldFor>), Fault> {
        let unknown: Vec<ProductId> =
            known.iter().filter(|(_, stock)| stock.is_none()).map(|(id, _)| *id).collect();
        let read = catalog::stock_of_products(&self.db.catalogue(), &unknown).await?;
        let of = |id: &ProductId| read.get(id).map_or_else(ProductStock::none, |rows| ProductStock::of(rows));
        let stock = known.into_iter().map(|(id, stock)| (id, stock.unwrap_or_else(|| of(&id)))).collect();
        self.with_holds(stock).await
    }

    /// Products with what is held of them, where each has to be asked about.
    async fn with_holds(
        &self,
        stock: Vec<(ProductId, ProductStock)>,
    ) -> Result<(Vec<(ProductId, ProductStock)>, HashMap<VariantId, HeldFor>), Fault> {
        let limited: Vec<VariantId> = if self.caches.stock.asks_holds() {
            stock.iter().flat_map(|(_, stock)| stock.limited()).collect()
        } else {
            Vec::new()
        };
        let held = self.held_of(&limited).await?;
        Ok((stock, held))
    }

    /// What is held of some variants. Where the store does not answer, nothing: what is shown then is what SQL has, and the
    /// cart will say what of it can be had. It is asked again only after a while, so that pages do not wait for it.
    async fn held_of(&self, variants: &[VariantId]) -> Result<HashMap<VariantId, HeldFor>, Fault> {
        let board = &self.caches.stock;
        if variants.is_empty() || board.holds_are_silent() {
            return Ok(HashMap::new());
        }
        let now = self.now();
        let held = timeout(PATIENCE, self.holds.held_until(variants, now)).await;
        match held.unwrap_or_else(|late| Err(Fault::unavailable("asking what carts hold", late))) {
            Err(fault) if fault.kind() == FaultKind::Unavailable => {
                board.note_silence();
                tracing::warn!(error = %fault, "availability is shown without what carts hold");
                Ok(HashMap::new())
            }
            held => {
                let ends = |until: Timestamp| u64::try_from((until - now).num_milliseconds()).unwrap_or(0);
                let held_for = |(variant, (units, until))| (variant, HeldFor { units, ends: ends(until) });
                Ok(held?.into_iter().map(held_for).collect())
            }
        }
    }
}
