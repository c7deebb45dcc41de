//! Where and how a cart is delivered.

use crate::{
    carts::{address, refusal},
    shop::Shop,
};
use serde_json::{Value, json};

fn addresses(cart: &Value) -> Vec<(String, bool)> {
    let all = cart["delivery"]["addresses"].as_array().unwrap();
    let name = |a: &Value| a["address"]["lastName"].as_str().unwrap().to_owned();
    all.iter().map(|a| (name(a), a["selected"].as_bool().unwrap())).collect()
}

fn id(cart: &Value, at: usize) -> &str {
    cart["delivery"]["addresses"][at]["id"].as_str().unwrap()
}

#[tokio::test]
async fn the_first_address_is_selected_and_makes_a_group_with_its_options() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let cart = shop.cart(&[(&mug, 1)]).await;
    assert_eq!(shop.read_cart(&cart).await["deliveryGroups"]["edges"], json!([]), "nobody said where to");

    let cart = &shop.add_addresses(&cart, json!([address("Lovelace"), address("Byron")])).await["cart"];
    assert_eq!(addresses(cart), [("Lovelace".into(), true), ("Byron".into(), false)]);
    let group = &cart["deliveryGroups"]["edges"][0]["node"];
    let uuid = id(cart, 0).rsplit('/').next().unwrap();
    assert_eq!(group["id"], format!("gid://stoa/CartDeliveryGroup/{uuid}"));
    assert_eq!(group["deliveryAddress"]["id"], format!("gid://stoa/MailingAddress/{uuid}"));
    assert_eq!(group["deliveryAddress"]["formattedArea"], "London, United Kingdom");
    assert_eq!(group["cartLines"]["nodes"], json!([{ "quantity": 1 }]));
    let option = json!({ "handle": "standard", "code": "standard", "title": "Standard",
        "deliveryMethodType": "SHIPPING", "estimatedCost": { "amount": "5.00", "currencyCode": "EUR" } });
    assert_eq!(group["deliveryOptions"], json!([option]));
    assert_eq!(group["selectedDeliveryOption"]["handle"], "standard", "the only option needs no choosing");
    assert_eq!(cart["cost"]["totalAmount"]["amount"], "19.40", "12.00, 20 % tax, 5.00 delivery");
    let label = &cart["delivery"]["addresses"][0]["address"]["formatted"];
    assert_eq!(label, &json!(["Ada Lovelace", "12 St James's Square", "SW1Y 4JH London", "United Kingdom"]));
}

#[tokio::test]
async fn what_needs_no_delivery_has_no_group() {
    let shop = Shop::open().await;
    let voucher = stoa_domain::catalog::VariantInput { requires_shipping: false, ..shop.variant(9) };
    let voucher = shop
        .add(stoa_domain::catalog::ProductInput { variants: vec![voucher], ..shop.product("Voucher") })
        .await;
    let cart = shop.cart(&[(&voucher[0], 1)]).await;
    let cart = &shop.add_addresses(&cart, json!([address("Lovelace")])).await["cart"];
    assert_eq!(cart["deliveryGroups"]["edges"], json!([]));
    assert_eq!(cart["cost"]["totalAmount"]["amount"], "14.40");
}

#[tokio::test]
async fn an_option_is_chosen_by_group_and_handle() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let cart = shop.cart(&[(&mug, 1)]).await;
    let with_address = shop.add_addresses(&cart, json!([address("Lovelace")])).await;
    let group = with_address["cart"]["deliveryGroups"]["edges"][0]["node"]["id"].as_str().unwrap();
    let call = format!("cartSelectedDeliveryOptionsUpdate(cartId: \"{cart}\", selectedDeliveryOptions: $v)");
    let choose =
        async |options: Value| shop.mutate(&call, "[CartSelectedDeliveryOptionInput!]!", options).await;
    let option =
        |group: &str, handle: &str| json!({ "deliveryGroupId": group, "deliveryOptionHandle": handle });

    assert_eq!(choose(json!([option(group, "standard")])).await["userErrors"], json!([]));
    let refused = choose(json!([option(group, "drone")])).await;
    assert_eq!(
        refusal(&refused),
        ("INVALID_DELIVERY_OPTION".into(), "selectedDeliveryOptions.0.deliveryOptionHandle".into())
    );
    let foreign = option("gid://stoa/CartDeliveryGroup/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f", "standard");
    let place = "selectedDeliveryOptions.0.deliveryGroupId".to_owned();
    assert_eq!(refusal(&choose(json!([foreign])).await), ("INVALID_DELIVERY_GROUP".into(), place.clone()));
    let elsewhere = option("gid://shopify/CartDeliveryGroup/1", "standard");
    assert_eq!(refusal(&choose(json!([elsewhere])).await), ("INVALID_DELIVERY_GROUP".into(), place));
    let both = json!([option(group, "standard"), option(group, "standard")]);
    assert_eq!(
        refusal(&choose(both).await),
        ("INVALID_DELIVERY_GROUP".into(), "selectedDeliveryOptions".into())
    );
}

