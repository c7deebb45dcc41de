//! Everything that staff do to the rules of a shop, transaction by transaction. In the end the shop goes by those that it went by before.

use stoa_domain::{
    delivery::{DeliveryMethod, DeliveryZone, LoadBounds, MethodKind, RateTable},
    market::{ExchangeRate, Market},
    pricing::{
        Action, Class, Definition, ListPrice, Method, PriceList, PriceListKind, Promotion, RoundingRule,
        Target,
    },
    shared::{
        Clock, CountryCode, Currency, DeliveryMethodId, DeliveryZoneId, Fault, IdGenerator, MarketId,
        PriceListId, PromotionId, Rate, TaxCategoryId, TaxRateId, TaxZoneId, Timestamp, VariantId,
    },
    tax::{CategoryKind, TaxCategory, TaxRate, TaxZone},
};
use stoa_persistence::{
    Db, Durability, WriteTx, delivery,
    market::{self, KeptRate, MarketSaved},
    price_list::{self, PricesSet},
    pricing::{self, Removed, Saved, ShopSettings, Switched},
    promotion::{self, Limits, PromotionState, StaffPromotion},
    tax,
};
use stoa_services::system::{SystemClock, SystemIds};

/// One transaction.
async fn tx<T: Send>(db: &Db, work: impl AsyncFn(&WriteTx) -> Result<T, Fault>) -> T {
    let tx = db.write(Durability::Full).await.expect("a transaction");
    let outcome = work(&tx).await.expect("nobody else is there");
    tx.commit().await.expect("it is kept");
    outcome
}

fn now() -> Timestamp {
    SystemClock.now()
}

pub(super) async fn everything(db: &Db) {
    settings(db).await;
    markets_and_lists(db).await;
    taxes(db).await;
    deliveries(db).await;
    promotions(db).await;
}

/// Decides nothing, twice.
async fn settings(db: &Db) {
    let (decided, version) = pricing::settings(db.read()).await.expect("SQL answers");
    assert_eq!(decided, ShopSettings::default());
    for version in [version, version + 1] {
        let saved = tx(db, async |tx| pricing::save_settings(tx, version, &decided, now()).await).await;
        assert_eq!(saved, Saved::Saved);
    }
}

async fn markets_and_lists(db: &Db) {
    let yen = Currency::parse("JPY").expect("a currency");
    let rate = ExchangeRate::parse("163.2").expect("a rate");
    let rates = [KeptRate { currency: yen, rate, source: "a bank".to_owned(), as_of: now() }];
    tx(db, async |tx| market::set_rates(tx, &rates, now()).await).await;

    let japan = Market {
        id: MarketId::new(SystemIds.id()),
        name: "Japan".into(),
        currency: yen,
        countries: CountryCode::parse("JP").into_iter().collect(),
        price_list: None,
        rounding: RoundingRule::None,
        prices_include_tax: None,
        net_prices: false,
        active: false,
    };
    assert_eq!(tx(db, async |tx| market::insert(tx, &japan, now()).await).await, MarketSaved::Saved);
    assert_eq!(tx(db, async |tx| market::update(tx, 1, &japan, now()).await).await, MarketSaved::Saved);

    let list = PriceList {
        id: PriceListId::new(SystemIds.id()),
        name: "Winter".into(),
        kind: PriceListKind::Sale,
        currency: yen,
        adjustment: None,
        market: Some(japan.id),
        starts_at: None,
        ends_at: None,
    };
    let list = Switched { rule: list, active: false };
    assert_eq!(tx(db, async |tx| price_list::insert(tx, &list, now()).await).await, Saved::Saved);
    assert_eq!(tx(db, async |tx| price_list::update(tx, 1, &list, now()).await).await, Saved::Saved);
    let id = list.rule.id;
    let variants = [VariantId::new(SystemIds.id()), VariantId::new(SystemIds.id())];
    let price =
        |variant, from_quantity| ListPrice { variant, list: id, from_quantity, price: 1, compare_at: None };
    let prices = [price(variants[0], 1), price(variants[0], 5), price(variants[1], 1), price(variants[1], 5)];
    for _ in 0..2 {
        assert_eq!(tx(db, async |tx| price_list::set_prices(tx, id, &prices).await).await, PricesSet::Set);
    }
    let breaks = variants.map(|variant| (variant, 5));
    assert_eq!(tx(db, async |tx| price_list::remove_breaks(tx, id, &breaks).await).await, 2);
    assert_eq!(tx(db, async |tx| price_list::remove_prices(tx, id, &variants).await).await, 2);
    tx(db, async |tx| price_list::set_prices(tx, id, &prices).await).await;

    assert_eq!(tx(db, async |tx| price_list::remove(tx, id, 2).await).await, Removed::Removed);
    assert_eq!(tx(db, async |tx| market::remove(tx, japan.id, 2).await).await, Removed::Removed);
    assert!(tx(db, async |tx| market::remove_rate(tx, yen).await).await);
}

