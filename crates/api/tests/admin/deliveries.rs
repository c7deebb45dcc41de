//! Delivery zones and ways of delivering, as staff see and write them.

use crate::office::{Hand, Office, done, refused};
use serde_json::{Value, json};

const ZONE: &str = "mutation($i: DeliveryZoneCreateInput!) { deliveryZoneCreate(input: $i) {
  deliveryZone { id version countries provinces postalRanges { from to } priority } userErrors { code field message } } }";
const METHOD: &str = "mutation($i: DeliveryMethodCreateInput!) { deliveryMethodCreate(input: $i) {
  deliveryMethod { id version active handle kind measure position rates { from base { amount } step perStep { amount } } }
  userErrors { code field message } } }";
const CHANGE: &str = "mutation($i: DeliveryMethodUpdateInput!) { deliveryMethodUpdate(input: $i) {
  deliveryMethod { version measure minimumDays maximumDays freeFrom { amount } rates { from step }
    bounds { quantityAtLeast quantityAtMost subtotalAtLeast { amount } subtotalAtMost { amount } weightAtLeast weightAtMost } }
  userErrors { code field message } } }";
const NOTHING: &str = "0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

async fn with_key() -> (Office, Hand) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["delivery:read", "delivery:write", "inventory:read"]).await;
    (office, key)
}

async fn zone(office: &Office, key: &Hand, input: Value) -> Value {
    let made = office.ask(key, ZONE, json!({ "i": input })).await;
    done(&made);
    made["deliveryZone"].clone()
}

#[tokio::test]
async fn a_delivery_zone_is_made_changed_and_taken_away() {
    let (office, key) = with_key().await;
    let input = json!({ "name": "Berlin", "countries": ["DE"], "provinces": ["be"], "postalRanges": [{ "from": "101 15", "to": "141-99" }], "priority": 2 });
    let made = zone(&office, &key, input.clone()).await;
    let id = made["id"].clone();
    assert_eq!(
        made,
        json!({ "id": id, "version": 1, "countries": ["DE"], "provinces": ["BE"], "postalRanges": [{ "from": "10115", "to": "14199" }], "priority": 2 })
    );
    for (change, code, at) in [
        (json!({ "name": " " }), "BLANK", "input.name"),
        (json!({ "name": "x".repeat(256) }), "TOO_LONG", "input.name"),
        (json!({ "countries": [] }), "INVALID", "input.provinces"),
        (
            json!({ "postalRanges": [{ "from": "2", "to": "1" }] }),
            "RANGE_REVERSED",
            "input.postalRanges.0.to",
        ),
    ] {
        let mut other = input.clone();
        other.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        refused(&office.ask(&key, ZONE, json!({ "i": other })).await, code, at);
    }
    let update = "mutation($i: DeliveryZoneUpdateInput!) { deliveryZoneUpdate(input: $i) { deliveryZone { name countries provinces postalRanges { from } version } userErrors { code field message } } }";
    let change = json!({ "id": id, "name": "World", "countries": [], "provinces": [], "postalRanges": [], "version": 1 });
    let changed = office.ask(&key, update, json!({ "i": change })).await;
    assert_eq!(
        changed["deliveryZone"],
        json!({ "name": "World", "countries": [], "provinces": [], "postalRanges": [], "version": 2 })
    );
    let stale = json!({ "id": id, "name": "Earth", "version": 1 });
    refused(&office.ask(&key, update, json!({ "i": stale })).await, "STALE", "input.id");
    let shown = "query($id: ID!) { admin { deliveryZone(id: $id) { name } deliveryZones(first: 5) { nodes { id } } } }";
    let seen = office.ask(&key, shown, json!({ "id": id })).await;
    assert_eq!(
        seen,
        json!({ "deliveryZone": { "name": "World" }, "deliveryZones": { "nodes": [{ "id": id }] } })
    );

    let post = json!({ "handle": "post", "title": "Post", "zoneId": id, "rates": [{ "base": "4.90" }] });
    let post = office.ask(&key, METHOD, json!({ "i": post })).await;
    done(&post);
    let delete = "mutation($id: ID!) { deliveryZoneDelete(id: $id) { deletedDeliveryZoneId userErrors { code field message } } }";
    refused(&office.ask(&key, delete, json!({ "id": id })).await, "IN_USE", "id");
    let remove = "mutation($id: ID!, $v: Int) { deliveryMethodDelete(id: $id, version: $v) { deletedDeliveryMethodId userErrors { code field message } } }";
    let post = post["deliveryMethod"]["id"].clone();
    refused(&office.ask(&key, remove, json!({ "id": post, "v": 7 })).await, "STALE", "id");
    assert_eq!(office.ask(&key, remove, json!({ "id": post })).await["deletedDeliveryMethodId"], post);
    refused(&office.ask(&key, remove, json!({ "id": post })).await, "NOT_FOUND", "id");
    assert_eq!(office.ask(&key, delete, json!({ "id": id })).await["deletedDeliveryZoneId"], id);
    refused(&office.ask(&key, delete, json!({ "id": id })).await, "NOT_FOUND", "id");
}

