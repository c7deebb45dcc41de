//! Each action, with its figures worked out by hand.

use super::{sample::*, *};
use crate::{
    delivery::Bounds,
    pricing::{OffValue, Step, StepKind, TaxRounding, Used},
};
use std::{collections::BTreeSet, sync::Arc};

/// 10 % of 19.99 x 3 = 59.97 is 5.997; of 0.05 it is 0.005: each line is rounded by itself, half up.
#[test]
fn a_percentage_is_rounded_on_each_line() {
    let shop = Shop::new("EUR", &[(1, 1_999, 3), (2, 5, 1)]).with([percent_off(1, "10", Target::All)]);
    let priced = shop.price();
    assert_eq!(off(&priced), [(600, 0), (1, 0)]);
    assert_eq!((priced.subtotal, priced.discount, priced.total), (6_002, 601, 5_401));
    let [first, _] = &priced.steps.iter().filter(|s| s.kind == StepKind::Promotion).collect::<Vec<_>>()[..]
    else {
        panic!("two steps")
    };
    assert_eq!((first.amount, first.base, first.rate), (-600, Some(5_997), Some(percent("10"))));
    assert_eq!(priced.applied[0].shares, [(0, 600), (1, 1)]);
    assert_eq!(priced.applied[0].value, OffValue::Percent(percent("10")));
}

#[test]
fn an_amount_is_taken_off_each_unit_each_line_or_once() {
    let cart = || Shop::new("EUR", &[(1, 1_000, 3), (2, 150, 2)]);
    let per = |per| off(&cart().with([amount_off(1, 200, per, Target::All)]).price());
    assert_eq!(per(Per::Unit), [(600, 0), (300, 0)], "of the second no more than it costs");
    assert_eq!(per(Per::Line), [(200, 0), (200, 0)]);
    // 2.00 of 33.00: 2.00 x 30 / 33 = 1.818, 2.00 x 3 / 33 = 0.1818; the unit goes to the larger remainder, .818.
    assert_eq!(per(Per::Cart), [(0, 182), (0, 18)]);
    let fixed = promotion(1, Action::FixedPrice { price: MoneyTable::of(400), target: Target::All });
    assert_eq!(off(&cart().with([fixed]).price()), [(1_800, 0), (0, 0)], "1.50 is below 4.00 already");
}

/// Story 24: more off than there is makes it free and no cheaper; story 25: what is free takes no share.
#[test]
fn nothing_costs_less_than_nothing() {
    let shop = Shop::new("EUR", &[(1, 300, 1), (2, 0, 5), (3, 700, 1)]);
    let priced = shop.clone().with([amount_off(1, 5_000, Per::Cart, Target::All)]).price();
    assert_eq!((off(&priced), priced.total), (vec![(0, 300), (0, 0), (0, 700)], 0));
    let priced = shop.with([amount_off(1, 500, Per::Cart, Target::All)]).price();
    assert_eq!((off(&priced), priced.total), (vec![(0, 150), (0, 0), (0, 350)], 500));
}

/// 10.00 off 29.99 + 29.99 + 0.02 = 60.00: 4.9983 each and 0.0033.
#[test]
fn an_order_is_lowered_once_and_its_parts_sum_to_that() {
    let cart = Shop::new("EUR", &[(1, 2_999, 1), (2, 2_999, 1), (3, 2, 1)]);
    let priced = cart.with([amount_off(1, 1_000, Per::Cart, Target::All)]).price();
    assert_eq!(off(&priced), [(0, 500), (0, 500), (0, 0)]);
    let steps: Vec<&Step> = priced.steps.iter().filter(|s| s.kind == StepKind::Promotion).collect();
    assert!(steps.iter().all(|step| (step.amount, step.base, step.remainder) == (-500, Some(6_000), 1)));
    // In dinars the parts are tens of fils: 1.000 off three of 1.000 each is 0.340 + 0.330 + 0.330.
    let cart = Shop::new("KWD", &[(1, 1_000, 1), (2, 1_000, 1), (3, 1_000, 1)]);
    let priced = cart.with([amount_off(1, 1_000, Per::Cart, Target::All)]).price();
    assert_eq!(off(&priced), [(0, 340), (0, 330), (0, 330)]);
}

