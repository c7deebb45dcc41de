//! Store credit: a customer's own, without a code, spent by whoever is signed in as them.

use super::{GOOD, charge, gid, money, shop};
use crate::harness::{Customer, Placed, Shop, Shopper, Staff, minor};
use serde_json::{Value, json};

const ADJUST: &str = "mutation($i: StoreCreditAdjustInput!) { storeCreditAdjust(input: $i) { giftCard { id } userErrors { code field message } } }";
const APPLY: &str = "mutation($cart: ID!, $apply: Boolean!) { cartStoreCreditApply(cartId: $cart, apply: $apply) { cart { id } userErrors { code field message } } }";

async fn give(shop: &Shop, staff: &Staff, to: &Customer, amount: &str, key: &str) -> Value {
    let customer = to.sees("id").await["id"].clone();
    let input = json!({ "customerId": customer, "amount": money(amount), "idempotencyKey": key });
    shop.ask_as(staff, ADJUST, json!({ "i": input })).await.at("/storeCreditAdjust").clone()
}

async fn left(ada: &Customer) -> i64 {
    let amounts = ada.sees("storeCredit { amount currencyCode }").await["storeCredit"].clone();
    amounts.as_array().expect("amounts").iter().map(minor).sum()
}

/// Their cart, as they see it when they are signed in.
async fn cart_of(shop: &Shop, ada: &Customer) -> Shopper {
    let mut shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let said = shopper.says_who(json!({ "customerAccessToken": ada.token })).await;
    let cart = said.at("/cartBuyerIdentityUpdate/cart/id").as_str();
    shopper.cart = cart.unwrap_or_else(|| panic!("{:#}", said.body)).to_owned();
    shopper
}

async fn apply(ada: &Customer, shopper: &Shopper) {
    let applied = ada.request(APPLY, json!({ "cart": shopper.cart, "apply": true })).await;
    assert_eq!(applied.at("/cartStoreCreditApply/userErrors"), &json!([]));
}

/// What is left to pay, as they see it.
async fn left_to_pay(ada: &Customer, shopper: &Shopper) -> i64 {
    let query = "query($id: ID!) { cart(id: $id) { cost { checkoutChargeAmount { amount currencyCode } } } }";
    let read = ada.request(query, json!({ "id": shopper.cart })).await;
    minor(&read.at("/cart/cost")["checkoutChargeAmount"])
}

async fn places(ada: &Customer, shopper: &Shopper, key: &str) -> Placed {
    let query = "mutation($cartId: ID!, $key: String!) { orderPlace(cartId: $cartId, idempotencyKey: $key) {
      order { id token financialStatus totalPrice { amount currencyCode } }
      paymentSession { gateway clientSecret publishableKey paymentIntentId paymentUrl }
      userErrors { code field message actualTotal { amount currencyCode } } } }";
    let placed = Placed { answer: ada.request(query, json!({ "cartId": shopper.cart, "key": key })).await };
    assert_eq!(placed.refusals(), [""; 0], "{key}");
    placed
}

#[tokio::test]
async fn store_credit_is_spent_by_its_customer_and_comes_back() {
    let (shop, staff) = shop().await;
    let ada = shop.customer("ada@example.org").await;
    for key in ["one", "one", "two"] {
        assert_eq!(give(&shop, &staff, &ada, "6.00", key).await["userErrors"], json!([]), "{key}");
    }
    assert_eq!(left(&ada).await, 1_200, "the same key counts once");
    let refused = give(&shop, &staff, &ada, "-12.01", "too much").await;
    assert_eq!(refused["userErrors"][0]["code"], "NOT_ENOUGH_BALANCE", "{refused:#}");
    assert_eq!(give(&shop, &staff, &ada, "-2.00", "less").await["userErrors"], json!([]));

    // Somebody who is not signed in has none, whatever cart it is.
    let guest = shop.shopper_with_cart([("mug", 1)]).await;
    let refused = guest.ask(APPLY, json!({ "cart": guest.cart, "apply": true })).await;
    assert_eq!(refused.at("/cartStoreCreditApply/userErrors").as_array().map(Vec::len), Some(1));
    assert_eq!(charge(&guest.priced().await), 1_500);

    // 15.00, a card of 3.00 first, then 10.00 of credit.
    let card = shop.card(&staff, "3.00").await;
    let shopper = cart_of(&shop, &ada).await;
    apply(&ada, &shopper).await;
    assert_eq!(left_to_pay(&ada, &shopper).await, 500);
    let put = "mutation($cart: ID!, $codes: [String!]!) { cartGiftCardCodesUpdate(cartId: $cart, giftCardCodes: $codes) { cart { id } userErrors { code } } }";
    let put = ada.request(put, json!({ "cart": shopper.cart, "codes": [card.code] })).await;
    assert_eq!(put.at("/cartGiftCardCodesUpdate/userErrors"), &json!([]));
    assert_eq!(left_to_pay(&ada, &shopper).await, 200);
    let placed = places(&ada, &shopper, "k").await;
    assert_eq!((left(&ada).await, shop.balance(&staff, &card.id).await), (0, 0));
    assert_eq!(minor(&shop.priced_order(&placed.token()).await["totalCharge"]), 200);
    assert_eq!(shopper.pay(&placed, GOOD).await["amount"], 200);
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);

    // The gateway's 2.00 first, then 10.00 to the credit, which was used last, and 1.00 to the card.
    let refund = json!({ "orderId": gid(&placed), "idempotencyKey": "most", "amount": money("13.00") });
    assert_eq!(shop.refund(&staff, refund).await["userErrors"], json!([]));
    shop.settle().await;
    assert_eq!(shop.refunded_at_gateway(&placed.intent()).await, [200]);
    assert_eq!((left(&ada).await, shop.balance(&staff, &card.id).await), (1_000, 100));
    shop.ledgers_balance().await;
}

/// Credit of one is nobody else's: neither by the cart's id, nor by their address.
#[tokio::test]
async fn nobody_spends_the_credit_of_another() {
    let (shop, staff) = shop().await;
    let [ada, eve] = [shop.customer("ada@example.org").await, shop.customer("eve@example.org").await];
    assert_eq!(give(&shop, &staff, &ada, "100.00", "k").await["userErrors"], json!([]));
    let shopper = cart_of(&shop, &ada).await;
    apply(&ada, &shopper).await;
    assert_eq!(left_to_pay(&ada, &shopper).await, 0);

    // Whoever has the cart's id alone orders it, if at all, for their own money.
    let stranger = shopper.place_order("stranger").await;
    if stranger.is_placed() {
        assert_eq!(minor(&shop.priced_order(&stranger.token()).await["totalCharge"]), 1_500);
    } else {
        let why = stranger.refusals();
        assert!(why == ["CHARGE_CHANGED"] || why == ["GIFT_CARD_UNAVAILABLE"], "{why:?}");
    }
    assert_eq!(left(&ada).await, 10_000);
    let applied = eve
        .request(APPLY, json!({ "cart": shop.shopper_with_cart([("mug", 1)]).await.cart, "apply": true }))
        .await;
    assert!(applied.body["errors"].is_null(), "{:#}", applied.body);
    assert_eq!((left(&eve).await, left(&ada).await), (0, 10_000));
    shop.ledgers_balance().await;
}
