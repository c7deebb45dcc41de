//! Rules in which nothing is left out, for tests.

use super::Switched;
use crate::{
    Reader,
    market::KeptRate,
    promotion::{Limits, PromotionState, StaffPromotion},
    testing::at,
};
use std::{collections::BTreeSet, sync::Arc};
use stoa_domain::{
    delivery::{
        Bounds, DeliveryDays, DeliveryMethod, DeliveryZone, LoadBounds, Measure, MethodKind, RateRow,
        RateTable,
    },
    market::{ExchangeRate, Market},
    pricing::{
        Action, Class, Condition, Definition, DeliveryOption, ListPrice, Method, MoneyBounds, MoneyTable,
        Off, Per, PriceList, PriceListKind, PricingRules, Promotion, RoundingRule, Target, TaxRounding, Tier,
        TierBy,
    },
    shared::{
        CountryCode, Currency, CustomerGroupId, DeliveryMethodId, DeliveryZoneId, LocationId, MarketId,
        PriceListId, ProductId, PromotionId, Rate, TaxCategoryId, TaxRateId, TaxZoneId, VariantId,
    },
    tax::{CategoryKind, PostalRange, TaxCategory, TaxRate, TaxZone},
};
use uuid::Uuid;

/// An id of its own.
pub(crate) fn id<Id: From<Uuid>>(n: u128) -> Id {
    Id::from(Uuid::from_u128(n + (1 << 90)))
}

pub(crate) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub(crate) fn countries(codes: &[&str]) -> BTreeSet<CountryCode> {
    codes.iter().map(|code| CountryCode::parse(code).unwrap()).collect()
}

pub(crate) fn texts(texts: &[&str]) -> BTreeSet<Box<str>> {
    texts.iter().map(|text| Box::from(*text)).collect()
}

fn ranges() -> Vec<PostalRange> {
    [("100", "102"), ("sw1", "SW1")].map(|(from, to)| PostalRange::parse(from, to).unwrap()).into()
}

/// A tenth off everything by a code, in use, as often as anybody wants.
pub(crate) fn promotion(n: u128) -> StaffPromotion {
    let action = Action::PercentOff { rate: Rate::from_millionths(100_000), target: Target::All };
    StaffPromotion {
        promotion: Promotion {
            id: id::<PromotionId>(n),
            title: format!("Ten {n}").into(),
            class: Class::Product,
            method: Method::Code,
            definition: Definition { conditions: Vec::new(), action, most_per_order: None },
            priority: 0,
            stacks: false,
            exclusive: false,
            starts_at: None,
            ends_at: None,
            per_buyer: None,
        },
        state: PromotionState::Active,
        limits: Limits::default(),
    }
}

/// One that says everything that one can say.
pub(crate) fn full_promotion(n: u128) -> StaffPromotion {
    let of = Target::Of {
        products: BTreeSet::from([id::<ProductId>(1)]),
        variants: BTreeSet::from([id::<VariantId>(2)]),
        collections: BTreeSet::from([id(3)]),
        tags: texts(&["summer"]),
    };
    let euros = MoneyTable { shop: 5_000, others: [(currency("JPY"), 8_000)].into() };
    let bounds = MoneyBounds { least: Some(euros.clone()), most: None };
    let plain = promotion(n);
    StaffPromotion {
        promotion: Promotion {
            title: "Summer 10 % \"all\"".into(),
            class: Class::Order,
            method: Method::Automatic,
            definition: Definition {
                conditions: vec![
                    Condition::Subtotal { of: of.clone(), bounds },
                    Condition::Quantity { of: Target::All, bounds: Bounds { least: Some(2), most: Some(9) } },
                    Condition::Groups(BTreeSet::from([id::<CustomerGroupId>(4)])),
                    Condition::FirstOrder,
                    Condition::Countries(countries(&["DE", "FR"])),
                    Condition::Currencies(BTreeSet::from([currency("EUR")])),
                    Condition::Markets(BTreeSet::from([id::<MarketId>(5)])),
                    Condition::DeliveryMethods(texts(&["post"])),
                ],
                action: Action::Tiered {
                    by: TierBy::Subtotal,
                    target: of,
                    tiers: vec![
                        Tier { from: 5_000, off: Off::Percent(Rate::from_millionths(50_000)) },
                        Tier { from: 9_000, off: Off::Amount(euros) },
                    ],
                    whole_cart: true,
                },
                most_per_order: Some(3),
            },
            priority: -7,
            stacks: true,
            exclusive: true,
            starts_at: Some(at(10)),
            ends_at: Some(at(20)),
            per_buyer: Some(2),
            ..plain.promotion
        },
        state: PromotionState::Draft,
        limits: Limits { most: Some(100), budget: Some(50_000) },
    }
}

