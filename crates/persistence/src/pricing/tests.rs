//! All rules of a shop, written and read whole.

mod settings;
mod turns;

use super::{sample::*, *};
use crate::{
    db::Durability,
    market::{self, KeptRate, MarketSaved},
    price_list::{self, PricesSet},
    promotion::{self, PromotionState, StaffPromotion},
    tax,
    testing::{TestShop, at},
};
use std::fmt::Debug;
use stoa_domain::{
    delivery::{DeliveryMethod, DeliveryZone, Measure, MethodKind, RateTable},
    market::Market,
    pricing::{ListPrice, PriceList, PriceListKind, RoundingRule, Rules, RulesData},
    shared::{Currency, FaultKind, Place, PromotionId},
    tax::{CategoryKind, TaxCategory, TaxRate, TaxZone},
};

/// Whatever reading all rules costs: the numbers twice, what is decided once, and two statements for what has rows of its own beside it.
const STATEMENTS: u64 = 14;

/// A rule of each form, and of what can be switched off one that is.
struct Everything {
    settings: ShopSettings,
    rates: Vec<KeptRate>,
    lists: Vec<Switched<PriceList>>,
    prices: Vec<ListPrice>,
    markets: Vec<Market>,
    categories: Vec<TaxCategory>,
    tax_zones: Vec<TaxZone>,
    delivery_zones: Vec<DeliveryZone>,
    methods: Vec<Switched<DeliveryMethod>>,
    promotions: Vec<StaffPromotion>,
}

impl Everything {
    fn new() -> Self {
        let kinds = [
            PriceListKind::Market,
            PriceListKind::Group([id(4), id(5)].into()),
            PriceListKind::Group([].into()),
            PriceListKind::Sale,
            PriceListKind::Sale,
        ];
        let mut lists: Vec<Switched<PriceList>> =
            (1..).zip(kinds).map(|(n, kind)| of_kind(n, kind)).collect();
        lists[0].rule.adjustment = Some(-100_000);
        lists[3].rule = PriceList {
            currency: currency("KWD"),
            adjustment: Some(250_000),
            market: Some(id(1)),
            starts_at: Some(at(10)),
            ends_at: Some(at(20)),
            ..lists[3].rule.clone()
        };
        lists[4].active = false;
        let compared = ListPrice { compare_at: Some(900), ..price(2, 3, 10, 500) };
        let prices = vec![price(1, 3, 1, 700), price(2, 3, 1, 0), compared, price(5, 3, 1, 1)];

        let plain = Market { prices_include_tax: None, net_prices: false, ..market(2, &["CH"]) };
        let markets = vec![
            Market { price_list: Some(id(1)), ..market(1, &["JP", "KR"]) },
            Market { rounding: RoundingRule::None, ..plain.clone() },
            Market { rounding: RoundingRule::Nearest(5), ..market(3, &[]) },
            Market { active: false, ..market(4, &["FR"]) },
        ];

        let exempt = TaxCategory { kind: CategoryKind::Exempt, ..tax_category(2) };
        let simple = TaxZone {
            level: 0,
            country: None,
            provinces: [].into(),
            postal_ranges: Vec::new(),
            ..tax_zone(2, Vec::new())
        };
        let forever = TaxRate {
            compound: false,
            on_delivery: false,
            valid_from: None,
            valid_until: None,
            ..tax_rate(3, None)
        };
        let tax_zones = vec![tax_zone(1, vec![tax_rate(1, Some(id(1))), tax_rate(2, None), forever]), simple];

        let everywhere = DeliveryZone { provinces: [].into(), postal_ranges: Vec::new(), ..delivery_zone(2) };
        let kinds = [MethodKind::Shipping, MethodKind::Local, MethodKind::Carrier, MethodKind::Shipping];
        let mut methods = vec![delivery_method(1, None)];
        for (n, kind) in (2..).zip(kinds) {
            let mut method = delivery_method(n, Some(id(1 + n % 2)));
            method.rule = DeliveryMethod {
                kind,
                rates: RateTable {
                    by: [Measure::Subtotal, Measure::Quantity][n as usize % 2],
                    ..method.rule.rates
                },
                description: None,
                free_from: None,
                divisor: None,
                tax_category: Some(id(1)),
                days: None,
                ..method.rule
            };
            methods.push(method);
        }
        methods[4].active = false;

        let mut promotions = promotions();
        for (n, state) in [(98, PromotionState::Archived), (99, PromotionState::Draft)] {
            let limits = promotion::Limits { most: Some(1), budget: None };
            promotions.push(StaffPromotion { state, limits, ..promotion(n) });
        }
        Self {
            settings: settings::decided(),
            rates: vec![rate("JPY", "163.205"), rate("KWD", "0.3071")],
            lists,
            prices,
            markets,
            categories: vec![tax_category(1), exempt],
            tax_zones,
            delivery_zones: vec![delivery_zone(1), everywhere],
            methods,
            promotions,
        }
    }

