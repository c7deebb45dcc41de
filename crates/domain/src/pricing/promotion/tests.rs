//! Forms in which definitions were ever written, and what cannot be written.

use super::*;
use crate::{
    delivery::Bounds,
    market::{ExchangeRate, Market},
    pricing::Context,
    shared::{
        CollectionId, CountryCode, Currency, CustomerGroupId, MarketId, ProductId, PromotionId, Rate,
        VariantId,
    },
};
use chrono::DateTime;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn percent(text: &str) -> Rate {
    Rate::parse_percent(text).unwrap()
}

fn promotion(class: Class, action: Action) -> Promotion {
    Promotion {
        id: PromotionId::NIL,
        title: "Ten off".into(),
        class,
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
    }
}

fn ten_percent(target: Target) -> Action {
    Action::PercentOff { rate: percent("10"), target }
}

fn named() -> Target {
    Target::Of {
        products: BTreeSet::from([id::<ProductId>(1)]),
        variants: BTreeSet::from([id::<VariantId>(2)]),
        collections: BTreeSet::from([id::<CollectionId>(3)]),
        tags: BTreeSet::from(["summer".into()]),
    }
}

fn nothing() -> Target {
    Target::Of {
        products: BTreeSet::new(),
        variants: BTreeSet::new(),
        collections: BTreeSet::new(),
        tags: BTreeSet::new(),
    }
}

