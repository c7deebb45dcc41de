//! Story 16 of deliveries: what changes between looking and paying is told before it is charged.

use super::{is_delivered_for, shop, within};
use crate::harness::{Shop, Shopper, Staff, flat, minor};
use serde_json::json;

/// Two ways, of which the buyer has chosen the dearer.
async fn chosen() -> (Shop, Staff, Shopper, [String; 2]) {
    let (shop, staff) = shop().await;
    let zone = shop.everywhere(&staff).await;
    let post = shop.delivery_method(&staff, within(&zone, flat("post", "6.00"))).await;
    let courier = shop.delivery_method(&staff, within(&zone, flat("courier", "15.00"))).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.chooses_way("courier").await;
    assert_eq!(shopper.total().await, 2_500);
    (shop, staff, shopper, [post, courier])
}

/// Staff take it away: nothing else is put in its place without the buyer's word.
#[tokio::test]
async fn a_way_that_is_gone_is_chosen_anew() {
    for deleted in [false, true] {
        let (shop, staff, shopper, [_, courier]) = chosen().await;
        if deleted {
            shop.drop_delivery(&staff, &courier).await;
        } else {
            shop.change_delivery(&staff, &courier, json!({ "active": false })).await;
        }
        let refused = shopper.place_order("k").await.refusals();
        assert!(
            ["DELIVERY_OPTION_REQUIRED", "DELIVERY_UNAVAILABLE", "TOTAL_CHANGED"].contains(&&*refused[0]),
            "{refused:?}"
        );
        assert!(shopper.groups().await[0]["selectedDeliveryOption"].is_null());
        shopper.chooses_way("post").await;
        is_delivered_for(&shop, &shopper, 600).await;
        shop.ledgers_balance().await;
    }
}

/// Staff make it dearer: the buyer is told; and cheaper, and they have it.
#[tokio::test]
async fn a_way_that_costs_something_else_is_told_before_it_is_charged() {
    let (shop, staff, shopper, [_, courier]) = chosen().await;
    shop.change_delivery(&staff, &courier, json!({ "rates": [{ "base": "16.00" }] })).await;
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(minor(&refused.answer.at("/orderPlace/userErrors/0")["actualTotal"]), 2_600);
    is_delivered_for(&shop, &shopper, 1_600).await;

    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.chooses_way("courier").await;
    shop.change_delivery(&staff, &courier, json!({ "rates": [{ "base": "14.00" }] })).await;
    is_delivered_for(&shop, &shopper, 1_400).await;
    shop.ledgers_balance().await;
}

/// A way is switched off and on while many order by it: each order is delivered as its buyer chose, or refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_comes_and_goes_is_never_another() {
    let (shop, staff, _, [_, courier]) = chosen().await;
    for round in 0..4 {
        let mut buyers = Vec::new();
        for _ in 0..8 {
            let shopper = shop.shopper_with_cart([("mug", 1)]).await;
            shopper.chooses_way("courier").await;
            buyers.push(shopper);
        }
        let keys: Vec<String> = (0..8).map(|n| format!("{round} {n}")).collect();
        let orders =
            futures_util::future::join_all(buyers.iter().zip(&keys).map(|(b, key)| b.place_order(key)));
        let switched = async {
            shop.change_delivery(&staff, &courier, json!({ "active": false })).await;
            shop.change_delivery(&staff, &courier, json!({ "active": true })).await;
        };
        let (placed, ()) = tokio::join!(orders, switched);
        for placed in placed {
            if placed.is_placed() {
                assert_eq!(
                    minor(&placed.answer.at("/orderPlace/order")["totalPrice"]),
                    2_500,
                    "round {round}"
                );
            } else {
                let why = placed.refusals();
                assert!(
                    ["DELIVERY_OPTION_REQUIRED", "DELIVERY_UNAVAILABLE", "TOTAL_CHANGED"].contains(&&*why[0]),
                    "{why:?}"
                );
            }
        }
    }
    shop.ledgers_balance().await;
}
