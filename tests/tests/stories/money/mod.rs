//! Stories 27 to 31: taxes, delivery, gift cards and currencies as staff write them down and buyers pay them, over the public API.

mod cards;
mod currencies;
mod delivery;
mod taxes;

use crate::harness::{Answer, Item, Setup, Shop, Shopper, Staff};
use serde_json::{Value, json};

const ERRORS: &str = "userErrors { code field message }";

/// A shop that sells these, and who looks after its prices. Nothing is delivered, unless staff say otherwise.
async fn selling(goods: &[(&'static str, &'static str)], ships: bool) -> (Shop, Staff) {
    let item =
        |(handle, price): &(&'static str, &'static str)| Item { ships, ..Item::new(handle, price, 500) };
    let items: Vec<Item> = goods.iter().map(item).collect();
    let shop = Shop::with(Setup::selling(items)).await;
    let staff = shop.merchant().await;
    (shop, staff)
}

/// Makes a tax zone; gives its global id.
async fn tax_zone(shop: &Shop, by: &Staff, zone: Value) -> String {
    let query = format!(
        "mutation($z: TaxZoneCreateInput!) {{ taxZoneCreate(input: $z) {{ taxZone {{ id }} {ERRORS} }} }}"
    );
    let made = shop.staff_does(by, &query, json!({ "z": zone })).await;
    made["taxZone"]["id"].as_str().expect("an id").to_owned()
}

/// Says at which rate a zone taxes everything from now on.
async fn taxed_at(shop: &Shop, by: &Staff, zone: &str, percentage: &str) {
    let query = format!(
        "mutation($z: TaxZoneUpdateInput!) {{ taxZoneUpdate(input: $z) {{ taxZone {{ id }} {ERRORS} }} }}"
    );
    let rates = json!([{ "name": "Tax", "percentage": percentage }]);
    shop.staff_does(by, &query, json!({ "z": { "id": zone, "rates": rates } })).await;
}

/// What the shop decides about money from now on.
async fn decide(shop: &Shop, by: &Staff, settings: Value) {
    let query = format!(
        "mutation($s: PricingSettingsUpdateInput!) {{ pricingSettingsUpdate(input: $s) {{ pricingSettings {{ version }} {ERRORS} }} }}"
    );
    shop.staff_does(by, &query, json!({ "s": settings })).await;
}

/// Somebody in a country who wants one of each, and has said nothing else but an address for mails.
async fn buyer_in(shop: &Shop, country: &str, goods: &[&str]) -> Shopper {
    let mut shopper = shop.shopper();
    let mut lines = Vec::new();
    for handle in goods {
        lines.push(json!({ "merchandiseId": shop.gid(handle).await, "quantity": 1 }));
    }
    let input =
        json!({ "lines": lines, "buyerIdentity": { "email": "ada@example.org", "countryCode": country } });
    let query = "mutation($input: CartInput) { cartCreate(input: $input) { cart { id } userErrors { code field message } } }";
    let made = shopper.ask(query, json!({ "input": input })).await;
    shopper.cart = made.at("/cartCreate/cart/id").as_str().expect("a cart").to_owned();
    shopper
}

/// Codes of the refusals of a mutation of a cart.
fn refusals(answer: &Answer, mutation: &str) -> Vec<String> {
    let errors = answer.at(&format!("/{mutation}/userErrors")).as_array().expect("userErrors").clone();
    errors.iter().map(|error| error["code"].as_str().expect("a code").to_owned()).collect()
}
