//! From a cart to an order.

use crate::{
    carts::{address, error_code},
    gateway::intent_of,
    shop::Shop,
};
use serde_json::{Value, json};
use stoa_persistence::payment;

const PLACE: &str = "mutation($cartId: ID!, $idempotencyKey: String!, $expectedTotal: MoneyInput) {
    orderPlace(cartId: $cartId, idempotencyKey: $idempotencyKey, expectedTotal: $expectedTotal) {
    order { id token orderNumber name email financialStatus totalPrice { amount currencyCode } }
    paymentSession { gateway clientSecret publishableKey paymentIntentId paymentUrl }
    userErrors { code field message actualTotal { amount currencyCode } merchandiseId quantityAvailable } } }";

impl Shop {
    /// Places an order, and gives the payload.
    pub(crate) async fn place(&self, cart: &str, key: &str, total: Option<&str>) -> Value {
        let mut variables = json!({ "cartId": cart, "idempotencyKey": key });
        if let Some(total) = total {
            variables["expectedTotal"] = json!({ "amount": total, "currencyCode": "EUR" });
        }
        self.ask(PLACE, variables).await
    }
}

fn refusal(payload: &Value) -> (&str, &Value) {
    assert_eq!(payload["order"], Value::Null, "{payload:#}");
    (payload["userErrors"][0]["code"].as_str().unwrap(), &payload["userErrors"][0]["field"])
}

#[tokio::test]
async fn a_cart_becomes_an_order_that_can_be_paid_and_is_gone() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 2)]).await;
    let payload = shop.place(&cart, "key-1", Some("33.80")).await;
    assert_eq!(payload["userErrors"], json!([]));
    let order = &payload["order"];
    assert_eq!((&order["orderNumber"], &order["name"]), (&json!(1001), &json!("#1001")));
    assert_eq!((&order["financialStatus"], &order["email"]), (&json!("PENDING"), &json!("ada@example.org")));
    assert_eq!(order["totalPrice"], json!({ "amount": "33.80", "currencyCode": "EUR" }));
    let token = order["token"].as_str().unwrap();
    assert_eq!(token.len(), 43);

    let session = &payload["paymentSession"];
    let intent = session["paymentIntentId"].as_str().unwrap();
    assert_eq!((&session["gateway"], &session["publishableKey"]), (&json!("memory"), &json!("pk_memory")));
    assert_eq!(session["clientSecret"], format!("{intent}_secret"));
    let return_url = format!("return_url=http://shop.test/orders/{token}");
    assert!(session["paymentUrl"].as_str().unwrap().ends_with(&return_url));
    assert_eq!(shop.read_cart(&cart).await, Value::Null);
}

#[tokio::test]
async fn the_same_request_again_is_the_same_order_and_one_payment() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 2)]).await;
    let (first, again) = (shop.place(&cart, "key-1", None), shop.place(&cart, "key-1", None));
    let (first, again) = tokio::join!(first, again);
    assert_eq!(first, again);
    assert_eq!(shop.place(&cart, "key-1", None).await, first);
    assert_eq!(shop.gateway.intents(), 1);

    let other_total = shop.place(&cart, "key-1", Some("1.00")).await;
    assert_eq!(refusal(&other_total), ("IDEMPOTENCY_KEY_REUSED", &json!(["idempotencyKey"])));
    let other_key = shop.place(&cart, "key-2", None).await;
    assert_eq!(refusal(&other_key), ("ALREADY_ORDERED", &json!(["cartId"])));
}

#[tokio::test]
async fn what_a_cart_lacks_is_said_one_thing_after_the_other() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.cart(&[]).await;
    let code = async || {
        let payload = shop.place(&cart, "key", None).await;
        refusal(&payload).0.to_owned()
    };
    assert_eq!(code().await, "CART_EMPTY");
    shop.add_lines(&cart, json!([{ "merchandiseId": mug }])).await;
    assert_eq!(code().await, "EMAIL_REQUIRED");
    let call = format!("cartBuyerIdentityUpdate(cartId: \"{cart}\", buyerIdentity: $v)");
    shop.mutate(&call, "CartBuyerIdentityInput!", json!({ "email": "ada@example.org" })).await;
    assert_eq!(code().await, "DELIVERY_ADDRESS_REQUIRED");
    let mut partial = address("Lovelace");
    partial["address"]["deliveryAddress"]["city"] = Value::Null;
    shop.add_addresses(&cart, json!([partial])).await;
    let payload = shop.place(&cart, "key", None).await;
    assert_eq!(refusal(&payload).0, "DELIVERY_ADDRESS_INCOMPLETE");
    assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains("city"));
    let call = format!("cartDeliveryAddressesReplace(cartId: \"{cart}\", addresses: $v)");
    shop.mutate(&call, "[CartSelectableAddressInput!]!", json!([address("Lovelace")])).await;
    assert_eq!(shop.place(&cart, "key", None).await["userErrors"], json!([]), "the key was not used up");
}

