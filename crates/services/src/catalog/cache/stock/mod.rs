//! The stock that is shown: a second old at most, a little more where very much is held.
//!
//! What was made of a product's stock is right until that changes. What has changed is asked for about twice a second, however
//! much was made: the stock ledger tells whose stock has, the store of holds who holds what. A store that does not list its holds
//! (Redis) leaves it to the bus of live events, on which every hold is told once the store has it; as nobody tells that a hold has
//! ended by itself, a product of which something is held counts as changed when the first hold on it is over, and every 15 seconds. Where the ledger or the bus
//! cannot tell (a replica may be older than the ledger, a line may be cut), everything counts as changed once a second instead; where
//! that cannot be read again, it is shown as it was for a while. Figures themselves are kept of a few products only, and read again by who
//! asks what has changed, for all (of those of which only the bus has told, just who holds them); of the others by whoever has them to show.
//!
//! A hold that was never told, because its process died within a quarter of a second, is not shown by others until the product changes, nor
//! after it has ended by itself. Nothing is decided by what is shown.

mod figures;
mod lapses;
mod shown;
mod told;
mod turns;

pub use shown::{ProductStock, StockPrint, VariantStock};

pub(in crate::catalog) use figures::HeldFor;
use figures::{Figures, Holds, News, Stale};
use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use stoa_domain::{
    inventory::ReservationStore,
    live::EventBus,
    shared::{Clock, Fault, ProductId, VariantId},
};
use stoa_persistence::{Db, catalog, inventory};
use tokio::sync::{Mutex, MutexGuard};
use told::Told;

/// Nobody is shown figures that nobody has asked about for so long, in milliseconds; from half of it on one reader asks while
/// the others go on. Who holds what is asked for as a whole, so the more is held, the less often: 10,000 held variants make
/// it 2 seconds, and the asking some 1 % of a core.
const fn oldest(held_variants: usize) -> u64 {
    1_000 + held_variants as u64 / 10
}

/// How long a store of holds that has not answered is not asked for what is shown, in milliseconds.
const SILENCE: u64 = 2_000;

/// For how long what cannot be read again is shown as it was, in milliseconds.
const REMEMBERED: u64 = 30_000;

/// Of products whose stock has changed and was shown a moment ago it is read again before that is learned, so that nobody waits for
/// it: of so many variants, which takes the store of holds some tens of milliseconds, in parts. Of the others it is read for whoever asks
/// first.
const AHEAD: usize = 6_000;

/// What has changed, before it is learned. Nobody else asks meanwhile.
pub(in crate::catalog) struct Answer<'b> {
    told: MutexGuard<'b, Told>,
    begun: u64,
    news: News,
    owners: HashMap<VariantId, ProductId>,
    now: u64,
    /// The turn that this comes after.
    turn: u64,
    stale: Stale,
}

impl Answer<'_> {
    /// Products whose figures it makes stale, in parts, each with its figures where only what is held of it may be another.
    pub(in crate::catalog) fn take_stale(&mut self) -> Stale {
        std::mem::take(&mut self.stale)
    }
}

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
    /// The same of what has changed.
    unasked_since: AtomicU64,
    /// Held while asking.
    asking: Mutex<Told>,
    figures: RwLock<Figures>,
    /// Variants whose figures may be kept.
    room: usize,
}

