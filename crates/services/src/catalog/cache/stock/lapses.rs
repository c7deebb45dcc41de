//! Products of which units are held. Holds end by themselves, and where the store of holds does not list them nobody tells.

use std::collections::HashMap;
use stoa_domain::shared::ProductId;

/// How long figures of which something was held are taken for right, in milliseconds: as long as those who follow stock do
/// (`live::stock`).
const RIGHT: u64 = 5_000;

/// Products that are noted each by itself, some 40 bytes each. Beyond that all are looked at again.
const MANY: usize = 20_000;

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
    /// Units of a product are held, as was read at this time.
    pub(super) fn note(&mut self, product: ProductId, now: u64) {
        if self.all.is_some() {
            return;
        }
        // An earlier reader wants it looked at earlier.
        self.due.entry(product).or_insert(now + RIGHT);
        if self.due.len() > MANY {
            self.all = self.due.values().min().copied();
            self.due = HashMap::new();
        }
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

    fn product(n: usize) -> ProductId {
        ProductId::new(Uuid::from_u128(n as u128))
    }

    #[test]
    fn what_is_held_is_looked_at_again_once_and_not_later_for_being_read_again() {
        let mut lapses = Lapses::default();
        lapses.note(product(1), 100);
        lapses.note(product(2), 2_000);
        lapses.note(product(1), 3_000);
        assert_eq!(lapses.take(100 + RIGHT - 1), Lapsed::These(vec![]));
        assert_eq!(lapses.take(100 + RIGHT), Lapsed::These(vec![product(1)]));
        assert_eq!(lapses.take(2_000 + RIGHT), Lapsed::These(vec![product(2)]));
        assert_eq!(lapses.take(100_000), Lapsed::These(vec![]));
    }

    #[test]
    fn too_many_are_all_of_them() {
        let mut lapses = Lapses::default();
        (0..=MANY).for_each(|n| lapses.note(product(n), n as u64));
        lapses.note(product(MANY + 1), 0);
        assert!(lapses.due.is_empty());
        assert_eq!(lapses.take(RIGHT - 1), Lapsed::These(vec![]));
        assert_eq!(lapses.take(RIGHT), Lapsed::All);
        assert_eq!(lapses.take(u64::MAX), Lapsed::These(vec![]));
    }
}
