//! Markets and exchange rates, as staff make and change them.

use super::price_lists::sale;
use crate::{
    admin::{
        InputPlace, MarketDraft, MarketError, MarketPatch, NewExchangeRate, PriceListDraft, PriceListError,
        RatesError, Unfit,
    },
    testing::TestShop,
};
use std::collections::BTreeSet;
use stoa_domain::{
    access::grants::{PricesRead, PricesWrite},
    market::ExchangeRate,
    pricing::{PriceListKind, RoundingRule},
    shared::{CountryCode, Currency, MarketId, PriceListId},
};

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn countries(codes: &[&str]) -> BTreeSet<CountryCode> {
    codes.iter().map(|code| CountryCode::parse(code).unwrap()).collect()
}

fn market(name: &str, paid_in: &str, of: &[&str]) -> MarketDraft {
    MarketDraft {
        name: name.to_owned(),
        currency: currency(paid_in),
        countries: countries(of),
        price_list: None,
        rounding: RoundingRule::None,
        prices_include_tax: None,
        net_prices: false,
        active: true,
    }
}

fn rate(code: &str, worth: Option<&str>) -> NewExchangeRate {
    NewExchangeRate {
        currency: currency(code),
        rate: worth.map(|worth| ExchangeRate::parse(worth).unwrap()),
        source: "a bank".into(),
        as_of: None,
    }
}

async fn say(shop: &TestShop, code: &str, worth: &str) {
    shop.services.admin.exchange_rates.set(&shop.eve(), &[rate(code, Some(worth))]).await.unwrap();
}

async fn make(shop: &TestShop, draft: &MarketDraft) -> MarketId {
    shop.services.admin.markets.create(&shop.eve(), draft).await.unwrap().rule.id
}

#[tokio::test]
async fn a_market_is_made_changed_and_taken_away() {
    let shop = TestShop::open().await;
    let markets = &shop.services.admin.markets;
    let (by, reads) = (shop.eve::<PricesWrite>(), shop.eve::<PricesRead>());
    let missing = markets.create(&by, &market("Japan", "JPY", &["JP"])).await;
    assert!(matches!(missing, Err(MarketError::RateMissing(c)) if c.code() == "JPY"), "{missing:?}");
    let idle = MarketDraft { active: false, ..market("Japan", "JPY", &["JP"]) };
    let id = make(&shop, &idle).await;
    let on = MarketPatch { active: Some(true), ..MarketPatch::default() };
    assert!(matches!(markets.update(&by, (id, None), &on).await, Err(MarketError::RateMissing(_))));
    say(&shop, "JPY", "155.5").await;
    for _ in 0..2 {
        let now = markets.update(&by, (id, Some(1)), &on).await.unwrap();
        assert_eq!((now.rule.active, now.version), (true, 2));
    }
    let taken = markets.create(&by, &market("JAPAN", "EUR", &["KR"])).await;
    assert!(matches!(taken, Err(MarketError::Taken)), "{taken:?}");
    let taken = markets.create(&by, &market("Asia", "EUR", &["KR", "JP"])).await;
    assert!(matches!(taken, Err(MarketError::CountryTaken)), "{taken:?}");
    let renamed = MarketPatch { name: Some("Nippon".into()), ..MarketPatch::default() };
    assert!(matches!(markets.update(&by, (id, Some(1)), &renamed).await, Err(MarketError::Stale)));
    let found = markets.find_all(&reads, &[id]).await.unwrap();
    assert_eq!((&*found[0].rule.name, &found[0].rule.countries), ("Japan", &countries(&["JP"])));

    let only = PriceListDraft { market: Some(id), ..sale("Japan's summer") };
    let lists = &shop.services.admin.price_lists;
    let list = lists.create(&by, &only).await.unwrap().rule.rule.id;
    assert!(matches!(markets.delete(&by, id, None).await, Err(MarketError::InUse)));
    lists.delete(&by, list, None).await.unwrap();
    markets.delete(&by, id, Some(2)).await.unwrap();
    assert!(matches!(markets.delete(&by, id, None).await, Err(MarketError::NotFound)));
    assert_eq!(shop.acts(id).await, ["market.create", "market.update", "market.delete"]);
}

