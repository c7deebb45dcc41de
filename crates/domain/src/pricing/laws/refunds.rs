//! What was charged goes back, whatever the parts.

use super::{any_bought, id, order_of};
use crate::{
    order::{LineStanding, RefundUnits, plan_refund, shop_part},
    shared::LineItemId,
};
use proptest::prelude::*;
use std::collections::HashMap;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    /// Law 6: units in any parts and in any turn, with delivery in parts between them, in both currencies.
    #[test]
    fn refunding_every_line_refunds_the_total(
        bought in any_bought(), turns in prop::collection::vec((0_usize..9, 1_u32..8), 0..30), parts in 1_i64..4, shop_total in 0_i64..9_000_000,
    ) {
        let priced = bought.price();
        let order = order_of(&bought, &priced);
        let standing: Vec<LineStanding> = order.lines.iter().map(LineStanding::of).collect();
        let step = priced.currency.charge_step();
        let mut before: HashMap<LineItemId, u32> = HashMap::new();
        let (mut given, mut shop_given, mut values) = (0_i64, 0_i64, Vec::new());
        let everything = (0..order.lines.len()).map(|n| (n, u32::MAX));
        for (n, quantity) in turns.into_iter().chain(everything) {
            let Some(line) = order.lines.get(n) else { continue };
            let left = line.quantity - before.get(&line.id).copied().unwrap_or(0);
            let quantity = quantity.min(left);
            if quantity == 0 { continue }
            let units = RefundUnits { line: line.id, quantity, restock: true };
            let planned = plan_refund(&order, &standing, &before, &[units]).unwrap();
            let value = planned[0].value;
            prop_assert!(value >= 0);
            let on_top = if priced.tax_inside { 0 } else { line.tax };
            let worth = line.subtotal - line.discount - line.removed_tax + on_top;
            prop_assert!(worth % step != 0 || value % step == 0, "{value} of {worth}");
            *before.entry(line.id).or_default() += quantity;
            values.push(value);
        }
        let delivery = order.delivery_value();
        prop_assert!(delivery >= 0);
        values.extend((0..parts).map(|part| delivery * (part + 1) / parts - delivery * part / parts));
        for value in values {
            let shop = shop_part(shop_total, priced.total, (given, shop_given), value);
            prop_assert!(shop >= 0);
            (given, shop_given) = (given + value, shop_given + shop);
        }
        prop_assert_eq!(given, priced.total);
        prop_assert_eq!(shop_given, if priced.total > 0 { shop_total } else { 0 });
    }

    /// The same in one go.
    #[test]
    fn all_at_once_is_the_total(bought in any_bought()) {
        let priced = bought.price();
        let order = order_of(&bought, &priced);
        let standing: Vec<LineStanding> = order.lines.iter().map(LineStanding::of).collect();
        let units = |(n, line): (u128, &crate::order::LineItem)| RefundUnits {
            line: id(n),
            quantity: line.quantity,
            restock: false,
        };
        let wanted: Vec<RefundUnits> = (0..).zip(&order.lines).map(units).collect();
        let planned = plan_refund(&order, &standing, &HashMap::new(), &wanted).unwrap();
        let lines: i64 = planned.iter().map(|planned| planned.value).sum();
        prop_assert_eq!(lines + order.delivery_value(), priced.total);
    }
}
