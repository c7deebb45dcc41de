//! Ways of delivering, and what they cost.

use super::*;
use crate::{
    delivery::{CarrierQuote, Measure, Parcel, RateRow, RateTable},
    market::ExchangeRate,
    pricing::{
        DeliveryOption, Goods, PricingInput, PricingLine, PricingRules, Quotes, Rules, RulesData, Standing,
        TaxRounding, parcels,
    },
    shared::{
        CartLineId, Currency, DeliveryGroupId, DeliveryMethodId, LocationId, ProductId, PromotionId, Rate,
        VariantId,
    },
};
use chrono::DateTime;
use uuid::Uuid;

fn goods(price: i64, weight_grams: i64) -> Goods {
    Goods {
        variant: VariantId::NIL,
        product: ProductId::NIL,
        price,
        compare_at_price: None,
        taxable: true,
        requires_shipping: true,
        weight_grams,
        dimensions_mm: None,
        collections: Arc::from([]),
        tags: Arc::from([]),
        tax_category: None,
        gift_card: false,
    }
}

fn method(handle: &str, rates: RateTable) -> DeliveryMethod {
    DeliveryMethod {
        id: DeliveryMethodId::NIL,
        zone: None,
        handle: handle.into(),
        title: handle.into(),
        description: None,
        kind: MethodKind::Shipping,
        rates,
        free_from: None,
        divisor: None,
        tax_category: None,
        days: None,
        bounds: LoadBounds::default(),
        position: 0,
    }
}

fn rules(currency: &str, methods: Vec<DeliveryMethod>) -> Rules {
    let delivery = DeliveryOption { handle: "s".into(), title: "S".into(), price: 0, taxable: false };
    let configured = PricingRules {
        tax_rate: Rate::default(),
        prices_include_tax: true,
        tax_rounding: TaxRounding::Line,
        delivery,
    };
    let data = Rules::implicit(&configured, Currency::parse(currency).unwrap()).data().clone();
    let methods = (0..).zip(methods).map(|(position, method)| DeliveryMethod { position, ..method });
    Rules::compile(RulesData { delivery_methods: methods.collect(), ..data })
}

/// A cart whose lines are each in a group, or in none.
struct Cart {
    lines: Vec<(Goods, u32, Option<usize>)>,
    /// The line that a promotion has put in.
    gift: Option<usize>,
    groups: Vec<GroupChoice>,
    quotes: Quotes,
    /// Its currency, and what one unit of the shop's is worth in it.
    currency: Option<(&'static str, &'static str)>,
}

impl Cart {
    fn of(lines: &[(Goods, u32)]) -> Self {
        Self {
            lines: lines.iter().map(|(goods, quantity)| (goods.clone(), *quantity, Some(0))).collect(),
            gift: None,
            groups: vec![group(1)],
            quotes: Quotes::default(),
            currency: None,
        }
    }

