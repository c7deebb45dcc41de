//! How much there is to deliver.

use super::Bounds;
use serde::{Deserialize, Serialize};

/// By what a delivery is priced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Grams.
    #[default]
    Weight,
    /// Minor units of what the goods cost, before anything is taken off.
    Subtotal,
    /// Units.
    Quantity,
}

/// What of a cart is delivered together, as it is measured. Gifts weigh nothing: else one could make a cart dearer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Grams; for a carrier that counts room, of each unit the larger of its weight and its room.
    pub weight: i64,
    /// What the goods cost, in minor units, before anything is taken off.
    pub subtotal: i64,
    /// Units.
    pub quantity: i64,
}

impl Load {
    /// The load by one of its measures.
    pub const fn by(self, measure: Measure) -> i64 {
        match measure {
            Measure::Weight => self.weight,
            Measure::Subtotal => self.subtotal,
            Measure::Quantity => self.quantity,
        }
    }

    /// With so many units more; `None` beyond 64 bits.
    #[must_use]
    pub fn with(self, unit_grams: i64, subtotal: i64, quantity: u32) -> Option<Self> {
        let quantity = i64::from(quantity);
        Some(Self {
            weight: self.weight.checked_add(unit_grams.checked_mul(quantity)?)?,
            subtotal: self.subtotal.checked_add(subtotal)?,
            quantity: self.quantity.checked_add(quantity)?,
        })
    }

    /// What one unit counts for, in grams: the larger of its weight and its room, where the method counts room. `sides` are in millimetres, `divisor` is
    /// in cubic millimetres a gram (the carriers' 5000 cm3 a kilogram are 5000).
    pub fn grams(weight: i64, sides: Option<[u32; 3]>, divisor: Option<u32>) -> i64 {
        let room = |([a, b, c], divisor): ([u32; 3], u32)| {
            let volume = u128::from(a) * u128::from(b) * u128::from(c);
            i64::try_from(volume.div_ceil(u128::from(divisor.max(1)))).unwrap_or(i64::MAX)
        };
        sides.zip(divisor).map_or(weight, |sized| weight.max(room(sized)))
    }

    /// Whether it is within a method's bounds.
    pub fn within(self, bounds: &super::LoadBounds) -> bool {
        let hold = |bounds: &Bounds, is| bounds.hold(is);
        hold(&bounds.weight, self.weight)
            && hold(&bounds.subtotal, self.subtotal)
            && hold(&bounds.quantity, self.quantity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::LoadBounds;

    /// 40 x 30 x 20 cm are 24,000 cm3; at 5000 cm3 a kilogram 4.8 kg.
    #[test]
    fn a_light_and_large_parcel_counts_by_its_room() {
        let sides = Some([400, 300, 200]);
        assert_eq!(Load::grams(1_000, sides, Some(5_000)), 4_800);
        assert_eq!(Load::grams(6_000, sides, Some(5_000)), 6_000);
        assert_eq!(Load::grams(1_000, sides, None), 1_000);
        assert_eq!(Load::grams(1_000, None, Some(5_000)), 1_000);
        assert_eq!(Load::grams(0, Some([1, 1, 1]), Some(5_000)), 1, "a begun gram is one");
        assert_eq!(Load::grams(0, Some([u32::MAX; 3]), Some(0)), i64::MAX);
    }

    #[test]
    fn a_load_is_the_sum_of_its_units() {
        let load = Load::default().with(250, 3_998, 2).unwrap().with(1_000, 500, 1).unwrap();
        assert_eq!(load, Load { weight: 1_500, subtotal: 4_498, quantity: 3 });
        assert_eq!(
            (load.by(Measure::Weight), load.by(Measure::Subtotal), load.by(Measure::Quantity)),
            (1_500, 4_498, 3)
        );
        assert_eq!(load.with(i64::MAX, 0, 2), None);
        let upto = LoadBounds { weight: Bounds { least: None, most: Some(1_500) }, ..LoadBounds::default() };
        assert!(load.within(&upto));
        assert!(!load.with(1, 0, 1).unwrap().within(&upto));
    }
}
