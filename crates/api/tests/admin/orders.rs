//! Orders, as staff see and move them.

use crate::{
    buyers::Bought,
    office::{Hand, Office, done, refused},
};
use serde_json::{Value, json};
use std::slice;

const ORDER: &str = "query($id: ID!) { admin { order(id: $id) { id name email displayFinancialStatus displayFulfillmentStatus
  cancelReason totalPrice { amount } refundableAmount { amount } totalRefunded { amount } shippingAddress { city }
  lineItems(first: 5) { nodes { id quantity fulfilledQuantity title variantId } }
  fulfillments { id position trackingCompany trackingNumbers lines { lineItemId quantity } } } } }";
const REFUND: &str = "mutation($input: RefundInput!) { refundCreate(input: $input) {
  refund { amount { amount } state note createdBy lines { quantity restocked } } userErrors { code field message } } }";
const CANCEL: &str = "mutation($id: ID!, $reason: OrderCancelReason!, $refund: Boolean!) {
  orderCancel(orderId: $id, reason: $reason, refund: $refund, restock: true) {
  order { cancelReason displayFinancialStatus } userErrors { code field message } } }";
const FULFILL: &str = "mutation($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) {
  fulfillment { id position trackingNumbers lines { quantity } } userErrors { code field message } } }";
const NOTHING: &str = "gid://stoa/Order/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

/// What two mugs cost, with tax and delivery, in cents.
const TWO_MUGS: i64 = 3_380;

/// An office with the owner, who has proved who they are, and a paid order of two mugs.
async fn paid() -> (Office, Hand, Bought) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let mug = office.shop.stock("Mug", 1_200, 5).await;
    let bought = office.bought(&mug, 2).await;
    office.paid(&bought, TWO_MUGS).await;
    (office, owner, bought)
}

async fn order(office: &Office, by: &Hand, id: &str) -> Value {
    office.ask(by, ORDER, json!({ "id": id })).await["order"].clone()
}

