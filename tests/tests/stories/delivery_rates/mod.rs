//! What delivering costs: by where it goes, how, and how much of it there is; and from where.

mod methods;
mod places;
mod told;

use crate::harness::{Item, Setup, Shop, Shopper, Staff, minor};
use serde_json::{Value, json};

const GOOD: &str = "4242424242424242";

/// A shop, and who says how it delivers. There is no tax.
async fn shop() -> (Shop, Staff) {
    let goods = [("mug", "10.00"), ("bowl", "20.00"), ("anvil", "99.00")];
    let items: Vec<Item> = goods.map(|(handle, price)| Item::new(handle, price, 500)).into();
    let shop = Shop::with(Setup::selling(items)).await;
    let staff = shop.merchant().await;
    (shop, staff)
}

/// Ordered and paid, with so much for its delivery.
async fn is_delivered_for(shop: &Shop, shopper: &Shopper, delivery: i64) -> Value {
    let total = shopper.total().await;
    let placed = shopper.place_order(&shopper.cart).await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(
        [minor(&order["totalShippingPrice"]), minor(&order["totalPrice"])],
        [delivery, total],
        "{order:#}"
    );
    assert_eq!(shopper.pay(&placed, GOOD).await["amount"], total);
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    order
}

/// Ways of delivering, said in a test.
fn ways(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(handle, price)| ((*handle).to_owned(), *price)).collect()
}

/// A way within a zone.
fn within(zone: &str, mut method: Value) -> Value {
    method["zoneId"] = json!(zone);
    method
}
