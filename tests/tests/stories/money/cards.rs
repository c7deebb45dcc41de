//! Story 30, and what else gift cards do: they pay, race, come back, and are not to be guessed.

use super::{ERRORS, refusals, selling};
use crate::harness::{Shop, Shopper, Staff, minor, number, percent_off};
use futures_util::future::join_all;
use serde_json::json;

/// Somebody who has just proved who they are makes a card of so much; gives its code.
async fn card(shop: &Shop, by: &Staff, amount: &str) -> String {
    let query = format!(
        "mutation($i: GiftCardCreateInput!) {{ giftCardCreate(input: $i) {{ code giftCard {{ id }} {ERRORS} }} }}"
    );
    let input = json!({ "amount": { "amount": amount, "currencyCode": "USD" }, "idempotencyKey": amount });
    let made = shop.staff_does(by, &query, json!({ "i": input })).await;
    made["code"].as_str().expect("a code, once").to_owned()
}

async fn pays_with(shopper: &Shopper, codes: &[&str]) {
    let added =
        shopper.change("cartGiftCardCodesAdd", &[("giftCardCodes", "[String!]!", json!(codes))]).await;
    assert_eq!(refusals(&added, "cartGiftCardCodesAdd"), [""; 0]);
}

async fn balances(shop: &Shop) -> i64 {
    number(shop.folder.path(), "SELECT CAST(COALESCE(SUM(balance), 0) AS BIGINT) FROM gift_cards").await
}

/// Story 30: nothing is left to be charged, by a promotion or by a card, and nobody asks the gateway.
#[tokio::test]
async fn an_order_that_costs_nothing_needs_no_gateway() {
    let (shop, staff) = selling(&[("lamp", "20.00")], false).await;
    let owner = shop.signed_in("owner@example.org").await;
    shop.prove(&owner).await;
    let (small, large) = (card(&shop, &owner, "8.00").await, card(&shop, &owner, "50.00").await);
    let shopper = shop.shopper_with_cart([("lamp", 1)]).await;
    pays_with(&shopper, &[&small, &large]).await;
    let cost = shopper.priced().await["cost"].clone();
    assert_eq!((minor(&cost["totalAmount"]), minor(&cost["checkoutChargeAmount"])), (2_000, 0));
    let placed = shopper.place_order("card").await;
    assert!(placed.is_placed(), "{:?}", placed.refusals());
    assert_eq!(*placed.answer.at("/orderPlace/paymentSession"), json!(null));
    assert_eq!(*placed.answer.at("/orderPlace/order/financialStatus"), json!("PAID"));
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!((minor(&order["totalPrice"]), minor(&order["totalCharge"])), (2_000, 0));
    assert_eq!(balances(&shop).await, 5_800 - 2_000, "the first is empty, and the second has the rest");

    // All of it goes back to where it came from, once, however often it is asked for.
    let refund = "mutation($i: RefundInput!) { refundCreate(input: $i) { refunds { id } userErrors { code field message } } }";
    let id = placed.answer.at("/orderPlace/order/id");
    let input = json!({ "orderId": id, "amount": { "amount": "20.00", "currencyCode": "USD" }, "idempotencyKey": "all" });
    for _ in 0..2 {
        let given = shop.staff_does(&staff, refund, json!({ "i": input })).await;
        assert_eq!(given["refunds"].as_array().map(Vec::len), Some(2));
    }
    assert_eq!(balances(&shop).await, 5_800);

    shop.promote_by_code(&staff, "FREE", percent_off("100")).await;
    let free = shop.shopper_with_cart([("lamp", 1)]).await;
    free.enter(&["free"]).await;
    let placed = free.place_order("free").await;
    assert_eq!(*placed.answer.at("/orderPlace/paymentSession"), json!(null));
    assert_eq!(*placed.answer.at("/orderPlace/order/financialStatus"), json!("PAID"));
    shop.ledgers_balance().await;
}

/// One card that is enough for one, and eight who have its code.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_spent_once_however_many_order_at_once() {
    let (shop, _) = selling(&[("lamp", "20.00")], false).await;
    let owner = shop.signed_in("owner@example.org").await;
    shop.prove(&owner).await;
    for round in 0..4 {
        let code = card(&shop, &owner, &format!("20.0{round}")).await;
        let buyers: Vec<Shopper> = join_all((0..8).map(|_| shop.shopper_with_cart([("lamp", 1)]))).await;
        for buyer in &buyers {
            pays_with(buyer, &[&code]).await;
        }
        let keys: Vec<String> = (0..8).map(|n| format!("{round} {n}")).collect();
        let placed = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key))).await;
        let paid = placed.iter().filter(|placed| placed.is_placed()).count();
        assert_eq!(paid, 1, "round {round}");
        for refused in placed.iter().filter(|placed| !placed.is_placed()) {
            let why = refused.refusals();
            assert!(why == ["GIFT_CARD_UNAVAILABLE"] || why == ["CHARGE_CHANGED"], "{why:?}");
        }
        assert_eq!(balances(&shop).await, (0..=round).sum::<i64>(), "what was left of each");
    }
    shop.ledgers_balance().await;
}

/// Guesses are counted by network; one right card is as good as before.
#[tokio::test]
async fn codes_are_not_to_be_guessed() {
    let (shop, _) = selling(&[("lamp", "20.00")], false).await;
    let shopper = shop.shopper_with_cart([("lamp", 1)]).await;
    let mut limited = false;
    for n in 0..30 {
        let query = "mutation($id: ID!, $codes: [String!]!) { cartGiftCardCodesAdd(cartId: $id, giftCardCodes: $codes) {
          userErrors { code message } } }";
        let guess = json!({ "id": shopper.cart, "codes": [format!("GUESSGUESS{n:06}")] });
        let answer = shopper.ask(query, guess).await;
        if answer.body.get("errors").is_some() {
            assert_eq!(answer.code(), "TOO_MANY_GUESSES");
            limited = true;
            break;
        }
        assert_eq!(refusals(&answer, "cartGiftCardCodesAdd"), ["INVALID"], "nobody learns why");
    }
    assert!(limited, "thirty guesses are too many");
}
