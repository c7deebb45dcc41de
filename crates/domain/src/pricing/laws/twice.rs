//! The same cart costs the same.

use super::{any_bought, sample::Bought};
use crate::pricing::PricedCart;
use proptest::prelude::*;

/// Puts a list in another order, by a generator of Knuth's.
fn shuffle<T>(list: &mut [T], seed: &mut u64) {
    for n in (1..list.len()).rev() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(*seed >> 33).unwrap_or(0) % (n + 1);
        list.swap(n, other);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    /// Law 7: again, and by rules that were handed in another order.
    #[test]
    fn pricing_twice_gives_the_same(bought in any_bought(), mut seed: u64) {
        let priced = bought.price();
        prop_assert_eq!(bought.price(), priced.clone());
        let mut shuffled = bought;
        let data = &mut shuffled.data;
        shuffle(&mut data.promotions, &mut seed);
        shuffle(&mut data.tax_zones, &mut seed);
        data.tax_zones.iter_mut().for_each(|zone| shuffle(&mut zone.rates, &mut seed));
        shuffle(&mut data.delivery_zones, &mut seed);
        shuffle(&mut data.delivery_methods, &mut seed);
        shuffle(&mut data.markets, &mut seed);
        shuffle(&mut data.price_lists, &mut seed);
        shuffle(&mut data.prices, &mut seed);
        prop_assert_eq!(shuffled.price(), priced);
    }

    /// Law 5: where a line stands changes neither what all of them cost, nor what is taken off, nor the tax.
    #[test]
    fn the_order_of_lines_does_not_change_the_sum(bought in any_bought(), mut seed: u64) {
        let priced = bought.price();
        let mut order: Vec<usize> = (0..bought.lines.len()).collect();
        shuffle(&mut order, &mut seed);
        let turned = Bought { order, ..bought }.price();
        let figures = |of: &PricedCart| {
            [of.subtotal, of.discount, of.delivery, of.delivery_discount, of.tax, of.removed_tax, of.total, of.charge]
        };
        prop_assert_eq!(figures(&turned), figures(&priced));
    }

    /// What is written down is read again as it was.
    #[test]
    fn steps_are_read_as_they_were_written(bought in any_bought()) {
        let steps = bought.price().steps;
        let written = serde_json::to_string(&steps).unwrap();
        prop_assert_eq!(serde_json::from_str::<crate::pricing::Steps>(&written).unwrap(), steps);
    }
}
