//! Writing a file's products, in batches.

use super::{
    merge::{self, Known},
    noted::{Log, Run},
    product::FileProduct,
    products::Products,
    report::{ImportError, ImportReport, Progress, refusal},
};
use crate::audit::Witness;
use std::{collections::HashMap, fs::File, io::Read, path::Path, sync::Arc};
use stoa_domain::{
    catalog::{Handle, Product, ProductDraft, StockPolicy},
    inventory::Location,
    shared::{Clock, Currency, Fault, IdGenerator, LocationId, ProductId, Timestamp, VariantId},
};
use stoa_persistence::{
    Db, Durability,
    catalog::{
        ImportState, NewProduct, UpdateProductError, WriteContext, import_state, insert_products,
        products_by_ids, update_product,
    },
    db::{MayFault, retrying},
    inventory,
};
use tokio::sync::mpsc;

/// Products written in one transaction: enough to make commits cheap, few enough to let other writers in between.
const BATCH: usize = 250;
/// What a shop without locations is given.
const FIRST_LOCATION: &str = "Main";

/// Imports product files.
pub struct ImportProducts {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    currency: Currency,
    witness: Option<Witness>,
}

/// What the reading thread hands over.
struct Batch {
    products: Vec<FileProduct>,
    refused: Vec<(u64, String, String)>,
    bytes: u64,
}

impl ImportProducts {
    /// Imports into `db`; prices are in `currency`.
    pub fn new(db: Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>, currency: Currency) -> Self {
        Self { db, clock, ids, currency, witness: None }
    }

    /// Leaves in the audit log who imports what. Whatever a person starts does; what fills a shop for a test need not.
    #[must_use]
    pub fn witnessed(self, witness: Witness) -> Self {
        Self { witness: Some(witness), ..self }
    }

    /// Imports a file.
    ///
    /// # Errors
    /// The file cannot be read, is no product file, or something broke; what was written until then stays.
    pub async fn run(&self, file: &Path, progress: &dyn Progress) -> Result<ImportReport, ImportError> {
        let path = file.to_owned();
        let source = tokio::task::spawn_blocking(move || File::open(path))
            .await
            .map_err(|e| Fault::internal("import.open", e))?
            .map_err(|e| ImportError::Unreadable(e.to_string()))?;
        self.run_from(source, file, progress).await
    }

    /// Imports from any source; `file` is the name in refusals.
    ///
    /// # Errors
    /// As [`ImportProducts::run`].
    pub async fn run_from(
        &self,
        source: impl Read + Send + 'static,
        file: &Path,
        progress: &dyn Progress,
    ) -> Result<ImportReport, ImportError> {
        let run = Run { id: self.ids.id(), file };
        let mut done = Done::default();
        let outcome = self.import(source, run, progress, &mut done).await;
        if let Some(log) = self.log().filter(|_| done.begun) {
            let told = log.ends(run, done.report, outcome.is_ok()).await;
            // What broke first says more than that the log could not be told of it.
            outcome.and(told.map_err(ImportError::from))?;
        } else {
            outcome?;
        }
        Ok(done.report)
    }

    /// Writes down what it does as it does it: whoever calls must know where it broke off.
    async fn import(
        &self,
        source: impl Read + Send + 'static,
        run: Run<'_>,
        progress: &dyn Progress,
        done: &mut Done,
    ) -> Result<(), ImportError> {
        let now = self.clock.now();
        let exponent = self.currency.exponent();
        // Reading and parsing run ahead on a thread of their own, by two batches at most: memory stays bounded.
        let (to_writer, mut batches) = mpsc::channel::<Batch>(2);
        let reader = tokio::task::spawn_blocking(move || read(source, exponent, &to_writer));
        let mut location = None;
        while let Some(batch) = batches.recv().await {
            let location = match location {
                Some(known) => known,
                // It is a product file: from here on it may write.
                None => {
                    self.begin(run, done).await?;
                    *location.insert(self.location().await?)
                }
            };
            let bytes = batch.bytes;
            self.write(batch, run.file, location, now, progress, &mut done.report).await?;
            progress.at(bytes);
        }
        reader.await.map_err(|e| Fault::internal("import.read", e))??;
        Ok(())
    }