    async fn write(&self, shop: &TestShop) {
        let saved = shop.tx(async |tx| save_settings(tx, 0, &self.settings, at(0)).await).await;
        assert_eq!(saved, Saved::Saved);
        shop.tx(async |tx| market::set_rates(tx, &self.rates, at(0)).await).await;
        // A market has a list, and a list a market.
        for market in &self.markets {
            let alone = Market { price_list: None, ..market.clone() };
            assert_eq!(shop.tx(async |tx| market::insert(tx, &alone, at(0)).await).await, MarketSaved::Saved);
        }
        for list in &self.lists {
            let saved = shop.tx(async |tx| price_list::insert(tx, list, at(0)).await).await;
            assert_eq!(saved, Saved::Saved);
            let of_it: Vec<ListPrice> =
                self.prices.iter().filter(|price| price.list == list.rule.id).copied().collect();
            let set = shop.tx(async |tx| price_list::set_prices(tx, list.rule.id, &of_it).await).await;
            assert_eq!(set, PricesSet::Set);
        }
        for market in &self.markets {
            let saved = shop.tx(async |tx| market::update(tx, 1, market, at(1)).await).await;
            assert_eq!(saved, MarketSaved::Saved);
        }
        for category in &self.categories {
            let saved = shop.tx(async |tx| tax::insert_category(tx, category, at(0)).await).await;
            assert_eq!(saved, Saved::Saved);
        }
        for zone in &self.tax_zones {
            assert_eq!(shop.tx(async |tx| tax::insert_zone(tx, zone, at(0)).await).await, Saved::Saved);
        }
        for zone in &self.delivery_zones {
            shop.tx(async |tx| crate::delivery::insert_zone(tx, zone, at(0)).await).await;
        }
        for method in &self.methods {
            let saved = shop.tx(async |tx| crate::delivery::insert_method(tx, method, at(0)).await).await;
            assert_eq!(saved, Saved::Saved);
        }
        for promotion in &self.promotions {
            shop.tx(async |tx| promotion::insert(tx, promotion, at(0)).await).await;
        }
    }

    /// What a shop goes by that has all of it.
    fn expected(&self) -> RulesData {
        let mut data = implicit();
        self.settings.over(&mut data.settings);
        let in_use = |list: &&Switched<PriceList>| list.active;
        data.rates = self.rates.iter().map(|kept| (kept.currency, kept.rate)).collect();
        data.price_lists = self.lists.iter().filter(in_use).map(|list| list.rule.clone()).collect();
        data.prices = self.prices.iter().filter(|price| price.list != id(5)).copied().collect();
        data.markets = self.markets.iter().filter(|market| market.active).cloned().collect();
        data.tax_categories.clone_from(&self.categories);
        data.tax_zones.clone_from(&self.tax_zones);
        data.delivery_zones.clone_from(&self.delivery_zones);
        let methods = self.methods.iter().filter(|method| method.active);
        data.delivery_methods = methods.map(|method| method.rule.clone()).collect();
        let active = || self.promotions.iter().filter(|of| of.state == PromotionState::Active);
        data.promotions = active().map(|of| of.promotion.clone()).collect();
        data.limited = active().filter(|of| of.limits.any()).map(|of| of.promotion.id).collect();
        data
    }
}