/// One of each action, in each of its forms; all in use, and those with an odd number limited.
pub(crate) fn promotions() -> Vec<StaffPromotion> {
    let tenth = Rate::from_millionths(100_000);
    let some = Target::Of {
        products: BTreeSet::new(),
        variants: BTreeSet::from([id::<VariantId>(2)]),
        collections: BTreeSet::new(),
        tags: texts(&["a", "b"]),
    };
    let money = MoneyTable { shop: 300, others: [(currency("KWD"), 1_000)].into() };
    let amount = |per| Action::AmountOff { off: money.clone(), per, target: some.clone() };
    let actions = [
        (Class::Product, Action::PercentOff { rate: tenth, target: some.clone() }),
        (Class::Order, Action::PercentOff { rate: tenth, target: Target::All }),
        (Class::Product, amount(Per::Unit)),
        (Class::Product, amount(Per::Line)),
        (Class::Order, amount(Per::Cart)),
        (Class::Product, Action::FixedPrice { price: money.clone(), target: Target::All }),
        (
            Class::Product,
            Action::BuyGet {
                buy: some.clone(),
                buy_count: 2,
                get: Target::All,
                get_count: 1,
                off: Rate::from_millionths(1_000_000),
                most_sets: Some(4),
            },
        ),
        (
            Class::Product,
            Action::Tiered {
                by: TierBy::Quantity,
                target: some,
                tiers: vec![Tier { from: 3, off: Off::Percent(tenth) }],
                whole_cart: false,
            },
        ),
        (
            Class::Delivery,
            Action::DeliveryOff {
                off: Off::Percent(tenth),
                methods: texts(&["post"]),
                most: Some(money.clone()),
            },
        ),
        (
            Class::Delivery,
            Action::DeliveryOff { off: Off::Amount(money), methods: BTreeSet::new(), most: None },
        ),
        (Class::Product, Action::Gift { variant: id(6), quantity: 1 }),
    ];
    let mut all = vec![StaffPromotion { state: PromotionState::Active, ..full_promotion(1) }];
    for (n, (class, action)) in (2..).zip(actions) {
        let plain = promotion(n);
        let definition = Definition { action, ..plain.promotion.definition };
        all.push(StaffPromotion {
            promotion: Promotion { class, definition, ..plain.promotion },
            limits: Limits { most: (n % 4 == 1).then_some(7), budget: (n % 4 == 3).then_some(900) },
            ..plain
        });
    }
    all
}

pub(crate) fn price_list(n: u128) -> Switched<PriceList> {
    let list = PriceList {
        id: id::<PriceListId>(n),
        name: format!("Sale {n}").into(),
        kind: PriceListKind::Sale,
        currency: Currency::USD,
        adjustment: None,
        market: None,
        starts_at: None,
        ends_at: None,
    };
    Switched { rule: list, active: true }
}

pub(crate) fn price(list: u128, variant: u128, from_quantity: u32, price: i64) -> ListPrice {
    ListPrice { variant: id(variant), list: id(list), from_quantity, price, compare_at: None }
}