    async fn begin(&self, run: Run<'_>, done: &mut Done) -> Result<(), Fault> {
        if let Some(log) = self.log() {
            log.begins(run).await?;
        }
        done.begun = true;
        Ok(())
    }

    fn log(&self) -> Option<Log<'_>> {
        let witness = self.witness.as_ref()?;
        Some(Log { db: &self.db, clock: &*self.clock, witness })
    }

    async fn write(
        &self,
        batch: Batch,
        file: &Path,
        location: LocationId,
        now: Timestamp,
        progress: &dyn Progress,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        let mut refuse = |line, handle: &str, reason: String| {
            report.refused += 1;
            progress.refused(&refusal(file, line, handle, reason));
        };
        for (line, handle, reason) in &batch.refused {
            refuse(*line, handle, reason.clone());
        }
        let mut named = Vec::with_capacity(batch.products.len());
        for product in batch.products {
            match Handle::parse(&product.handle) {
                Ok(handle) => named.push((handle, product)),
                Err(rule) => refuse(product.line, &product.handle, rule.to_string()),
            }
        }
        let handles: Vec<&Handle> = named.iter().map(|(handle, _)| handle).collect();
        let known = import_state(self.db.read(), &handles).await?;
        let before = self.before(&named, &known).await?;
        let mut created = Vec::new();
        for (handle, product) in &named {
            let state = known.get(handle.as_str());
            if state.is_some_and(|s| s.hash == Some(product.fingerprint)) {
                report.unchanged += 1;
                continue;
            }
            // What is on sale already has been since it was first.
            let since = state.and_then(|s| s.published_at).unwrap_or(now);
            let mut input = product.input(since);
            let kept = match state.and_then(|state| before.known(state.id)) {
                Some(known) => merge::keep(&mut input, product.present, &known),
                None => Ok(()),
            };
            let draft = kept.and_then(|()| ProductDraft::try_new(&input).map_err(|rule| rule.to_string()));
            let draft = match draft {
                Ok(draft) => draft,
                Err(reason) => {
                    refuse(product.line, &product.handle, reason);
                    continue;
                }
            };
            match state {
                Some(state) => {
                    match self.update(state.id, &draft, product.fingerprint, location, now).await {
                        Ok(()) => report.updated += 1,
                        Err(UpdateProductError::Fault(fault)) => return Err(fault.into()),
                        Err(refused) => refuse(product.line, &product.handle, refused.to_string()),
                    }
                }
                None => created.push((draft, product.fingerprint)),
            }
        }
        self.create(&created, location, now).await?;
        report.created += created.len() as u64;
        Ok(())
    }

    /// The products of a batch that will be changed by a file that does not say everything of them, as they are.
    async fn before(
        &self,
        named: &[(Handle, FileProduct)],
        known: &HashMap<String, ImportState>,
    ) -> Result<Before, Fault> {
        let wanted: Vec<ProductId> = named
            .iter()
            .filter(|(_, product)| !product.present.everything())
            .filter_map(|(handle, product)| {
                let state = known.get(handle.as_str())?;
                (state.hash != Some(product.fingerprint)).then_some(state.id)
            })
            .collect();
        if wanted.is_empty() {
            return Ok(Before::default());
        }
        let products = products_by_ids(self.db.read(), &wanted).await?;
        let variants: Vec<VariantId> =
            products.iter().flat_map(|product| product.variants.iter().map(|v| v.id)).collect();
        let stock = inventory::policies(self.db.read(), &variants).await?;
        Ok(Before { products: products.into_iter().map(|p| (p.id, p)).collect(), stock })
    }

    async fn create(
        &self,
        products: &[(ProductDraft, [u8; 32])],
        location: LocationId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        if products.is_empty() {
            return Ok(());
        }
        let new: Vec<NewProduct<'_>> = products
            .iter()
            .map(|(draft, fingerprint)| NewProduct { draft, import_hash: Some(*fingerprint) })
            .collect();
        retrying(|| async {
            let tx = self.db.write(Durability::Relaxed).await?;
            insert_products(&tx, &new, &self.context(location, now)).await?;
            tx.commit().await
        })
        .await
    }

    /// A transaction of its own: what is refused takes nothing else along.
    async fn update(
        &self,
        id: ProductId,
        draft: &ProductDraft,
        fingerprint: [u8; 32],
        location: LocationId,
        now: Timestamp,
    ) -> Result<(), UpdateProductError> {
        retrying(|| async {
            let tx = self.db.write(Durability::Relaxed).await.map_err(UpdateFault::from)?;
            update_product(&tx, id, draft, Some(fingerprint), &self.context(location, now))
                .await
                .map_err(UpdateFault)?;
            tx.commit().await.map_err(UpdateFault::from)
        })
        .await
        .map_err(|UpdateFault(error)| error)
    }

    fn context(&self, location: LocationId, now: Timestamp) -> WriteContext<'_> {
        WriteContext { ids: &*self.ids, now, location, reference: None }
    }

    /// Where imported stock lies: the first location, which is made when there is none.
    async fn location(&self) -> Result<LocationId, Fault> {
        if let Some(first) = inventory::locations(self.db.read()).await?.first() {
            return Ok(first.id);
        }
        let first =
            Location { id: LocationId::new(self.ids.id()), name: FIRST_LOCATION.to_owned(), position: 1 };
        retrying(|| async {
            let tx = self.db.write(Durability::Full).await?;
            inventory::add_location(&tx, &first, self.clock.now()).await?;
            tx.commit().await
        })
        .await?;
        Ok(first.id)
    }
}

