//! When the stock of which product has changed, as far as it was told.

use std::collections::HashMap;
use stoa_domain::shared::ProductId;

/// Products whose last change is known each by itself, some 40 bytes each. Beyond that everything may have changed.
const MANY: usize = 100_000;

/// Counts the answers to the question what has changed, and remembers with which of them each product did. What was made of a
/// product's stock at one turn is right until the product changes at a later one.
#[derive(Debug, Default)]
pub(super) struct Turns {
    now: u64,
    /// The last turn at which anything has changed.
    last: u64,
    /// Before this turn anything may have changed.
    floor: u64,
    changed: HashMap<ProductId, u64>,
}

impl Turns {
    /// The turn that what is read from now on is at least as new as.
    pub(super) const fn now(&self) -> u64 {
        self.now
    }

    /// Another answer has come.
    pub(super) const fn next(&mut self) {
        self.now += 1;
    }

    /// This turn's answer names a product.
    pub(super) fn change(&mut self, product: ProductId) {
        if self.changed.len() >= MANY && !self.changed.contains_key(&product) {
            self.change_all();
        }
        self.changed.insert(product, self.now);
        self.last = self.now;
    }

    /// This turn's answer does not say what has changed.
    pub(super) fn change_all(&mut self) {
        self.changed = HashMap::new();
        self.floor = self.now;
        self.last = self.now;
    }

    /// Whether a product has not changed since a turn.
    pub(super) fn is_as_at(&self, product: ProductId, turn: u64) -> bool {
        turn >= self.last
            || (turn >= self.floor && self.changed.get(&product).is_none_or(|changed| *changed <= turn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_product_is_as_it_was_until_it_changes() {
        let [one, other] = [1, 2].map(|n| ProductId::new(Uuid::from_u128(n)));
        let mut turns = Turns::default();
        let first = turns.now();
        turns.next();
        assert!(turns.is_as_at(one, first));
        turns.change(one);
        assert!(!turns.is_as_at(one, first) && turns.is_as_at(other, first));
        let second = turns.now();
        assert!(turns.is_as_at(one, second));
        turns.next();
        assert!(turns.is_as_at(one, second), "an answer that names nothing changes nothing");
        turns.change_all();
        assert!(!turns.is_as_at(one, second) && !turns.is_as_at(other, second));
        assert!(turns.is_as_at(one, turns.now()));
    }

    #[test]
    fn too_many_changes_are_all_of_them() {
        let product = |n: usize| ProductId::new(Uuid::from_u128(n as u128));
        let mut turns = Turns::default();
        let before = turns.now();
        turns.next();
        (0..=MANY).for_each(|n| turns.change(product(n)));
        assert!(!turns.is_as_at(product(MANY + 1), before));
        assert!(turns.changed.len() < MANY);
    }
}
