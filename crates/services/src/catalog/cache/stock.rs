//! The stock that is shown: a second old at most, a little more where very much is held.
//!
//! Figures stay in memory until they change. What has changed is asked for about twice a second, however many figures there
//! are: the stock ledger tells whose stock has, the store of holds who holds what. Where one of the two cannot tell
//! (Postgres numbers no commits, a store may not list its holds), everything is forgotten once a second instead.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use stoa_domain::{
    catalog::Product,
    inventory::{ReservationStore, StockSnapshot},
    shared::{Clock, Fault, ProductId, Timestamp, VariantId},
};
use stoa_persistence::{
    Db,
    inventory::{self, Changed, StockChanges},
};
use tokio::sync::Mutex;

/// Nobody is shown figures that nobody has asked about for so long, in milliseconds; from half of it on one reader asks while
/// the others go on. Who holds what is asked for as a whole, so the more is held, the less often: 10,000 held variants make
/// it 3 seconds, and the asking some 2 % of a core.
const fn oldest(held_variants: usize) -> u64 {
    1_000 + held_variants as u64 / 5
}

/// How long a store of holds that has not answered is not asked for what is shown, in milliseconds.
const SILENCE: u64 = 2_000;

/// What is shown of a variant's stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VariantStock {
    /// Whether a unit can be bought.
    pub available: bool,
    /// How many units can be; `None` where there is no limit.
    pub quantity: Option<i64>,
}

impl VariantStock {
    pub(in crate::catalog) fn of(snapshot: &StockSnapshot, held: i64) -> Self {
        let quantity = snapshot.sellable.map(|sellable| sellable.saturating_sub(held).max(0));
        Self { available: quantity != Some(0), quantity }
    }
}

/// The stock of a product's variants, in their order.
pub type ProductStock = Arc<[VariantStock]>;

/// The figures that are shown.
pub(in crate::catalog) struct StockBoard {
    began: Instant,
    /// Milliseconds after `began` at which the last question about changes was asked; 0 before the first.
    asked: AtomicU64,
    /// What [`oldest`] said then.
    oldest: AtomicU64,
    /// Milliseconds after `began` until which the store of holds is not asked, because it has not answered.
    silent_until: AtomicU64,
    /// Held while asking.
    asking: Mutex<()>,
    figures: RwLock<Figures>,
    /// Variants whose figures may be kept.
    room: usize,
}

#[derive(Default)]
struct Figures {
    products: HashMap<ProductId, Entry>,
    /// Of which product each variant in `products` is.
    owners: HashMap<VariantId, ProductId>,
    /// Units held of each variant; `None` where the store does not tell of all.
    held: Option<HashMap<VariantId, i64>>,
    /// Up to where the ledger has been read; `None` where it cannot tell.
    ledger: Option<i64>,
    /// Counts the answers about changes.
    answers: u64,
}

struct Entry {
    /// Which form of the product the figures were read for.
    updated_at: Timestamp,
    snapshots: Box<[StockSnapshot]>,
    shown: ProductStock,
}

/// Products whose figures are to be read, and what was known when that began.
pub(in crate::catalog) struct Missing {
    answers: u64,
    /// Whether holds must be asked for as well.
    pub(in crate::catalog) ask_holds: bool,
}

impl StockBoard {
    pub(super) fn new(room: usize) -> Self {
        Self {
            began: Instant::now(),
            asked: AtomicU64::new(0),
            oldest: AtomicU64::new(oldest(0)),
            silent_until: AtomicU64::new(0),
            asking: Mutex::default(),
            figures: RwLock::default(),
            room,
        }
    }

    /// Whether the store of holds did not answer a moment ago.
    pub(in crate::catalog) fn holds_are_silent(&self) -> bool {
        self.millis() < self.silent_until.load(Ordering::Relaxed)
    }

    /// The store of holds has not answered.
    pub(in crate::catalog) fn note_silence(&self) {
        self.silent_until.store(self.millis() + SILENCE, Ordering::Relaxed);
    }

    /// Forgets all figures.
    pub(in crate::catalog) fn clear(&self) {
        self.write(|figures| *figures = Figures { answers: figures.answers + 1, ..Figures::default() });
        self.asked.store(0, Ordering::Release);
    }

    /// Asks what has changed, if nobody has for a while.
    pub(in crate::catalog) async fn keep_fresh(
        &self,
        db: &Db,
        holds: &dyn ReservationStore,
        clock: &dyn Clock,
    ) -> Result<(), Fault> {
        let asked = self.asked.load(Ordering::Acquire);
        let age = self.millis().saturating_sub(asked);
        let limit = self.oldest.load(Ordering::Relaxed);
        if asked != 0 && age < limit / 2 {
            return Ok(());
        }
        let _turn = if asked == 0 || age >= limit {
            self.asking.lock().await
        } else {
            match self.asking.try_lock() {
                Ok(turn) => turn,
                // Somebody is asking, and what there is is still young enough.
                Err(_) => return Ok(()),
            }
        };
        if self.asked.load(Ordering::Acquire) != asked {
            return Ok(());
        }
        let begun = self.millis().max(1);
        let after = self.read(|figures| figures.ledger);
        let changes = inventory::stock_changes(db.catalogue(), after).await?;
        let held = match changes {
            Some(_) => holds.all_held(clock.now()).await?,
            None => None,
        };
        self.oldest.store(oldest(held.as_ref().map_or(0, HashMap::len)), Ordering::Relaxed);
        self.write(|figures| figures.learn(changes, held));
        self.asked.store(begun, Ordering::Release);
        Ok(())
    }