#[tokio::test]
async fn a_markets_list_is_of_its_currency_and_for_markets() {
    let shop = TestShop::open().await;
    say(&shop, "JPY", "155.5").await;
    let (markets, lists) = (&shop.services.admin.markets, &shop.services.admin.price_lists);
    let by = shop.eve::<PricesWrite>();
    let of = |paid_in: &str| PriceListDraft {
        kind: PriceListKind::Market,
        currency: currency(paid_in),
        ..sale(paid_in)
    };
    let mut made = Vec::new();
    for draft in [of("USD"), of("JPY"), of("EUR"), PriceListDraft { kind: PriceListKind::Sale, ..sale("s") }]
    {
        made.push(lists.create(&by, &draft).await.unwrap().rule.rule.id);
    }
    let with = |list: PriceListId| MarketDraft { price_list: Some(list), ..market("Japan", "JPY", &["JP"]) };
    let refused = markets.create(&by, &with(made[0])).await;
    assert!(matches!(refused, Err(MarketError::CurrencyMismatch(c)) if c.code() == "USD"), "{refused:?}");
    for (list, why) in [(made[3], None), (PriceListId::NIL, Some(PriceListId::NIL.uuid()))] {
        match markets.create(&by, &with(list)).await {
            Err(MarketError::Refused(refusal)) => {
                assert_eq!(refusal.at, InputPlace::field("priceListId"));
                assert!(why.map(Unfit::NotThere).is_none_or(|why| why == refusal.why));
            }
            other => panic!("{other:?}"),
        }
    }
    let id = make(&shop, &with(made[1])).await;
    let refused = lists.delete(&by, made[1], None).await;
    assert!(matches!(refused, Err(PriceListError::InUse)), "{refused:?}");
    // Prices of the shop's currency are converted.
    let other = MarketPatch { price_list: Some(Some(made[2])), ..MarketPatch::default() };
    markets.update(&by, (id, None), &other).await.unwrap();
    lists.delete(&by, made[1], None).await.unwrap();
}

#[tokio::test]
async fn rates_are_said_and_taken_back_when_nobody_needs_them() {
    let shop = TestShop::open().await;
    let rates = &shop.services.admin.exchange_rates;
    let (by, reads) = (shop.eve::<PricesWrite>(), shop.eve::<PricesRead>());
    let wanted = [rate("JPY", Some("155.5")), rate("USD", Some("0.92"))];
    let before = shop.log_length().await;
    for _ in 0..2 {
        let all = rates.set(&by, &wanted).await.unwrap();
        let said: Vec<String> = all.iter().map(|of| format!("{} {}", of.currency.code(), of.rate)).collect();
        assert_eq!(said, ["JPY 155.5", "USD 0.92"]);
    }
    assert_eq!(shop.log_length().await, before + 1, "the second time they are so already");
    make(&shop, &market("Japan", "JPY", &["JP"])).await;
    let refused = rates.set(&by, &[rate("USD", None), rate("JPY", None)]).await;
    assert!(matches!(refused, Err(RatesError::InUse { index: 1, .. })), "{refused:?}");
    assert_eq!(rates.list(&reads).await.unwrap().len(), 2, "the other one is there as well");
    assert_eq!(rates.set(&by, &[rate("USD", None)]).await.unwrap().len(), 1);
    for (said, field) in [
        (vec![rate("USD", Some("1")), rate("EUR", Some("1"))], "currencyCode"),
        (vec![rate("USD", Some("1")), rate("USD", Some("2"))], "currencyCode"),
        (
            vec![
                rate("USD", Some("1")),
                NewExchangeRate { source: "x".repeat(65), ..rate("GBP", Some("1")) },
            ],
            "source",
        ),
    ] {
        match rates.set(&by, &said).await {
            Err(RatesError::Refused(refusal)) => {
                assert_eq!(refusal.at, InputPlace::field("rates").entry(1).then(field));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(rates.list(&reads).await.unwrap().len(), 1);
}