#[test]
fn only_what_is_named_is_lowered() {
    let mut shop =
        Shop::new("EUR", &[(1, 1_000, 1), (2, 1_000, 1), (3, 1_000, 1), (4, 1_000, 1), (5, 1_000, 1)]);
    shop.lines[1].0.tags = Arc::from([Box::from("summer")]);
    shop.lines[2].0.collections = Arc::from([id(7)]);
    shop.lines[3].0.gift_card = true;
    let target = Target::Of {
        products: BTreeSet::from([id(1), id(4)]),
        variants: BTreeSet::new(),
        collections: BTreeSet::from([id(7)]),
        tags: BTreeSet::from(["summer".into()]),
    };
    let priced = shop.with([percent_off(1, "10", target)]).price();
    assert_eq!(off(&priced), [(100, 0), (100, 0), (100, 0), (0, 0), (0, 0)], "a gift card never is");
}

/// 5 % from 2 on, 15 % from 5 on; from 50.00 on 10.00 off the cart.
#[test]
fn the_highest_tier_that_is_reached_counts() {
    let tiers = vec![
        Tier { from: 2, off: Off::Percent(percent("5")) },
        Tier { from: 5, off: Off::Percent(percent("15")) },
    ];
    let action = Action::Tiered { by: TierBy::Quantity, target: Target::All, tiers, whole_cart: false };
    let by_units = |units| {
        let priced = Shop::new("EUR", &[(1, 1_000, units)]).with([promotion(1, action.clone())]).price();
        (priced.discount, priced.refused.first().map(|(_, why)| *why))
    };
    assert_eq!(by_units(1), (0, Some(Why::SetNotComplete)));
    assert_eq!([by_units(2), by_units(4), by_units(5)], [(100, None), (200, None), (750, None)]);
    let tiers = vec![Tier { from: 5_000, off: Off::Amount(MoneyTable::of(1_000)) }];
    let action = Action::Tiered { by: TierBy::Subtotal, target: Target::All, tiers, whole_cart: true };
    let by_cost = |price| {
        off(&Shop::new("EUR", &[(1, price, 1), (2, 1_000, 1)]).with([promotion(1, action.clone())]).price())
    };
    assert_eq!(by_cost(3_999), [(0, 0), (0, 0)]);
    assert_eq!(by_cost(4_000), [(0, 800), (0, 200)]);
}

/// Two shirts at 30.00, socks at 5.00 and 8.00: buy two, get the cheapest free.
#[test]
fn of_what_is_bought_together_the_cheapest_is_free() {
    let cart = Shop::new("EUR", &[(1, 3_000, 2), (2, 500, 1), (3, 800, 1)]);
    let set = || buy_get(1, (Target::All, 2), (Target::All, 1), "100");
    assert_eq!(off(&cart.clone().with([set()]).price()), [(0, 0), (500, 0), (0, 0)]);
    // Half of each of two, of 2 + 2.
    let half = buy_get(1, (products(&[1]), 2), (products(&[2, 3]), 2), "50");
    assert_eq!(off(&cart.clone().with([half]).price()), [(0, 0), (250, 0), (400, 0)]);
    // The set takes 5.00 off three units, which lose 3.00 + 3.00 + 0.50 by 10 %.
    let both = cart.clone().with([set(), percent_off(2, "10", Target::All)]).price();
    assert_eq!(off(&both), [(600, 0), (50, 0), (80, 0)]);
    // Against 5 % the set gains: 5.00 for 3.25; the socks at 8.00 stay with the percentage.
    let both = cart.with([set(), percent_off(2, "5", Target::All)]).price();
    assert_eq!(off(&both), [(0, 0), (500, 0), (40, 0)]);
}

#[test]
fn a_limit_on_an_order_touches_the_dearest_units() {
    let mut third = percent_off(1, "50", Target::All);
    third.definition.most_per_order = Some(3);
    let cart = Shop::new("EUR", &[(1, 1_000, 2), (2, 2_000, 2)]).with([third]);
    assert_eq!(off(&cart.price()), [(500, 0), (2_000, 0)], "both at 20.00 and one at 10.00");
    let mut sets = buy_get(1, (Target::All, 1), (Target::All, 1), "100");
    sets.definition.most_per_order = Some(1);
    assert_eq!(off(&Shop::new("EUR", &[(1, 1_000, 6)]).with([sets]).price()), [(1_000, 0)]);
}