fn of_kind(n: u128, kind: PriceListKind) -> Switched<PriceList> {
    let list = price_list(n);
    Switched { rule: PriceList { kind, ..list.rule }, ..list }
}

/// What a shop goes by that decides nothing.
fn implicit() -> RulesData {
    Rules::implicit(&configured(), Currency::USD).data().clone()
}

async fn loaded(shop: &TestShop) -> Loaded {
    load(shop.db.read(), &configured(), Currency::USD).await.unwrap()
}

/// Everything that rules say but their number, in one order.
fn said(data: &RulesData) -> impl PartialEq + Debug + use<> {
    let RulesData {
        version: _,
        settings,
        primary,
        markets,
        rates,
        promotions,
        limited,
        price_lists,
        prices,
        ..
    } = Rules::compile(data.clone()).data().clone();
    let RulesData { tax_categories, tax_zones, delivery_zones, delivery_methods, .. } =
        Rules::compile(data.clone()).data().clone();
    (
        (settings, primary, markets, rates, promotions, limited),
        (price_lists, prices, tax_categories, tax_zones, delivery_zones, delivery_methods),
    )
}

#[tokio::test]
async fn a_shop_that_decides_nothing_is_as_it_is_configured() {
    let shop = TestShop::open().await;
    let loaded = loaded(&shop).await;
    assert_eq!(said(&loaded.rules), said(&implicit()));
    assert_eq!(loaded.rules.version, versions(shop.db.read()).await.1);
    assert_eq!(loaded.unreadable, []);
}

#[tokio::test]
async fn every_form_of_rule_comes_back_and_none_that_is_not_in_use() {
    let shop = TestShop::open().await;
    let all = Everything::new();
    all.write(&shop).await;
    let loaded = loaded(&shop).await;
    assert_eq!(said(&loaded.rules), said(&all.expected()));
    assert_eq!(loaded.rules.version, version(shop.db.read()).await.unwrap());
    assert_eq!(loaded.unreadable, []);
    // What is limited is known by name, whoever asks.
    let limited = [1, 3, 5, 7, 9, 11].map(id::<PromotionId>);
    assert_eq!(loaded.rules.limited, limited.into());
    assert_eq!(loaded.limited, loaded.rules.limited);
}

#[tokio::test]
async fn reading_them_costs_the_same_however_many_there_are() {
    let shop = TestShop::open().await;
    assert_eq!(shop.cost(loaded(&shop)).await.1, STATEMENTS);
    let all = Everything::new();
    all.write(&shop).await;
    let prices: Vec<ListPrice> = (0..250).map(|n| price(1, 100 + n, 1, 5)).collect();
    shop.tx(async |tx| price_list::set_prices(tx, id(1), &prices).await).await;
    for n in 200..240 {
        shop.tx(async |tx| promotion::insert(tx, &promotion(n), at(0)).await).await;
    }
    let (loaded, cost) = shop.cost(loaded(&shop)).await;
    assert_eq!(cost, STATEMENTS);
    assert_eq!((loaded.rules.promotions.len(), loaded.rules.prices.len()), (12 + 40, 3 + 250));
}

