//! What is shown of a product's stock.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};
use stoa_domain::{catalog::Product, inventory::StockSnapshot, shared::VariantId};

/// What is shown of a variant's stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VariantStock {
    /// Whether a unit can be bought.
    pub available: bool,
    /// How many units can be; `None` where there is no limit.
    pub quantity: Option<i64>,
}

impl VariantStock {
    pub(in crate::catalog) fn of(snapshot: &StockSnapshot, held: i64) -> Self {
        Self::left(snapshot.sellable, held)
    }

    fn left(sellable: Option<i64>, held: i64) -> Self {
        let quantity = sellable.map(|sellable| sellable.saturating_sub(held).max(0));
        Self { available: quantity != Some(0), quantity }
    }
}

/// Stands for "no limit" among units.
const UNLIMITED: i64 = i64::MAX;

/// The stock of a product's variants, in their order.
#[derive(Clone, Debug)]
pub struct ProductStock(Arc<[Units]>);

/// Figures of one variant; either may be [`UNLIMITED`].
#[derive(Clone, Copy, Debug)]
struct Units {
    variant: VariantId,
    sellable: i64,
    left: i64,
}

/// A short form of what a selection set shows of a product's stock. Where two differ, something else is shown; that two are
/// alike by chance is as likely as that two random numbers of 64 bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockPrint(u64);

impl StockPrint {
    /// As a number that means nothing outside this process; see [`Self::from_number`].
    pub const fn number(self) -> u64 {
        self.0
    }

    /// From the number that [`Self::number`] gave.
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }
}

impl ProductStock {
    /// What there is, where nobody holds any of it.
    pub(in crate::catalog) fn of(snapshots: &[StockSnapshot]) -> Self {
        let units = |snapshot: &StockSnapshot| {
            let sellable = snapshot.sellable.unwrap_or(UNLIMITED);
            Units { variant: snapshot.variant, sellable, left: sellable }
        };
        Self(snapshots.iter().map(units).collect())
    }

    /// The same with other holds, if that shows something else.
    pub(super) fn held_anew(&self, held: impl Fn(VariantId) -> i64) -> Option<Self> {
        let now = |units: &Units| Units { left: left(units.sellable, held(units.variant)), ..*units };
        if self.0.iter().all(|units| now(units).left == units.left) {
            return None;
        }
        Some(Self(self.0.iter().map(now).collect()))
    }

    /// Figures of nothing.
    pub(in crate::catalog) fn none() -> Self {
        Self(Arc::new([]))
    }

    pub(super) fn variants(&self) -> impl Iterator<Item = VariantId> {
        self.0.iter().map(|units| units.variant)
    }

    /// Variants of which there is a limit. Of the others nobody's hold takes anything away.
    pub(in crate::catalog) fn limited(&self) -> impl Iterator<Item = VariantId> {
        self.0.iter().filter(|units| units.sellable != UNLIMITED).map(|units| units.variant)
    }

    /// Whether these are figures of exactly this form's variants, in its order.
    pub(in crate::catalog) fn are_of(&self, product: &Product) -> bool {
        self.variants().eq(product.variants.iter().map(|variant| variant.id))
    }

    /// The figures in the order of this form's variants. One without a stock row is going away: none of it can be bought.
    pub(in crate::catalog) fn for_product(&self, product: &Product) -> Self {
        if self.are_of(product) {
            return self.clone();
        }
        let units = product.variants.iter().map(|variant| {
            let known = self.0.iter().find(|units| units.variant == variant.id).copied();
            known.unwrap_or(Units { variant: variant.id, sellable: 0, left: 0 })
        });
        Self(units.collect())
    }

    /// A short form: of all figures, or only of which variants can be bought.
    pub fn print(&self, counts_units: bool) -> StockPrint {
        let mut hasher = DefaultHasher::new();
        self.0.len().hash(&mut hasher);
        for units in self.iter() {
            units.available.hash(&mut hasher);
            if counts_units {
                units.quantity.hash(&mut hasher);
            }
        }
        StockPrint(hasher.finish())
    }

    /// The stock of the variant at an index.
    pub fn get(&self, at: usize) -> Option<VariantStock> {
        self.0.get(at).map(Units::shown)
    }

    /// The stock of each variant.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = VariantStock> {
        self.0.iter().map(Units::shown)
    }
}

impl Units {
    fn shown(&self) -> VariantStock {
        VariantStock::left((self.left != UNLIMITED).then_some(self.left), 0)
    }
}

fn left(sellable: i64, held: i64) -> i64 {
    if sellable == UNLIMITED { UNLIMITED } else { sellable.saturating_sub(held).max(0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_print_tells_what_is_shown_and_no_more() {
        let variant = |n: u128| VariantId::new(Uuid::from_u128(n));
        let of = |units: [Option<i64>; 2]| {
            let row = |(n, sellable)| StockSnapshot { variant: variant(n), sellable, version: 1 };
            ProductStock::of(&[row((1, units[0])), row((2, units[1]))])
        };
        let (some, fewer, gone) = (of([Some(5), None]), of([Some(4), None]), of([Some(0), None]));
        assert_eq!(some.print(false), fewer.print(false));
        assert_ne!(some.print(true), fewer.print(true));
        assert_ne!(fewer.print(false), gone.print(false));
        assert_ne!(of([Some(0), Some(1)]).print(false), of([Some(1), Some(0)]).print(false));
        assert_ne!(of([None, None]).print(true), of([Some(1), None]).print(true));
        assert_eq!(some.print(true), of([Some(5), None]).print(true));
    }
}
