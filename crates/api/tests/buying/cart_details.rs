//! What is said about a cart, and what every mutation says of a cart that is not there.

use crate::{
    carts::{error_code, refusal},
    shop::Shop,
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_cart_is_made_with_everything_at_once() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let input = json!({
        "lines": [{ "merchandiseId": mug }],
        "note": "Ring twice",
        "attributes": [{ "key": "gift", "value": "yes" }],
        "buyerIdentity": { "email": " Ada@Example.org ", "phone": "+44 20 7946 0000", "countryCode": "GB" },
        "delivery": { "addresses": [crate::carts::address("Lovelace")] },
    });
    let cart = &shop.mutate("cartCreate(input: $v)", "CartInput", input).await["cart"];
    assert_eq!(cart["note"], "Ring twice");
    assert_eq!(cart["attributes"], json!([{ "key": "gift", "value": "yes" }]));
    let buyer = json!({ "email": "Ada@Example.org", "phone": "+44 20 7946 0000", "countryCode": "GB", "customer": null });
    assert_eq!(cart["buyerIdentity"], buyer);
    assert_eq!(cart["delivery"]["addresses"][0]["selected"], true);
    let id = cart["id"].as_str().unwrap();
    let uuid = id.rsplit('/').next().unwrap();
    assert_eq!(id, format!("gid://stoa/Cart/{uuid}"));
    assert_eq!(cart["checkoutUrl"], format!("http://shop.test/checkout/{uuid}"));
}

#[tokio::test]
async fn an_empty_cart_is_made_of_nothing_and_buys_for_the_country_of_the_operation() {
    let shop = Shop::open().await;
    let payload = shop.ask("mutation { cartCreate { cart { totalQuantity heldUntil } } }", json!({})).await;
    assert_eq!(payload["cart"], json!({ "totalQuantity": 0, "heldUntil": null }));
    let query = "mutation @inContext(country: GB) { cartCreate { cart { buyerIdentity { countryCode } } } }";
    assert_eq!(shop.ask(query, json!({})).await["cart"]["buyerIdentity"]["countryCode"], "GB");
}

#[tokio::test]
async fn a_part_that_is_refused_refuses_the_whole_new_cart_by_its_place() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let long = "x".repeat(5_001);
    for (input, code, place) in [
        (
            json!({ "lines": [{ "merchandiseId": mug, "quantity": 0 }] }),
            "MINIMUM_NOT_MET",
            "input.lines.0.quantity",
        ),
        (json!({ "note": long }), "NOTE_TOO_LONG", "input.note"),
        (json!({ "attributes": [{ "key": "", "value": "x" }] }), "INVALID", "input.attributes"),
        (json!({ "buyerIdentity": { "email": "ada" } }), "INVALID", "input.buyerIdentity.email"),
        (
            json!({ "buyerIdentity": { "customerAccessToken": "x" } }),
            "INVALID",
            "input.buyerIdentity.customerAccessToken",
        ),
        (
            json!({ "delivery": { "addresses": [{ "address": {} }] } }),
            "INVALID",
            "input.delivery.addresses.0.address.deliveryAddress",
        ),
        (
            json!({ "metafields": [{ "key": "a.b", "type": "text", "value": "x" }] }),
            "INVALID_METAFIELDS",
            "input.metafields",
        ),
    ] {
        let payload = shop.mutate("cartCreate(input: $v)", "CartInput", input).await;
        assert_eq!(refusal(&payload), (code.into(), place.into()));
        assert_eq!(payload["cart"], Value::Null);
    }
}

#[tokio::test]
async fn codes_that_nothing_stands_behind_stay_with_a_warning() {
    let shop = Shop::open().await;
    let input = json!({ "discountCodes": ["SUMMER"] });
    let payload = shop.mutate("cartCreate(input: $v)", "CartInput", input).await;
    let codes: Vec<&Value> = payload["warnings"].as_array().unwrap().iter().map(|w| &w["code"]).collect();
    assert_eq!(codes, ["DISCOUNT_NOT_FOUND"]);
    assert_eq!(payload["warnings"][0]["target"], payload["cart"]["id"]);
}

#[tokio::test]
async fn a_gift_card_that_is_none_makes_no_cart() {
    let shop = Shop::open().await;
    let input = json!({ "giftCardCodes": ["1234"] });
    let payload = shop.mutate("cartCreate(input: $v)", "CartInput", input).await;
    assert_eq!(refusal(&payload), ("INVALID".into(), "input.giftCardCodes.0".into()));
    assert_eq!(payload["cart"], Value::Null);
}

