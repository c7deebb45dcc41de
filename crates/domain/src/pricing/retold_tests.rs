//! Orders that keep no steps of their own.

use super::*;
use crate::pricing::laws::{Bought, Sold, any_bought, configured, order_of};
use proptest::prelude::*;

/// What is remembered of a whole that was spread is which unit came by rounding: columns do not say it.
fn without_remainders(steps: &Steps) -> Vec<Step> {
    steps.iter().map(|step| Step { remainder: 0, ..step.clone() }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Of a shop of one tax and one delivery, which is all there was before steps were kept.
    #[test]
    fn one_rate_is_retold_as_it_was(
        lines in prop::collection::vec((0_i64..50_000, 1_u32..9, any::<bool>(), any::<bool>()), 0..12),
        include: bool, by_line: bool, percent in prop_oneof![Just("0"), Just("19"), Just("8.875")],
    ) {
        let sold = |(n, (price, quantity, taxable, ships)): (u128, (i64, u32, bool, bool))| {
            let mut sold = Sold::of(n, price, quantity);
            (sold.goods.taxable, sold.goods.requires_shipping) = (taxable, ships);
            sold.group = ships.then_some(0);
            sold
        };
        let lines: Vec<Sold> = (0..).zip(lines).map(sold).collect();
        let mut bought = Bought::plain(&configured(percent, include, by_line), "USD", lines);
        if bought.lines.iter().all(|line| line.group.is_none()) {
            bought.groups.clear();
        }
        let priced = bought.price();
        let told = retold(&order_of(&bought, &priced));
        prop_assert_eq!(without_remainders(&told), without_remainders(&priced.steps));
        prop_assert_eq!((told.sum_total(), told.sum_charge()), (Ok(priced.total), Ok(priced.charge)));
    }

    /// Of any other the steps are fewer, and sum to the same.
    #[test]
    fn any_order_is_retold_in_full(bought in any_bought()) {
        let priced = bought.price();
        let told = retold(&order_of(&bought, &priced));
        prop_assert_eq!((told.sum_total(), told.sum_charge()), (Ok(priced.total), Ok(priced.charge)));
        for n in 0..priced.lines.len() {
            prop_assert_eq!(told.sum_of_line(n), priced.steps.sum_of_line(n));
        }
        let contained = |steps: &Steps| steps.iter().map(|step| step.contained).sum::<i64>();
        prop_assert_eq!(contained(&told), contained(&priced.steps));
    }
}

/// 100.00 with 19 % inside and 5.00 of delivery, without the tax: 84.03 and 4.20. A card pays 50.00.
#[test]
fn removed_tax_and_cards_are_steps() {
    let bought = Bought::plain(&configured("19", true, true), "EUR", vec![Sold::of(1, 10_000, 1)]);
    let mut order = order_of(&bought, &bought.price());
    order.lines[0].removed_tax = 1_597;
    order.lines[0].tax = 0;
    (order.figures.tax, order.figures.delivery_tax) = (0, 0);
    (order.figures.removed_tax, order.figures.total, order.figures.charge) = (1_677, 8_823, 3_823);
    let told = retold(&order);
    let steps: Vec<_> = told.iter().map(|step| (step.kind, step.line, step.group, step.amount)).collect();
    assert_eq!(
        steps,
        [
            (StepKind::BasePrice, Some(0), None, 10_000),
            (StepKind::Delivery, None, Some(0), 500),
            (StepKind::TaxRemoved, Some(0), None, -1_597),
            (StepKind::TaxRemoved, None, Some(0), -80),
            (StepKind::GiftCard, None, None, -5_000),
        ]
    );
    assert_eq!((told.sum_total(), told.sum_charge()), (Ok(8_823), Ok(3_823)));
}
