//! What has not been told yet: each topic once, and so many topics at most.

use crate::{key::Key, wire::Message};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use stoa_domain::live::Notice;
use tokio::sync::Notify;

/// More topics than this are not told one by one: everybody is told to read again.
const MOST: usize = 5_000;

#[derive(Default)]
struct Pending {
    /// Carts and orders, for which somebody waits.
    urgent: HashMap<Key, Notice>,
    stock: HashMap<Key, Notice>,
    /// Something could not be told: everybody must read again.
    everything: bool,
}

/// What is to be told.
pub(super) struct Outgoing {
    /// Whose messages these are.
    pub(super) from: u64,
    pending: Mutex<Pending>,
    filled: Notify,
}

impl Outgoing {
    pub(super) fn new(from: u64) -> Self {
        Self { from, pending: Mutex::default(), filled: Notify::new() }
    }

    pub(super) fn put(&self, key: Key, notice: Notice) {
        let mut pending = self.pending();
        if pending.everything {
            return;
        }
        let kind = if matches!(key, Key::Stock(_)) { &mut pending.stock } else { &mut pending.urgent };
        let merged = kind.get(&key).map_or(notice, |earlier| earlier.merge(notice));
        kind.insert(key, merged);
        if kind.len() > MOST {
            *pending = Pending { everything: true, ..Pending::default() };
        }
        drop(pending);
        self.filled.notify_one();
    }

    /// Something was lost on the way.
    pub(super) fn lost(&self) {
        *self.pending() = Pending { everything: true, ..Pending::default() };
        self.filled.notify_one();
    }

    /// The messages that are due, with or without those about stock.
    pub(super) fn take(&self, stock: bool) -> Vec<Message> {
        let mut pending = self.pending();
        let everything = std::mem::take(&mut pending.everything);
        let mut changes = std::mem::take(&mut pending.urgent);
        if stock {
            changes.extend(std::mem::take(&mut pending.stock));
        }
        drop(pending);
        Message::of(self.from, &changes, everything)
    }

    /// Whether there is something about stock.
    pub(super) fn has_stock(&self) -> bool {
        !self.pending().stock.is_empty()
    }

    /// Waits until something was put in.
    pub(super) async fn filled(&self) {
        self.filled.notified().await;
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn key(n: u128) -> Key {
        Key::Cart(Uuid::from_u128(n))
    }

    #[test]
    fn a_topic_that_changes_often_is_told_once_with_its_newest_version() {
        let outgoing = Outgoing::new(1);
        for version in [1, 3, 2] {
            outgoing.put(key(1), Notice::Version(version));
        }
        outgoing.put(Key::Stock(Uuid::nil()), Notice::ReRead);
        let [message] = &outgoing.take(false)[..] else { panic!("one message") };
        assert_eq!(message.changes().collect::<Vec<_>>(), [(key(1), Notice::Version(3))]);
        assert!(outgoing.has_stock(), "stock is told in its own time");
        assert_eq!(outgoing.take(true).len(), 1);
        assert!(outgoing.take(true).is_empty());
    }

    #[test]
    fn what_is_too_much_or_lost_becomes_one_word() {
        let outgoing = Outgoing::new(1);
        for n in 0..=MOST as u128 {
            outgoing.put(key(n), Notice::ReRead);
        }
        outgoing.put(key(1), Notice::ReRead);
        let [message] = &outgoing.take(true)[..] else { panic!("one message") };
        assert!(message.everything && message.changes().next().is_none());
        outgoing.lost();
        assert!(outgoing.take(false)[0].everything);
        assert!(outgoing.take(false).is_empty());
    }
}
