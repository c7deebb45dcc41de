//! Any cart in any shop.

use super::sample::{Bought, Sold, configured, group, id};
use crate::{
    delivery::{
        CarrierQuote, DeliveryMethod, DeliveryZone, LoadBounds, Measure, MethodKind, RateRow, RateTable,
    },
    gift_card::Last4,
    market::{ExchangeRate, Market},
    pricing::{
        Action, Class, Definition, DeliveryTax, Method, MoneyTable, Off, Per, PriceList, PriceListKind,
        Promotion, RoundingRule, StoredValue, Target,
    },
    shared::{CountryCode, Currency, PriceListId, PromotionId, Rate, TaxCategoryId, TaxRateId, TaxZoneId},
    tax::{TaxRate, TaxZone},
};
use proptest::prelude::*;
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// What is taxed at a rate of its own.
const BOOKS: TaxCategoryId = TaxCategoryId::new(Uuid::from_u128(1));

fn any_goods(step: i64) -> impl Strategy<Value = Sold> {
    let flags = (prop::bool::weighted(0.8), prop::bool::weighted(0.2), prop::bool::weighted(0.1));
    let group = prop_oneof![4 => Just(Some(0)), 2 => Just(Some(1)), 1 => Just(None)];
    // Of dinars some prices cannot be charged to the fils.
    let price = prop_oneof![9 => (0_i64..3_000).prop_map(move |n| n * step), 1 => 0_i64..3_000];
    // Some are gifts: of a promotion that gives them, or of one that does no more.
    let gift = prop::option::weighted(0.15, 1_u128..6);
    (1_u128..6, price, 1_u32..8, flags, group, gift).prop_map(
        |(n, price, quantity, (taxable, is_book, gift_card), group, gift)| {
            let mut sold = Sold::of(n, price, quantity);
            sold.goods.taxable = taxable;
            sold.goods.tax_category = is_book.then_some(BOOKS);
            (sold.goods.gift_card, sold.group) = (gift_card, if gift_card { None } else { group });
            sold.gift_of = gift.filter(|_| !gift_card).map(id);
            sold
        },
    )
}

fn any_promotion() -> impl Strategy<Value = Promotion> {
    let rate = || (1_u32..=1_000_000).prop_map(Rate::from_millionths);
    let money = || (1_i64..300).prop_map(|tens| MoneyTable::of(tens * 10));
    let target = || {
        prop_oneof![
            1 => Just(Target::All),
            2 => prop::collection::btree_set((1_u128..6).prop_map(id), 1..4).prop_map(|products| Target::Of {
                products,
                variants: BTreeSet::new(),
                collections: BTreeSet::new(),
                tags: BTreeSet::new(),
            }),
        ]
    };
    let per = prop_oneof![Just(Per::Unit), Just(Per::Line), Just(Per::Cart)];
    let action = prop_oneof![
        3 => (rate(), target()).prop_map(|(rate, target)| Action::PercentOff { rate, target }),
        2 => (money(), per, target()).prop_map(|(off, per, target)| Action::AmountOff { off, per, target }),
        1 => (1_u128..6, 1_u32..3).prop_map(|(n, quantity)| Action::Gift { variant: id(n), quantity }),
        1 => rate().prop_map(|rate| Action::DeliveryOff { off: Off::Percent(rate), methods: BTreeSet::new(), most: None }),
        1 => (target(), target(), rate()).prop_map(|(buy, get, off)| Action::BuyGet {
            buy, buy_count: 1, get, get_count: 1, off, most_sets: None,
        }),
    ];
    (action, any::<bool>(), prop::bool::weighted(0.4)).prop_map(|(action, last, stacks)| {
        let classes: Vec<Class> = action.classes().to_vec();
        Promotion {
            id: PromotionId::NIL,
            title: "P".into(),
            class: if last { classes[classes.len() - 1] } else { classes[0] },
            method: Method::Automatic,
            definition: Definition { conditions: Vec::new(), action, most_per_order: None },
            priority: 0,
            stacks,
            exclusive: false,
            starts_at: None,
            ends_at: None,
            per_buyer: None,
        }
    })
}

/// Rates, each with whether it is charged on others and on delivery; and that of books.
type AnyZone = (Vec<(u32, bool, bool)>, Option<u32>);

