//! Story 31: an order keeps every figure and how it came about, whatever the shop decides later.

mod kept;
mod worked;

use crate::harness::{Item, Placed, Setup, Shop, Shopper, Staff, flat, percent_off, place, rate, zone};
use serde_json::{Value, json};

const GOOD: &str = "4242424242424242";

/// Everything that decides a price, by its global id.
struct Rules {
    tax: String,
    post: String,
    promotion: String,
    sale: String,
    market: String,
}

/// A shop that has decided everything there is: a tax, a way of delivering, a sale, a code, and a market in euros.
async fn shop() -> (Shop, Staff, Rules) {
    let items: Vec<Item> =
        [("mug", "10.00"), ("bowl", "20.00")].map(|(handle, price)| Item::new(handle, price, 500)).into();
    let shop = Shop::with(Setup::selling(items)).await;
    let staff = shop.merchant().await;
    shop.decides(&staff, json!({ "taxRounding": "LINE", "deliveryTax": "NONE" })).await;
    let tax = shop.tax_zone(&staff, zone("US-IL", 1, &[rate("Sales tax", "20")])).await;
    shop.tax_zone(&staff, zone("DE", 0, &[rate("VAT", "19")])).await;
    let mut post = flat("post", "6.00");
    post["zoneId"] = json!(shop.everywhere(&staff).await);
    let post = shop.delivery_method(&staff, post).await;
    let promotion = shop.promote_by_code(&staff, "TEN", percent_off("10")).await;
    let sale = json!({ "name": "Sale", "kind": "SALE", "currencyCode": "USD", "adjustment": "-10" });
    let sale = shop.price_list(&staff, sale).await;
    let market = shop.market_by_rate(&staff, "DE", "EUR", "0.9").await;
    (shop, staff, Rules { tax, post, promotion, sale, market })
}

/// Three mugs and a bowl to an address, with the code, and a card of 5.00 in their currency: ordered, and its rest paid.
async fn ordered(shop: &Shop, staff: &Staff, region: &str) -> (Shopper, Placed) {
    let shopper = shop.shopper_in(&place(region, "62701"), [("mug", 3), ("bowl", 1)]).await;
    shopper.enter(&["ten"]).await;
    let currency = if region == "DE" { "EUR" } else { "USD" };
    let card = shop.card_in(staff, "5.00", currency).await;
    let shown = shopper.has_paid_with(&[&card.code]).await;
    let placed = shopper.place_order(&shopper.cart).await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(
        told(&order["pricingSteps"]),
        told(&shown["cost"]["steps"]),
        "an order tells what its cart told"
    );
    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    (shopper, placed)
}

/// Steps without the ids of lines, which are the cart's in the one and the order's in the other.
fn told(steps: &Value) -> Vec<Value> {
    let without = |step: &Value| {
        let mut step = step.clone();
        step["lineId"] = json!(step["lineId"].is_string());
        step
    };
    steps.as_array().expect("steps").iter().map(without).collect()
}
