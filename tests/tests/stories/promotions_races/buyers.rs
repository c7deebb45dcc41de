//! Story 22: a buyer is one buyer, as a guest and signed in, however their address is typed, and at once.

use super::{DISCOUNTED, FULL, costs, shop, tenth};
use crate::harness::{Customer, Shop, Shopper};
use futures_util::future::join_all;
use serde_json::json;

const TYPED: [&str; 3] = ["ADA@example.org", "ada@example.org", " Ada@EXAMPLE.ORG "];

async fn guest(shop: &Shop, email: &str, code: &str) -> Shopper {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.says_who(json!({ "email": email })).await;
    shopper.enter(&[code]).await;
    shopper
}

/// Their cart with an address of somebody else's for its mails: the account's own counts all the same.
async fn signed_in(shop: &Shop, ada: &Customer, code: &str) -> Shopper {
    let mut shopper = guest(shop, "office@example.org", code).await;
    let answer = shopper.says_who(json!({ "customerAccessToken": ada.token })).await;
    let cart = answer.at("/cartBuyerIdentityUpdate/cart/id").as_str();
    shopper.cart = cart.unwrap_or_else(|| panic!("{:#}", answer.body)).to_owned();
    shopper
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_is_one_buyer() {
    let (shop, staff) = shop().await;
    let ada = shop.customer("ada@example.org").await;
    for round in 0..6 {
        let code = format!("EACH{round}");
        let id = shop.promote_by_code(&staff, &code, tenth(json!({ "usesPerCustomer": 1 }))).await;
        let mut buyers = join_all(TYPED.map(|email| guest(&shop, email, &code))).await;
        buyers.push(signed_in(&shop, &ada, &code).await);
        for buyer in &buyers {
            assert_eq!(buyer.total().await, DISCOUNTED, "round {round}");
        }
        let keys: Vec<String> = (0..4).map(|n| format!("{round} {n}")).collect();
        let placed = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key))).await;
        let paid: Vec<i64> = placed.iter().filter_map(costs).collect();
        assert_eq!(paid, [DISCOUNTED], "round {round}");

        // The others are told that it was them, and buy for the full price.
        for ((buyer, key), placed) in buyers.iter().zip(&keys).zip(&placed) {
            if !placed.is_placed() {
                assert_eq!(buyer.reasons().await, ["DISCOUNT_CUSTOMER_USAGE_LIMIT_REACHED"], "round {round}");
                assert_eq!(costs(&buyer.place_order(key).await), Some(FULL), "round {round}");
            }
        }
        assert_eq!(shop.uses_of(&id).await, [1, 100], "round {round}");
        // Somebody else is somebody else.
        let bob = guest(&shop, "bob@example.org", &code).await;
        assert_eq!(costs(&bob.place_order(&format!("bob {round}")).await), Some(DISCOUNTED), "round {round}");
    }
    shop.ledgers_balance().await;
}

/// Of four orders that one buyer places at once one is the first.
#[tokio::test(flavor = "multi_thread")]
async fn of_first_orders_at_once_one_is_the_first() {
    let (shop, staff) = shop().await;
    let first = crate::harness::with(tenth(json!({})), "conditions", json!({ "firstOrder": true }));
    let id = shop.promote_by_code(&staff, "HELLO", first).await;
    for round in 0..6_i64 {
        let emails = [format!("new{round}@example.org"), format!("NEW{round}@EXAMPLE.org")];
        let buyers = join_all((0..4).map(|n| guest(&shop, &emails[n % 2], "HELLO"))).await;
        let keys: Vec<String> = (0..4).map(|n| format!("{round} {n}")).collect();
        let placed = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key))).await;
        let paid: Vec<i64> = placed.iter().filter_map(costs).collect();
        assert_eq!(paid, [DISCOUNTED], "round {round}");
        assert_eq!(shop.uses_of(&id).await, [round + 1, 100 * (round + 1)]);
    }
    shop.ledgers_balance().await;
}
