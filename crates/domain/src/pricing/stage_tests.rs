//! Stages that a shop without rules of its own has no use for: several taxes, deliveries to choose from, gift cards.

use super::*;
use crate::{
    delivery::{
        CarrierQuote, DeliveryDays, DeliveryMethod, DeliveryZone, GroupChoice, LoadBounds, MethodKind,
        RateTable,
    },
    gift_card::Last4,
    shared::{
        CartLineId, CountryCode, Currency, DeliveryGroupId, DeliveryMethodId, DeliveryZoneId, GiftCardId,
        LocationId, Place, ProductId, PromotionId, Rate, TaxCategoryId, TaxRateId, TaxZoneId, VariantId,
    },
    tax::{CategoryKind, TaxCategory, TaxRate, TaxZone},
};
use chrono::DateTime;
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

const BOOKS: TaxCategoryId = TaxCategoryId::new(Uuid::from_u128(1));

fn rate(name: &str, category: Option<TaxCategoryId>, percent: &str, compound: bool) -> TaxRate {
    TaxRate {
        id: TaxRateId::new(Uuid::from_u128(name.bytes().map(u128::from).sum())),
        category,
        name: name.into(),
        rate: Rate::parse_percent(percent).unwrap(),
        compound,
        on_delivery: category.is_none(),
        position: 0,
        valid_from: None,
        valid_until: None,
    }
}

fn zone(level: u8, country: &str, province: Option<&str>, rates: Vec<TaxRate>) -> TaxZone {
    TaxZone {
        id: TaxZoneId::new(Uuid::from_u128(u128::from(level) + 1)),
        name: country.into(),
        level,
        country: CountryCode::parse(country),
        provinces: province.into_iter().map(Box::from).collect(),
        postal_ranges: Vec::new(),
        priority: 0,
        rates: rates.into_iter().map(Arc::new).collect(),
    }
}

/// A shop whose delivery is 5.00 everywhere.
fn shop(currency: &str, include: bool, rounding: TaxRounding, delivery_tax: DeliveryTax) -> RulesData {
    let configured = PricingRules {
        tax_rate: Rate::default(),
        prices_include_tax: include,
        tax_rounding: rounding,
        delivery: DeliveryOption {
            handle: "standard".into(),
            title: "Standard".into(),
            price: 500,
            taxable: false,
        },
    };
    let mut data = Rules::implicit(&configured, Currency::parse(currency).unwrap()).data().clone();
    data.settings.delivery_tax = delivery_tax;
    data.tax_zones.clear();
    data
}

fn goods(price: i64) -> Goods {
    Goods {
        variant: VariantId::NIL,
        product: ProductId::NIL,
        price,
        compare_at_price: None,
        taxable: true,
        requires_shipping: true,
        weight_grams: 400,
        dimensions_mm: None,
        collections: Arc::from([]),
        tags: Arc::from([]),
        tax_category: None,
        gift_card: false,
    }
}

fn to(country: &str, province: Option<&str>) -> GroupChoice {
    let place = Place {
        province: province.map(Box::from),
        ..Place::somewhere_in(CountryCode::parse(country).unwrap())
    };
    GroupChoice { id: DeliveryGroupId::NIL, to: Some(place), option: None, pick_up: Vec::new() }
}

/// What a cart of these goods costs, one unit each; what ships goes to the one group, if there is one.
struct Cart<'a> {
    goods: &'a [Goods],
    group: Option<GroupChoice>,
    stored: Vec<StoredValue>,
    carriers: Vec<CarrierQuote>,
    gift: Option<usize>,
}

impl<'a> Cart<'a> {
    fn of(goods: &'a [Goods], group: Option<GroupChoice>) -> Self {
        Self { goods, group, stored: Vec::new(), carriers: Vec::new(), gift: None }
    }

