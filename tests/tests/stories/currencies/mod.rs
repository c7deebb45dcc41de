//! Story 29: what is shown in a currency is charged, kept and given back in it, to its last unit; and the shop's books have it in theirs.

mod carts;
mod gateway;
mod prices;
mod rates;

use crate::harness::{Item, Setup, Shop, Staff, minor, place, rate, zone};
use serde_json::{Value, json};

const GOOD: &str = "4242424242424242";

/// A shop in dollars whose prices are without tax. It sells in yen, dinars and euros, too, at rates that are easily reckoned with, and each of
/// those countries has a tax on goods. Delivering costs 5.00 dollars.
async fn shop() -> (Shop, Staff) {
    let items: Vec<Item> =
        [("mug", "10.00"), ("bowl", "20.00")].map(|(handle, price)| Item::new(handle, price, 500)).into();
    let shop = Shop::with(Setup::selling(items)).await;
    let staff = shop.merchant().await;
    shop.decides(&staff, json!({ "taxRounding": "LINE", "deliveryTax": "NONE" })).await;
    for (country, currency, worth, tax) in
        [("JP", "JPY", "160", "10"), ("KW", "KWD", "0.308", "5"), ("DE", "EUR", "0.9", "20")]
    {
        shop.market_by_rate(&staff, country, currency, worth).await;
        shop.tax_zone(&staff, zone(country, 0, &[rate("Tax", tax)])).await;
    }
    (shop, staff)
}

/// An address in one of its countries.
fn home(country: &str) -> Value {
    place(country, "10115")
}

/// An amount as it is sent.
fn money(amount: &str, currency: &str) -> Value {
    json!({ "amount": amount, "currencyCode": currency })
}

/// The currency of an amount, and its minor units.
fn told(money: &Value) -> (&str, i64) {
    (money["currencyCode"].as_str().expect("a currency"), minor(money))
}