/// How far an import has come.
#[derive(Default)]
struct Done {
    report: ImportReport,
    /// Whether it may have written anything, and the log says that it began.
    begun: bool,
}

/// What is there of a batch's products before they are changed.
#[derive(Default)]
struct Before {
    products: HashMap<ProductId, Product>,
    stock: HashMap<VariantId, StockPolicy>,
}

impl Before {
    fn known(&self, id: ProductId) -> Option<Known<'_>> {
        Some(Known { product: self.products.get(&id)?, stock: &self.stock })
    }
}

/// Lets [`retrying`] see the fault in an [`UpdateProductError`].
struct UpdateFault(UpdateProductError);

impl From<Fault> for UpdateFault {
    fn from(fault: Fault) -> Self {
        Self(UpdateProductError::Fault(fault))
    }
}

impl MayFault for UpdateFault {
    fn fault(&self) -> Option<&Fault> {
        match &self.0 {
            UpdateProductError::Fault(fault) => Some(fault),
            UpdateProductError::Gone
            | UpdateProductError::HandleTaken(_)
            | UpdateProductError::VariantPromised(_)
            | UpdateProductError::Stock { .. } => None,
        }
    }
}

/// Reads a source to its end, a batch at a time. Ends early when nobody listens any more.
fn read(source: impl Read, exponent: u32, to_writer: &mpsc::Sender<Batch>) -> Result<(), ImportError> {
    let mut file = Products::open(source, exponent)?;
    loop {
        let mut batch = Batch { products: Vec::with_capacity(BATCH), refused: Vec::new(), bytes: 0 };
        while batch.products.len() + batch.refused.len() < BATCH {
            match file.next()? {
                None => {
                    batch.bytes = file.position();
                    let _ = to_writer.blocking_send(batch);
                    return Ok(());
                }
                Some(Ok(product)) => batch.products.push(product),
                Some(Err((handle, complaint))) => {
                    batch.refused.push((complaint.line, handle, complaint.reason));
                }
            }
        }
        batch.bytes = file.position();
        if to_writer.blocking_send(batch).is_err() {
            return Ok(());
        }
    }
}
