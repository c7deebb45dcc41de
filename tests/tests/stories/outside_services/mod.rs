//! Services outside of the house, asked over HTTP: they answer, they are silent, they talk nonsense; and nobody pays what they were not shown.

mod carriers;
mod service;
mod taxes;

use crate::harness::{Item, Placed, Setup, Shop, Shopper, Staff, minor};
use serde_json::json;
use service::Service;
use stoa::config::{Config, OutsideConfig, read};

const GOOD: &str = "4242424242424242";
/// What services are to be shown.
const TOKEN: &str = "open-sesame";

/// What the configuration says of services, as a merchant writes it.
fn configured(lines: &[String]) -> OutsideConfig {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stoa.toml");
    // What was said is asked again each time, so that a story can change the answer.
    let text = format!("[pricing]\nservice_cache_minutes = 0\n{}\n", lines.join("\n"));
    std::fs::write(&file, text).expect("the folder can be written");
    let raw = read(Some(&file)).expect("it can be read");
    Config::try_from(raw).expect("it is valid").outside
}

/// A shop that asks services, and who looks after its prices. Its prices are without tax, and delivering costs 5.00.
async fn shop(lines: &[String]) -> (Shop, Staff) {
    let outside = configured(lines);
    let setup = Setup::selling([Item::new("mug", "10.00", 500)]).config(move |c| c.outside = outside);
    let shop = Shop::with(setup).await;
    let staff = shop.merchant().await;
    shop.decides(&staff, json!({ "deliveryTax": "NONE", "taxRounding": "LINE" })).await;
    (shop, staff)
}

/// The tax of a cart, and what it costs.
async fn costs(shopper: &Shopper) -> [i64; 2] {
    let cart = shopper.priced().await;
    [minor(&cart["cost"]["totalTaxAmount"]), minor(&cart["cost"]["totalAmount"])]
}

/// An order that stands is kept and charged over this much.
async fn is_charged(shop: &Shop, shopper: &Shopper, placed: &Placed, [tax, total]: [i64; 2]) {
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!([minor(&order["totalTax"]), minor(&order["totalPrice"])], [tax, total], "{order:#}");
    assert_eq!(shopper.pay(placed, GOOD).await["amount"], total);
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
}
