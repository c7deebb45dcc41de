//! Products of which units are held. Holds end by themselves, and where the store of holds does not list them nobody tells.

use std::collections::HashMap;
use stoa_domain::shared::ProductId;

/// How long figures of which something was held are taken for right at most, in milliseconds: as long as a line that is dead is taken for
/// alive. A store may lose holds without a word, and some are let go of without one: of carts that are gone, or by `stoa doctor`.
const RIGHT: u64 = 15_000;

/// They are not looked at again sooner: whoever let something go may not have been heard yet.
const SOONEST: u64 = 500;

/// Products that are noted each by itself, some 40 bytes each. Beyond that all are looked at again.
const MANY: usize = 50_000;

/// When to look at which product again.
#[derive(Debug, Default)]
pub(super) struct Lapses {
    due: HashMap<ProductId, u64>,
    /// Where there are too many.
    all: Option<u64>,
}

/// Which products are to be looked at again.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lapsed {
    /// These.
    These(Vec<ProductId>),
    /// Any.
    All,
}

impl Lapses {
    /// Units of a product are held, as was read at this time, for so long.
    pub(super) fn note(&mut self, product: ProductId, now: u64, ends: u64) {
        let due = now + ends.clamp(SOONEST, RIGHT);
        if let Some(all) = &mut self.all {
            *all = due.min(*all);
            return;
        }
        // An earlier reader may want it looked at earlier.
        let earliest = self.due.entry(product).or_insert(due);
        *earliest = due.min(*earliest);
        if self.due.len() > MANY {
            self.all = self.due.values().min().copied();
            self.due = HashMap::new();
        }
    }

    /// What is due, where it is known one by one.
    pub(super) fn due(&self, now: u64) -> impl Iterator<Item = ProductId> {
        self.due.iter().filter(move |(_, due)| **due <= now).map(|(product, _)| *product)
    }

    /// What is due, which is forgotten: whoever reads it again and finds it held notes it again.
    pub(super) fn take(&mut self, now: u64) -> Lapsed {
        if self.all.is_some_and(|due| due <= now) {
            self.clear();
            return Lapsed::All;
        }
        Lapsed::These(self.due.extract_if(|_, due| *due <= now).map(|(product, _)| product).collect())
    }

    /// Everything is looked at again anyhow.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const MINUTES: u64 = 15 * 60_000;

    fn product(n: usize) -> ProductId {
        ProductId::new(Uuid::from_u128(n as u128))
    }

    #[test]
    fn what_is_held_is_looked_at_again_once_and_not_later_for_being_read_again() {
        let mut lapses = Lapses::default();
        lapses.note(product(1), 100, MINUTES);
        lapses.note(product(2), 2_000, MINUTES);
        lapses.note(product(1), 3_000, MINUTES);
        assert_eq!(lapses.take(100 + RIGHT - 1), Lapsed::These(vec![]));
        assert_eq!(lapses.take(100 + RIGHT), Lapsed::These(vec![product(1)]));
        assert_eq!(lapses.take(2_000 + RIGHT), Lapsed::These(vec![product(2)]));
        assert_eq!(lapses.take(1_000_000), Lapsed::These(vec![]));
    }

    #[test]
    fn what_ends_is_looked_at_when_it_does() {
        let mut lapses = Lapses::default();
        lapses.note(product(1), 100, MINUTES);
        lapses.note(product(1), 200, 4_000);
        lapses.note(product(2), 200, 1);
        assert_eq!(lapses.take(200 + SOONEST - 1), Lapsed::These(vec![]));
        assert_eq!(lapses.take(200 + SOONEST), Lapsed::These(vec![product(2)]));
        assert_eq!(lapses.take(4_199), Lapsed::These(vec![]));
        assert_eq!(lapses.take(4_200), Lapsed::These(vec![product(1)]));
    }

    #[test]
    fn too_many_are_all_of_them() {
        let mut lapses = Lapses::default();
        (0..=MANY).for_each(|n| lapses.note(product(n), 1_000 + n as u64, MINUTES));
        assert!(lapses.due.is_empty());
        lapses.note(product(MANY + 1), 1_000, 10_000);
        assert_eq!(lapses.take(10_999), Lapsed::These(vec![]));
        assert_eq!(lapses.take(11_000), Lapsed::All);
        assert_eq!(lapses.take(u64::MAX), Lapsed::These(vec![]));
    }
}
