//! What is told of stock, for those who ask now and then.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};
use stoa_domain::{
    live::{StockGatherer, ToldStock},
    shared::VariantId,
};
use uuid::Uuid;

/// More variants than this are not kept one by one.
const MOST: usize = 5_000;

/// Those who gather. Whoever is dropped is forgotten when the next is made or something is told.
#[derive(Default)]
pub(super) struct Gatherers(Mutex<Vec<Weak<Mutex<Gathered>>>>);

/// What one of them has not drained yet.
#[derive(Debug, Default)]
struct Gathered {
    variants: HashSet<Uuid>,
    everything: bool,
}

impl Gathered {
    fn put(&mut self, variant: Uuid) {
        if self.everything {
            return;
        }
        self.variants.insert(variant);
        if self.variants.len() > MOST {
            self.put_everything();
        }
    }

    fn put_everything(&mut self) {
        *self = Self { variants: HashSet::new(), everything: true };
    }
}

impl Gatherers {
    pub(super) fn add(&self) -> Box<dyn StockGatherer> {
        let gathered = Arc::new(Mutex::new(Gathered::default()));
        let mut all = self.all();
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(&gathered));
        drop(all);
        Box::new(HubGatherer(gathered))
    }

    pub(super) fn tell(&self, variant: Uuid) {
        self.each(|gathered| gathered.put(variant));
    }

    pub(super) fn tell_everything(&self) {
        self.each(Gathered::put_everything);
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.all().len()
    }

    fn each(&self, tell: impl Fn(&mut Gathered)) {
        self.all().retain(|one| one.upgrade().map(|gathered| tell(&mut lock(&gathered))).is_some());
    }

    fn all(&self) -> MutexGuard<'_, Vec<Weak<Mutex<Gathered>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct HubGatherer(Arc<Mutex<Gathered>>);

impl StockGatherer for HubGatherer {
    fn drain(&mut self) -> ToldStock {
        let gathered = std::mem::take(&mut *lock(&self.0));
        if gathered.everything {
            return ToldStock::Everything;
        }
        ToldStock::These(gathered.variants.into_iter().map(VariantId::new).collect())
    }
}

fn lock(gathered: &Mutex<Gathered>) -> MutexGuard<'_, Gathered> {
    gathered.lock().unwrap_or_else(PoisonError::into_inner)
}