#[tokio::test]
async fn a_way_of_delivering_is_written_in_the_shops_own_figures() {
    let (office, key) = with_key().await;
    let world = zone(&office, &key, json!({ "name": "World" })).await["id"].clone();
    let rates =
        json!([{ "from": "50.00", "base": "2.90", "perStep": "1", "step": "10.5" }, { "base": "4.90" }]);
    let input =
        json!({ "handle": "Post", "title": "Post", "zoneId": world, "measure": "SUBTOTAL", "rates": rates });
    let made = office.ask(&key, METHOD, json!({ "i": input })).await;
    done(&made);
    let id = made["deliveryMethod"]["id"].clone();
    assert_eq!(
        made["deliveryMethod"],
        json!({
            "id": id, "version": 1, "active": true, "handle": "post", "kind": "SHIPPING", "measure": "SUBTOTAL", "position": 0,
            "rates": [
                { "from": "0.00", "base": { "amount": "4.90" }, "step": null, "perStep": null },
                { "from": "50.00", "base": { "amount": "2.90" }, "step": "10.50", "perStep": { "amount": "1.00" } },
            ],
        })
    );
    for (change, code, at) in [
        (json!({}), "HANDLE_TAKEN", "input.handle"),
        (json!({ "handle": "" }), "BLANK", "input.handle"),
        (json!({ "handle": "x".repeat(65) }), "TOO_LONG", "input.handle"),
        (json!({ "rates": [] }), "BLANK", "input.rates"),
        (json!({ "rates": [{ "from": "1", "base": "4.90" }] }), "GAP_IN_RATES", "input.rates"),
        (json!({ "rates": [{ "base": "4.905" }] }), "INVALID", "input.rates.0.base"),
        (json!({ "rates": [{ "base": "-1" }] }), "INVALID", "input.rates.0.base"),
        (json!({ "rates": [{ "base": "1", "step": "1" }] }), "INVALID", "input.rates.0.step"),
        (
            json!({ "measure": "QUANTITY", "rates": [{ "base": "1", "from": "0.5" }] }),
            "INVALID",
            "input.rates.0.from",
        ),
        (
            json!({ "bounds": { "subtotalAtLeast": "2", "subtotalAtMost": "1" } }),
            "RANGE_REVERSED",
            "input.bounds.subtotalAtMost",
        ),
        (json!({ "bounds": { "weightAtLeast": -1 } }), "INVALID", "input.bounds.weightAtLeast"),
        (json!({ "minimumDays": 3, "maximumDays": 2 }), "RANGE_REVERSED", "input.maximumDays"),
        (json!({ "volumeDivisor": 0 }), "INVALID", "input.volumeDivisor"),
        (json!({ "freeFrom": "-1" }), "INVALID", "input.freeFrom"),
        (json!({ "zoneId": null }), "BLANK", "input.zoneId"),
        (json!({ "zoneId": format!("gid://stoa/DeliveryZone/{NOTHING}") }), "NOT_FOUND", "input.zoneId"),
        (json!({ "zoneId": "gid://shopify/DeliveryZone/7" }), "NOT_FOUND", "input.zoneId"),
        (
            json!({ "handle": "other", "taxCategoryId": format!("gid://stoa/TaxCategory/{NOTHING}") }),
            "NOT_FOUND",
            "input.taxCategoryId",
        ),
    ] {
        let mut other = input.clone();
        other.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        refused(&office.ask(&key, METHOD, json!({ "i": other })).await, code, at);
    }

    let other_measure = json!({ "id": id, "measure": "WEIGHT" });
    refused(&office.ask(&key, CHANGE, json!({ "i": other_measure })).await, "INVALID", "input.measure");
    let change = json!({
        "id": id, "version": 1, "measure": "WEIGHT", "rates": [{ "base": "1", "from": "100", "perStep": "0.50", "step": "500" }], "freeFrom": "80",
        "minimumDays": 1, "maximumDays": 3, "bounds": { "weightAtLeast": 100, "weightAtMost": 30000, "subtotalAtMost": "500" },
    });
    let changed = office.ask(&key, CHANGE, json!({ "i": change })).await;
    assert_eq!(
        changed["deliveryMethod"],
        json!({
            "version": 2, "measure": "WEIGHT", "minimumDays": 1, "maximumDays": 3, "freeFrom": { "amount": "80.00" },
            "rates": [{ "from": "100", "step": "500" }],
            "bounds": { "quantityAtLeast": null, "quantityAtMost": null, "subtotalAtLeast": null, "subtotalAtMost": { "amount": "500.00" },
                "weightAtLeast": 100, "weightAtMost": 30000 },
        })
    );
    let open = json!({ "id": id, "bounds": null });
    refused(&office.ask(&key, CHANGE, json!({ "i": open })).await, "GAP_IN_RATES", "input.rates");
    let stale = json!({ "id": id, "version": 1, "freeFrom": null, "minimumDays": null, "maximumDays": null });
    refused(&office.ask(&key, CHANGE, json!({ "i": stale })).await, "STALE", "input.id");
    let gone = json!({ "id": format!("gid://stoa/DeliveryMethod/{NOTHING}"), "active": false });
    refused(&office.ask(&key, CHANGE, json!({ "i": gone })).await, "NOT_FOUND", "input.id");
}

