//! Ways of delivering as staff make them, and as buyers choose and lose them.

use super::{ERRORS, selling};
use crate::harness::{Shop, Staff, minor};
use serde_json::{Value, json};

async fn zone(shop: &Shop, by: &Staff) -> String {
    let query = format!(
        "mutation($z: DeliveryZoneCreateInput!) {{ deliveryZoneCreate(input: $z) {{ deliveryZone {{ id }} {ERRORS} }} }}"
    );
    let made = shop.staff_does(by, &query, json!({ "z": { "name": "Home", "countries": ["US"] } })).await;
    made["deliveryZone"]["id"].as_str().expect("an id").to_owned()
}

async fn method(shop: &Shop, by: &Staff, method: Value) -> String {
    let query = format!(
        "mutation($m: DeliveryMethodCreateInput!) {{ deliveryMethodCreate(input: $m) {{ deliveryMethod {{ id }} {ERRORS} }} }}"
    );
    let made = shop.staff_does(by, &query, json!({ "m": method })).await;
    made["deliveryMethod"]["id"].as_str().expect("an id").to_owned()
}

/// From now on all goes by post, for this.
pub(super) async fn posted_for(shop: &Shop, by: &Staff, price: &str) {
    let zone = zone(shop, by).await;
    let post = json!({ "handle": "post", "title": "Post", "zoneId": zone, "rates": [{ "base": price }] });
    method(shop, by, post).await;
}

/// What is offered to a cart, with prices.
fn offered(cart: &Value) -> Vec<(String, i64)> {
    let options = cart["deliveryGroups"]["edges"][0]["node"]["deliveryOptions"].as_array().expect("options");
    let told = |option: &Value| {
        (option["handle"].as_str().expect("a handle").to_owned(), minor(&option["estimatedCost"]))
    };
    options.iter().map(told).collect()
}

#[tokio::test]
async fn a_way_of_delivering_that_is_gone_is_not_replaced() {
    let (shop, staff) = selling(&[("lamp", "20.00")], true).await;
    let zone = zone(&shop, &staff).await;
    let post = json!({ "handle": "post", "title": "Post", "zoneId": zone, "measure": "SUBTOTAL", "freeFrom": "50.00",
        "rates": [{ "base": "4.90" }, { "from": "30.00", "base": "6.90" }] });
    method(&shop, &staff, post).await;
    let van = json!({ "handle": "van", "title": "Our van", "kind": "LOCAL", "zoneId": zone, "position": 1,
        "rates": [{ "base": "9.00" }], "minimumDays": 1, "maximumDays": 2 });
    let van = method(&shop, &staff, van).await;
    for (units, price) in [(1, 490), (2, 690), (3, 0)] {
        let shopper = shop.shopper_with_cart([("lamp", units)]).await;
        let offers = offered(&shopper.read_cart().await);
        assert_eq!(offers, [("post".to_owned(), price), ("van".to_owned(), 900)], "{units} units");
    }

    let shopper = shop.shopper_with_cart([("lamp", 1)]).await;
    let cart = shopper.read_cart().await;
    let group = &cart["deliveryGroups"]["edges"][0]["node"]["id"];
    let choice = json!([{ "deliveryGroupId": group, "deliveryOptionHandle": "van" }]);
    let arguments = [("selectedDeliveryOptions", "[CartSelectedDeliveryOptionInput!]!", choice)];
    shopper.change("cartSelectedDeliveryOptionsUpdate", &arguments).await;
    assert_eq!(shopper.total().await, 2_900);
    let query = format!(
        "mutation($id: ID!) {{ deliveryMethodDelete(id: $id) {{ deletedDeliveryMethodId {ERRORS} }} }}"
    );
    shop.staff_does(&staff, &query, json!({ "id": van })).await;
    // The post is cheaper, and nobody has asked for it.
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.refusals(), ["DELIVERY_OPTION_REQUIRED"]);
    let choice = json!([{ "deliveryGroupId": group, "deliveryOptionHandle": "post" }]);
    let arguments = [("selectedDeliveryOptions", "[CartSelectedDeliveryOptionInput!]!", choice)];
    shopper.change("cartSelectedDeliveryOptionsUpdate", &arguments).await;
    let placed = shopper.place_order("k2").await;
    assert_eq!(minor(&shop.priced_order(&placed.token()).await["totalPrice"]), 2_490);
    shop.ledgers_balance().await;
}