    /// What is shown of some products, in their order; `None` where it has to be read first.
    pub(in crate::catalog) fn shown<'p>(
        &self,
        products: impl Iterator<Item = &'p Product>,
    ) -> (Vec<Option<ProductStock>>, Missing) {
        self.read(|figures| {
            let shown = products.map(|product| figures.shown(product)).collect();
            (shown, Missing { answers: figures.answers, ask_holds: figures.held.is_none() })
        })
    }

    /// Takes in what was read of the missing products, and tells what is shown of them. `held` is what others hold,
    /// where it had to be asked for.
    pub(in crate::catalog) fn take_in(
        &self,
        missing: &Missing,
        products: &[&Product],
        snapshots: &HashMap<VariantId, StockSnapshot>,
        held: &HashMap<VariantId, i64>,
    ) -> Vec<ProductStock> {
        self.write(|figures| {
            // What was read may be older than changes that were told meanwhile: then it is shown this once.
            let keep = figures.answers == missing.answers;
            if figures.owners.len() > self.room {
                figures.products.clear();
                figures.owners.clear();
            }
            products.iter().map(|product| figures.take_in(product, snapshots, held, keep)).collect()
        })
    }

    fn read<T>(&self, read: impl FnOnce(&Figures) -> T) -> T {
        read(&self.figures.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, write: impl FnOnce(&mut Figures) -> T) -> T {
        write(&mut self.figures.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn millis(&self) -> u64 {
        millis(self.began.elapsed())
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Figures {
    fn shown(&self, product: &Product) -> Option<ProductStock> {
        let entry = self.products.get(&product.id)?;
        (entry.updated_at == product.updated_at).then(|| Arc::clone(&entry.shown))
    }

    fn take_in(
        &mut self,
        product: &Product,
        snapshots: &HashMap<VariantId, StockSnapshot>,
        asked: &HashMap<VariantId, i64>,
        keep: bool,
    ) -> ProductStock {
        // A variant without a stock row is going away: none of it can be bought.
        let gone = |variant| StockSnapshot { variant, sellable: Some(0), version: 0 };
        let snapshots: Box<[StockSnapshot]> = product
            .variants
            .iter()
            .map(|v| snapshots.get(&v.id).copied().unwrap_or_else(|| gone(v.id)))
            .collect();
        let shown = show(&snapshots, self.held.as_ref().unwrap_or(asked));
        if keep {
            self.owners.extend(snapshots.iter().map(|snapshot| (snapshot.variant, product.id)));
            let entry = Entry { updated_at: product.updated_at, snapshots, shown: Arc::clone(&shown) };
            self.products.insert(product.id, entry);
        }
        shown
    }

    fn learn(&mut self, changes: Option<StockChanges>, held: Option<HashMap<VariantId, i64>>) {
        self.answers += 1;
        self.ledger = changes.as_ref().map(|changes| changes.position);
        match (changes.map(|changes| changes.variants), held) {
            (Some(Changed::These(variants)), Some(held)) if self.held.is_some() => {
                for variant in variants {
                    self.forget(variant);
                }
                self.hold(held);
            }
            // Not everything was told, or what was known before was not everything.
            (_, held) => {
                self.held = held;
                self.products.clear();
                self.owners.clear();
            }
        }
    }

    /// Forgets the product that a variant belongs to: its stock has to be read again.
    fn forget(&mut self, variant: VariantId) {
        let Some(product) = self.owners.get(&variant) else { return };
        if let Some(entry) = self.products.remove(product) {
            for snapshot in &entry.snapshots {
                self.owners.remove(&snapshot.variant);
            }
        }
    }

    /// Learns who holds what, and shows anew what that changes.
    fn hold(&mut self, now: HashMap<VariantId, i64>) {
        let before = self.held.replace(now).unwrap_or_default();
        let Some(now) = &self.held else { return };
        let differs = |a: &HashMap<_, _>, b: &HashMap<VariantId, i64>| -> Vec<VariantId> {
            a.iter()
                .filter(|(variant, units)| b.get(variant) != Some(units))
                .map(|(variant, _)| *variant)
                .collect()
        };
        for variant in differs(&before, now).into_iter().chain(differs(now, &before)) {
            if let Some(product) = self.owners.get(&variant)
                && let Some(entry) = self.products.get_mut(product)
            {
                entry.shown = show(&entry.snapshots, now);
            }
        }
    }
}

fn show(snapshots: &[StockSnapshot], held: &HashMap<VariantId, i64>) -> ProductStock {
    snapshots.iter().map(|s| VariantStock::of(s, held.get(&s.variant).copied().unwrap_or(0))).collect()
}