#[tokio::test]
async fn another_total_than_the_expected_one_is_told_and_orders_nothing() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    let payload = shop.place(&cart, "key", Some("12.00")).await;
    assert_eq!(refusal(&payload), ("TOTAL_CHANGED", &json!(["expectedTotal"])));
    let error = &payload["userErrors"][0];
    assert_eq!(error["actualTotal"], json!({ "amount": "19.40", "currencyCode": "EUR" }));
    assert_eq!(error["message"], "The cart's total is 19.40 EUR now.");
    assert_eq!(shop.read_cart(&cart).await["totalQuantity"], 1);
    assert_eq!(shop.place(&cart, "key", Some("19.4")).await["userErrors"], json!([]));
}

#[tokio::test]
async fn an_expected_total_that_is_no_amount_is_refused() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    for amount in ["19.401", "twenty", "", "1e2"] {
        let payload = shop.place(&cart, "key", Some(amount)).await;
        assert_eq!(refusal(&payload), ("INVALID_EXPECTED_TOTAL", &json!(["expectedTotal"])), "{amount}");
    }
    let nowhere = json!({ "cartId": cart, "idempotencyKey": "key",
        "expectedTotal": { "amount": "19.40", "currencyCode": "EURO" } });
    let answer = shop.gql(PLACE, nowhere).await;
    assert_eq!(error_code(&answer), "BAD_USER_INPUT", "a currency that does not exist");
    assert_eq!(shop.read_cart(&cart).await["totalQuantity"], 1);
}

#[tokio::test]
async fn a_key_is_neither_empty_nor_endless() {
    let shop = Shop::open().await;
    let cart = shop.cart(&[]).await;
    for key in [String::new(), "k".repeat(256)] {
        let payload = shop.place(&cart, &key, None).await;
        assert_eq!(refusal(&payload), ("INVALID_IDEMPOTENCY_KEY", &json!(["idempotencyKey"])));
    }
    for id in ["gid://stoa/Cart/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f", "gid://shopify/Cart/abc"] {
        assert_eq!(refusal(&shop.place(id, "key", None).await), ("CART_NOT_FOUND", &json!(["cartId"])));
    }
}

#[tokio::test]
async fn the_last_unit_is_sold_once_and_the_loser_is_told_of_what() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 1).await;
    let slow = shop.ready_cart(&[(&mug, 1)]).await;
    shop.wait(chrono::TimeDelta::minutes(16));
    let quick = shop.ready_cart(&[(&mug, 1)]).await;
    assert_eq!(shop.place(&quick, "quick", None).await["userErrors"], json!([]));
    let payload = shop.place(&slow, "slow", None).await;
    assert_eq!(refusal(&payload).0, "MERCHANDISE_NOT_ENOUGH_STOCK");
    let error = &payload["userErrors"][0];
    assert_eq!((&error["merchandiseId"], &error["quantityAvailable"]), (&json!(mug), &json!(0)));
    assert_eq!(shop.read_cart(&slow).await["totalQuantity"], 1, "the cart still reads");
}

#[tokio::test]
async fn an_order_stands_though_the_gateway_does_not_answer() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    shop.gateway.set_down(true);
    let payload = shop.place(&cart, "key", None).await;
    assert_eq!(payload["order"]["name"], "#1001");
    assert_eq!(payload["paymentSession"], Value::Null);
    let error = &payload["userErrors"][0];
    assert_eq!((&error["code"], &error["field"]), (&json!("PAYMENT_UNAVAILABLE"), &Value::Null));
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("same request") && !message.contains("10.1.2.3"), "{message}");

    shop.gateway.set_down(false);
    let again = shop.place(&cart, "key", None).await;
    assert_eq!((&again["order"], &again["userErrors"]), (&payload["order"], &json!([])));
    assert!(again["paymentSession"]["clientSecret"].is_string());
    assert_eq!(shop.gateway.intents(), 1);
}

#[tokio::test]
async fn what_costs_nothing_is_paid_without_a_gateway() {
    let shop = Shop::open().await;
    let flyer = stoa_domain::catalog::VariantInput { price: 0, requires_shipping: false, ..shop.variant(9) };
    let flyer =
        shop.add(stoa_domain::catalog::ProductInput { variants: vec![flyer], ..shop.product("Flyer") }).await;
    let cart = shop.ready_cart(&[(&flyer[0], 1)]).await;
    let payload = shop.place(&cart, "key", Some("0.00")).await;
    assert_eq!((&payload["userErrors"], &payload["paymentSession"]), (&json!([]), &Value::Null));
    assert_eq!(payload["order"]["financialStatus"], "PAID");
    assert_eq!(shop.gateway.intents(), 0);
}

impl Shop {
    /// The gateway's object of the order with this global id.
    pub(crate) async fn intent(&self, order: &str) -> String {
        let id = order.rsplit('/').next().unwrap().parse().unwrap();
        intent_of(payment::find_by_order(self.db.read(), id).await.unwrap().unwrap().id)
    }
}