    fn price(self, data: RulesData) -> PricedCart {
        let rules = Rules::compile(data);
        let groups: Vec<GroupChoice> = self.group.into_iter().collect();
        let line = |(n, goods): (usize, &'a Goods)| PricingLine {
            id: CartLineId::new(Uuid::from_u128(n as u128)),
            quantity: 1,
            goods,
            gift_of: (self.gift == Some(n)).then_some(PromotionId::NIL),
            group: (goods.requires_shipping && !groups.is_empty()).then_some(0),
        };
        let lines: Vec<PricingLine<'_>> = self.goods.iter().enumerate().map(line).collect();
        price_cart(&PricingInput {
            lines: &lines,
            rules: &rules,
            context: &Context::anybody(rules.primary()),
            codes: &[EnteredCode::parse("ten").unwrap()],
            standing: &Standing::default(),
            deliveries: &groups,
            quotes: &Quotes { tax: None, carriers: self.carriers },
            stored_value: &self.stored,
            now: DateTime::UNIX_EPOCH,
        })
        .unwrap()
    }
}

fn by_rate(priced: &PricedCart) -> Vec<(&str, i64, i64)> {
    priced.taxes.iter().map(|tax| (&*tax.name, tax.base, tax.amount)).collect()
}

/// Revenu Québec's own sum: 100.00 + 5.00 + 9.98 (9.975) = 114.98.
#[test]
fn each_of_two_taxes_is_rounded_once() {
    let mut data = shop("CAD", false, TaxRounding::Total, DeliveryTax::None);
    data.tax_zones = vec![
        zone(1, "CA", Some("QC"), vec![rate("QST", None, "9.975", false)]),
        zone(0, "CA", None, vec![rate("GST", None, "5", false)]),
    ];
    let goods = [goods(6_000), Goods { requires_shipping: false, ..goods(4_000) }];
    let priced = Cart::of(&goods, Some(to("CA", Some("QC")))).price(data.clone());
    assert_eq!(by_rate(&priced), [("GST", 6_000, 300), ("QST", 6_000, 599)], "the other goes nowhere known");
    let shipped = [goods[0].clone(), Goods { requires_shipping: true, ..goods[1].clone() }];
    let priced = Cart::of(&shipped, Some(to("CA", Some("QC")))).price(data.clone());
    assert_eq!(by_rate(&priced), [("GST", 10_000, 500), ("QST", 10_000, 998)]);
    // 60 % of 998 is 598.8, 40 % is 399.2: the unit goes to the first.
    assert_eq!(priced.lines.iter().map(|l| l.tax).collect::<Vec<_>>(), [300 + 599, 200 + 399]);
    let qst = priced.steps.iter().filter(|step| *step.title == *"QST");
    assert_eq!(qst.map(|step| (step.amount, step.remainder)).collect::<Vec<_>>(), [(599, 1), (399, 0)]);
    let elsewhere = Cart::of(&shipped, Some(to("CA", Some("AB")))).price(data);
    assert_eq!(by_rate(&elsewhere), [("GST", 10_000, 500)]);
}

/// 10 % on the price with 5 % is 10.5 % of the price: 1.05 of 10.00.
#[test]
fn a_tax_on_a_tax() {
    let rates =
        || vec![rate("GST", None, "5", false), TaxRate { position: 1, ..rate("PST", None, "10", true) }];
    for rounding in [TaxRounding::Line, TaxRounding::Total] {
        let mut data = shop("CAD", false, rounding, DeliveryTax::None);
        data.tax_zones = vec![zone(0, "CA", None, rates())];
        let priced = Cart::of(&[goods(1_000)], Some(to("CA", None))).price(data);
        assert_eq!(by_rate(&priced), [("GST", 1_000, 50), ("PST", 1_000, 105)], "{rounding:?}");
        assert_eq!(priced.total, 1_000 + 500 + 155);
    }
    // 11.55 with both inside is 10.00 without.
    let mut data = shop("CAD", true, TaxRounding::Line, DeliveryTax::None);
    data.tax_zones = vec![zone(0, "CA", None, rates())];
    let priced = Cart::of(&[goods(1_155)], Some(to("CA", None))).price(data);
    assert_eq!(by_rate(&priced), [("GST", 1_155, 50), ("PST", 1_155, 105)]);
    assert_eq!(priced.total, 1_155 + 500);
}

