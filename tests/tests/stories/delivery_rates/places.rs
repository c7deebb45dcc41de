//! From where it is delivered: what lies at two places goes in two, and what a place has can be picked up there.

use super::{is_delivered_for, shop, ways, within};
use crate::harness::{Shop, Staff, flat, minor, rate, steps_of, ways_of, zone};
use serde_json::{Value, json};

/// Mugs lie in the shop, bowls in a barn alone.
async fn two_places() -> (Shop, Staff, [String; 2]) {
    let (shop, staff) = shop().await;
    let first = shop.locations(&staff).await.remove(0);
    let barn = shop.another_location("Barn").await;
    shop.lies_at(&staff, "bowl", &first, 0).await;
    shop.lies_at(&staff, "bowl", &barn, 5).await;
    (shop, staff, [first, barn])
}

fn goods(group: &Value) -> Vec<&str> {
    let lines = group["cartLines"]["nodes"].as_array().expect("lines");
    lines.iter().map(|line| line["merchandise"]["product"]["handle"].as_str().expect("a handle")).collect()
}

fn id(group: &Value) -> &str {
    group["id"].as_str().expect("an id")
}

#[tokio::test]
async fn two_places_are_two_groups() {
    let (shop, staff, _) = two_places().await;
    let everywhere = shop.everywhere(&staff).await;
    shop.delivery_method(&staff, within(&everywhere, flat("post", "6.00"))).await;
    let mut courier = flat("courier", "15.00");
    courier["position"] = json!(1);
    shop.delivery_method(&staff, within(&everywhere, courier)).await;
    let shopper = shop.shopper_with_cart([("mug", 1), ("bowl", 2)]).await;
    let together = shopper.groups().await;
    assert_eq!(together.len(), 1, "unless the shop says otherwise");
    assert_eq!(goods(&together[0]), ["mug", "bowl"]);
    shopper.chooses_way("post").await;
    assert_eq!(shopper.total().await, 5_000 + 600);

    shop.decides(&staff, json!({ "groupDeliveries": "LOCATION" })).await;
    let groups = shopper.groups().await;
    assert_eq!(groups.iter().map(goods).collect::<Vec<_>>(), [["mug"], ["bowl"]]);
    for group in &groups {
        assert_eq!(ways_of(group), ways(&[("post", 600), ("courier", 1_500)]));
    }
    // Both at once, and what cannot be chosen is refused and changes neither.
    let chosen = shopper.chooses(&[(id(&groups[0]), "post"), (id(&groups[1]), "courier")]).await;
    assert_eq!(chosen.at("/cartSelectedDeliveryOptionsUpdate/userErrors"), &json!([]));
    assert_eq!(shopper.total().await, 5_000 + 600 + 1_500);
    for (group, option) in [(id(&groups[1]), "drone"), ("gid://stoa/CartDeliveryGroup/none", "post")] {
        let refused = shopper.chooses(&[(id(&groups[0]), "courier"), (group, option)]).await;
        let told = refused.body.pointer("/data/cartSelectedDeliveryOptionsUpdate/userErrors/0").is_some();
        assert!(told || refused.body["errors"].is_array(), "{option}: {:#}", refused.body);
        assert_eq!(shopper.total().await, 5_000 + 600 + 1_500, "{option}");
    }
    let selected: Vec<Value> = shopper
        .groups()
        .await
        .iter()
        .map(|group| group["selectedDeliveryOption"]["handle"].clone())
        .collect();
    assert_eq!(selected, ["post", "courier"]);
    let order = is_delivered_for(&shop, &shopper, 2_100).await;
    let delivered: Vec<i64> = steps_of(&order, "DELIVERY").into_iter().map(|(_, amount)| amount).collect();
    assert_eq!(delivered, [600, 1_500]);
    assert_eq!((shop.stock("mug").await.allocated, shop.stock("bowl").await.allocated), (1, 2));
    shop.ledgers_balance().await;
}

/// Each delivery is chosen by itself: without one of them nothing is ordered.
#[tokio::test]
async fn both_are_chosen_before_it_is_ordered() {
    let (shop, staff, _) = two_places().await;
    shop.decides(&staff, json!({ "groupDeliveries": "LOCATION" })).await;
    let everywhere = shop.everywhere(&staff).await;
    for (handle, price) in [("post", "6.00"), ("courier", "15.00")] {
        shop.delivery_method(&staff, within(&everywhere, flat(handle, price))).await;
    }
    let shopper = shop.shopper_with_cart([("mug", 1), ("bowl", 1)]).await;
    let groups = shopper.groups().await;
    assert_eq!(groups.len(), 2);
    shopper.chooses(&[(id(&groups[1]), "post")]).await;
    assert_eq!(shopper.place_order("one of them").await.refusals(), ["DELIVERY_OPTION_REQUIRED"]);
    shopper.chooses(&[(id(&groups[0]), "courier")]).await;
    is_delivered_for(&shop, &shopper, 2_100).await;
    shop.ledgers_balance().await;
}

/// Who picks it up needs no address, pays for no delivery, and the tax of where they pick it up.
#[tokio::test]
async fn goods_are_picked_up_where_all_of_them_are() {
    let (shop, staff, [first, barn]) = two_places().await;
    shop.decides(&staff, json!({ "home": { "countryCode": "US", "provinceCode": "IL", "zip": "62701" } }))
        .await;
    shop.tax_zone(&staff, zone("US-IL", 1, &[rate("Sales tax", "10")])).await;
    for (handle, location) in [("shop", &first), ("barn", &barn)] {
        let method = json!({ "handle": handle, "title": handle, "kind": "PICK_UP", "locationId": location, "rates": [{ "base": "0" }] });
        shop.delivery_method(&staff, method).await;
    }
    for (lines, expected) in [
        ([("mug", 1), ("mug", 1)], vec!["shop"]),
        ([("bowl", 1), ("bowl", 2)], vec!["barn"]),
        ([("mug", 1), ("bowl", 1)], vec![]),
    ] {
        let mut shopper = shop.shopper();
        let mut wanted = Vec::new();
        for (handle, quantity) in lines {
            wanted.push((shop.gid(handle).await, quantity));
        }
        let lines: Vec<Value> = wanted
            .iter()
            .map(|(id, quantity)| json!({ "merchandiseId": id, "quantity": quantity }))
            .collect();
        let input = json!({ "lines": lines, "buyerIdentity": { "email": "ada@example.org" } });
        let create =
            "mutation($input: CartInput) { cartCreate(input: $input) { cart { id } userErrors { code } } }";
        let made = shopper.ask(create, json!({ "input": input })).await;
        shopper.cart = made.at("/cartCreate/cart/id").as_str().expect("a cart").to_owned();
        let offered: Vec<String> = shopper.ways().await.into_iter().map(|(handle, _)| handle).collect();
        assert_eq!(offered, expected);
        if expected == ["shop"] {
            shopper.chooses_way("shop").await;
            let cart = shopper.priced().await;
            // Two mugs for 10.00, and 10 %.
            assert_eq!(minor(&cart["cost"]["totalAmount"]), 2_200, "{cart:#}");
            is_delivered_for(&shop, &shopper, 0).await;
        }
    }
    shop.ledgers_balance().await;
}