    fn with<T>(&self, rules: &Rules, use_it: impl FnOnce(&PricingInput<'_>) -> T) -> T {
        let lines: Vec<PricingLine<'_>> = self
            .lines
            .iter()
            .enumerate()
            .map(|(n, (goods, quantity, group))| PricingLine {
                id: CartLineId::new(Uuid::from_u128(n as u128)),
                quantity: *quantity,
                goods,
                gift_of: (self.gift == Some(n)).then_some(PromotionId::NIL),
                group: *group,
            })
            .collect();
        let mut context = Context::anybody(rules.primary());
        if let Some((currency, rate)) = self.currency {
            context.currency = Currency::parse(currency).unwrap();
            context.rate = ExchangeRate::parse(rate).unwrap();
        }
        use_it(&PricingInput {
            lines: &lines,
            rules,
            context: &context,
            codes: &[],
            standing: &Standing::default(),
            deliveries: &self.groups,
            quotes: &self.quotes,
            stored_value: &[],
            now: DateTime::UNIX_EPOCH,
        })
    }

    /// The options of each group, with their prices. Goods cost what they do in the cart's currency.
    fn offers(&self, rules: &Rules) -> Vec<Vec<(String, i64)>> {
        self.with(rules, |input| {
            let mut w = Working::new(input);
            for line in &mut w.lines {
                line.priced.subtotal = line.sold.goods.price * i64::from(line.sold.quantity);
            }
            run(&mut w).unwrap();
            let offers = |group: &PricedGroup| {
                group.offers.iter().map(|offer| (offer.handle.to_string(), offer.price)).collect()
            };
            w.groups.iter().map(offers).collect()
        })
    }

    fn price(&self, rules: &Rules) -> Option<i64> {
        self.offers(rules)[0].first().map(|(_, price)| *price)
    }
}

fn group(n: u128) -> GroupChoice {
    GroupChoice { id: DeliveryGroupId::new(Uuid::from_u128(n)), to: None, option: None, pick_up: Vec::new() }
}

fn rows(by: Measure, rows: &[(i64, i64)]) -> RateTable {
    let row = |(from, base): &(i64, i64)| RateRow { from: *from, base: *base, ..RateRow::default() };
    RateTable { by, rows: rows.iter().map(row).collect() }
}

#[test]
fn a_price_by_weight_subtotal_or_quantity() {
    let cart = Cart::of(&[(goods(1_000, 400), 3), (goods(500, 900), 1)]);
    // 2,100 g, 35.00, 4 units.
    let of = |by, bounds: &[(i64, i64)]| cart.price(&rules("EUR", vec![method("m", rows(by, bounds))]));
    assert_eq!(of(Measure::Weight, &[(0, 490), (2_100, 690), (2_101, 990)]), Some(690));
    assert_eq!(of(Measure::Subtotal, &[(0, 490), (3_500, 290)]), Some(290));
    assert_eq!(of(Measure::Quantity, &[(0, 490), (4, 700), (5, 900)]), Some(700));
    assert_eq!(of(Measure::Quantity, &[(5, 900)]), None, "not for so few");
    assert_eq!(of(Measure::Weight, &[(0, -490)]), Some(0), "nobody is paid for taking it");
}

/// 40 x 30 x 20 cm are 24,000 cm3: 4.8 kg each at 5000 cm3 a kilogram, whatever they weigh.
#[test]
fn room_counts_as_weight_where_the_method_says_so() {
    let large = Goods { dimensions_mm: Some([400, 300, 200]), ..goods(1_000, 1_000) };
    let cart = Cart::of(&[(large, 2), (goods(1_000, 500), 1)]);
    let table = rows(Measure::Weight, &[(0, 490), (10_000, 1_490)]);
    let by_room = DeliveryMethod { divisor: Some(5_000), ..method("room", table.clone()) };
    let rules = rules("EUR", vec![method("scales", table), by_room]);
    let priced = cart.offers(&rules);
    assert_eq!(priced[0], [("scales".to_owned(), 490), ("room".to_owned(), 1_490)], "2.5 kg and 10.1 kg");
}

#[test]
fn each_group_has_its_own_load_and_options() {
    let mut cart = Cart::of(&[(goods(1_000, 400), 1), (goods(9_000, 5_000), 1), (goods(100, 0), 1)]);
    (cart.lines[1].2, cart.lines[2].2) = (Some(1), None);
    let depot = LocationId::new(Uuid::from_u128(7));
    cart.groups = vec![group(1), GroupChoice { pick_up: vec![depot], ..group(2) }];
    let by_weight = method("post", rows(Measure::Weight, &[(0, 490), (5_000, 1_490)]));
    let up_to_50 = Bounds { least: None, most: Some(5_000) };
    let bounds = LoadBounds { subtotal: up_to_50, ..LoadBounds::default() };
    let letter = DeliveryMethod { bounds, ..method("letter", RateTable::flat(190)) };
    let counter = DeliveryMethod {
        kind: MethodKind::PickUp { location: depot },
        ..method("counter", RateTable::flat(0))
    };
    let offers = cart.offers(&rules("EUR", vec![letter, by_weight, counter]));
    let handles = |n: usize| offers[n].iter().map(|(h, price)| (&**h, *price)).collect::<Vec<_>>();
    assert_eq!(handles(0), [("letter", 190), ("post", 490)]);
    assert_eq!(handles(1), [("post", 1_490), ("counter", 0)]);
}

/// At 163.345 yen a euro 49.00 are 8,004 and 50.00 are 8,167 (8,167.25); 4.90 are 800 (800.39), 5.00 + 3 x 1.00 are 1,307 (1,306.76).
#[test]
fn rates_are_of_the_shops_currency_and_paid_in_the_carts() {
    let yen = |subtotal: i64| {
        let mut cart = Cart::of(&[(goods(subtotal, 2_600), 1)]);
        cart.currency = Some(("JPY", "163.345"));
        cart
    };
    let free = DeliveryMethod { free_from: Some(5_000), ..method("m", RateTable::flat(490)) };
    let free = rules("EUR", vec![free]);
    assert_eq!([8_166, 8_167].map(|subtotal| yen(subtotal).price(&free)), [Some(800), Some(0)]);
    let by_subtotal = rules("EUR", vec![method("m", rows(Measure::Subtotal, &[(0, 490), (5_000, 100)]))]);
    assert_eq!([8_166, 8_167].map(|subtotal| yen(subtotal).price(&by_subtotal)), [Some(800), Some(163)]);
    let steps = RateTable {
        by: Measure::Weight,
        rows: vec![RateRow { from: 0, base: 500, per_step: 100, step: 1_000 }],
    };
    assert_eq!(yen(1).price(&rules("EUR", vec![method("m", steps)])), Some(1_307), "converted once");
    let bounds = LoadBounds { subtotal: Bounds { least: Some(4_900), most: None }, ..LoadBounds::default() };
    let dear = rules("EUR", vec![DeliveryMethod { bounds, ..method("m", RateTable::flat(490)) }]);
    assert_eq!([8_003, 8_004].map(|subtotal| yen(subtotal).price(&dear)), [None, Some(800)]);
    // 0.5 dinars at 0.3345 a euro: 1.00 is 334.5 fils, which is charged as 330.
    let mut dinars = Cart::of(&[(goods(1_000, 0), 1)]);
    dinars.currency = Some(("KWD", "0.3345"));
    assert_eq!(dinars.price(&rules("EUR", vec![method("m", RateTable::flat(100))])), Some(330));
}

#[test]
fn of_what_carriers_say_only_sense_is_offered() {
    let quote = |of: u128, handle: &str, amount| CarrierQuote {
        group: DeliveryGroupId::new(Uuid::from_u128(of)),
        handle: handle.into(),
        title: "T".into(),
        amount,
        days: None,
    };
    let mut cart = Cart::of(&[(goods(1_000, 100), 1)]);
    cart.quotes.carriers =
        vec![quote(1, "express", 1_894), quote(1, "post", 1), quote(1, "less", -5), quote(2, "other", 9)];
    let carrier = DeliveryMethod { kind: MethodKind::Carrier, ..method("carrier", RateTable::default()) };
    let offers = |currency| {
        let rules = rules(currency, vec![method("post", RateTable::flat(500)), carrier.clone()]);
        cart.offers(&rules)[0].clone()
    };
    let handle = |handle: &str, price| (handle.to_owned(), price);
    assert_eq!(offers("EUR"), [handle("post", 500), handle("express", 1_894)]);
    assert_eq!(offers("KWD"), [handle("post", 500), handle("express", 1_890)], "in tens of fils");
    let free = DeliveryMethod { free_from: Some(1_000), ..carrier.clone() };
    assert_eq!(cart.offers(&rules("EUR", vec![free]))[0][0], handle("express", 0));
    cart.quotes.carriers.clear();
    assert_eq!(cart.offers(&rules("EUR", vec![carrier]))[0], [], "a carrier that is silent offers nothing");
}

#[test]
fn gifts_alone_are_delivered_in_any_way_for_nothing() {
    let mut cart = Cart::of(&[(goods(1_000, 100), 1)]);
    cart.gift = Some(0);
    let depot = LocationId::new(Uuid::from_u128(7));
    let least = Bounds { least: Some(1), most: None };
    let rules = rules(
        "EUR",
        vec![
            method("heavy", rows(Measure::Weight, &[(5_000, 900)])),
            DeliveryMethod { kind: MethodKind::Carrier, ..method("carrier", RateTable::default()) },
            DeliveryMethod {
                bounds: LoadBounds { quantity: least, ..LoadBounds::default() },
                ..method("some", RateTable::flat(5))
            },
            DeliveryMethod {
                kind: MethodKind::PickUp { location: depot },
                ..method("counter", RateTable::flat(5))
            },
        ],
    );
    let handles = |offers: &[(String, i64)]| offers.iter().map(|(h, p)| (h.clone(), *p)).collect::<Vec<_>>();
    let free = ["heavy", "carrier", "some"].map(|handle| (handle.to_owned(), 0));
    assert_eq!(handles(&cart.offers(&rules)[0]), free, "though not where they are not");
}

#[test]
fn a_carrier_is_told_of_parcels_without_gifts() {
    let mut cart = Cart::of(&[(Goods { dimensions_mm: Some([10, 20, 30]), ..goods(1_000, 400) }, 3)]);
    cart.lines.push((goods(500, 900), 1, Some(0)));
    cart.lines.push((goods(700, 5_000), 1, Some(0)));
    cart.lines.push((goods(700, 5_000), 1, None));
    cart.gift = Some(2);
    cart.groups.push(group(2));
    let told = cart.with(&rules("EUR", Vec::new()), |input| parcels(input).unwrap());
    let parcel = Parcel { group: group(1).id, grams: 2_100, volume_mm3: 18_000, units: 4, value: 3_500 };
    assert_eq!(told, [parcel], "and of no empty one");
    cart.lines[0].0.dimensions_mm = Some([u32::MAX; 3]);
    let told = cart.with(&rules("EUR", Vec::new()), parcels);
    assert_eq!(told, Err(PricingError::OutOfRange));
}
