//! Currencies of carts, by where their buyers are.

use super::shop::*;
use crate::{
    cart::{CartError, DetailsRefusal, IdentityChange, IdentityRefusal, NewCart},
    testing::TestShop,
};
use stoa_domain::{
    cart::AddLine,
    market::{ExchangeRate, Market},
    shared::{MarketId, VariantId},
};
use stoa_persistence::market::{self, KeptRate};

/// A shop in euros, which takes yen and dollars abroad; for Switzerland there is a market without a rate.
async fn abroad() -> (TestShop, VariantId) {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let now = shop.ctx().now();
    let of = |n: u128, name: &str, code: &str, at: &str| Market {
        id: id::<MarketId>(n),
        name: name.into(),
        countries: countries(&[at]),
        ..Market::primary(currency(code))
    };
    write(&shop, async |tx| {
        for market in [of(1, "Japan", "JPY", "JP"), of(2, "America", "USD", "US"), of(3, "Alps", "CHF", "CH")]
        {
            market::insert(tx, &market, now).await?;
        }
        let rate = |code: &str, text: &str| KeptRate {
            currency: currency(code),
            rate: ExchangeRate::parse(text).unwrap(),
            source: "test".into(),
            as_of: now,
        };
        market::set_rates(tx, &[rate("JPY", "160"), rate("USD", "1.1")], now).await
    })
    .await;
    (shop, mug)
}

fn to(code: &str) -> IdentityChange {
    IdentityChange { country: Some(country(code)), ..IdentityChange::default() }
}

#[tokio::test]
async fn a_cart_is_in_the_currency_of_its_buyers_country() {
    let (shop, mug) = abroad().await;
    for (at, code, total) in [
        (Some("JP"), "JPY", 3_200),
        (Some("US"), "USD", 2_200),
        (Some("CH"), "EUR", 2_000),
        (None, "EUR", 2_000),
    ] {
        let buyer = IdentityChange { country: at.map(country), ..IdentityChange::default() };
        let line = AddLine { variant: mug, quantity: 2, attributes: Vec::new() };
        let new = NewCart { lines: vec![line], buyer, ..NewCart::default() };
        let (view, _) = Box::pin(shop.services.create_cart.run(&guest(), new)).await.unwrap();
        assert_eq!((view.cart.currency.code(), view.priced.total), (code, total), "{at:?}");
        let kept = kept(&shop, view.cart.id).await;
        assert_eq!((kept.currency.code(), kept.told.unwrap().currency.code()), (code, code));
        assert_eq!(read(&shop, view.cart.id).await.priced, view.priced);
        assert_eq!(view.priced.shop.is_some(), code != "EUR", "figures in both");
    }
}

#[tokio::test]
async fn another_country_prices_all_of_it_anew() {
    let (shop, mug) = abroad().await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    let (view, _) = shop.services.identify_buyer.run(&guest(), cart, &to("JP")).await.unwrap();
    assert_eq!((view.cart.currency.code(), view.priced.total), ("JPY", 1_600));
    assert_eq!(view.cart.told, Some(view.priced.money(1_600)));
    let (view, _) = shop.services.identify_buyer.run(&guest(), cart, &to("FR")).await.unwrap();
    assert_eq!((view.cart.currency.code(), view.priced.total), ("EUR", 1_000));
}

#[tokio::test]
async fn a_country_of_another_currency_is_refused_while_there_are_gift_cards() {
    let (shop, mug) = abroad().await;
    issue(&shop, 1, "HELLOWORLD", (500, currency("EUR"))).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    let codes = ["helloworld".to_owned()];
    shop.services.gift_card_codes.add(&guest(), cart, &codes).await.unwrap();
    let refused = shop.services.identify_buyer.run(&guest(), cart, &to("JP")).await;
    let why = IdentityRefusal::Details(DetailsRefusal::GiftCardsOfCurrency);
    assert!(matches!(refused, Err(CartError::Refused(refusal)) if refusal == why));
    assert_eq!(kept(&shop, cart).await.buyer.country, None);
    let (view, _) = shop.services.identify_buyer.run(&guest(), cart, &to("FR")).await.unwrap();
    assert_eq!((view.priced.total, view.priced.charge), (1_000, 500), "the same currency");
}