/// Zones of up to three levels, one rate or two each, and one of their own for books.
fn any_taxes() -> impl Strategy<Value = Vec<TaxZone>> {
    let rate = (1_u32..250_000, any::<bool>(), any::<bool>());
    let zone = (prop::collection::vec(rate, 1..3), prop::option::of(0_u32..100_000));
    prop::collection::vec(zone, 0..3).prop_map(|zones| {
        let mut compounds = 0;
        let level = |(level, (rates, books)): (u8, AnyZone)| {
            let tax = |n: u128, category, millionths, compound, on_delivery| {
                Arc::new(TaxRate {
                    id: TaxRateId::new(Uuid::from_u128(u128::from(level) * 10 + n + 1)),
                    category,
                    name: format!("t{level}{n}").into(),
                    rate: Rate::from_millionths(millionths),
                    compound,
                    on_delivery,
                    position: i32::from(n > 0),
                    valid_from: None,
                    valid_until: None,
                })
            };
            let mut taxes = Vec::new();
            for (n, (millionths, compound, on_delivery)) in (0..).zip(rates) {
                let compound = compound && level > 0 && compounds < 1;
                compounds += i32::from(compound);
                taxes.push(tax(n, None, millionths, compound, on_delivery));
            }
            taxes.extend(books.map(|millionths| tax(9, Some(BOOKS), millionths, false, false)));
            TaxZone {
                id: TaxZoneId::new(Uuid::from_u128(u128::from(level) + 1)),
                name: format!("z{level}").into(),
                level,
                country: CountryCode::parse("DE"),
                provinces: BTreeSet::new(),
                postal_ranges: Vec::new(),
                priority: 0,
                rates: taxes,
            }
        };
        (0..).zip(zones).map(level).collect()
    })
}

/// Two zones that fit as well, and methods by weight, by what goods cost, and of a counter.
fn any_deliveries() -> impl Strategy<Value = (Vec<DeliveryZone>, Vec<DeliveryMethod>)> {
    let kind = prop_oneof![
        3 => Just(MethodKind::Shipping),
        1 => Just(MethodKind::Local),
        1 => Just(MethodKind::PickUp { location: id(1) }),
        1 => Just(MethodKind::Carrier),
    ];
    let by = prop_oneof![Just(Measure::Weight), Just(Measure::Subtotal), Just(Measure::Quantity)];
    let zone = prop_oneof![3 => Just(Some(1_u128)), 1 => Just(Some(2)), 1 => Just(None)];
    let method = (kind, by, zone, 0_i64..200, 0_i64..20, prop::option::of(0_i64..20_000));
    prop::collection::vec(method, 0..4).prop_map(|methods| {
        let zone = |n: u128| DeliveryZone {
            id: id(n),
            name: format!("zone {n}").into(),
            countries: CountryCode::parse("DE").into_iter().collect(),
            provinces: BTreeSet::new(),
            postal_ranges: Vec::new(),
            priority: 0,
        };
        let method = |(n, (kind, by, zone, base, per_step, free_from)): (u128, _)| DeliveryMethod {
            id: id(n),
            zone: Option::map(zone, id),
            handle: format!("m{n}").into(),
            title: format!("Method {n}").into(),
            description: None,
            kind,
            rates: RateTable {
                by,
                rows: vec![RateRow {
                    from: 0,
                    base: base * 10,
                    per_step: per_step * 10,
                    step: per_step * 50,
                }],
            },
            free_from,
            divisor: None,
            tax_category: None,
            days: None,
            bounds: LoadBounds::default(),
            // Two in one place, so that their ids decide.
            position: i32::try_from(n / 2).unwrap_or(0),
        };
        (vec![zone(1), zone(2)], (1_u128..).zip(methods).map(method).collect())
    })
}

fn quote((of, amount): (u128, i64)) -> CarrierQuote {
    let handle = if amount % 2 == 0 { "m1" } else { "express" };
    CarrierQuote { group: id(of), handle: handle.into(), title: handle.into(), amount, days: None }
}

