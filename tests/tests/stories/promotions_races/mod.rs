//! Stories 20 to 22 and 26, raced: what there is only so much of, taken by many at once and given back by many at once. Each is raced many times: a
//! race that is lost once in twenty is lost.

mod buyers;
mod given_back;
mod limits;
mod rules;

use crate::harness::{Item, Placed, Setup, Shop, Shopper, Staff, minor, percent_off, with};
use serde_json::{Value, json};

/// A mug costs 10.00, and delivering it 5.00.
const FULL: i64 = 1_500;
/// With a tenth off the mug.
const DISCOUNTED: i64 = 1_400;

fn setup() -> Setup {
    Setup::selling([Item::new("mug", "10.00", 10_000)])
}

/// A tenth off, of which there is so much.
fn tenth(limits: Value) -> Value {
    with(percent_off("10"), "limits", limits)
}

/// Somebody with a mug in the cart, a tenth off, and an address of their own.
async fn buyer(shop: &Shop, email: &str, code: &str) -> Shopper {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.says_who(json!({ "email": email })).await;
    shopper.enter(&[code]).await;
    assert_eq!(shopper.total().await, DISCOUNTED, "{email}: {code}");
    shopper
}

/// What an order costs; nothing where it was refused because what lowers it is gone.
fn costs(placed: &Placed) -> Option<i64> {
    if placed.is_placed() {
        return Some(minor(&placed.answer.at("/orderPlace/order")["totalPrice"]));
    }
    let why = placed.refusals();
    assert!(why == ["DISCOUNT_UNAVAILABLE"] || why == ["TOTAL_CHANGED"], "{why:?}");
    assert_eq!(minor(&placed.answer.at("/orderPlace/userErrors/0")["actualTotal"]), FULL, "they are told");
    None
}

async fn shop() -> (Shop, Staff) {
    let shop = Shop::with(setup()).await;
    let staff = shop.merchant().await;
    (shop, staff)
}