#[test]
fn delivery_becomes_cheaper_or_free() {
    let cart = || Shop { delivery: Some(990), ..Shop::new("EUR", &[(1, 1_000, 1)]) };
    let left = |promotion| {
        let priced = cart().with([promotion]).price();
        (priced.delivery, priced.delivery_discount, priced.total)
    };
    assert_eq!(left(delivery_off(1, Off::Percent(percent("100")))), (990, 990, 1_000));
    assert_eq!(left(delivery_off(1, Off::Amount(MoneyTable::of(400)))), (990, 400, 1_590));
    assert_eq!(left(delivery_off(1, Off::Amount(MoneyTable::of(4_000)))), (990, 990, 1_000));
    let most = Some(MoneyTable::of(600));
    let off = Off::Percent(percent("100"));
    let capped = Action::DeliveryOff { off, methods: BTreeSet::from(["standard".into()]), most };
    assert_eq!(left(promotion(1, capped)), (990, 600, 1_390));
}

#[test]
fn a_gift_is_due_and_costs_nothing_once_it_is_there() {
    let mut gift = promotion(5, Action::Gift { variant: id(9), quantity: 1 });
    gift.definition.conditions =
        vec![Condition::Quantity { of: Target::All, bounds: Bounds { least: Some(2), most: None } }];
    let mut shop = Shop::new("EUR", &[(1, 1_000, 2)]).with([gift]);
    let before = shop.price();
    assert_eq!(
        before.gifts_due.iter().map(|due| (due.variant, due.quantity)).collect::<Vec<_>>(),
        [(id(9), 1)]
    );
    assert_eq!((before.total, before.applied.len(), before.refused.len()), (2_000, 0, 0));
    shop.lines.push((goods(9, 700), 1, Some(id(5))));
    let there = shop.price();
    assert_eq!((off(&there), there.total), (vec![(0, 0), (700, 0)], 2_000));
    assert_eq!(there.gifts_due, before.gifts_due);
    // The gift is no unit of its own reason.
    shop.lines[0].1 = 1;
    assert!(shop.price().gifts_due.is_empty());
}

/// Within a class the best for each line; what stacks is added, in the order of priorities.
#[test]
fn the_best_wins_and_what_stacks_is_added() {
    let cart = || Shop::new("EUR", &[(1, 1_000, 1), (2, 10_000, 1)]);
    let five_each = || amount_off(1, 500, Per::Line, Target::All);
    let tenth = || percent_off(2, "10", Target::All);
    let priced = cart().with([five_each(), tenth()]).price();
    assert_eq!(off(&priced), [(500, 0), (1_000, 0)], "each line by itself");
    assert_eq!(applied(&priced), [("p1", 500), ("p2", 1_000)]);
    // A tenth of what is left after 5.00, or 5.00 of what is left after a tenth.
    let first = |priority| {
        let stacking = Promotion { stacks: true, priority, ..five_each() };
        off(&cart().with([stacking, tenth()]).price())
    };
    assert_eq!(first(1), [(550, 0), (1_450, 0)]);
    assert_eq!(first(-1), [(600, 0), (1_500, 0)]);
    // A higher priority is no reason to be charged more.
    let favoured = Promotion { priority: 9, ..percent_off(3, "1", Target::All) };
    assert_eq!(off(&cart().with([tenth(), favoured]).price()), [(100, 0), (1_000, 0)]);
    // Of equals the one whose turn is first is named.
    let twin = Promotion { priority: 1, ..percent_off(4, "10", Target::All) };
    assert_eq!(applied(&cart().with([tenth(), twin]).price()), [("p4", 1_100)]);
}

