//! What holds for every cart and all promotions.

use super::{
    judged::judge,
    plan::{Planner, by_price},
    sample::*,
    *,
};
use crate::{
    delivery::Bounds,
    pricing::{
        CodeStanding, DeliveryTax, PricedCart, StepKind, TaxRounding, Used, prices, tax, totals,
        working::Working,
    },
};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        2 => Just(Target::All),
        3 => prop::collection::vec(1_u128..6, 1..4).prop_map(|numbers| products(&numbers)),
    ]
}

fn any_off() -> impl Strategy<Value = Off> {
    prop_oneof![
        (1_u32..=1_000_000).prop_map(|rate| Off::Percent(crate::shared::Rate::from_millionths(rate))),
        (1_i64..400).prop_map(|tens| Off::Amount(MoneyTable::of(tens * 10))),
    ]
}

fn any_action() -> impl Strategy<Value = Action> {
    let rate = || (1_u32..=1_000_000).prop_map(crate::shared::Rate::from_millionths);
    let per = prop_oneof![Just(Per::Unit), Just(Per::Line), Just(Per::Cart), Just(Per::Cart)];
    prop_oneof![
        3 => (rate(), any_target()).prop_map(|(rate, target)| Action::PercentOff { rate, target }),
        3 => (1_i64..300, per, any_target())
            .prop_map(|(tens, per, target)| Action::AmountOff { off: MoneyTable::of(tens * 10), per, target }),
        1 => (0_i64..300, any_target())
            .prop_map(|(tens, target)| Action::FixedPrice { price: MoneyTable::of(tens * 10), target }),
        3 => (any_target(), 1_u32..4, any_target(), 1_u32..3, rate(), prop::option::of(1_u32..3)).prop_map(
            |(buy, buy_count, get, get_count, off, most_sets)| Action::BuyGet { buy, buy_count, get, get_count, off, most_sets }
        ),
        1 => (any::<bool>(), any_target(), any_off(), any_off(), any::<bool>()).prop_map(|(count, target, low, high, whole_cart)| {
            let by = if count { TierBy::Quantity } else { TierBy::Subtotal };
            let tiers = vec![Tier { from: 2, off: low }, Tier { from: 6, off: high }];
            Action::Tiered { by, target, tiers, whole_cart }
        }),
        1 => (any_off(), prop::option::of(1_i64..50)).prop_map(|(off, most)| Action::DeliveryOff {
            off,
            methods: BTreeSet::new(),
            most: most.map(|tens| MoneyTable::of(tens * 10)),
        }),
        1 => (1_u128..6).prop_map(|n| Action::Gift { variant: id(n), quantity: 1 }),
    ]
}

fn any_promotion() -> impl Strategy<Value = Promotion> {
    let condition = prop_oneof![
        3 => Just(None),
        1 => (any_target(), 1_i64..8).prop_map(|(of, least)| {
            Some(Condition::Quantity { of, bounds: Bounds { least: Some(least), most: None } })
        }),
    ];
    let most = prop_oneof![3 => Just(None), 1 => (1_u32..4).prop_map(Some)];
    let shape = (any::<bool>(), -2_i32..3, prop::bool::weighted(0.3), prop::bool::weighted(0.1));
    (any_action(), condition, most, shape).prop_map(
        |(action, condition, most_per_order, (last_class, priority, stacks, exclusive))| {
            let classes = action.classes();
            let class = if last_class { classes[classes.len() - 1] } else { classes[0] };
            let definition =
                Definition { conditions: condition.into_iter().collect(), action, most_per_order };
            let promotion = promotion(1, Action::Gift { variant: id(1), quantity: 1 });
            Promotion { class, definition, priority, stacks, exclusive, ..promotion }
        },
    )
}

/// A shop with automatic promotions, and codes for others.
fn any_shop(automatics: usize, codes: usize) -> impl Strategy<Value = Shop> {
    let line = (1_u128..6, 0_i64..400, 1_u32..5, any::<bool>(), prop::bool::weighted(0.1));
    let money = (
        prop_oneof![Just("EUR"), Just("JPY"), Just("KWD"), Just("USD")],
        prop_oneof![Just("0"), Just("19"), Just("8.875"), Just("107")],
        any::<bool>(),
        any::<bool>(),
        prop_oneof![Just(DeliveryTax::None), Just(DeliveryTax::Rate), Just(DeliveryTax::Proportional)],
        prop::option::of(0_i64..100),
        prop::bool::weighted(0.2),
    );
    let budget = prop::option::of(0_i64..2_000);
    let promotions = prop::collection::vec((any_promotion(), budget), 0..=automatics);
    let by_code = prop::collection::vec(any_promotion(), 0..=codes);
    (prop::collection::vec(line, 0..7), money, promotions, by_code).prop_map(
        |(lines, (currency, tax, include, by_line, delivery_tax, delivery, exempt), promotions, by_code)| {
            let mut shop = Shop::new(currency, &[]);
            let step = if currency == "KWD" { 10 } else { 1 };
            for (n, price, quantity, taxed, gift_card) in lines {
                let mut goods = goods(n, price * step);
                goods.tax_category = (!taxed).then_some(EXEMPT);
                goods.gift_card = gift_card;
                shop.lines.push((goods, quantity, None));
            }
            shop.tax = tax;
            shop.include = include;
            shop.buyer.tax_exempt = exempt;
            shop.rounding = if by_line { TaxRounding::Line } else { TaxRounding::Total };
            shop.delivery_tax = delivery_tax;
            shop.delivery = delivery.map(|tens| tens * 10);
            for (n, (promotion, budget)) in (1_u128..).zip(promotions) {
                if budget.is_some() && promotion.priority > 0 {
                    shop = shop.used(n, Used { budget, ..Used::default() });
                }
                shop.promotions.push(Promotion { id: id(n), ..promotion });
            }
            let names = ["a", "b", "c", "d"];
            for ((n, name), promotion) in (100_u128..).zip(names).zip(by_code) {
                shop = shop.with([Promotion { id: id(n), ..promotion }]).by_code(name);
            }
            shop
        },
    )
}

