//! Story 30, and whatever else is paid with gift cards and store credit: in part, by several, at once; and how it comes back.

mod credit;
mod guessing;
mod nothing_to_pay;
mod paying;
mod races;
mod sold;

use crate::harness::{Item, Placed, Setup, Shop, Shopper, Staff, minor};
use serde_json::{Value, json};

const GOOD: &str = "4242424242424242";

fn setup() -> Setup {
    let mut items: Vec<Item> =
        [("mug", "10.00"), ("bowl", "20.00")].map(|(handle, price)| Item::new(handle, price, 500)).into();
    // Nothing of these is delivered.
    items.extend(
        ["pattern", "voucher"].map(|handle| Item { ships: false, ..Item::new(handle, "25.00", 500) }),
    );
    Setup::selling(items)
}

/// A shop, and who issues its cards. Delivering costs 5.00, and there is no tax.
async fn shop() -> (Shop, Staff) {
    let shop = Shop::with(setup()).await;
    let staff = shop.merchant().await;
    (shop, staff)
}

/// What is left to pay of a cart.
fn charge(cart: &Value) -> i64 {
    minor(&cart["cost"]["checkoutChargeAmount"])
}

/// An order, which stands.
async fn places(shopper: &Shopper, key: &str) -> Placed {
    let placed = shopper.place_order(key).await;
    assert_eq!(placed.refusals(), [""; 0], "{key}");
    placed
}

/// The gateway is asked for so much, and has it.
async fn pays(shop: &Shop, shopper: &Shopper, placed: &Placed, amount: i64) {
    assert_eq!(shopper.pay(placed, GOOD).await["amount"], amount);
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
}

/// All that was ever asked of the gateway.
async fn at_gateway(shop: &Shop) -> Vec<i64> {
    let list = shop.gateway_get("/v1/payment_intents?limit=100").await;
    let intents = list["data"].as_array().expect("payments");
    intents.iter().map(|intent| intent["amount"].as_i64().expect("an amount")).collect()
}

fn gid(placed: &Placed) -> String {
    format!("gid://stoa/Order/{}", placed.order_id())
}

fn money(amount: &str) -> Value {
    json!({ "amount": amount, "currencyCode": "USD" })
}

/// What an entry of a card is, said in a test.
fn entries(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(kind, amount)| ((*kind).to_owned(), *amount)).collect()
}
