//! Orders as their buyers find them.

use crate::{carts::error_code, gateway::SIGNATURE, shop::Shop};
use chrono::TimeDelta;
use serde_json::{Value, json};

const FIELDS: &str = "fragment Fields on Order {
    id token name orderNumber email phone note processedAt canceledAt cancelReason statusUrl customerUrl
    financialStatus fulfillmentStatus
    customAttributes { key value }
    subtotalPrice { amount } subtotalPriceV2 { amount } totalShippingPrice { amount } totalTax { amount }
    totalTaxV2 { amount } totalPrice { amount currencyCode } totalPriceV2 { amount } currentTotalPrice { amount }
    discountApplications(first: 1) { nodes { value { __typename } } }
    shippingAddress { id name country formatted }
    paymentSession { clientSecret paymentUrl }
    lineItems(first: 250) { nodes { title quantity originalTotalPrice { amount } discountedTotalPrice { amount }
        discountAllocations { allocatedAmount { amount } } customAttributes { key value }
        variant { id title product { title } } } edges { node { title } } } }";

impl Shop {
    async fn order(&self, lookup: Value) -> Value {
        let query = format!(
            "query($lookup: OrderLookupInput!) {{ order(lookup: $lookup) {{ ...Fields }} }} {FIELDS}"
        );
        self.ask(&query, json!({ "lookup": lookup })).await
    }

    /// Places an order of two mugs, and gives its id and token.
    async fn ordered(&self) -> (String, String) {
        let mug = self.stock("Mug", 1_200, 5).await;
        let cart = self.ready_cart(&[(&mug, 2)]).await;
        let order = self.place(&cart, "key", None).await["order"].clone();
        let text = |field: &str| order[field].as_str().unwrap().to_owned();
        (text("id"), text("token"))
    }
}

#[tokio::test]
async fn whoever_has_the_token_sees_everything_and_can_pay() {
    let shop = Shop::open().await;
    let (id, token) = shop.ordered().await;
    let order = shop.order(json!({ "token": token })).await;
    assert_eq!((&order["id"], &order["token"]), (&json!(id), &json!(token)));
    assert_eq!(order["statusUrl"], format!("http://shop.test/orders/{token}"));
    assert!(order["paymentSession"]["clientSecret"].is_string());
    for (field, amount) in [
        ("subtotalPrice", "24.00"),
        ("subtotalPriceV2", "24.00"),
        ("totalShippingPrice", "5.00"),
        ("totalTax", "4.80"),
        ("totalTaxV2", "4.80"),
        ("totalPrice", "33.80"),
        ("totalPriceV2", "33.80"),
        ("currentTotalPrice", "33.80"),
    ] {
        assert_eq!(order[field]["amount"], amount, "{field}");
    }
    assert_eq!(
        (&order["financialStatus"], &order["fulfillmentStatus"]),
        (&json!("PENDING"), &json!("UNFULFILLED"))
    );
    assert_eq!((&order["canceledAt"], &order["cancelReason"]), (&Value::Null, &Value::Null));
    assert_eq!(order["shippingAddress"]["country"], "United Kingdom");
    let line = &order["lineItems"]["nodes"][0];
    assert_eq!((&line["title"], &line["quantity"]), (&json!("Mug"), &json!(2)));
    assert_eq!(line["originalTotalPrice"]["amount"], "24.00");
    assert_eq!(line["variant"]["product"]["title"], "Mug");
}

#[tokio::test]
async fn number_and_address_show_the_order_and_give_no_keys() {
    let shop = Shop::open().await;
    let (id, token) = shop.ordered().await;
    let order = shop.order(json!({ "contact": { "number": 1001, "email": " ADA@example.ORG" } })).await;
    assert_eq!((&order["id"], &order["name"]), (&json!(id), &json!("#1001")));
    assert_eq!((&order["token"], &order["paymentSession"]), (&Value::Null, &Value::Null));
    assert_eq!(order["statusUrl"], "http://shop.test/orders");
    assert!(!order.to_string().contains(&token));
}

#[tokio::test]
async fn whoever_does_not_know_enough_finds_nothing() {
    let shop = Shop::open().await;
    let (id, _) = shop.ordered().await;
    for lookup in [
        json!({ "token": "x" }),
        json!({ "token": "" }),
        json!({ "token": id }),
        json!({ "contact": { "number": 1001, "email": "eve@example.org" } }),
        json!({ "contact": { "number": 1001, "email": "nonsense" } }),
        json!({ "contact": { "number": 1002, "email": "ada@example.org" } }),
        json!({ "contact": { "number": -1, "email": "ada@example.org" } }),
    ] {
        assert_eq!(shop.order(lookup.clone()).await, Value::Null, "{lookup}");
    }
    let query = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(shop.ask(query, json!({ "id": id })).await, Value::Null, "an id is no key");
}

#[tokio::test]
async fn a_lookup_is_one_thing_or_the_other() {
    let shop = Shop::open().await;
    let query = "query($lookup: OrderLookupInput!) { order(lookup: $lookup) { id } }";
    let contact = json!({ "number": 1001, "email": "ada@example.org" });
    for lookup in [json!({}), json!({ "token": "x", "contact": contact }), json!({ "token": null })] {
        let answer = shop.gql(query, json!({ "lookup": lookup })).await;
        assert_eq!(error_code(&answer), "BAD_USER_INPUT", "{lookup}: {answer:#}");
    }
}

#[tokio::test]
async fn a_paid_order_is_paid_and_asks_for_no_more() {
    let shop = Shop::open().await;
    let (id, token) = shop.ordered().await;
    let event = json!({ "id": "evt_1", "type": "paid", "intent": shop.intent(&id).await, "amount": 3380 });
    assert_eq!(shop.webhook(SIGNATURE, event.to_string()).await.status(), 200);
    let order = shop.order(json!({ "token": token })).await;
    assert_eq!(order["financialStatus"], "PAID");
    assert_eq!(order["paymentSession"], Value::Null);
}

#[tokio::test]
async fn an_order_shows_without_a_session_while_the_gateway_does_not_answer() {
    let shop = Shop::open().await;
    let (_, token) = shop.ordered().await;
    shop.gateway.set_down(true);
    let order = shop.order(json!({ "token": token })).await;
    assert_eq!((&order["name"], &order["paymentSession"]), (&json!("#1001"), &Value::Null));
    shop.wait(TimeDelta::minutes(1));
    shop.gateway.set_down(false);
    assert!(shop.order(json!({ "token": token })).await["paymentSession"].is_object());
}