/// Who buys, as far as they change what others pay.
#[derive(Clone, Copy, Debug)]
struct Buyer {
    /// Whether it is known that they are in Germany.
    known: bool,
    /// Whether Germany is a market of its own: its currency, what it adds to prices in millionths, and how it rounds them.
    market: Option<(&'static str, i32, RoundingRule)>,
    /// What a sale adds to prices, in millionths.
    sale: Option<i32>,
    exempt: bool,
}

fn any_buyer() -> impl Strategy<Value = Buyer> {
    let currency = prop_oneof![Just("EUR"), Just("JPY"), Just("USD"), Just("KWD")];
    let rounding = prop_oneof![
        Just(RoundingRule::None),
        Just(RoundingRule::Nearest(50)),
        Just(RoundingRule::Up { modulus: 100, ending: 90 })
    ];
    let market = (currency, -300_000_i32..300_000, rounding);
    let sale = prop::option::weighted(0.3, -500_000_i32..100_000);
    (any::<bool>(), prop::option::weighted(0.3, market), sale, prop::bool::weighted(0.2)).prop_map(
        |(known, market, sale, exempt)| Buyer { known: known || market.is_some(), market, sale, exempt },
    )
}

impl Buyer {
    fn comes_to(self, bought: &mut Bought) {
        let germany = CountryCode::parse("DE");
        bought.exempt = self.exempt;
        bought.country = germany.filter(|_| self.known);
        let of_shop = bought.data.primary.currency;
        let list = |n, kind, adjustment| PriceList {
            id: PriceListId::new(Uuid::from_u128(n)),
            name: "list".into(),
            kind,
            currency: of_shop,
            adjustment: Some(adjustment),
            market: None,
            starts_at: None,
            ends_at: None,
        };
        bought.data.price_lists.extend(self.sale.map(|by| list(2, PriceListKind::Sale, by)));
        let Some((currency, adjustment, rounding)) = self.market else { return };
        let currency = Currency::parse(currency).expect("a currency");
        bought.data.price_lists.push(list(1, PriceListKind::Market, adjustment));
        bought.data.rates.insert(currency, ExchangeRate::parse("1.625").expect("a rate"));
        bought.data.markets.push(Market {
            id: id(1),
            name: "Germany".into(),
            countries: germany.into_iter().collect(),
            price_list: Some(PriceListId::new(Uuid::from_u128(1))),
            rounding,
            ..Market::primary(currency)
        });
    }
}

/// Any cart in any shop.
pub(in crate::pricing) fn any_bought() -> impl Strategy<Value = Bought> {
    let currency = prop_oneof![Just(("EUR", 1)), Just(("JPY", 1)), Just(("USD", 1)), Just(("KWD", 10))];
    let settings = (
        any::<bool>(),
        any::<bool>(),
        prop_oneof![Just(DeliveryTax::None), Just(DeliveryTax::Rate), Just(DeliveryTax::Proportional)],
    );
    let card = (0_i64..30_000, prop::bool::weighted(0.8), 0_u128..4);
    currency.prop_flat_map(move |(currency, step)| {
        (
            Just(currency),
            settings.clone(),
            prop::collection::vec(any_goods(step), 0..9),
            prop::collection::vec(any_promotion(), 0..6),
            any_taxes(),
            any_deliveries(),
            prop::collection::vec(card.clone(), 0..4),
            (0_usize..3, prop::collection::vec((1_u128..4, -100_i64..3_000), 0..4), any_buyer()),
        )
            .prop_map(
                |(
                    currency,
                    (include, by_line, delivery_tax),
                    lines,
                    promotions,
                    taxes,
                    delivery,
                    cards,
                    (groups, quotes, buyer),
                )| {
                    let configured = configured("0", include, by_line);
                    let mut bought = Bought::plain(&configured, currency, lines);
                    bought.data.settings.delivery_tax = delivery_tax;
                    bought.data.tax_zones = taxes;
                    (bought.data.delivery_zones, bought.data.delivery_methods) = delivery;
                    bought.data.promotions =
                        (1..).zip(promotions).map(|(n, of)| Promotion { id: id(n), ..of }).collect();
                    bought.carriers = quotes.into_iter().map(quote).collect();
                    bought.groups = (1..).take(groups).map(group).collect();
                    let last = Last4::parse("7KQ2").ok();
                    let card = |(balance, usable, n)| StoredValue { id: id(n), last, balance, usable };
                    bought.stored = cards.into_iter().map(card).collect();
                    buyer.comes_to(&mut bought);
                    bought
                },
            )
    })
}
