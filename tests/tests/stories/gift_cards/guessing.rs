//! Whoever knows a code spends the card: so nobody finds one by trying, and nobody is told what is wrong with one.

use super::{charge, setup, shop};
use crate::harness::{Shop, Shopper};
use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use stoa_domain::shared::Clock;

const PUT: &str = "mutation($cart: ID!, $codes: [String!]!) { cartGiftCardCodesUpdate(cartId: $cart, giftCardCodes: $codes) {
  cart { id } userErrors { code field message } } }";

/// Enters a code from a network, through a proxy that is trusted; gives the code of the error, or those of the refusals.
async fn tries(shop: &Shop, from: &str, shopper: &Shopper, code: &str) -> Value {
    let shown = [("x-forwarded-for", from.to_owned())];
    let variables = json!({ "cart": shopper.cart, "codes": [code] });
    let answer = shop.endpoint.ask_with(&shown, PUT, variables).await.0;
    match answer.body.pointer("/errors/0/extensions/code") {
        Some(code) => code.clone(),
        None => answer.at("/cartGiftCardCodesUpdate/userErrors").clone(),
    }
}

/// Ten misses, and a network hears nothing more for a while, not even of a card that there is; others do, and so does whoever knew it all along.
#[tokio::test]
async fn guessing_cards_is_stopped() {
    let trusting =
        setup().config(|c| c.http.trusted_proxies = vec!["127.0.0.1/32".parse().expect("an address")]);
    let shop = Shop::with(trusting).await;
    let staff = shop.merchant().await;
    let card = shop.card(&staff, "10.00").await;
    let [thief, friend] = ["198.51.100.7", "203.0.113.9"];
    // A right one is no guess, however often.
    let owner = shop.shopper_with_cart([("mug", 1)]).await;
    for _ in 0..15 {
        assert_eq!(tries(&shop, thief, &owner, &card.code).await, json!([]));
    }
    for n in 0..10 {
        // With another cart each: a cart costs nothing.
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let refused = tries(&shop, thief, &shopper, &format!("AAAA-AAAA-AAAA-{n:04}")).await;
        assert_eq!(refused.as_array().map(Vec::len), Some(1), "{n}: {refused}");
    }
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    for code in ["BBBB-BBBB-BBBB-BBBB", card.code.as_str()] {
        assert_eq!(tries(&shop, thief, &shopper, code).await, "TOO_MANY_GUESSES");
    }
    assert_eq!(charge(&shopper.priced().await), 1_500, "nothing has changed");
    assert_eq!(tries(&shop, friend, &shopper, &card.code).await, json!([]));
    assert_eq!(charge(&shopper.priced().await), 500);
    shop.ledgers_balance().await;
}

/// A card that is spent, taken away, over, or of another currency, and one that never was: all are told the same.
#[tokio::test]
async fn a_card_of_no_use_is_told_from_none_by_nobody() {
    let (shop, staff) = shop().await;
    let off = "mutation($id: ID!) { giftCardDisable(id: $id) { giftCard { enabled } userErrors { code } } }";
    let disabled = shop.card(&staff, "10.00").await;
    shop.staff_does(&staff, off, json!({ "id": disabled.id })).await;
    let empty = shop.card(&staff, "25.00").await;
    let buyer = shop.shopper_with_cart([("pattern", 1)]).await;
    buyer.has_paid_with(&[&empty.code]).await;
    super::places(&buyer, "all of it").await;
    let over = shop.card(&staff, "10.00").await;
    let expire = "mutation($i: GiftCardUpdateInput!) { giftCardUpdate(input: $i) { giftCard { id } userErrors { code message } } }";
    let soon = (shop.clock.now() + TimeDelta::hours(1)).to_rfc3339_opts(SecondsFormat::Micros, true);
    shop.staff_does(&staff, expire, json!({ "i": { "id": over.id, "expiresAt": soon } })).await;
    let good = shop.card(&staff, "10.00").await;
    let early = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(charge(&early.has_paid_with(&[&over.code]).await), 500);
    shop.clock.advance(TimeDelta::hours(1));
    assert_eq!(charge(&early.priced().await), 1_500, "it is over, wherever it is");

    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.has_paid_with(&[&good.code]).await;
    let mut told = Vec::new();
    for code in [&*disabled.code, &*empty.code, &*over.code, "AAAA-AAAA-AAAA-AAAA", "x"] {
        let refused = shopper.pays_with(&[code]).await;
        told.push(refused.at("/cartGiftCardCodesUpdate/userErrors").clone());
        assert_eq!(charge(&shopper.priced().await), 500, "the cards are what they were");
    }
    assert_eq!(told[0].as_array().map(Vec::len), Some(1), "{told:?}");
    assert!(told.iter().all(|error| error == &told[0]), "{told:?}");
    for card in [&disabled, &empty, &over, &good] {
        let bare = card.code.replace('-', "");
        let dump = shop.dump().await;
        assert!(!dump.contains(&card.code) && !dump.contains(&bare), "no code is kept");
    }
    shop.ledgers_balance().await;
}
