//! What there is only so much of: uses, of all buyers and of each; uses of a code; a budget; units.

use super::{
    shop,
    why::{refused, taken},
};
use crate::harness::{Shop, Shopper, percent_off, with};
use serde_json::{Value, json};

fn limited(limits: Value) -> Value {
    with(percent_off("10"), "limits", limits)
}

async fn buyer(shop: &Shop, email: &str) -> Shopper {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.says_who(json!({ "email": email })).await;
    shopper
}

/// Somebody orders a mug with this code.
async fn orders_with(shop: &Shop, email: &str, code: &str) {
    let shopper = buyer(shop, email).await;
    taken(&shopper, code, 100).await;
    let placed = shopper.place_order(&format!("{email} {code}")).await;
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "14.00", "{code}");
}

#[tokio::test]
async fn what_is_used_up_is_used_up_and_says_so() {
    let (shop, staff) = shop().await;
    let once = shop.promote_by_code(&staff, "ONCE", limited(json!({ "uses": 1 }))).await;
    let each = shop.promote_by_code(&staff, "EACH", limited(json!({ "usesPerCustomer": 1 }))).await;
    // A tenth of 10.00 is 1.00: one fits into 1.50, and a spoon's 0.33 besides.
    let budget = shop.promote_by_code(&staff, "BUDGET", limited(json!({ "budget": "1.50" }))).await;
    let codes = shop.promote_by_code(&staff, "OTHER", percent_off("10")).await;
    shop.add_code(&staff, &codes, json!({ "code": "SINGLE", "uses": 1 })).await;

    for code in ["ONCE", "EACH", "BUDGET", "SINGLE"] {
        orders_with(&shop, "ada@example.org", code).await;
    }
    let ada = buyer(&shop, "Ada@Example.org").await;
    let used_up = "DISCOUNT_USAGE_LIMIT_REACHED";
    for code in ["ONCE", "BUDGET", "SINGLE"] {
        refused(&ada, code, used_up).await;
    }
    refused(&ada, "EACH", "DISCOUNT_CUSTOMER_USAGE_LIMIT_REACHED").await;
    taken(&ada, "OTHER", 100).await;

    let bob = buyer(&shop, "bob@example.org").await;
    taken(&bob, "EACH", 100).await;
    let spoon = shop.shopper_with_cart([("spoon", 1)]).await;
    taken(&spoon, "BUDGET", 33).await;
    let placed = spoon.place_order("spoon").await;
    // 3.33 - 0.33 + 5.00
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "8.00");

    assert_eq!((shop.uses_of(&once).await, shop.counted(&once).await), ([1, 100], [1, 100]));
    assert_eq!((shop.uses_of(&budget).await, shop.counted(&budget).await), ([2, 133], [2, 133]));
    assert_eq!(shop.uses_of(&each).await, [1, 100]);
    assert_eq!(shop.code_used(&staff, &codes, "single").await, 1);

    // More of it is there again once staff say so.
    shop.rewrite(&staff, &once, with(limited(json!({ "uses": 2 })), "method", json!("CODE"))).await;
    orders_with(&shop, "eve@example.org", "ONCE").await;
    refused(&ada, "ONCE", used_up).await;
    assert_eq!(shop.counted(&once).await, [2, 200]);
    shop.ledgers_balance().await;
}

/// A limit that is set on what was in use before counts what was used before.
#[tokio::test]
async fn a_limit_that_comes_later_counts_what_was_before() {
    let (shop, staff) = shop().await;
    let id = shop.promote_by_code(&staff, "TEN", percent_off("10")).await;
    for email in ["ada@example.org", "bob@example.org"] {
        orders_with(&shop, email, "TEN").await;
    }
    let coded = |limits| with(limited(limits), "method", json!("CODE"));
    shop.rewrite(&staff, &id, coded(json!({ "uses": 2 }))).await;
    let eve = buyer(&shop, "eve@example.org").await;
    refused(&eve, "TEN", "DISCOUNT_USAGE_LIMIT_REACHED").await;
    shop.rewrite(&staff, &id, coded(json!({ "uses": 3, "budget": "2.99" }))).await;
    refused(&eve, "TEN", "DISCOUNT_USAGE_LIMIT_REACHED").await;
    shop.rewrite(&staff, &id, coded(json!({ "uses": 3, "budget": "3.00" }))).await;
    orders_with(&shop, "eve@example.org", "TEN").await;
    assert_eq!((shop.uses_of(&id).await, shop.counted(&id).await), ([3, 300], [3, 300]));
    shop.ledgers_balance().await;
}

/// Of five mugs two are cheaper: 2 x 1.00.
#[tokio::test]
async fn so_many_units_of_an_order_are_cheaper() {
    let (shop, staff) = shop().await;
    shop.promote_by_code(&staff, "TWO", limited(json!({ "unitsPerOrder": 2 }))).await;
    let shopper = shop.shopper_with_cart([("mug", 5)]).await;
    taken(&shopper, "TWO", 200).await;
    assert!(shopper.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}