/// Two rules of one transaction are read together or not at all, though no transaction reads them.
#[tokio::test]
async fn rules_that_change_while_they_are_read_are_read_again() {
    let shop = TestShop::open().await;
    let zone = |n: i32| DeliveryZone { priority: n, ..delivery_zone(1) };
    let named = |n: i32| {
        let mut of = promotion(1);
        of.promotion.priority = n;
        of
    };
    shop.tx(async |tx| promotion::insert(tx, &named(0), at(0)).await).await;
    shop.tx(async |tx| crate::delivery::insert_zone(tx, &zone(0), at(0)).await).await;
    // Zones are told of only where there is a method.
    shop.tx(async |tx| crate::delivery::insert_method(tx, &delivery_method(1, None), at(0)).await).await;
    let both =
        |loaded: &Loaded| (loaded.rules.promotions[0].priority, loaded.rules.delivery_zones[0].priority);
    let writer = async {
        for n in 1..=60 {
            let tx = shop.db.write(Durability::Relaxed).await.unwrap();
            let changed = promotion::update(&tx, n.into(), &named(n), at(0)).await.unwrap();
            assert_eq!(changed, Saved::Saved);
            crate::delivery::update_zone(&tx, n.into(), &zone(n), at(0)).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    let reader = async {
        for _ in 0..40 {
            match load(shop.db.read(), &configured(), Currency::USD).await {
                Ok(loaded) => {
                    let (promotion, zone) = both(&loaded);
                    assert_eq!(promotion, zone);
                    // Three transactions came before the first change.
                    assert_eq!(loaded.rules.version, 1 + 3 + 2 * i64::from(zone));
                }
                Err(fault) => assert_eq!(fault.kind(), FaultKind::Unavailable),
            }
        }
    };
    futures_util::join!(writer, reader);
    assert_eq!(both(&loaded(&shop).await), (60, 60));
}

/// A newer program may have written it; this one does not go by it, and does not fail either.
#[tokio::test]
async fn what_cannot_be_read_is_left_out_and_named() {
    let shop = TestShop::open().await;
    let all = Everything::new();
    all.write(&shop).await;
    let broken = [
        ("markets", "rounding = '{\"dice\":6}'", id::<uuid::Uuid>(1)),
        ("price_lists", "currency = '???'", id(2)),
        ("tax_zones", "postal_ranges = '[[\"1\"]]'", id(1)),
        ("delivery_zones", "countries = '[1]'", id(1)),
        ("delivery_methods", "rates = '{\"by\":\"colour\",\"rows\":[]}'", id(2)),
        ("promotions", "definition = '{\"action\":{\"teleport\":{}}}'", id(5)),
    ];
    for (table, set, row) in broken {
        let row = shop.literal(row);
        shop.run_sql(&[format!("UPDATE {table} SET {set} WHERE id = {row}")]).await;
    }
    let loaded = loaded(&shop).await;
    assert_eq!(loaded.unreadable, broken.map(|(table, _, id)| Unreadable { table, id }));
    let mut expected = all.expected();
    expected.markets.retain(|of| of.id != id(1));
    expected.price_lists.retain(|of| of.id != id(2));
    expected.tax_zones.retain(|of| of.id != id(1));
    expected.delivery_zones.retain(|of| of.id != id(1));
    expected.delivery_methods.retain(|of| of.id != id(2));
    expected.promotions.retain(|of| of.id != id(5));
    expected.limited.remove(&id(5));
    // What a list fixes that nobody goes by is asked for by nobody.
    assert_eq!(said(&loaded.rules), said(&expected));
}

/// Else a shop that has zones would charge the tax that its configuration names, everywhere.
#[tokio::test]
async fn zones_and_methods_that_cannot_be_read_are_no_reason_to_go_by_the_configuration() {
    let shop = TestShop::open().await;
    shop.tx(async |tx| tax::insert_zone(tx, &tax_zone(1, Vec::new()), at(0)).await).await;
    shop.tx(async |tx| crate::delivery::insert_method(tx, &delivery_method(1, None), at(0)).await).await;
    shop.run_sql(&[
        "UPDATE tax_zones SET provinces = '7'".to_owned(),
        "UPDATE delivery_methods SET conditions = '7'".to_owned(),
    ])
    .await;
    let loaded = loaded(&shop).await;
    assert_eq!(loaded.rules.tax_zones, []);
    assert_eq!(loaded.rules.delivery_methods, []);
    assert_eq!(loaded.unreadable.len(), 2);
}