/// 10 % off the goods (100.00 -> 90.00), then 20 % off the order (90.00 -> 72.00), and delivery for nothing.
#[test]
fn classes_add_up() {
    let shop = Shop { delivery: Some(500), ..Shop::new("EUR", &[(1, 10_000, 1)]) };
    let free = delivery_off(3, Off::Percent(percent("100")));
    let shop = shop.with([percent_off(1, "10", Target::All), order_off(2, "20"), free]);
    let priced = shop.price();
    assert_eq!((off(&priced), priced.delivery_discount, priced.total), (vec![(1_000, 1_800)], 500, 7_200));
    assert_eq!(applied(&priced), [("p1", 1_000), ("p2", 1_800), ("p3", 500)]);
    // Alone or not at all: 25 % of everything is less than all of that, 30 % is more.
    let alone = |percentage| Promotion { exclusive: true, ..order_off(4, percentage) };
    let beaten = shop.clone().with([alone("25")]).price();
    assert_eq!((beaten.total, beaten.refused), (7_200, vec![(id(4), Why::Beaten { by: id(2) })]));
    let shop = Shop { delivery: Some(50), ..shop };
    let won = shop.with([alone("30")]).price();
    assert_eq!((won.total, applied(&won)), (7_050, vec![("p4", 3_000)]));
    assert!(won.refused.iter().all(|(_, why)| *why == Why::Excluded { by: id(4) }));
}

/// Tax on top is charged on what is left: 10 % of 18.00.
#[test]
fn what_is_taken_off_is_not_taxed() {
    let shop = Shop { tax: "10", include: false, ..Shop::new("USD", &[(1, 1_000, 2)]) };
    let priced = shop.with([percent_off(1, "10", Target::All)]).price();
    assert_eq!((priced.tax, priced.total), (180, 1_980));
}

/// What is cheaper in total wins over what takes more off: 10.50 of the untaxed half, or 10.00 of the half with a quarter on top.
#[test]
fn the_total_decides_and_not_what_is_taken_off() {
    let untaxed = amount_off(1, 1_050, Per::Cart, products(&[1]));
    let taxed = amount_off(2, 1_000, Per::Cart, products(&[2]));
    let mut shop = Shop { tax: "25", include: false, ..Shop::new("USD", &[(1, 5_000, 1), (2, 5_000, 1)]) };
    shop.lines[0].0.tax_category = Some(EXEMPT);
    let alone = shop.clone().with([untaxed.clone()]).price().total;
    assert_eq!(alone, 3_950 + 5_000 + 1_250);
    // The older of the two takes less off and less tax falls on it: 50.00 + 40.00 + 10.00.
    let older = Promotion { id: id(1), ..taxed };
    let newer = Promotion { id: id(2), ..untaxed };
    let priced = shop.with([older, newer]).price();
    assert_eq!((priced.total, priced.discount, priced.search_cut), (5_000 + 4_000 + 1_000, 1_000, 0));
    assert_eq!(priced.refused, [(id(2), Why::Beaten { by: id(1) })]);
}

/// 15.00 of the budget are left: 10 % of 100.00 fits, 10 % of 160.00 does not.
#[test]
fn a_budget_is_kept_or_not_touched() {
    let used = Used { spent: 8_500, budget: Some(10_000), ..Used::default() };
    let priced = |price| Shop::new("EUR", &[(1, price, 1)]).with([order_off(1, "10")]).used(1, used).price();
    assert_eq!(priced(10_000).discount, 1_000);
    assert_eq!((priced(15_000).discount, priced(15_001).discount), (1_500, 1_500));
    let over = priced(16_000);
    assert_eq!((over.discount, over.refused), (0, vec![(id(1), Why::BudgetSpent)]));
    // What comes next takes its place.
    let next =
        Shop::new("EUR", &[(1, 16_000, 1)]).with([order_off(1, "10"), order_off(2, "5")]).used(1, used);
    assert_eq!(applied(&next.price()), [("p2", 800)]);
}

#[test]
fn a_code_brings_its_promotion_once() {
    let shop = Shop { rounding: TaxRounding::Total, ..Shop::new("EUR", &[(1, 1_000, 1)]) };
    let mut shop = shop.with([percent_off(1, "10", Target::All)]).by_code("ten");
    let priced = shop.price();
    assert_eq!((priced.discount, priced.codes[0].why), (100, None));
    assert_eq!(priced.applied[0].code, CodeKey::of("TEN"));
    let key = CodeKey::of("other").unwrap();
    shop.standing.codes.insert(key, shop.standing.codes[&CodeKey::of("ten").unwrap()]);
    shop.codes.push("other");
    let again = shop.price();
    assert_eq!((again.discount, again.codes[1].why), (100, Some(Why::Beaten { by: id(1) })));
    shop.codes.clear();
    assert_eq!(shop.price().discount, 0, "nobody entered it");
}