#[tokio::test]
async fn addresses_are_changed_selected_replaced_and_removed() {
    let shop = Shop::open().await;
    let cart = shop.cart(&[]).await;
    let added =
        shop.add_addresses(&cart, json!([address("Lovelace"), address("Byron")])).await["cart"].clone();
    let (first, second) = (id(&added, 0), id(&added, 1));

    let update = format!("cartDeliveryAddressesUpdate(cartId: \"{cart}\", addresses: $v)");
    let update =
        async |changes: Value| shop.mutate(&update, "[CartSelectableAddressUpdateInput!]!", changes).await;
    let payload = update(json!([{ "id": second, "selected": true, "oneTimeUse": true }])).await;
    assert_eq!(addresses(&payload["cart"]), [("Lovelace".into(), false), ("Byron".into(), true)]);
    assert_eq!(payload["cart"]["delivery"]["addresses"][1]["oneTimeUse"], true);
    let mut renamed = address("King");
    renamed["id"] = json!(first);
    let payload = update(json!([renamed])).await;
    assert_eq!(addresses(&payload["cart"]), [("King".into(), false), ("Byron".into(), true)]);
    let both = json!([{ "id": first, "selected": true }, { "id": second, "selected": true }]);
    let refused = update(both).await;
    assert_eq!(refusal(&refused), ("ONLY_ONE_DELIVERY_ADDRESS_CAN_BE_SELECTED".into(), "addresses".into()));
    assert_eq!(addresses(&refused["cart"]), [("King".into(), false), ("Byron".into(), true)]);

    let remove = format!("cartDeliveryAddressesRemove(cartId: \"{cart}\", addressIds: $v)");
    let remove = async |ids: Value| shop.mutate(&remove, "[ID!]!", ids).await;
    let unknown = "gid://stoa/CartSelectableAddress/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";
    let refused = remove(json!([first, unknown])).await;
    assert_eq!(refusal(&refused), ("INVALID_DELIVERY_ADDRESS_ID".into(), "addressIds.1".into()));
    assert_eq!(addresses(&remove(json!([second])).await["cart"]), [("King".into(), false)]);

    let replace = format!("cartDeliveryAddressesReplace(cartId: \"{cart}\", addresses: $v)");
    let replaced = shop.mutate(&replace, "[CartSelectableAddressInput!]!", json!([address("Babbage")])).await;
    assert_eq!(addresses(&replaced["cart"]), [("Babbage".into(), true)]);
}

#[tokio::test]
async fn an_address_that_cannot_be_taken_is_refused_by_its_part() {
    let shop = Shop::open().await;
    let cart = shop.cart(&[]).await;
    let with = |part: &str, value: Value| {
        let mut written = address("Lovelace");
        written["address"]["deliveryAddress"][part] = value;
        written
    };
    let mut strict = with("address1", Value::Null);
    strict["validationStrategy"] = json!("STRICT");
    let copied = json!({ "address": { "copyFromCustomerAddressId": "gid://shopify/MailingAddress/1" } });
    for (bad, code, place) in [
        (with("city", json!("x".repeat(256))), "ADDRESS_FIELD_IS_TOO_LONG", "deliveryAddress.city"),
        (with("company", json!("<b>Co</b>")), "ADDRESS_FIELD_CONTAINS_HTML_TAGS", "deliveryAddress.company"),
        (with("countryCode", json!("FR")), "INVALID", "deliveryAddress.countryCode"),
        (strict, "ADDRESS_FIELD_IS_REQUIRED", "deliveryAddress.address1"),
        (copied, "INVALID_DELIVERY_ADDRESS_ID", "copyFromCustomerAddressId"),
        (json!({ "address": {} }), "INVALID", "deliveryAddress"),
    ] {
        let payload = shop.add_addresses(&cart, json!([address("Byron"), bad])).await;
        assert_eq!(refusal(&payload), (code.into(), format!("addresses.1.address.{place}")));
        assert_eq!(addresses(&payload["cart"]), [], "the good one is not taken without the bad one");
    }
    // Without the strict check an incomplete address may wait for the rest.
    let payload = shop.add_addresses(&cart, json!([with("address1", Value::Null)])).await;
    assert_eq!(payload["userErrors"], json!([]));
}