#[tokio::test]
async fn a_note_is_replaced_taken_away_and_bounded() {
    let shop = Shop::open().await;
    let cart = shop.cart(&[]).await;
    let call = format!("cartNoteUpdate(cartId: \"{cart}\", note: $v)");
    let write = async |note: String| shop.mutate(&call, "String!", json!(note)).await;
    assert_eq!(write("Ring twice".into()).await["cart"]["note"], "Ring twice");
    let refused = write("ü".repeat(5_001)).await;
    assert_eq!(refusal(&refused), ("NOTE_TOO_LONG".into(), "note".into()));
    assert_eq!(refused["cart"]["note"], "Ring twice");
    assert_eq!(write("ü".repeat(5_000)).await["userErrors"], json!([]));
    assert_eq!(write(String::new()).await["cart"]["note"], Value::Null);
}

#[tokio::test]
async fn attributes_are_replaced_as_a_whole() {
    let shop = Shop::open().await;
    let cart = shop.cart(&[]).await;
    let call = format!("cartAttributesUpdate(cartId: \"{cart}\", attributes: $v)");
    let write = async |attributes: Value| shop.mutate(&call, "[AttributeInput!]!", attributes).await;
    let one = json!([{ "key": "a", "value": "1" }]);
    assert_eq!(write(one.clone()).await["cart"]["attributes"], one);
    let twice = json!([{ "key": "b", "value": "1" }, { "key": "b", "value": "2" }]);
    let refused = write(twice).await;
    assert_eq!(refusal(&refused), ("INVALID".into(), "attributes".into()));
    assert_eq!(refused["cart"]["attributes"], one);
    assert_eq!(write(json!([])).await["cart"]["attributes"], json!([]));
}

#[tokio::test]
async fn what_is_left_out_of_a_buyer_stays_and_what_no_buyer_has_is_refused() {
    let shop = Shop::open().await;
    let cart = shop.cart(&[]).await;
    let call = format!("cartBuyerIdentityUpdate(cartId: \"{cart}\", buyerIdentity: $v)");
    let write = async |buyer: Value| shop.mutate(&call, "CartBuyerIdentityInput!", buyer).await;
    write(json!({ "email": "ada@example.org" })).await;
    let preferences = json!({ "wallet": ["SHOP_PAY"], "delivery": { "deliveryMethod": ["SHIPPING"] } });
    let payload = write(json!({ "phone": "020 7946 0000", "preferences": preferences })).await;
    let buyer = &payload["cart"]["buyerIdentity"];
    assert_eq!((&buyer["email"], &buyer["phone"]), (&json!("ada@example.org"), &json!("020 7946 0000")));
    for (input, code, place) in [
        (json!({ "email": "ada" }), "INVALID", "buyerIdentity.email"),
        (json!({ "phone": "<script>" }), "INVALID", "buyerIdentity.phone"),
        (json!({ "customerAccessToken": "stolen" }), "INVALID", "buyerIdentity.customerAccessToken"),
        (
            json!({ "companyLocationId": "gid://shopify/CompanyLocation/1" }),
            "INVALID_COMPANY_LOCATION",
            "buyerIdentity.companyLocationId",
        ),
    ] {
        let payload = write(input).await;
        assert_eq!(refusal(&payload), (code.into(), place.into()));
        assert_eq!(&payload["cart"]["buyerIdentity"], buyer);
    }
    let payload = write(json!({ "email": "" })).await;
    assert_eq!(payload["cart"]["buyerIdentity"]["email"], Value::Null);
}

#[tokio::test]
async fn every_mutation_says_the_same_of_a_cart_that_is_not_there() {
    let shop = Shop::open().await;
    let calls = [
        "cartLinesAdd(cartId: $v, lines: [])",
        "cartLinesUpdate(cartId: $v, lines: [])",
        "cartLinesRemove(cartId: $v, lineIds: [])",
        "cartNoteUpdate(cartId: $v, note: \"x\")",
        "cartAttributesUpdate(cartId: $v, attributes: [])",
        "cartBuyerIdentityUpdate(cartId: $v, buyerIdentity: {})",
        "cartDeliveryAddressesAdd(cartId: $v, addresses: [])",
        "cartDeliveryAddressesUpdate(cartId: $v, addresses: [])",
        "cartDeliveryAddressesRemove(cartId: $v, addressIds: [])",
        "cartDeliveryAddressesReplace(cartId: $v, addresses: [])",
        "cartSelectedDeliveryOptionsUpdate(cartId: $v, selectedDeliveryOptions: [{ deliveryGroupId: \"gid://shopify/CartDeliveryGroup/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f\", deliveryOptionHandle: \"x\" }])",
    ];
    for call in calls {
        for id in
            ["gid://stoa/Cart/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f", "gid://shopify/Cart/Z2NwLXVz?key=1"]
        {
            let payload = shop.mutate(call, "ID!", json!(id)).await;
            assert_eq!(refusal(&payload), ("INVALID".into(), "cartId".into()), "{call}");
            assert_eq!(payload["cart"], Value::Null);
        }
        let answer = shop.try_mutate(call, "ID!", json!("nonsense")).await;
        assert_eq!(error_code(&answer), "INVALID_ID", "{call}");
    }
    assert_eq!(shop.read_cart("gid://stoa/Cart/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f").await, Value::Null);
}