impl StockBoard {
    pub(super) fn new(room: usize) -> Self {
        Self {
            began: Instant::now(),
            asked: AtomicU64::new(0),
            oldest: AtomicU64::new(oldest(0)),
            silent_until: AtomicU64::new(0),
            unread_since: AtomicU64::new(0),
            unasked_since: AtomicU64::new(0),
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
        self.note_since(&self.unread_since);
    }

    /// Nobody could say in time what has changed.
    pub(in crate::catalog) fn note_unasked(&self) {
        self.note_since(&self.unasked_since);
    }

    fn note_since(&self, since: &AtomicU64) {
        let _ = since.compare_exchange(0, self.millis().max(1), Ordering::AcqRel, Ordering::Relaxed);
    }

    /// Whether what was shown before is shown while it cannot be read again: only for a while.
    pub(in crate::catalog) fn is_to_be_remembered(&self) -> bool {
        let now = self.millis();
        [&self.unread_since, &self.unasked_since].into_iter().all(|since| {
            let since = since.load(Ordering::Acquire);
            since == 0 || now <= since + REMEMBERED
        })
    }

    /// The figures of some products as they were, if there are some of all.
    pub(in crate::catalog) fn remembered(
        &self,
        products: impl Iterator<Item = ProductId>,
    ) -> Option<Vec<ProductStock>> {
        self.read(|figures| products.map(|product| figures.remembered(product)).collect())
    }

    /// Forgets all figures.
    pub(in crate::catalog) fn clear(&self) {
        self.write(Figures::clear);
        self.asked.store(0, Ordering::Release);
    }

    /// The turn of what is read from now on. Ask for it after [`StockBoard::ask`].
    pub(in crate::catalog) fn turn(&self) -> u64 {
        self.read(Figures::turn)
    }

    /// For each product whether its stock has changed since a turn.
    pub(in crate::catalog) fn changed(
        &self,
        products: impl IntoIterator<Item = (ProductId, u64)>,
    ) -> Vec<bool> {
        self.read(|figures| {
            products.into_iter().map(|(product, turn)| !figures.is_as_at(product, turn)).collect()
        })
    }

    /// Asks what has changed, if nobody has for a while. Nothing is learned before [`StockBoard::learn`].
    pub(in crate::catalog) async fn ask(
        &self,
        db: &Db,
        holds: &dyn ReservationStore,
        bus: Option<&dyn EventBus>,
        clock: &dyn Clock,
    ) -> Result<Option<Answer<'_>>, Fault> {
        let asked = self.asked.load(Ordering::Acquire);
        let age = self.millis().saturating_sub(asked);
        let limit = self.oldest.load(Ordering::Relaxed);
        if asked != 0 && age < limit / 2 {
            return Ok(None);
        }
        let mut told = if asked == 0 || age >= limit {
            self.asking.lock().await
        } else {
            match self.asking.try_lock() {
                Ok(told) => told,
                // Somebody is asking, and what there is is still young enough.
                Err(_) => return Ok(None),
            }
        };
        if self.asked.load(Ordering::Acquire) != asked {
            return Ok(None);
        }
        let begun = self.millis().max(1);
        let after = self.read(Figures::ledger);
        // First what was told: of an order, which lets go of what was held for it, the ledger knows by then.
        let heard = self.asks_holds().then(|| self.hear(&mut told, bus, asked));
        let changes = inventory::stock_changes(db, after.as_ref()).await?;
        let holds = match changes {
            Some(_) => match holds.all_held(clock.now()).await? {
                Some(held) => {
                    told.stop();
                    Holds::All(held)
                }
                None => heard.unwrap_or_else(|| self.hear(&mut told, bus, asked)),
            },
            None => Holds::Unknown,
        };
        let news = News { changes, holds };
        let (mut owners, strangers) = self.read(|figures| figures.owners(&news));
        if !strangers.is_empty() {
            owners.extend(catalog::products_of_variants(&db.catalogue(), &strangers).await?);
        }
        let now = self.millis();
        let (turn, stale) = self.read(|figures| (figures.turn(), figures.stale(&news, &owners, now, AHEAD)));
        Ok(Some(Answer { told, begun, news, owners, now, turn, stale }))
    }

    /// Learns what has changed, together with what there is of the products whose figures that makes stale.
    pub(in crate::catalog) fn learn(
        &self,
        answer: Answer<'_>,
        read: impl Iterator<Item = (ProductId, ProductStock)>,
        held: &HashMap<VariantId, HeldFor>,
    ) {
        let Answer { mut told, begun, news, owners, now, turn, .. } = answer;
        let held_variants = if let Holds::All(held) = &news.holds { held.len() } else { 0 };
        self.oldest.store(oldest(held_variants), Ordering::Relaxed);
        let learned = self.write(|figures| {
            if figures.turn() != turn {
                // Everything was forgotten meanwhile, and will be asked for anew.
                return false;
            }
            figures.learn(news, &owners, now);
            for (product, stock) in read {
                figures.take_in(product, stock, held, (true, now));
            }
            true
        });
        if learned {
            told.learned();
            self.unasked_since.store(0, Ordering::Release);
            self.asked.store(begun, Ordering::Release);
        }
    }

    /// What the bus tells of holds. `asked` is when it was asked before.
    fn hear(&self, told: &mut Told, bus: Option<&dyn EventBus>, asked: u64) -> Holds {
        told.hear(bus);
        if self.silent_until.load(Ordering::Relaxed) >= asked.max(1) {
            // Since then figures may have been shown without what is held.
            told.doubt();
        }
        told.variants().map_or(Holds::Unknown, Holds::Changed)
    }

    /// What is known of some products, in their order; `None` where it has to be read first.
    pub(in crate::catalog) fn shown(
        &self,
        products: impl Iterator<Item = ProductId>,
    ) -> Vec<Option<ProductStock>> {
        self.read(|figures| products.map(|product| figures.shown(product)).collect())
    }

    /// Whether holds must be asked for with each product.
    pub(in crate::catalog) fn asks_holds(&self) -> bool {
        self.read(Figures::ask_holds)
    }

    /// Takes in what there is of some products since a turn, and tells what is shown of them. `held` is what others hold, where
    /// it had to be asked for.
    pub(in crate::catalog) fn take_in(
        &self,
        since: u64,
        read: impl Iterator<Item = (ProductId, ProductStock)>,
        held: &HashMap<VariantId, HeldFor>,
    ) -> Vec<ProductStock> {
        self.unread_since.store(0, Ordering::Release);
        let now = self.millis();
        self.write(|figures| {
            // What was read may be older than changes that were told meanwhile: then it is shown this once.
            let keep = figures.turn() == since;
            if figures.len() > self.room {
                figures.forget_figures();
            }
            read.map(|(product, stock)| figures.take_in(product, stock, held, (keep, now))).collect()
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