fn line(order: &Value) -> String {
    order["lineItems"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn orders_are_listed_searched_and_read() {
    let (office, owner, bought) = paid().await;
    let mug = office.shop.stock("Cup", 900, 5).await;
    let second = office.bought(&mug, 1).await;
    let (reader, _) = office.key(&owner, &["orders:read"]).await;
    let found = order(&office, &reader, &bought.id).await;
    assert_eq!((&found["name"], &found["email"]), (&json!("#1001"), &json!("ada@example.org")));
    assert_eq!(
        (&found["displayFinancialStatus"], &found["refundableAmount"]["amount"]),
        (&json!("PAID"), &json!("33.80"))
    );
    assert_eq!(found["shippingAddress"]["city"], "Berlin");
    assert_eq!(found["lineItems"]["nodes"][0]["quantity"], 2);
    assert_eq!(order(&office, &reader, NOTHING).await, Value::Null);

    let list = "query($q: String, $s: AdminOrderSortKeys! = PROCESSED_AT, $r: Boolean! = false) { admin { orders(first: 10, query: $q, sortKey: $s, reverse: $r) { nodes { id } } } }";
    let ids = async |variables: Value| {
        let listed = office.ask(&reader, list, variables).await;
        let nodes = listed["orders"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(json!({})).await, [bought.id.clone(), second.id.clone()]);
    assert_eq!(ids(json!({ "r": true })).await, [second.id.clone(), bought.id.clone()]);
    assert_eq!(ids(json!({ "s": "TOTAL_PRICE" })).await[0], second.id);
    assert_eq!(ids(json!({ "q": "#1002" })).await, slice::from_ref(&second.id));
    assert_eq!(ids(json!({ "q": "financial_status:paid" })).await, slice::from_ref(&bought.id));
    assert_eq!(ids(json!({ "q": "email:nobody@example.org" })).await, Vec::<String>::new());
    for nonsense in ["colour:red", "status:lost", "(("] {
        assert_eq!(
            office.error(&reader, list, json!({ "q": nonsense })).await,
            "BAD_USER_INPUT",
            "{nonsense}"
        );
    }
    let events = "query($id: ID!) { admin { orderEvents(orderId: $id) { kind actor } orderRefunds(orderId: $id) { state } } }";
    let told = office.answer(&reader, events, json!({ "id": bought.id })).await;
    let kinds: Vec<_> =
        told["data"]["admin"]["orderEvents"].as_array().unwrap().iter().map(|e| &e["kind"]).collect();
    assert!(kinds.contains(&&json!("placed")) && kinds.contains(&&json!("paid")), "{told}");
    assert_eq!(told["data"]["admin"]["orderRefunds"], json!([]));
}

#[tokio::test]
async fn a_page_of_orders_costs_as_many_statements_as_one() {
    let (office, owner, _) = paid().await;
    let mug = office.shop.stock("Cup", 900, 50).await;
    let (reader, _) = office.key(&owner, &["orders:read"]).await;
    let list = "{ admin { orders(first: 50) { nodes { id refundableAmount { amount } lineItems(first: 5) { nodes { id } } fulfillments { id } } } } }";
    let cost = async || {
        let before = office.shop.db.statements();
        let listed = office.ask(&reader, list, Value::Null).await;
        (listed["orders"]["nodes"].as_array().unwrap().len(), office.shop.db.statements() - before)
    };
    cost().await;
    let (one, few) = cost().await;
    for _ in 0..4 {
        let bought = office.bought(&mug, 1).await;
        office.paid(&bought, 1_580).await;
    }
    let (all, many) = cost().await;
    assert_eq!((one, all, many), (1, 5, few));
}

#[tokio::test]
async fn a_mark_is_taken_off_by_whoever_has_seen_it() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let mug = office.shop.stock("Mug", 1_200, 5).await;
    let bought = office.bought(&mug, 2).await;
    office.paid(&bought, 123).await;
    let query = "query($id: ID!) { admin { order(id: $id) { attention attentionVersion } } }";
    let order = async || office.ask(&owner, query, json!({ "id": bought.id })).await["order"].clone();
    let mark = async || order().await["attention"].clone();
    assert_eq!(mark().await, "amount_differs");
    let version = order().await["attentionVersion"].clone();
    let clear = "mutation($id: ID!, $a: String!, $v: String) { orderAttentionClear(orderId: $id, attention: $a, version: $v) {
      order { attention } userErrors { code field message } } }";
    let (writer, _) = office.key(&owner, &["orders:write"]).await;
    let send = async |id: &str, seen: &str| office.ask(&writer, clear, json!({ "id": id, "a": seen })).await;
    let one = async |version: &Value| {
        let seen = json!({ "id": bought.id, "a": "amount_differs", "v": version });
        office.ask(&writer, clear, seen).await
    };
    refused(&one(&json!("1")).await, "STALE", "version");
    refused(&send(&bought.id, "refund_failed").await, "STALE", "attention");
    refused(&send(&bought.id, "odd").await, "INVALID", "attention");
    refused(&send(NOTHING, "refund_failed").await, "NOT_FOUND", "orderId");
    assert_eq!(mark().await, "amount_differs");
    let done = one(&version).await;
    assert_eq!((&done["order"], &done["userErrors"]), (&Value::Null, &json!([])), "they may not read orders");
    assert_eq!(mark().await, Value::Null);
    assert_eq!(send(&bought.id, "amount_differs").await["userErrors"], json!([]), "again");
}

