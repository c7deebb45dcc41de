//! Stock, counted and corrected.

use crate::office::{Hand, Office, done, refused};
use serde_json::{Value, json};

const ITEMS: &str = "query($ids: [ID!]!) { admin { inventoryItems(variantIds: $ids) {
  variantId tracked backorderLimit levels { locationId onHand committed available } } locations { id name } } }";
const ADJUST: &str =
    "mutation($input: InventoryAdjustQuantitiesInput!) { inventoryAdjustQuantities(input: $input) {
  inventoryLevels { onHand available } userErrors { code field message } } }";
const SET: &str = "mutation($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) {
  inventoryLevels { onHand } userErrors { code field message } } }";

async fn shelf() -> (Office, Hand, String, String) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let mug = office.shop.stock("Mug", 1_200, 5).await;
    let (key, _) = office.key(&owner, &["inventory:read", "inventory:write"]).await;
    let seen = office.answer(&key, ITEMS, json!({ "ids": [mug] })).await;
    let place = seen["data"]["admin"]["locations"][0]["id"].as_str().unwrap_or_else(|| panic!("{seen}"));
    (office, key, mug.clone(), place.to_owned())
}

#[tokio::test]
async fn stock_is_read_place_by_place() {
    let (office, key, mug, place) = shelf().await;
    let unknown = "gid://stoa/ProductVariant/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";
    let seen =
        office.answer(&key, ITEMS, json!({ "ids": [unknown, mug, "gid://shopify/ProductVariant/5"] })).await;
    let items = &seen["data"]["admin"]["inventoryItems"];
    let level = json!({ "locationId": place, "onHand": 5, "committed": 0, "available": 5 });
    assert_eq!(
        items,
        &json!([{ "variantId": mug, "tracked": true, "backorderLimit": 0, "levels": [level] }])
    );
    let bought = office.bought(&mug, 2).await;
    office.paid(&bought, 3_380).await;
    let seen = office.answer(&key, ITEMS, json!({ "ids": [mug] })).await;
    let level = &seen["data"]["admin"]["inventoryItems"][0]["levels"][0];
    assert_eq!((&level["committed"], &level["available"]), (&json!(2), &json!(3)));
}

#[tokio::test]
async fn units_are_added_and_taken_away_together_or_not_at_all() {
    let (office, key, mug, place) = shelf().await;
    let cup = office.shop.stock("Cup", 900, 1).await;
    let change =
        |variant: &str, delta: i64| json!({ "variantId": variant, "locationId": place, "delta": delta });
    let adjust = async |input: Value| office.ask(&key, ADJUST, json!({ "input": input })).await;
    let moved = json!({ "changes": [change(&mug, 3), change(&cup, -1)], "idempotencyKey": "truck 7" });
    done(&adjust(moved.clone()).await);
    done(&adjust(moved).await);
    let on_hand = async |variant: &str| {
        let seen = office.answer(&key, ITEMS, json!({ "ids": [variant] })).await;
        seen["data"]["admin"]["inventoryItems"][0]["levels"][0]["onHand"].as_i64().unwrap()
    };
    assert_eq!((on_hand(&mug).await, on_hand(&cup).await), (8, 0), "the same key moves once");
    let mut both = json!({ "changes": [change(&mug, 1), change(&cup, -1)] });
    let (keyless, at) = (adjust(both.clone()).await, "input.changes.0.changeFromQuantity");
    refused(&keyless, "IDEMPOTENCY_KEY_REQUIRED", at);
    both["idempotencyKey"] = json!("truck 8");
    refused(&adjust(both).await, "OUT_OF_RANGE", "input.changes.1.delta");
    assert_eq!(on_hand(&mug).await, 8, "nothing of it");
    let twice = json!({ "changes": [change(&mug, 1), change(&mug, 1)] });
    refused(&adjust(twice).await, "NAMED_TWICE", "input.changes.1");
    let reused = json!({ "changes": [change(&mug, 1)], "idempotencyKey": "truck 7" });
    refused(&adjust(reused).await, "IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey");
    let mut seen = change(&mug, 1);
    seen["changeFromQuantity"] = json!(5);
    refused(&adjust(json!({ "changes": [seen] })).await, "COMPARE_QUANTITY_STALE", "input.changes.0");
    refused(
        &adjust(
            json!({ "changes": [change("gid://shopify/ProductVariant/5", 1)], "idempotencyKey": "truck 9" }),
        )
        .await,
        "NOT_FOUND",
        "input.changes.0.variantId",
    );
    let mut nowhere = change(&mug, 1);
    nowhere["locationId"] = json!("gid://stoa/Location/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f");
    refused(
        &adjust(json!({ "changes": [nowhere], "idempotencyKey": "truck 9" })).await,
        "NOT_FOUND",
        "input.changes.0.locationId",
    );
}

#[tokio::test]
async fn a_count_is_written_if_it_is_said_what_was_there() {
    let (office, key, mug, place) = shelf().await;
    let count = |quantity: i64, compare: Value| json!({ "variantId": mug, "locationId": place, "quantity": quantity, "compareQuantity": compare });
    let set = async |input: Value| office.ask(&key, SET, json!({ "input": input })).await;
    let missing = set(json!({ "quantities": [count(7, Value::Null)] })).await;
    refused(&missing, "COMPARE_QUANTITY_REQUIRED", "input.quantities.0.compareQuantity");
    let stale = set(json!({ "quantities": [count(7, json!(4))] })).await;
    refused(&stale, "COMPARE_QUANTITY_STALE", "input.quantities.0");
    let written = set(json!({ "quantities": [count(7, json!(5))] })).await;
    assert_eq!(written["inventoryLevels"], json!([{ "onHand": 7 }]));
    let forced = json!({ "quantities": [count(2, json!(99))], "ignoreCompareQuantity": true });
    assert_eq!(set(forced).await["inventoryLevels"], json!([{ "onHand": 2 }]));
    let bought = office.bought(&mug, 2).await;
    office.paid(&bought, 3_380).await;
    let below = json!({ "quantities": [count(1, json!(2))] });
    refused(&set(below).await, "BELOW_COMMITTED", "input.quantities.0.quantity");
    refused(
        &set(json!({ "quantities": [count(-1, json!(2))] })).await,
        "OUT_OF_RANGE",
        "input.quantities.0.quantity",
    );
}