async fn taxes(db: &Db) {
    let books = TaxCategory {
        id: TaxCategoryId::new(SystemIds.id()),
        code: "books".into(),
        name: "Books".into(),
        kind: CategoryKind::Taxed,
    };
    assert_eq!(tx(db, async |tx| tax::insert_category(tx, &books, now()).await).await, Saved::Saved);
    assert_eq!(tx(db, async |tx| tax::update_category(tx, 1, &books, now()).await).await, Saved::Saved);
    let rate = |category| TaxRate {
        id: TaxRateId::new(SystemIds.id()),
        category,
        name: "VAT".into(),
        rate: Rate::from_millionths(70_000),
        compound: false,
        on_delivery: false,
        position: 0,
        valid_from: None,
        valid_until: None,
    };
    let zone = TaxZone {
        id: TaxZoneId::new(SystemIds.id()),
        name: "Antarctica".into(),
        level: 0,
        country: CountryCode::parse("AQ"),
        provinces: [].into(),
        postal_ranges: Vec::new(),
        priority: 0,
        rates: vec![rate(None).into(), rate(Some(books.id)).into()],
    };
    assert_eq!(tx(db, async |tx| tax::insert_zone(tx, &zone, now()).await).await, Saved::Saved);
    assert_eq!(tx(db, async |tx| tax::update_zone(tx, 1, &zone, now()).await).await, Saved::Saved);
    assert_eq!(tx(db, async |tx| tax::remove_zone(tx, zone.id, 2).await).await, Removed::Removed);
    assert_eq!(tx(db, async |tx| tax::remove_category(tx, books.id, 2).await).await, Removed::Removed);
}

async fn deliveries(db: &Db) {
    let zone = DeliveryZone {
        id: DeliveryZoneId::new(SystemIds.id()),
        name: "Islands".into(),
        countries: [].into(),
        provinces: [].into(),
        postal_ranges: Vec::new(),
        priority: 0,
    };
    tx(db, async |tx| delivery::insert_zone(tx, &zone, now()).await).await;
    assert_eq!(tx(db, async |tx| delivery::update_zone(tx, 1, &zone, now()).await).await, Saved::Saved);
    let method = DeliveryMethod {
        id: DeliveryMethodId::new(SystemIds.id()),
        zone: Some(zone.id),
        handle: "boat".into(),
        title: "By boat".into(),
        description: None,
        kind: MethodKind::Shipping,
        rates: RateTable::flat(100),
        free_from: None,
        divisor: None,
        tax_category: None,
        days: None,
        bounds: LoadBounds::default(),
        position: 0,
    };
    let method = Switched { rule: method, active: false };
    let id = method.rule.id;
    assert_eq!(tx(db, async |tx| delivery::insert_method(tx, &method, now()).await).await, Saved::Saved);
    assert_eq!(tx(db, async |tx| delivery::update_method(tx, 1, &method, now()).await).await, Saved::Saved);
    assert_eq!(tx(db, async |tx| delivery::remove_method(tx, id, 2).await).await, Removed::Removed);
    assert_eq!(tx(db, async |tx| delivery::remove_zone(tx, zone.id, 2).await).await, Removed::Removed);
}

/// One that nobody gets, limited and then not.
async fn promotions(db: &Db) {
    let action = Action::PercentOff { rate: Rate::from_millionths(100_000), target: Target::All };
    let promotion = Promotion {
        id: PromotionId::new(SystemIds.id()),
        title: "Ten".into(),
        class: Class::Product,
        method: Method::Code,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
    };
    let free = StaffPromotion { promotion, state: PromotionState::Draft, limits: Limits::default() };
    let limited = StaffPromotion { limits: Limits { most: Some(1), budget: Some(9) }, ..free.clone() };
    tx(db, async |tx| promotion::insert(tx, &limited, now()).await).await;
    for (version, to) in [(1, &limited), (2, &free)] {
        let saved = tx(db, async |tx| promotion::update(tx, version, to, now()).await).await;
        assert_eq!(saved, Saved::Saved);
    }
}