/// Germany, 19 % and 7 % inside: 119.00 holds 19.00, 53.50 of books holds 3.50. Delivery of 5.00 by what they cost:
/// 5.00 × 119 / 172.50 = 3.449 → 3.45 holds 0.55, 1.55 holds 0.10.
#[test]
fn delivery_is_taxed_like_what_is_delivered() {
    let mut data = shop("EUR", true, TaxRounding::Line, DeliveryTax::Proportional);
    data.tax_zones = vec![zone(
        0,
        "DE",
        None,
        vec![rate("USt 19", None, "19", false), rate("USt 7", Some(BOOKS), "7", false)],
    )];
    let cart = [goods(11_900), Goods { tax_category: Some(BOOKS), ..goods(5_350) }];
    let priced = Cart::of(&cart, Some(to("DE", None))).price(data.clone());
    assert_eq!(by_rate(&priced), [("USt 19", 12_245, 1_955), ("USt 7", 5_505, 360)]);
    assert_eq!((priced.delivery_tax, priced.total), (65, 11_900 + 5_350 + 500));
    // At rates of its own: the standard one, 5.00 × 19 / 119 = 0.798.
    data.settings.delivery_tax = DeliveryTax::Rate;
    let priced = Cart::of(&cart, Some(to("DE", None))).price(data.clone());
    assert_eq!(by_rate(&priced), [("USt 19", 12_400, 1_980), ("USt 7", 5_350, 350)]);
    data.settings.delivery_tax = DeliveryTax::None;
    assert_eq!(Cart::of(&cart, Some(to("DE", None))).price(data).delivery_tax, 0);
}

#[test]
fn what_is_exempt_is_not_taxed() {
    let mut data = shop("EUR", false, TaxRounding::Total, DeliveryTax::None);
    data.tax_zones = vec![zone(0, "DE", None, vec![rate("USt", None, "19", false)])];
    data.tax_categories = vec![TaxCategory {
        id: BOOKS,
        code: "books".into(),
        name: "Books".into(),
        kind: CategoryKind::Exempt,
    }];
    let cart = [
        Goods { tax_category: Some(BOOKS), ..goods(1_000) },
        Goods { taxable: false, ..goods(1_000) },
        Goods { gift_card: true, requires_shipping: false, ..goods(1_000) },
    ];
    let priced = Cart::of(&cart, Some(to("DE", None))).price(data);
    assert_eq!((priced.tax, priced.total), (0, 3_500));
}

/// Where nobody has said where, prices that contain tax contain that of the shop's country; where they do not, nothing is charged yet.
#[test]
fn before_anybody_says_where() {
    let germany = || Place::somewhere_in(CountryCode::parse("DE").unwrap());
    for (include, tax) in [(true, 190), (false, 0)] {
        let mut data = shop("EUR", include, TaxRounding::Line, DeliveryTax::None);
        data.tax_zones = vec![zone(0, "DE", None, vec![rate("USt", None, "19", false)])];
        data.settings.home = Some(germany());
        assert_eq!(Cart::of(&[goods(1_190)], None).price(data).tax, tax, "inside: {include}");
    }
    // Under origin the shop's taxes are charged in the countries that it names.
    for (origin, tax) in [("FR", 190), ("IT", 0)] {
        let mut data = shop("EUR", false, TaxRounding::Line, DeliveryTax::None);
        data.tax_zones = vec![zone(0, "DE", None, vec![rate("USt", None, "19", false)])];
        data.settings.home = Some(germany());
        data.settings.tax_basis = TaxBasis::Origin;
        data.settings.origin_countries = BTreeSet::from([CountryCode::parse(origin).unwrap()]);
        assert_eq!(Cart::of(&[goods(1_000)], Some(to("FR", None))).price(data).tax, tax, "{origin}");
    }
}

