//! The bus of one process: from a topic to those who listen to it, and to nobody else.

mod gathering;

use crate::key::Key;
use async_trait::async_trait;
use gathering::Gatherers;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use stoa_domain::live::{Event, EventBus, Listener, Notice, StockGatherer, Topic};
use tokio::sync::Notify;

/// Carries events within a process. Cheap to clone: clones are one bus.
///
/// What an event costs depends on how many listen to its topic, not on how many listen at all: ten thousand listeners of ten
/// thousand carts sleep on while one of the carts changes.
#[derive(Clone, Default)]
pub struct Hub {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    topics: Mutex<HashMap<Key, HashMap<u64, Arc<Mailbox>>>>,
    listeners: AtomicU64,
    gatherers: Gatherers,
}

/// What has not been heard yet.
#[derive(Default)]
struct Mailbox {
    waiting: Mutex<Option<Notice>>,
    filled: Notify,
}

impl Mailbox {
    fn put(&self, notice: Notice) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = Some(waiting.map_or(notice, |earlier| earlier.merge(notice)));
        drop(waiting);
        self.filled.notify_one();
    }

    fn take(&self) -> Option<Notice> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Hub {
    /// A bus nobody listens to yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells everybody to read again: something may have been missed.
    pub fn re_read_all(&self) {
        for mailbox in self.inner.topics().values().flat_map(HashMap::values) {
            mailbox.put(Notice::ReRead);
        }
        self.inner.gatherers.tell_everything();
    }

    /// How many pairs of listener and topic there are.
    #[must_use]
    pub fn subscriptions(&self) -> usize {
        self.inner.topics().values().map(HashMap::len).sum()
    }

    pub(crate) fn deliver(&self, key: Key, notice: Notice) {
        if let Some(listeners) = self.inner.topics().get(&key) {
            listeners.values().for_each(|mailbox| mailbox.put(notice));
        }
        if let Key::Stock(variant) = key {
            self.inner.gatherers.tell(variant);
        }
    }
}

/// What an event says of each of its topics.
pub(crate) fn notices(event: &Event) -> Vec<(Key, Notice)> {
    match event {
        Event::CartChanged { cart, version } => {
            vec![(Topic::Cart(*cart).into(), Notice::Version(*version))]
        }
        Event::CartGone { cart } => vec![(Topic::Cart(*cart).into(), Notice::ReRead)],
        Event::OrderChanged { order } => vec![(Topic::Order(*order).into(), Notice::ReRead)],
        Event::StockChanged { variants } => {
            variants.iter().map(|variant| (Topic::Stock(*variant).into(), Notice::ReRead)).collect()
        }
    }
}

impl EventBus for Hub {
    fn publish(&self, event: Event) {
        for (key, notice) in notices(&event) {
            self.deliver(key, notice);
        }
    }

    fn subscribe(&self, topics: &[Topic]) -> Box<dyn Listener> {
        let mut keys: Vec<Key> = topics.iter().map(|topic| Key::from(*topic)).collect();
        keys.sort_unstable();
        keys.dedup();
        let id = self.inner.listeners.fetch_add(1, Ordering::Relaxed);
        let mailbox = Arc::new(Mailbox::default());
        let mut all = self.inner.topics();
        for key in &keys {
            all.entry(*key).or_default().insert(id, Arc::clone(&mailbox));
        }
        drop(all);
        Box::new(HubListener { hub: Arc::clone(&self.inner), id, keys, mailbox })
    }

    fn gather_stock(&self) -> Box<dyn StockGatherer> {
        self.inner.gatherers.add()
    }
}

impl Inner {
    fn topics(&self) -> MutexGuard<'_, HashMap<Key, HashMap<u64, Arc<Mailbox>>>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct HubListener {
    hub: Arc<Inner>,
    id: u64,
    keys: Vec<Key>,
    mailbox: Arc<Mailbox>,
}

#[async_trait]
impl Listener for HubListener {
    async fn next(&mut self) -> Notice {
        loop {
            // A permit is kept for whoever asks later, so nothing that is put in between is slept over.
            if let Some(notice) = self.mailbox.take() {
                return notice;
            }
            self.mailbox.filled.notified().await;
        }
    }
}

impl Drop for HubListener {
    fn drop(&mut self) {
        let mut topics = self.hub.topics();
        for key in &self.keys {
            if let Some(listeners) = topics.get_mut(key) {
                listeners.remove(&self.id);
                if listeners.is_empty() {
                    topics.remove(key);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