#[tokio::test]
async fn a_pick_up_is_at_a_location_and_a_carrier_says_its_price() {
    let (office, key) = with_key().await;
    let world = zone(&office, &key, json!({ "name": "World" })).await["id"].clone();
    let places = "{ admin { locations { id } } }";
    let place = office.ask(&key, places, Value::Null).await["locations"][0]["id"].clone();
    let comes = json!({ "handle": "shop", "title": "Shop", "kind": "PICK_UP", "locationId": place, "rates": [{ "base": "0" }], "position": 2 });
    done(&office.ask(&key, METHOD, json!({ "i": comes })).await);
    let carried = json!({ "handle": "carrier", "title": "Carrier", "kind": "CARRIER", "zoneId": world });
    done(&office.ask(&key, METHOD, json!({ "i": carried })).await);
    for (of, change, code, at) in [
        (&comes, json!({ "handle": "b", "zoneId": world }), "INVALID", "input.zoneId"),
        (&comes, json!({ "handle": "b", "locationId": null }), "BLANK", "input.locationId"),
        (
            &comes,
            json!({ "handle": "b", "locationId": format!("gid://stoa/Location/{NOTHING}") }),
            "NOT_FOUND",
            "input.locationId",
        ),
        (&carried, json!({ "handle": "b", "locationId": place }), "INVALID", "input.locationId"),
        (&carried, json!({ "handle": "b", "rates": [{ "base": "1" }] }), "INVALID", "input.rates"),
    ] {
        let mut other = of.clone();
        other.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        refused(&office.ask(&key, METHOD, json!({ "i": other })).await, code, at);
    }
    let shown =
        "{ admin { deliveryMethods(first: 5) { nodes { handle kind locationId zoneId rates { from } } } } }";
    assert_eq!(
        office.ask(&key, shown, Value::Null).await["deliveryMethods"]["nodes"],
        json!([
            { "handle": "carrier", "kind": "CARRIER", "locationId": null, "zoneId": world, "rates": [] },
            { "handle": "shop", "kind": "PICK_UP", "locationId": place, "zoneId": null, "rates": [{ "from": "0" }] },
        ])
    );
}
