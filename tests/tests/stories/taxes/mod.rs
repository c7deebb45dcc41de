//! Stories 27 and 28, and whatever else decides a tax: where it goes, what it is, who buys it. Each amount with how it is worked out.

mod delivery;
mod import;
mod relief;
mod rounding;
mod typed;
mod zones;

use crate::harness::{Item, Placed, Setup, Shop, Shopper, Staff, minor};
use serde_json::{Value, json};
use stoa_domain::order::OrderFigures;

const GOOD: &str = "4242424242424242";

/// A shop whose prices are without tax, and who looks after them. Delivering costs 5.00, which nobody taxes, and there is no tax yet.
async fn shop() -> (Shop, Staff) {
    let goods = [("mug", "10.00"), ("book", "20.00"), ("lamp", "9.99"), ("sticker", "2.50")];
    let items: Vec<Item> = goods.iter().map(|(handle, price)| Item::new(handle, price, 500)).collect();
    let shop = Shop::with(Setup::selling(items)).await;
    let staff = shop.merchant().await;
    (shop, staff)
}

/// The tax in a cart, and what it costs.
async fn costs(shopper: &Shopper) -> [i64; 2] {
    let cart = shopper.priced().await;
    [minor(&cart["cost"]["totalTaxAmount"]), minor(&cart["cost"]["totalAmount"])]
}

/// An order with so much tax that costs so much: as its buyer was told, as it is kept, and as it is charged.
async fn is_charged(shop: &Shop, shopper: &Shopper, [tax, total]: [i64; 2]) -> (Placed, OrderFigures) {
    assert_eq!(costs(shopper).await, [tax, total]);
    let placed = shopper.place_order(&shopper.cart).await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!([minor(&order["totalTax"]), minor(&order["totalPrice"])], [tax, total], "{order:#}");
    let figures = shop.order(placed.order_id()).await.figures;
    assert_eq!([figures.tax, figures.total, figures.charge], [tax, total, total]);
    assert_eq!(shopper.pay(&placed, GOOD).await["amount"], total);
    let intent = shop.gateway_get(&format!("/v1/payment_intents/{}", placed.intent())).await;
    assert_eq!((&intent["amount"], &intent["amount_received"]), (&json!(total), &json!(total)));
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    (placed, figures)
}

/// What is charged by name, over all lines and the delivery.
fn by_name(priced: &Value) -> Vec<(String, i64)> {
    let mut sums: Vec<(String, i64)> = Vec::new();
    for (name, amount) in crate::harness::steps_of(priced, "TAX") {
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += amount,
            None => sums.push((name, amount)),
        }
    }
    sums.sort();
    sums
}

/// The same, said in a test.
fn named(sums: &[(&str, i64)]) -> Vec<(String, i64)> {
    sums.iter().map(|(name, amount)| ((*name).to_owned(), *amount)).collect()
}