#[tokio::test]
async fn a_part_of_an_order_is_sent_and_then_the_rest() {
    let (office, owner, bought) = paid().await;
    let item = line(&order(&office, &owner, &bought.id).await);
    let part = json!({ "orderId": bought.id, "lineItems": [{ "lineItemId": item, "quantity": 1 }], "idempotencyKey": "one",
                       "trackingInfo": { "company": "Post", "numbers": ["00340"], "urls": ["https://post.example/00340"] } });
    let sent = office.ask(&owner, FULFILL, json!({ "f": part })).await;
    assert_eq!(sent["fulfillment"]["position"], 1);
    assert_eq!(office.ask(&owner, FULFILL, json!({ "f": part })).await, sent, "the same key sends once");
    let found = order(&office, &owner, &bought.id).await;
    assert_eq!(found["displayFulfillmentStatus"], "PARTIALLY_FULFILLED");
    assert_eq!(found["lineItems"]["nodes"][0]["fulfilledQuantity"], 1);
    let mut more = json!({ "orderId": bought.id, "lineItems": [{ "lineItemId": item, "quantity": 2 }] });
    refused(
        &office.ask(&owner, FULFILL, json!({ "f": more })).await,
        "IDEMPOTENCY_KEY_REQUIRED",
        "fulfillment.idempotencyKey",
    );
    more["idempotencyKey"] = json!("two");
    refused(
        &office.ask(&owner, FULFILL, json!({ "f": more })).await,
        "TOO_MUCH",
        "fulfillment.lineItems.0.quantity",
    );
    let other = json!({ "orderId": bought.id, "lineItems": [{ "lineItemId": item, "quantity": 2 }], "idempotencyKey": "one" });
    refused(
        &office.ask(&owner, FULFILL, json!({ "f": other })).await,
        "IDEMPOTENCY_KEY_REUSED",
        "fulfillment.idempotencyKey",
    );

    done(&office.ask(&owner, FULFILL, json!({ "f": { "orderId": bought.id } })).await);
    assert_eq!(order(&office, &owner, &bought.id).await["displayFulfillmentStatus"], "FULFILLED");
    let again = office.ask(&owner, FULFILL, json!({ "f": { "orderId": bought.id } })).await;
    refused(&again, "NOTHING_TO_SEND", "fulfillment.lineItems");

    let track = "mutation($id: ID!, $t: FulfillmentTrackingInput!) { fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $t) {
      fulfillment { trackingCompany trackingUrls } userErrors { code field message } } }";
    let id = &sent["fulfillment"]["id"];
    let moved = office.ask(&owner, track, json!({ "id": id, "t": { "company": "Courier" } })).await;
    assert_eq!(moved["fulfillment"], json!({ "trackingCompany": "Courier", "trackingUrls": [] }));
    let script = json!({ "id": id, "t": { "urls": ["javascript:alert(1)"] } });
    refused(&office.ask(&owner, track, script).await, "INVALID", "trackingInfoInput");
    let nothing = json!({ "id": "gid://shopify/Fulfillment/5", "t": {} });
    refused(&office.ask(&owner, track, nothing).await, "NOT_FOUND", "fulfillmentId");
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_by_its_place() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let mug = office.shop.stock("Mug", 1_200, 5).await;
    let unpaid = office.bought(&mug, 1).await;
    let send = async |f: Value| office.ask(&owner, FULFILL, json!({ "f": f })).await;
    refused(&send(json!({ "orderId": unpaid.id })).await, "INVALID_STATE", "fulfillment.orderId");
    refused(&send(json!({ "orderId": NOTHING })).await, "NOT_FOUND", "fulfillment.orderId");
    refused(&send(json!({ "orderId": "gid://shopify/Order/5" })).await, "NOT_FOUND", "fulfillment.orderId");
    office.paid(&unpaid, 1_940).await;
    let item = line(&order(&office, &owner, &unpaid.id).await);
    for (lines, code, field) in [
        (json!([{ "lineItemId": item, "quantity": -1 }]), "INVALID", "fulfillment.lineItems.0.quantity"),
        (json!([{ "lineItemId": item, "quantity": 0 }]), "INVALID", "fulfillment.lineItems.0.quantity"),
        (
            json!([{ "lineItemId": "0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f", "quantity": 1 }]),
            "NOT_FOUND",
            "fulfillment.lineItems.0.lineItemId",
        ),
        (json!([]), "NOTHING_TO_SEND", "fulfillment.lineItems"),
    ] {
        let asked = json!({ "orderId": unpaid.id, "lineItems": lines, "idempotencyKey": field });
        refused(&send(asked).await, code, field);
    }
    refused(
        &send(json!({ "orderId": unpaid.id, "idempotencyKey": "" })).await,
        "INVALID",
        "fulfillment.idempotencyKey",
    );
}

