//! The stock that is shown: a second old at most, a little more where very much is held.
//!
//! Figures stay in memory until they change. What has changed is asked for about twice a second, however many figures there
//! are: the stock ledger tells whose stock has, the store of holds who holds what. Where one of the two cannot tell
//! (Postgres numbers no commits, a store may not list its holds), everything is read again once a second instead. If that cannot
//! be read, it is remembered as it was.

mod figures;
mod shown;

pub use shown::{ProductStock, Stocked, VariantStock};

use figures::Figures;
use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use stoa_domain::{
    inventory::{ReservationStore, StockSnapshot},
    shared::{Clock, Fault, VariantId},
};
use stoa_persistence::{Db, inventory};
use tokio::sync::Mutex;

/// Nobody is shown figures that nobody has asked about for so long, in milliseconds; from half of it on one reader asks while
/// the others go on. Who holds what is asked for as a whole, so the more is held, the less often: 10,000 held variants make
/// it 3 seconds, and the asking some 2 % of a core.
const fn oldest(held_variants: usize) -> u64 {
    1_000 + held_variants as u64 / 5
}

/// How long a store of holds that has not answered is not asked for what is shown, in milliseconds.
const SILENCE: u64 = 2_000;

/// For how long figures that cannot be read again are shown as they were, in milliseconds.
const REMEMBERED: u64 = 30_000;

/// The figures that are shown.
pub(in crate::catalog) struct StockBoard {
    began: Instant,
    /// Milliseconds after `began` at which the last question about changes was asked; 0 before the first.
    asked: AtomicU64,
    /// What [`oldest`] said then.
    oldest: AtomicU64,
    /// Milliseconds after `began` until which the store of holds is not asked, because it has not answered.
    silent_until: AtomicU64,
    /// Milliseconds after `began` since when figures cannot be read; 0 where they can.
    unread_since: AtomicU64,
    /// Held while asking.
    asking: Mutex<()>,
    figures: RwLock<Figures>,
    /// Variants whose figures may be kept.
    room: usize,
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
            unread_since: AtomicU64::new(0),
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

    /// Figures could not be read in time.
    pub(in crate::catalog) fn note_unread(&self) {
        let now = self.millis().max(1);
        let _ = self.unread_since.compare_exchange(0, now, Ordering::AcqRel, Ordering::Relaxed);
    }

    /// The figures of some products that are to be read again, as they were, if there are some of all; only for a while when they
    /// cannot be read.
    pub(in crate::catalog) fn remembered<P: Stocked>(&self, products: &[&P]) -> Option<Vec<ProductStock>> {
        let since = self.unread_since.load(Ordering::Acquire);
        if since != 0 && self.millis() > since + REMEMBERED {
            return None;
        }
        self.read(|figures| products.iter().map(|product| figures.remembered(*product)).collect())
    }

    /// Forgets all figures.
    pub(in crate::catalog) fn clear(&self) {
        self.write(Figures::clear);
        self.asked.store(0, Ordering::Release);
    }

    /// What [`ProductStock::is_shown`] asks for. Read it after [`StockBoard::keep_fresh`].
    pub(in crate::catalog) fn epoch(&self) -> u64 {
        self.read(Figures::epoch)
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
        let after = self.read(Figures::ledger);
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
    pub(in crate::catalog) fn shown<'p, P: Stocked + 'p>(
        &self,
        products: impl Iterator<Item = &'p P>,
    ) -> (Vec<Option<ProductStock>>, Missing) {
        self.read(|figures| {
            let shown = products.map(|product| figures.shown(product)).collect();
            (shown, Missing { answers: figures.answers(), ask_holds: figures.ask_holds() })
        })
    }

    /// Takes in what was read of the missing products, and tells what is shown of them. `held` is what others hold,
    /// where it had to be asked for.
    pub(in crate::catalog) fn take_in<P: Stocked>(
        &self,
        missing: &Missing,
        products: &[&P],
        snapshots: &HashMap<VariantId, StockSnapshot>,
        held: &HashMap<VariantId, i64>,
    ) -> Vec<ProductStock> {
        self.unread_since.store(0, Ordering::Release);
        self.write(|figures| {
            // What was read may be older than changes that were told meanwhile: then it is shown this once.
            let keep = figures.answers() == missing.answers;
            if figures.len() > self.room {
                figures.clear_products();
            }
            products.iter().map(|product| figures.take_in(*product, snapshots, held, keep)).collect()
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
