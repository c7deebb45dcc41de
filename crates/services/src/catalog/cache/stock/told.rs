//! What the bus has told of stock, until it is learned.

use std::collections::HashSet;
use stoa_domain::{
    live::{EventBus, StockGatherer, ToldStock},
    shared::VariantId,
};

/// More variants than this are not kept one by one.
const MANY: usize = 10_000;

/// What was drained and not learned yet: of a question that fails or is given up half way nothing is lost.
#[derive(Default)]
pub(super) struct Told {
    /// Made when it is first needed.
    gatherer: Option<Box<dyn StockGatherer>>,
    variants: HashSet<VariantId>,
    everything: bool,
}

impl Told {
    /// Takes in what was told since the last time. Without a bus that is not known.
    pub(super) fn hear(&mut self, bus: Option<&dyn EventBus>) {
        match (&mut self.gatherer, bus) {
            (Some(gatherer), _) => match gatherer.drain() {
                ToldStock::These(variants) => self.variants.extend(variants),
                ToldStock::Everything => self.everything = true,
            },
            (None, Some(bus)) => {
                self.gatherer = Some(bus.gather_stock());
                self.everything = true;
            }
            (None, None) => self.everything = true,
        }
        self.everything |= self.variants.len() > MANY;
    }

    /// Hears no more: the store tells itself.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// Any stock may have changed.
    pub(super) const fn doubt(&mut self) {
        self.everything = true;
    }

    /// Of which variants it is told that others may hold more or fewer units; `None`: of any.
    pub(super) fn variants(&self) -> Option<Vec<VariantId>> {
        (!self.everything).then(|| self.variants.iter().copied().collect())
    }

    /// It has been learned.
    pub(super) fn learned(&mut self) {
        self.variants = HashSet::new();
        self.everything = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stoa_domain::live::Event;
    use stoa_live::Hub;
    use uuid::Uuid;

    fn tell(hub: &Hub, variants: std::ops::Range<u128>) {
        let variants = variants.map(|n| VariantId::new(Uuid::from_u128(n))).collect();
        hub.publish(Event::StockChanged { variants });
    }

    #[test]
    fn what_was_told_is_kept_until_it_is_learned() {
        let (hub, mut told) = (Hub::new(), Told::default());
        tell(&hub, 0..1);
        told.hear(Some(&hub));
        assert_eq!(told.variants(), None, "what was told before nobody knows");
        told.learned();
        tell(&hub, 1..2);
        told.hear(Some(&hub));
        told.hear(Some(&hub));
        tell(&hub, 2..3);
        told.hear(Some(&hub));
        assert_eq!(told.variants().map(|v| v.len()), Some(2));
        told.learned();
        told.hear(Some(&hub));
        assert_eq!(told.variants(), Some(Vec::new()));
    }

    #[test]
    fn too_much_that_was_not_learned_is_everything() {
        let (hub, mut told) = (Hub::new(), Told::default());
        told.hear(Some(&hub));
        told.learned();
        for part in 0..=(MANY as u128 / 4_000) {
            tell(&hub, part * 4_000..(part + 1) * 4_000);
            told.hear(Some(&hub));
        }
        assert_eq!(told.variants(), None);
        told.learned();
        assert_eq!(told.variants(), Some(Vec::new()));
    }

    #[test]
    fn without_a_bus_nothing_is_known() {
        let mut told = Told::default();
        told.hear(None);
        assert_eq!(told.variants(), None);
        told.learned();
        told.hear(None);
        assert_eq!(told.variants(), None);
    }
}