#[tokio::test]
async fn money_goes_back_once_and_never_more_than_has_come() {
    let (office, owner, bought) = paid().await;
    let item = line(&order(&office, &owner, &bought.id).await);
    let refund = async |input: Value| office.ask(&owner, REFUND, json!({ "input": input })).await;
    let one = json!({ "orderId": bought.id, "refundLineItems": [{ "lineItemId": item, "quantity": 1 }], "note": "chipped", "idempotencyKey": "one" });
    let given = refund(one.clone()).await;
    assert_eq!(given["refund"]["amount"]["amount"], "14.40", "one mug with its tax");
    assert_eq!(
        (&given["refund"]["state"], &given["refund"]["note"]),
        (&json!("REQUESTED"), &json!("chipped"))
    );
    assert_eq!(given["refund"]["createdBy"], "Olga Owner");
    assert_eq!(refund(one).await["refund"]["amount"]["amount"], "14.40", "the same key gives it once");
    let found = order(&office, &owner, &bought.id).await;
    assert_eq!(found["refundableAmount"]["amount"], "19.40");

    let other = json!({ "orderId": bought.id, "amount": { "amount": "1.00", "currencyCode": "EUR" }, "idempotencyKey": "one" });
    refused(&refund(other).await, "IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey");
    for (input, code, field) in [
        (json!({ "amount": { "amount": "19.41", "currencyCode": "EUR" } }), "TOO_MUCH", "input.amount"),
        (json!({ "amount": { "amount": "1.00", "currencyCode": "USD" } }), "INVALID", "input.amount"),
        (json!({ "amount": { "amount": "-1.00", "currencyCode": "EUR" } }), "INVALID", "input.amount"),
        (json!({ "amount": { "amount": "0.00", "currencyCode": "EUR" } }), "INVALID", "input.amount"),
        (json!({ "shipping": { "amount": "99.00", "currencyCode": "EUR" } }), "TOO_MUCH", "input.shipping"),
        (
            json!({ "refundLineItems": [{ "lineItemId": item, "quantity": 2 }] }),
            "TOO_MUCH",
            "input.refundLineItems.0.quantity",
        ),
        (
            json!({ "refundLineItems": [{ "lineItemId": item, "quantity": 0 }] }),
            "INVALID",
            "input.refundLineItems.0.quantity",
        ),
        (
            json!({ "amount": { "amount": "1.00", "currencyCode": "EUR" }, "note": "x".repeat(5_001) }),
            "INVALID",
            "input.note",
        ),
    ] {
        let mut asked = input;
        asked["orderId"] = json!(bought.id);
        asked["idempotencyKey"] = json!(format!("refused {code} {field}"));
        refused(&refund(asked).await, code, field);
    }
    let nowhere = json!({ "orderId": NOTHING, "idempotencyKey": "one" });
    refused(&refund(nowhere).await, "NOT_FOUND", "input.orderId");
    let rest = json!({ "amount": "19.40", "currencyCode": "EUR" });
    done(&refund(json!({ "orderId": bought.id, "amount": rest, "idempotencyKey": "rest" })).await);
    let seen = "query($id: ID!) { admin { orderRefunds(orderId: $id) { amount { amount } createdBy } } }";
    let refunds = office.ask(&owner, seen, json!({ "id": bought.id })).await;
    assert_eq!(refunds["orderRefunds"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_refund_asks_who_you_are_again_and_is_a_permission_of_its_own() {
    let (office, owner, bought) = paid().await;
    let (eve, _) = office.hired(&owner, "eve@example.org", &["orders:refund"]).await;
    let amount = json!({ "amount": "1.00", "currencyCode": "EUR" });
    let input = json!({ "input": { "orderId": bought.id, "amount": amount, "idempotencyKey": "one" } });
    assert_eq!(office.error(&eve, REFUND, input.clone()).await, "STEP_UP_REQUIRED");
    office.prove(&eve).await;
    done(&office.ask(&eve, REFUND, input.clone()).await);
    assert_eq!(office.error(&eve, ORDER, json!({ "id": bought.id })).await, "GRAPHQL_VALIDATION_FAILED");
    let (key, _) = office.key(&owner, &["orders:read"]).await;
    assert_eq!(office.error(&key, REFUND, input).await, "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn cancelling_a_paid_order_gives_its_money_back_if_that_is_permitted() {
    let (office, owner, bought) = paid().await;
    let (clerk, _) = office.hired(&owner, "eve@example.org", &["orders:write"]).await;
    let asked = |refund: bool| json!({ "id": bought.id, "reason": "CUSTOMER", "refund": refund });
    assert_eq!(office.error(&clerk, CANCEL, asked(true)).await, "FORBIDDEN");
    let expired = json!({ "id": bought.id, "reason": "EXPIRED", "refund": false });
    refused(&office.ask(&clerk, CANCEL, expired).await, "INVALID", "reason");
    let nothing = json!({ "id": NOTHING, "reason": "CUSTOMER", "refund": false });
    refused(&office.ask(&clerk, CANCEL, nothing).await, "NOT_FOUND", "orderId");
    let cancelled = office.ask(&owner, CANCEL, asked(true)).await;
    assert_eq!(cancelled["order"]["cancelReason"], "CUSTOMER");
    assert_eq!(order(&office, &owner, &bought.id).await["refundableAmount"]["amount"], "0.00");
    let again = office.ask(&clerk, CANCEL, asked(false)).await;
    done(&again);
    assert_eq!(again["order"], Value::Null, "whoever may not read orders is shown none");
}

#[tokio::test]
async fn an_order_that_nobody_has_paid_is_given_up() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let mug = office.shop.stock("Mug", 1_200, 5).await;
    let bought = office.bought(&mug, 2).await;
    let levels =
        "query($ids: [ID!]!) { admin { inventoryItems(variantIds: $ids) { levels { onHand available } } } }";
    let left = async || {
        let found = office.ask(&owner, levels, json!({ "ids": [mug] })).await;
        found["inventoryItems"][0]["levels"][0].clone()
    };
    assert_eq!(left().await, json!({ "onHand": 5, "available": 3 }));
    let asked = json!({ "id": bought.id, "reason": "FRAUD", "refund": false });
    let cancelled = office.ask(&owner, CANCEL, asked.clone()).await;
    done(&cancelled);
    assert_eq!(cancelled["order"]["cancelReason"], "FRAUD");
    assert_eq!(left().await, json!({ "onHand": 5, "available": 5 }), "nobody waits for them any more");
    assert_eq!(office.ask(&owner, CANCEL, asked).await, cancelled, "once is enough");
}

#[tokio::test]
async fn an_order_stays_while_nobody_knows_whether_it_is_being_paid() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let mug = office.shop.stock("Mug", 1_200, 5).await;
    let bought = office.bought(&mug, 2).await;
    office.shop.gateway.set_down(true);
    let asked = json!({ "id": bought.id, "reason": "FRAUD", "refund": false });
    assert_eq!(office.error(&owner, CANCEL, asked).await, "SERVICE_UNAVAILABLE");
    assert_eq!(order(&office, &owner, &bought.id).await["cancelReason"], Value::Null);
}
