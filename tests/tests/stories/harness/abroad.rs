//! Buyers in other countries, and the markets and prices that staff make for them.

use super::{shop::Shop, shopper::Shopper, staff::Staff};
use serde_json::{Value, json};

const ERRORS: &str = "userErrors { code field message }";

/// An address in a country, as far as prices ask; the town of a province that has one, such as `US-IL`.
pub(crate) fn place(region: &str, zip: &str) -> Value {
    let (country, province) = region.split_once('-').map_or((region, None), |(c, p)| (c, Some(p)));
    json!({
        "firstName": "Ada", "lastName": "Lovelace", "address1": "12 Analytical Way", "city": "Springfield",
        "provinceCode": province, "zip": zip, "countryCode": country,
    })
}

impl Shop {
    /// Somebody with a full cart, who lives where it is sent.
    pub(crate) async fn shopper_in<const N: usize>(&self, at: &Value, lines: [(&str, u32); N]) -> Shopper {
        let mut shopper = self.shopper();
        let mut wanted = Vec::new();
        for (handle, quantity) in lines {
            wanted.push(json!({ "merchandiseId": self.gid(handle).await, "quantity": quantity }));
        }
        let input = json!({
            "lines": wanted,
            "buyerIdentity": { "email": "ada@example.org", "countryCode": at["countryCode"] },
            "delivery": { "addresses": [{ "selected": true, "address": { "deliveryAddress": at } }] },
        });
        let query = "mutation($input: CartInput) { cartCreate(input: $input) { cart { id } userErrors { code field } } }";
        let made = shopper.ask(query, json!({ "input": input })).await;
        assert_eq!(made.at("/cartCreate/userErrors"), &json!([]), "{:#}", made.body);
        shopper.cart = made.at("/cartCreate/cart/id").as_str().expect("a cart").to_owned();
        shopper
    }

    /// Says what a unit of the shop's currency is worth in another.
    pub(crate) async fn exchange_rate(&self, by: &Staff, currency: &str, rate: &str) {
        let query = format!(
            "mutation($r: [ExchangeRateInput!]!) {{ exchangeRatesSet(rates: $r) {{ exchangeRates {{ rate }} {ERRORS} }} }}"
        );
        let rate = json!({ "currencyCode": currency, "rate": rate, "source": "a bank" });
        self.staff_does(by, &query, json!({ "r": [rate] })).await;
    }

    /// Makes a market; gives its global id.
    pub(crate) async fn market(&self, by: &Staff, market: Value) -> String {
        let query = format!(
            "mutation($i: MarketCreateInput!) {{ marketCreate(input: $i) {{ market {{ id }} {ERRORS} }} }}"
        );
        let made = self.staff_does(by, &query, json!({ "i": market })).await;
        made["market"]["id"].as_str().expect("an id").to_owned()
    }

    /// A market of one country that pays in a currency, of which the shop's own is worth so much.
    pub(crate) async fn market_by_rate(
        &self,
        by: &Staff,
        country: &str,
        currency: &str,
        rate: &str,
    ) -> String {
        self.exchange_rate(by, currency, rate).await;
        let market = json!({ "name": country, "countries": [country], "currencyCode": currency });
        self.market(by, market).await
    }

    /// Something of a market is other from now on.
    pub(crate) async fn change_market(&self, by: &Staff, id: &str, mut change: Value) {
        change["id"] = json!(id);
        let query = format!(
            "mutation($i: MarketUpdateInput!) {{ marketUpdate(input: $i) {{ market {{ id }} {ERRORS} }} }}"
        );
        self.staff_does(by, &query, json!({ "i": change })).await;
    }

    /// Makes a list of prices; gives its global id.
    pub(crate) async fn price_list(&self, by: &Staff, list: Value) -> String {
        let query = format!(
            "mutation($i: PriceListCreateInput!) {{ priceListCreate(input: $i) {{ priceList {{ id }} {ERRORS} }} }}"
        );
        let made = self.staff_does(by, &query, json!({ "i": list })).await;
        made["priceList"]["id"].as_str().expect("an id").to_owned()
    }

    /// What a list has one unit of a product for.
    pub(crate) async fn list_price(&self, by: &Staff, list: &str, handle: &str, price: &str, currency: &str) {
        let query = format!(
            "mutation($id: ID!, $p: [PriceListPriceInput!]!) {{ priceListPricesSet(id: $id, prices: $p) {{ prices {{ fromQuantity }} {ERRORS} }} }}"
        );
        let price = json!({ "variantId": self.gid(handle).await, "price": { "amount": price, "currencyCode": currency } });
        self.staff_does(by, &query, json!({ "id": list, "p": [price] })).await;
    }
}