fn method(
    n: u128,
    handle: &str,
    kind: MethodKind,
    zone: Option<DeliveryZoneId>,
    price: i64,
) -> DeliveryMethod {
    DeliveryMethod {
        id: DeliveryMethodId::new(Uuid::from_u128(n)),
        zone,
        handle: handle.into(),
        title: handle.into(),
        description: None,
        kind,
        rates: RateTable::flat(price),
        free_from: None,
        divisor: None,
        tax_category: None,
        days: Some(DeliveryDays { least: 1, most: 3 }),
        bounds: LoadBounds::default(),
        position: i32::try_from(n).unwrap(),
    }
}

fn handles(priced: &PricedCart) -> Vec<(&str, i64)> {
    priced.groups.iter().flat_map(|g| &g.offers).map(|offer| (&*offer.handle, offer.price)).collect()
}

#[test]
fn of_several_ways_one_is_chosen() {
    let near = DeliveryZoneId::new(Uuid::from_u128(1));
    let depot = LocationId::new(Uuid::from_u128(1));
    let mut data = shop("EUR", true, TaxRounding::Line, DeliveryTax::None);
    data.delivery_zones.push(DeliveryZone {
        id: near,
        name: "near".into(),
        countries: BTreeSet::from([CountryCode::parse("DE").unwrap()]),
        provinces: BTreeSet::new(),
        postal_ranges: Vec::new(),
        priority: 0,
    });
    data.delivery_methods.extend([
        method(4, "carrier", MethodKind::Carrier, Some(near), 0),
        method(3, "depot", MethodKind::PickUp { location: depot }, None, 0),
        DeliveryMethod { free_from: Some(2_000), ..method(1, "van", MethodKind::Local, Some(near), 300) },
    ]);
    let cart = [goods(1_000)];
    let quote = |group, handle: &str| CarrierQuote {
        group,
        handle: handle.into(),
        title: handle.into(),
        amount: 789,
        days: None,
    };
    let carriers = vec![
        quote(DeliveryGroupId::NIL, "express"),
        quote(DeliveryGroupId::new(Uuid::from_u128(9)), "other"),
    ];
    let choice = |option: Option<&str>| GroupChoice { option: option.map(Box::from), ..to("DE", None) };

    let priced = Cart { carriers, ..Cart::of(&cart, Some(choice(Some("express")))) }.price(data.clone());
    assert_eq!(handles(&priced), [("van", 300), ("express", 789)], "the nearest zone's, in their order");
    assert_eq!((priced.delivery, priced.total), (789, 1_789));
    assert_eq!(priced.groups[0].chosen().unwrap().days, Some(DeliveryDays { least: 1, most: 3 }));

    let here = GroupChoice { pick_up: vec![depot], ..choice(None) };
    let priced = Cart::of(&cart, Some(here)).price(data.clone());
    assert_eq!(handles(&priced), [("van", 300), ("depot", 0)]);
    assert_eq!((priced.groups[0].chosen, priced.delivery), (None, 0), "a choice that nobody made");

    let gone = Cart::of(&cart, Some(GroupChoice { pick_up: vec![depot], ..choice(Some("gone")) }));
    assert_eq!(gone.price(data.clone()).delivery, 0, "an option that is gone counts for nothing");
    let gone = Cart::of(&cart, Some(choice(Some("gone")))).price(data.clone());
    assert_eq!((handles(&gone), gone.groups[0].chosen), (vec![("van", 300)], None), "and is not replaced");
    let only = Cart::of(&cart, Some(choice(None))).price(data.clone());
    assert_eq!(only.groups[0].chosen, Some(0), "where nothing was chosen there is nothing to choose");
    let mut depot_only = data.clone();
    depot_only.delivery_methods.retain(|method| &*method.handle == "depot");
    let here = GroupChoice { pick_up: vec![depot], ..choice(None) };
    let only = Cart::of(&cart, Some(here)).price(depot_only);
    assert_eq!(
        (handles(&only), only.groups[0].chosen),
        (vec![("depot", 0)], None),
        "nobody is sent to fetch it"
    );

    let two = [goods(1_000), goods(1_000)];
    assert_eq!(
        handles(&Cart::of(&two, Some(choice(None))).price(data.clone())),
        [("van", 0)],
        "free from 20.00"
    );
    let gift = Cart { gift: Some(1), ..Cart::of(&two, Some(choice(None))) };
    assert_eq!(handles(&gift.price(data.clone())), [("van", 300)], "gifts do not count");
    assert_eq!(
        handles(&Cart::of(&cart, Some(to("FR", None))).price(data)),
        [("standard", 500)],
        "everywhere else"
    );
}