pub(crate) fn market(n: u128, of: &[&str]) -> Market {
    Market {
        id: id(n),
        name: format!("Market {n}").into(),
        currency: currency("JPY"),
        countries: countries(of),
        price_list: None,
        rounding: RoundingRule::Up { modulus: 100, ending: 0 },
        prices_include_tax: Some(true),
        net_prices: true,
        active: true,
    }
}

pub(crate) fn rate(code: &str, worth: &str) -> KeptRate {
    KeptRate {
        currency: currency(code),
        rate: ExchangeRate::parse(worth).unwrap(),
        source: "a bank".to_owned(),
        as_of: at(-60),
    }
}

pub(crate) fn tax_category(n: u128) -> TaxCategory {
    TaxCategory {
        id: id(n),
        code: format!("reduced-{n}").into(),
        name: "Books".into(),
        kind: CategoryKind::Taxed,
    }
}

pub(crate) fn tax_zone(n: u128, rates: Vec<TaxRate>) -> TaxZone {
    TaxZone {
        id: id::<TaxZoneId>(n),
        name: format!("Zone {n}").into(),
        level: 1,
        country: CountryCode::parse("US"),
        provinces: texts(&["NJ", "NY"]),
        postal_ranges: ranges(),
        priority: 3,
        rates: rates.into_iter().map(Arc::new).collect(),
    }
}

pub(crate) fn tax_rate(n: u128, category: Option<TaxCategoryId>) -> TaxRate {
    TaxRate {
        id: id::<TaxRateId>(n),
        category,
        name: "QST".into(),
        rate: Rate::from_millionths(99_750),
        compound: true,
        on_delivery: true,
        position: i32::try_from(n).unwrap(),
        valid_from: Some(at(-10)),
        valid_until: Some(at(1_000)),
    }
}

pub(crate) fn delivery_zone(n: u128) -> DeliveryZone {
    DeliveryZone {
        id: id::<DeliveryZoneId>(n),
        name: format!("Zone {n}").into(),
        countries: countries(&["AT", "DE"]),
        provinces: texts(&["BY"]),
        postal_ranges: ranges(),
        priority: -1,
    }
}

pub(crate) fn delivery_method(n: u128, zone: Option<DeliveryZoneId>) -> Switched<DeliveryMethod> {
    let rows = vec![
        RateRow { from: 0, base: 490, ..RateRow::default() },
        RateRow { from: 2_000, base: 690, per_step: 100, step: 500 },
    ];
    let method = DeliveryMethod {
        id: id::<DeliveryMethodId>(n),
        zone,
        handle: format!("post-{n}").into(),
        title: "Post".into(),
        description: Some("By foot".into()),
        kind: MethodKind::PickUp { location: id::<LocationId>(9) },
        rates: RateTable { by: Measure::Weight, rows },
        free_from: Some(5_000),
        divisor: Some(5_000),
        tax_category: None,
        days: Some(DeliveryDays { least: 2, most: 4 }),
        bounds: LoadBounds { weight: Bounds { least: None, most: Some(30_000) }, ..LoadBounds::default() },
        position: i32::try_from(n).unwrap(),
    };
    Switched { rule: method, active: true }
}

/// What a shop has that decides nothing itself.
pub(crate) fn configured() -> PricingRules {
    PricingRules {
        tax_rate: Rate::from_millionths(190_000),
        prices_include_tax: true,
        tax_rounding: TaxRounding::Line,
        delivery: DeliveryOption {
            handle: "standard".into(),
            title: "Standard".into(),
            price: 500,
            taxable: true,
        },
    }
}

/// The version of the catalogue and the number of the rules.
pub(crate) async fn versions(reader: &Reader) -> (i64, i64) {
    let versions = crate::catalog::versions(reader).await.unwrap();
    (versions.catalog, versions.rules)
}