/// Whatever was written once is read, and written as it was.
#[test]
fn every_action_is_read_back() {
    let eur = Currency::parse("EUR").unwrap();
    let five = MoneyTable { shop: 500, others: BTreeMap::from([(eur, 450)]) };
    let forms = [
        (ten_percent(Target::All), r#"{"percent_off":{"rate":100000,"target":"all"}}"#),
        (
            Action::AmountOff { off: five.clone(), per: Per::Unit, target: Target::All },
            r#"{"amount_off":{"off":{"shop":500,"others":{"EUR":450}},"per":"unit","target":"all"}}"#,
        ),
        (
            Action::FixedPrice { price: MoneyTable::of(999), target: Target::All },
            r#"{"fixed_price":{"price":{"shop":999},"target":"all"}}"#,
        ),
        (
            Action::BuyGet {
                buy: Target::All,
                buy_count: 2,
                get: Target::All,
                get_count: 1,
                off: percent("100"),
                most_sets: Some(3),
            },
            r#"{"buy_get":{"buy":"all","buy_count":2,"get":"all","get_count":1,"off":1000000,"most_sets":3}}"#,
        ),
        (
            Action::Tiered {
                by: TierBy::Subtotal,
                target: Target::All,
                tiers: vec![
                    Tier { from: 5_000, off: Off::Percent(percent("5")) },
                    Tier { from: 10_000, off: Off::Amount(MoneyTable::of(1_000)) },
                ],
                whole_cart: true,
            },
            concat!(
                r#"{"tiered":{"by":"subtotal","target":"all","tiers":[{"from":5000,"off":{"percent":50000}},"#,
                r#"{"from":10000,"off":{"amount":{"shop":1000}}}],"whole_cart":true}}"#,
            ),
        ),
        (
            Action::DeliveryOff {
                off: Off::Percent(percent("100")),
                methods: BTreeSet::from(["standard".into()]),
                most: Some(MoneyTable::of(900)),
            },
            r#"{"delivery_off":{"off":{"percent":1000000},"methods":["standard"],"most":{"shop":900}}}"#,
        ),
        (
            Action::Gift { variant: id(7), quantity: 1 },
            r#"{"gift":{"variant":"00000000-0000-0000-0000-000000000007","quantity":1}}"#,
        ),
    ];
    for (action, written) in forms {
        assert_eq!(serde_json::from_str::<Action>(written).unwrap(), action, "{written}");
        assert_eq!(serde_json::to_string(&action).unwrap(), written);
    }
}

#[test]
fn every_condition_is_read_back() {
    let forms = [
        (
            Condition::Subtotal {
                of: Target::All,
                bounds: MoneyBounds { least: Some(MoneyTable::of(5_000)), most: None },
            },
            r#"{"subtotal":{"of":"all","least":{"shop":5000}}}"#.to_owned(),
        ),
        (
            Condition::Quantity { of: named(), bounds: Bounds { least: Some(2), most: Some(9) } },
            concat!(
                r#"{"quantity":{"of":{"of":{"products":["00000000-0000-0000-0000-000000000001"],"#,
                r#""variants":["00000000-0000-0000-0000-000000000002"],"#,
                r#""collections":["00000000-0000-0000-0000-000000000003"],"tags":["summer"]}},"least":2,"most":9}}"#,
            )
            .to_owned(),
        ),
        (
            Condition::Groups(BTreeSet::from([id::<CustomerGroupId>(4)])),
            r#"{"groups":["00000000-0000-0000-0000-000000000004"]}"#.to_owned(),
        ),
        (Condition::FirstOrder, r#""first_order""#.to_owned()),
        (
            Condition::Countries(["FR", "DE"].iter().filter_map(|c| CountryCode::parse(c)).collect()),
            r#"{"countries":["DE","FR"]}"#.to_owned(),
        ),
        (
            Condition::Currencies(["USD", "EUR"].iter().filter_map(|c| Currency::parse(c).ok()).collect()),
            r#"{"currencies":["EUR","USD"]}"#.to_owned(),
        ),
        (
            Condition::Markets(BTreeSet::from([id::<MarketId>(5)])),
            r#"{"markets":["00000000-0000-0000-0000-000000000005"]}"#.to_owned(),
        ),
        (
            Condition::DeliveryMethods(BTreeSet::from(["standard".into()])),
            r#"{"delivery_methods":["standard"]}"#.to_owned(),
        ),
    ];
    for (condition, written) in forms {
        assert_eq!(serde_json::from_str::<Condition>(&written).unwrap(), condition, "{written}");
        assert_eq!(serde_json::to_string(&condition).unwrap(), written);
    }
}

#[test]
fn what_a_definition_does_not_say_has_a_meaning() {
    let shortest = r#"{"action":{"percent_off":{"rate":100000,"target":{"of":{"tags":["summer"]}}}}}"#;
    let definition: Definition = serde_json::from_str(shortest).unwrap();
    assert!(definition.conditions.is_empty() && definition.most_per_order.is_none());
    assert_eq!(serde_json::to_string(&definition).unwrap(), shortest);
    let tiered = r#"{"tiered":{"by":"quantity","target":"all","tiers":[]}}"#;
    assert!(matches!(serde_json::from_str(tiered).unwrap(), Action::Tiered { whole_cart: false, .. }));
    assert!(serde_json::from_str::<Action>(r#"{"cash_back":{}}"#).is_err(), "a newer version's");
}

#[test]
fn an_action_decides_what_a_promotion_lowers() {
    assert!(promotion(Class::Product, ten_percent(Target::All)).validated().is_ok());
    assert!(promotion(Class::Order, ten_percent(Target::All)).validated().is_ok());
    let off = |per| Action::AmountOff { off: MoneyTable::of(500), per, target: named() };
    let free =
        || Action::DeliveryOff { off: Off::Percent(percent("100")), methods: BTreeSet::new(), most: None };
    for (class, action, fits) in [
        (Class::Order, ten_percent(named()), false),
        (Class::Product, off(Per::Unit), true),
        (Class::Product, off(Per::Cart), false),
        (Class::Order, off(Per::Cart), true),
        (Class::Order, off(Per::Line), false),
        (Class::Delivery, free(), true),
        (Class::Order, free(), false),
    ] {
        let refused = promotion(class, action.clone()).validated().err();
        assert_eq!(refused, (!fits).then_some(InvalidPromotion::OtherClass), "{class:?} {action:?}");
    }
}

#[test]
fn what_takes_nothing_off_is_no_promotion() {
    let refused = |action: Action| promotion(action.classes()[0], action).validated().unwrap_err();
    let percent_off = |rate| refused(Action::PercentOff { rate, target: Target::All });
    assert_eq!(refused(ten_percent(nothing())), InvalidPromotion::NothingToDo);
    assert_eq!(percent_off(percent("0")), InvalidPromotion::NothingToDo);
    assert_eq!(percent_off(percent("100.0001")), InvalidPromotion::OutOfRange);
    let amount_off = |off| refused(Action::AmountOff { off, per: Per::Cart, target: Target::All });
    assert_eq!(amount_off(MoneyTable::of(0)), InvalidPromotion::NothingToDo);
    assert_eq!(amount_off(MoneyTable::of(-1)), InvalidPromotion::OutOfRange);
    assert_eq!(
        amount_off(MoneyTable { shop: 1, others: BTreeMap::from([(Currency::USD, -1)]) }),
        InvalidPromotion::OutOfRange
    );
    assert_eq!(refused(Action::Gift { variant: id(1), quantity: 0 }), InvalidPromotion::NothingToDo);
    let tiered = |from: [i64; 2]| {
        let tiers = from.map(|from| Tier { from, off: Off::Percent(percent("5")) });
        refused(Action::Tiered {
            by: TierBy::Quantity,
            target: Target::All,
            tiers: tiers.into(),
            whole_cart: false,
        })
    };
    assert_eq!(tiered([3, 3]), InvalidPromotion::RangeReversed);
    assert_eq!(tiered([-1, 3]), InvalidPromotion::OutOfRange);
}

#[test]
fn a_range_runs_forwards() {
    let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let good = promotion(Class::Product, ten_percent(Target::All));
    let never = Promotion { starts_at: Some(now), ends_at: Some(now), ..good.clone() };
    assert_eq!(never.validated(), Err(InvalidPromotion::RangeReversed));
    let bounds = Bounds { least: Some(3), most: Some(2) };
    let mut few = good.clone();
    few.definition.conditions.push(Condition::Quantity { of: Target::All, bounds });
    assert_eq!(few.validated(), Err(InvalidPromotion::RangeReversed));
    let mut nobody = good.clone();
    nobody.definition.conditions.push(Condition::Groups(BTreeSet::new()));
    assert_eq!(nobody.validated(), Err(InvalidPromotion::NothingToDo));
    let begun = Promotion { starts_at: Some(now), ..good.clone() };
    assert!(begun.active(now) && !begun.active(now - chrono::TimeDelta::microseconds(1)));
    let over = Promotion { ends_at: Some(now), ..good };
    assert!(!over.active(now) && over.active(now - chrono::TimeDelta::microseconds(1)));
}

/// 5.00 dollars are 4.50 euros because it says so, and 776 yen at 155.28 for a dollar: 776.4.
#[test]
fn an_amount_is_in_the_currency_it_was_said_in() {
    let [usd, eur, jpy] = ["USD", "EUR", "JPY"].map(|code| Currency::parse(code).unwrap());
    let five = MoneyTable { shop: 500, others: BTreeMap::from([(eur, 450)]) };
    let market = Market::primary(usd);
    let amount = |currency| {
        let rate = ExchangeRate::parse("155.28").unwrap();
        five.in_currency(&Context { currency, rate, ..Context::anybody(&market) })
    };
    assert_eq!([usd, eur, jpy].map(amount), [Ok(500), Ok(450), Ok(776)]);
}