/// What has to be so of one price.
fn adds_up(priced: &PricedCart) -> Result<(), TestCaseError> {
    prop_assert!(priced.total >= 0);
    let lines = priced.lines.iter();
    prop_assert_eq!(lines.map(|l| l.line_discount + l.order_discount).sum::<i64>(), priced.discount);
    for line in &priced.lines {
        prop_assert!(line.line_discount >= 0 && line.order_discount >= 0);
        prop_assert!(line.line_discount + line.order_discount <= line.subtotal);
    }
    for group in &priced.groups {
        prop_assert!((0..=group.price).contains(&group.discount));
    }
    let applied: i64 = priced.applied.iter().map(|applied| applied.amount).sum();
    prop_assert_eq!(applied, priced.discount + priced.delivery_discount);
    for applied in priced.applied.iter().filter(|applied| applied.class != Class::Delivery) {
        prop_assert_eq!(applied.shares.iter().map(|(_, share)| share).sum::<i64>(), applied.amount);
    }
    let steps: i64 = priced.steps.iter().filter(|s| s.kind == StepKind::Promotion).map(|s| s.amount).sum();
    prop_assert_eq!(-steps, applied);
    prop_assert_eq!(priced.steps.sum_total(), Ok(priced.total));
    let on_top = if priced.tax_inside { 0 } else { priced.tax };
    let delivered = priced.delivery - priced.delivery_discount;
    prop_assert_eq!(
        priced.subtotal - priced.discount + delivered - priced.removed_tax + on_top,
        priced.total
    );
    Ok(())
}

fn without_newest(shop: &Shop) -> Shop {
    let mut shop = shop.clone();
    let newest = shop.promotions.iter().filter(|p| p.method == Method::Automatic).map(|p| p.id).max();
    shop.promotions.retain(|p| Some(p.id) != newest);
    shop
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_024))]

    /// Laws 1 to 3, as far as promotions are concerned; and pricing twice gives the same.
    #[test]
    fn a_total_is_never_negative(shop in any_shop(8, 3)) {
        let priced = shop.price();
        adds_up(&priced)?;
        prop_assert_eq!(shop.price(), priced);
    }

    /// Law 4.
    #[test]
    fn adding_a_promotion_never_raises_a_total(shop in any_shop(12, 4)) {
        let priced = shop.price();
        prop_assert_eq!(priced.search_cut, 0);
        prop_assert!(priced.total <= without_newest(&shop).price().total);
    }

    /// Law 4.
    #[test]
    fn adding_a_code_never_raises_a_total(shop in any_shop(8, 4)) {
        let mut fewer = shop.clone();
        fewer.codes.pop();
        prop_assert!(shop.price().total <= fewer.price().total);
    }

    /// Law 5: no figure depends on where a line stands, nor does any on where rules do.
    #[test]
    fn rules_may_stand_in_any_order(shop in any_shop(8, 2)) {
        let mut other = shop.clone();
        other.promotions.reverse();
        prop_assert_eq!(other.price(), shop.price());
    }

    /// Law 8: what is passed over in search of the cheapest plan is never cheaper than what is found.
    #[test]
    fn what_is_passed_over_is_not_cheaper(shop in any_shop(6, 3)) {
        let found = shop.price().total;
        shop.with_input(|input| {
            let mut w = Working::new(input);
            prices::run(&mut w).unwrap();
            crate::pricing::delivery::run(&mut w).unwrap();
            let by_price = by_price(&w);
            let judged = judge(&w, &by_price).unwrap();
            let planner = Planner { w: &w, candidates: &judged.candidates, by_price: &by_price };
            let those = |code: bool, exclusive: bool| -> Vec<usize> {
                let all = judged.candidates.iter().enumerate();
                let is = all.filter(|(_, c)| c.code.is_some() == code && c.promotion.exclusive == exclusive);
                is.map(|(n, _)| n).collect()
            };
            let (automatics, codes) = (those(false, false), those(true, false));
            let mut family: Vec<Vec<usize>> = Vec::new();
            for k in 0..=automatics.len() {
                for j in 0..=codes.len() {
                    family.push(automatics[..k].iter().chain(&codes[..j]).copied().collect());
                }
            }
            family.extend(those(false, true).into_iter().chain(those(true, true)).map(|n| vec![n]));
            let mut least = i64::MAX;
            for members in family {
                let plan = planner.plan(&members).unwrap();
                let mut w = w.clone();
                search::put(&mut w, &plan);
                tax::by_rules(&mut w).unwrap();
                totals::run(&mut w).unwrap();
                least = least.min(w.totals.total);
            }
            prop_assert_eq!(found, least);
            Ok(())
        })?;
    }
}

/// Codes are found by what stands for them.
#[test]
fn a_code_is_for_a_promotion_by_code_alone() {
    let mut shop = Shop::new("EUR", &[(1, 1_000, 1)]).with([percent_off(1, "10", Target::All)]);
    let standing = CodeStanding { promotion: id(1), used: 0, most: None, disabled: false };
    shop.standing.codes.insert(CodeKey::of("ten").unwrap(), standing);
    shop.codes.push("ten");
    let priced = shop.price();
    assert_eq!((priced.discount, priced.codes[0].why), (100, Some(Why::Inactive)));
}