#[test]
fn gifts_alone_are_delivered_for_nothing() {
    let data = shop("EUR", true, TaxRounding::Line, DeliveryTax::None);
    let cart = [goods(1_000)];
    let alone = Cart { gift: Some(0), ..Cart::of(&cart, Some(to("DE", None))) };
    assert_eq!(alone.price(data).delivery, 0);
}

fn card(n: u128, balance: i64, usable: bool) -> StoredValue {
    let id = GiftCardId::new(Uuid::from_u128(n));
    StoredValue { id, last: Some(Last4::parse("7KQ2").unwrap()), balance, usable }
}

fn paid(priced: &PricedCart) -> Vec<i64> {
    priced.stored.iter().map(|part| part.amount).collect()
}

#[test]
fn gift_cards_pay_in_turn_and_no_more_than_there_is_to_pay() {
    let data = shop("EUR", true, TaxRounding::Line, DeliveryTax::None);
    let cart = [goods(4_000)];
    let stored = vec![card(1, 1_000, true), card(2, 9_000, false), card(3, 9_000, true), card(4, 1, true)];
    let priced = Cart { stored: stored.clone(), ..Cart::of(&cart, None) }.price(data.clone());
    assert_eq!((paid(&priced), priced.total, priced.charge), (vec![1_000, 0, 3_000, 0], 4_000, 0));
    assert_eq!(priced.steps.iter().filter(|step| step.kind == StepKind::GiftCard).count(), 2);
    // A card does not buy a card: 30.00 of the 70.00 are one.
    let cart = [goods(4_000), Goods { gift_card: true, requires_shipping: false, ..goods(3_000) }];
    let priced = Cart { stored, ..Cart::of(&cart, None) }.price(data);
    assert_eq!((paid(&priced), priced.charge), (vec![1_000, 0, 3_000, 0], 3_000));
}

/// Dinars are charged in tens of fils, so cards pay in tens.
#[test]
fn a_card_leaves_what_can_be_charged() {
    let data = shop("KWD", true, TaxRounding::Line, DeliveryTax::None);
    let priced = Cart { stored: vec![card(1, 1_239, true)], ..Cart::of(&[goods(5_000)], None) }.price(data);
    assert_eq!((paid(&priced), priced.charge), (vec![1_230], 3_770));
}

#[test]
fn a_code_without_a_promotion_stays_and_says_why() {
    let priced =
        Cart::of(&[goods(1_000)], None).price(shop("EUR", true, TaxRounding::Line, DeliveryTax::None));
    let [outcome] = &priced.codes[..] else { panic!("one code was entered") };
    assert_eq!((&*outcome.code.text, outcome.why), ("ten", Some(Why::UnknownCode)));
    assert_eq!(outcome.why.map(Why::warning), Some(DiscountWarning::NotFound));
}

#[test]
fn a_currency_without_a_rate_is_not_guessed_at() {
    let rules = Rules::compile(shop("EUR", true, TaxRounding::Line, DeliveryTax::None));
    let context = Context { currency: Currency::USD, ..Context::anybody(rules.primary()) };
    let priced = price_cart(&PricingInput {
        lines: &[],
        rules: &rules,
        context: &context,
        codes: &[],
        standing: &Standing::default(),
        deliveries: &[],
        quotes: &Quotes::default(),
        stored_value: &[],
        now: DateTime::UNIX_EPOCH,
    });
    assert_eq!(priced, Err(PricingError::NoRate));
}
