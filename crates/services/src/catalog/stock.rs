//! The stock that is shown beside products.

use super::{
    Catalog,
    cache::{Missing, ProductStock, Stocked, VariantStock},
};
use std::{collections::HashMap, time::Duration};
use stoa_domain::{
    catalog::Product,
    inventory::StockSnapshot,
    shared::{Fault, FaultKind, VariantId},
};
use stoa_persistence::inventory;
use tokio::time::timeout;

/// How long a page waits for figures that it can do without.
const PATIENCE: Duration = Duration::from_secs(2);

impl Catalog {
    /// What can be bought of a product's variants, in their order: at most a second old.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stock(&self, product: &Product) -> Result<ProductStock, Fault> {
        let stock = self.stock_of(std::iter::once(product)).await?;
        stock.into_iter().next().ok_or_else(|| Fault::bug("reading the stock of a product gave none"))
    }

    /// The same for several products, in their order. What is not known is read at once, in one statement. For what was shown of
    /// products before, it is what would be shown of them now.
    ///
    /// # Errors
    /// The database or the store of holds does not answer.
    pub async fn stock_of<'p, P: Stocked + 'p>(
        &self,
        products: impl ExactSizeIterator<Item = &'p P> + Clone,
    ) -> Result<Vec<ProductStock>, Fault> {
        let board = &self.caches.stock;
        self.keep_fresh().await?;
        let (mut shown, missing) = board.shown(products.clone());
        let unknown: Vec<&P> =
            products.zip(&shown).filter(|(_, shown)| shown.is_none()).map(|(product, _)| product).collect();
        if !unknown.is_empty() {
            let mut read = self.read_or_remember(&unknown, &missing).await?.into_iter();
            for slot in shown.iter_mut().filter(|slot| slot.is_none()) {
                *slot = read.next();
            }
        }
        Ok(shown.into_iter().map(|shown| shown.unwrap_or_else(ProductStock::none)).collect())
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
        let held = self.held(&snapshots).await?;
        let shown = |s: &StockSnapshot| VariantStock::of(s, held.get(&s.variant).copied().unwrap_or(0));
        Ok(snapshots.iter().map(|snapshot| (snapshot.variant, shown(snapshot))).collect())
    }

    /// Asks what has changed, unless the database is in doubt: then what is shown stays as it is.
    pub(super) async fn keep_fresh(&self) -> Result<(), Fault> {
        if self.generation.is_in_doubt() {
            return Ok(());
        }
        self.caches.stock.keep_fresh(&self.db, &*self.holds, &*self.clock).await
    }

    /// The stock of some products as it is, or, if the database does not say in time, as it was when last read.
    async fn read_or_remember<P: Stocked>(
        &self,
        products: &[&P],
        missing: &Missing,
    ) -> Result<Vec<ProductStock>, Fault> {
        let board = &self.caches.stock;
        let Some(remembered) = board.remembered(products) else {
            return self.read_stock(products, missing).await;
        };
        if self.generation.is_in_doubt() {
            return Ok(remembered);
        }
        match timeout(PATIENCE, self.read_stock(products, missing)).await {
            Ok(Err(fault)) if fault.kind() != FaultKind::Unavailable => Err(fault),
            Ok(Ok(read)) => Ok(read),
            Ok(Err(_)) | Err(_) => {
                board.note_unread();
                self.generation.doubt();
                Ok(remembered)
            }
        }
    }

    async fn read_stock<P: Stocked>(
        &self,
        products: &[&P],
        missing: &Missing,
    ) -> Result<Vec<ProductStock>, Fault> {
        self.generation.answers()?;
        let variants: Vec<VariantId> = products.iter().flat_map(|p| p.variant_ids()).collect();
        let snapshots = inventory::snapshots(self.db.catalogue(), &variants).await?;
        let held = if missing.ask_holds { self.held(&snapshots).await? } else { HashMap::new() };
        let snapshots = snapshots.into_iter().map(|s| (s.variant, s)).collect();
        Ok(self.caches.stock.take_in(missing, products, &snapshots, &held))
    }

    /// What all carts hold of these variants.
    async fn held(&self, snapshots: &[StockSnapshot]) -> Result<HashMap<VariantId, i64>, Fault> {
        // Where there is no limit, nobody's hold takes anything away.
        let limited: Vec<VariantId> =
            snapshots.iter().filter(|s| s.sellable.is_some()).map(|s| s.variant).collect();
        if limited.is_empty() {
            return Ok(HashMap::new());
        }
        self.held_of(&limited).await
    }

    /// What is held of some variants. Where the store does not answer, nothing: what is shown then is what SQL has, and the
    /// cart will say what of it can be had. It is asked again only after a while, so that pages do not wait for it.
    async fn held_of(&self, variants: &[VariantId]) -> Result<HashMap<VariantId, i64>, Fault> {
        let board = &self.caches.stock;
        if board.holds_are_silent() {
            return Ok(HashMap::new());
        }
        let held = timeout(PATIENCE, self.holds.held(variants, self.now())).await;
        match held.unwrap_or_else(|late| Err(Fault::unavailable("asking what carts hold", late))) {
            Err(fault) if fault.kind() == FaultKind::Unavailable => {
                board.note_silence();
                tracing::warn!(error = %fault, "availability is shown without what carts hold");
                Ok(HashMap::new())
            }
            held => held,
        }
    }
}
