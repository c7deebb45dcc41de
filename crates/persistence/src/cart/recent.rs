//! Carts as this process has just saved them, so that the next click need not read them back.
//!
//! Only where one process has the database to itself: another's save would not be seen here. Should two share a file all
//! the same, a save still compares versions, so nothing is lost by it, and what is shown is [`KEPT`] old at most.
//!
//! Only saves put carts in. A reader might put in a cart that somebody has changed since; a save knows its place by its
//! version.

use moka::{ops::compute::Op, sync::Cache};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    cart::Cart,
    shared::{CartId, Timestamp},
};

/// Bytes of carts, roughly.
const ROOM: u64 = 5 << 20;
/// From click to click.
const KEPT: Duration = Duration::from_secs(30);
/// What a cart takes beside its text, roughly.
const ENTRY: usize = 512;

/// The carts of the last clicks.
#[derive(Clone, Debug)]
pub(super) struct Recent(Cache<CartId, Arc<Entry>>);

#[derive(Debug)]
struct Entry {
    version: u64,
    /// `None`: it was deleted at this version, or somebody was about to change it.
    live: Option<Live>,
    weight: usize,
}

#[derive(Debug)]
struct Live {
    cart: Cart,
    expires_at: Timestamp,
}

impl Recent {
    pub(super) fn new() -> Self {
        let weigh = |_: &CartId, entry: &Arc<Entry>| u32::try_from(entry.weight).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(ROOM).weigher(weigh).time_to_live(KEPT).build())
    }

    /// The cart, if it was saved here a moment ago and lives. `None` says nothing.
    pub(super) fn find(&self, id: CartId, now: Timestamp) -> Option<Cart> {
        let entry = self.0.get(&id)?;
        entry.live.as_ref().filter(|live| now < live.expires_at).map(|live| live.cart.clone())
    }

    /// Before a change of `version`, of which nobody may ever hear how it ended: what is known is doubtful until then. A save up
    /// to that version that is told late is no news any more.
    pub(super) fn doubt(&self, id: CartId, version: u64) {
        self.deleted(id, version);
    }

    /// A save that was committed; `bytes` is the length of the cart's text.
    pub(super) fn saved(&self, cart: Cart, expires_at: Timestamp, bytes: usize) {
        let (id, version) = (cart.id, cart.version);
        let live = Some(Live { cart, expires_at });
        // The text is shorter than what it becomes in memory.
        self.put(id, Entry { version, live, weight: ENTRY + bytes * 2 });
    }

    /// A deletion that was committed. Kept as well, so that a save that was committed before it and is told late does not
    /// bring the cart back.
    pub(super) fn deleted(&self, id: CartId, version: u64) {
        self.put(id, Entry { version, live: None, weight: ENTRY });
    }

    /// Commits are told in any order: the newest stays.
    fn put(&self, id: CartId, entry: Entry) {
        let place = |e: &Entry| (e.version, e.live.is_none());
        let new = Arc::new(entry);
        self.0.entry(id).and_compute_with(|known| match known {
            Some(known) if place(known.value()) > place(&new) => Op::Nop,
            _ => Op::Put(new),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};
    use stoa_domain::shared::Currency;
    use uuid::Uuid;

    fn cart(version: u64) -> Cart {
        let made = Cart::new(CartId::new(Uuid::nil()), Currency::USD, DateTime::UNIX_EPOCH);
        Cart { version, ..made }
    }

    fn later(seconds: i64) -> Timestamp {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn commits_that_are_told_late_do_not_bring_back_what_was() {
        let (recent, id) = (Recent::new(), cart(1).id);
        recent.saved(cart(2), later(9), 10);
        recent.saved(cart(1), later(9), 10);
        assert_eq!(recent.find(id, later(0)).map(|c| c.version), Some(2));
        recent.deleted(id, 2);
        recent.saved(cart(2), later(9), 10);
        assert_eq!(recent.find(id, later(0)), None);
        recent.saved(cart(3), later(9), 10);
        assert_eq!(recent.find(id, later(0)).map(|c| c.version), Some(3), "made anew");
    }

    #[test]
    fn a_cart_is_gone_when_its_time_is_up_and_while_it_is_in_doubt() {
        let (recent, id) = (Recent::new(), cart(1).id);
        recent.saved(cart(1), later(9), 10);
        assert!(recent.find(id, later(8)).is_some());
        assert!(recent.find(id, later(9)).is_none());
        recent.doubt(id, 1);
        assert!(recent.find(id, later(8)).is_none());
    }

    #[test]
    fn a_save_that_is_told_after_a_doubt_is_not_shown() {
        let (recent, id) = (Recent::new(), cart(1).id);
        recent.doubt(id, 1);
        recent.doubt(id, 2);
        // The second one's request ended without a word, and only then the first one's goes on.
        recent.saved(cart(2), later(9), 10);
        assert_eq!(recent.find(id, later(0)), None, "it may be at 3");
        recent.saved(cart(3), later(9), 10);
        assert_eq!(recent.find(id, later(0)).map(|c| c.version), Some(3));
        recent.doubt(id, 2);
        assert_eq!(recent.find(id, later(0)).map(|c| c.version), Some(3), "a stale copy changes nothing");
    }
}
