//! Price lists, markets and exchange rates, as staff see and write them.

use crate::office::{Hand, Office, done, refused};
use serde_json::{Value, json};

const LIST: &str = "mutation($i: PriceListCreateInput!) { priceListCreate(input: $i) { priceList { id version } userErrors { code field message } } }";
const SET: &str = "mutation($id: ID!, $p: [PriceListPriceInput!]!) { priceListPricesSet(id: $id, prices: $p) {
  prices { fromQuantity price { amount currencyCode } compareAtPrice { amount } } userErrors { code field message } } }";
const MARKET: &str = "mutation($i: MarketCreateInput!) { marketCreate(input: $i) { market { id version } userErrors { code field message } } }";
const RATES: &str = "mutation($r: [ExchangeRateInput!]!) { exchangeRatesSet(rates: $r) { exchangeRates { currencyCode rate source } userErrors { code field message } } }";
const NOBODY: &str = "gid://stoa/ProductVariant/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

async fn with_key() -> (Office, Hand) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["prices:read", "prices:write"]).await;
    (office, key)
}

fn field(answer: &Value) -> (String, String) {
    let error = &answer["userErrors"][0];
    let path: Vec<&str> = error["field"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    (error["code"].as_str().unwrap().to_owned(), path.join("."))
}

#[tokio::test]
async fn a_price_list_is_made_filled_changed_and_taken_away() {
    let (office, key) = with_key().await;
    let mug = office.shop.stock("Mug", 1_000, 9).await;
    let input = json!({ "name": "Summer", "kind": "SALE", "currencyCode": "GBP", "adjustment": "-12.5" });
    let made = office.ask(&key, LIST, json!({ "i": input })).await;
    done(&made);
    let id = made["priceList"]["id"].clone();
    refused(&office.ask(&key, LIST, json!({ "i": input })).await, "TAKEN", "input.name");
    let mut dear = input.clone();
    dear["adjustment"] = json!("901");
    refused(&office.ask(&key, LIST, json!({ "i": dear })).await, "INVALID", "input.adjustment");
    let mut grouped = input.clone();
    grouped["customerGroupIds"] = json!(["gid://stoa/CustomerGroup/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f"]);
    refused(&office.ask(&key, LIST, json!({ "i": grouped })).await, "INVALID", "input.customerGroupIds");

    let pounds = |amount: &str| json!({ "amount": amount, "currencyCode": "GBP" });
    let prices = json!([
        { "variantId": mug, "price": pounds("9.00"), "compareAtPrice": pounds("10.00") },
        { "variantId": mug, "price": pounds("8.00"), "fromQuantity": 10 },
    ]);
    let fixed = office.ask(&key, SET, json!({ "id": id, "p": prices })).await;
    assert_eq!(
        fixed["prices"],
        json!([
            { "fromQuantity": 1, "price": { "amount": "9.00", "currencyCode": "GBP" }, "compareAtPrice": { "amount": "10.00" } },
            { "fromQuantity": 10, "price": { "amount": "8.00", "currencyCode": "GBP" }, "compareAtPrice": null },
        ])
    );
    let first = json!({ "variantId": mug, "price": pounds("1") });
    for (price, code, at) in [
        (json!({ "variantId": NOBODY, "price": pounds("1") }), "NOT_FOUND", "prices.1.variantId"),
        (json!({ "variantId": mug, "price": pounds("-1") }), "INVALID", "prices.1.price"),
        (json!({ "variantId": mug, "price": pounds("1.234") }), "INVALID", "prices.1.price"),
        (
            json!({ "variantId": mug, "price": { "amount": "1", "currencyCode": "JPY" } }),
            "CURRENCY_MISMATCH",
            "prices.1",
        ),
        (
            json!({ "variantId": mug, "price": pounds("1"), "fromQuantity": 0 }),
            "INVALID",
            "prices.1.fromQuantity",
        ),
    ] {
        let answer = office.ask(&key, SET, json!({ "id": id, "p": [first, price] })).await;
        assert_eq!(field(&answer), (code.to_owned(), at.to_owned()), "{answer}");
    }
    let shown = "query($id: ID!) { admin { priceListPrices(priceListId: $id, first: 5) { nodes { variantId prices { fromQuantity price { amount } } } } } }";
    let nodes =
        async || office.ask(&key, shown, json!({ "id": id })).await["priceListPrices"]["nodes"].clone();
    assert_eq!(
        nodes().await,
        json!([{ "variantId": mug, "prices": [
            { "fromQuantity": 1, "price": { "amount": "9.00" } }, { "fromQuantity": 10, "price": { "amount": "8.00" } } ] }])
    );
    let remove = "mutation($id: ID!, $p: [PriceListPriceKeyInput!]!) { priceListPricesRemove(id: $id, prices: $p) { removedPrices userErrors { code field message } } }";
    for expected in [1, 0] {
        let keys = json!([{ "variantId": mug, "fromQuantity": 10 }, { "variantId": NOBODY }]);
        assert_eq!(office.ask(&key, remove, json!({ "id": id, "p": keys })).await["removedPrices"], expected);
    }
    assert_eq!(nodes().await[0]["prices"].as_array().unwrap().len(), 1);

    let update = "mutation($i: PriceListUpdateInput!) { priceListUpdate(input: $i) { priceList { name adjustment active version } userErrors { code field message } } }";
    let change = json!({ "id": id, "name": "Winter", "adjustment": null, "active": false, "version": 1 });
    let changed = office.ask(&key, update, json!({ "i": change })).await;
    assert_eq!(
        changed["priceList"],
        json!({ "name": "Winter", "adjustment": null, "active": false, "version": 2 })
    );
    let stale = json!({ "id": id, "name": "Autumn", "version": 1 });
    refused(&office.ask(&key, update, json!({ "i": stale })).await, "STALE", "input.id");
    let lists =
        "{ admin { priceLists(first: 5) { nodes { id kind currencyCode customerGroupIds marketId } } } }";
    assert_eq!(
        office.ask(&key, lists, Value::Null).await["priceLists"]["nodes"],
        json!([{ "id": id, "kind": "SALE", "currencyCode": "GBP", "customerGroupIds": [], "marketId": null }])
    );
    let delete = "mutation($id: ID!) { priceListDelete(id: $id) { deletedPriceListId userErrors { code field message } } }";
    assert_eq!(office.ask(&key, delete, json!({ "id": id })).await["deletedPriceListId"], id);
    refused(&office.ask(&key, delete, json!({ "id": id })).await, "NOT_FOUND", "id");
    refused(&office.ask(&key, SET, json!({ "id": id, "p": [first] })).await, "NOT_FOUND", "id");
}

#[tokio::test]
async fn a_market_needs_a_rate_and_has_its_countries_alone() {
    let (office, key) = with_key().await;
    let japan = json!({ "name": "Japan", "currencyCode": "JPY", "countries": ["JP"], "rounding": { "up": { "modulus": 100, "ending": 0 } } });
    refused(&office.ask(&key, MARKET, json!({ "i": japan })).await, "RATE_MISSING", "input.currencyCode");
    let said = json!([{ "currencyCode": "JPY", "rate": "155.250000001", "source": "a bank" }]);
    let told = office.ask(&key, RATES, json!({ "r": said })).await;
    assert_eq!(
        told["exchangeRates"],
        json!([{ "currencyCode": "JPY", "rate": "155.250000001", "source": "a bank" }])
    );
    let nothing = office.ask(&key, RATES, json!({ "r": [{ "currencyCode": "JPY", "rate": "0" }] })).await;
    assert_eq!(field(&nothing), ("INVALID".to_owned(), "rates.0.rate".to_owned()));
    let made = office.ask(&key, MARKET, json!({ "i": japan })).await;
    done(&made);
    let id = made["market"]["id"].clone();
    let again = json!({ "name": "Asia", "currencyCode": "JPY", "countries": ["KR", "JP"] });
    refused(&office.ask(&key, MARKET, json!({ "i": again })).await, "COUNTRY_TAKEN", "input.countries");
    let uneven = json!({ "name": "Asia", "currencyCode": "JPY", "countries": ["KR"], "rounding": { "up": { "modulus": 10, "ending": 10 } } });
    refused(&office.ask(&key, MARKET, json!({ "i": uneven })).await, "INVALID", "input.rounding.up.ending");
    let list = json!({ "name": "Yen", "kind": "MARKET", "currencyCode": "CHF" });
    let list = office.ask(&key, LIST, json!({ "i": list })).await["priceList"]["id"].clone();
    let update = "mutation($i: MarketUpdateInput!) { marketUpdate(input: $i) { market { name countries rounding { nearest up { modulus ending } } pricesIncludeTax version } userErrors { code field message } } }";
    let with_list = json!({ "id": id, "priceListId": list });
    refused(
        &office.ask(&key, update, json!({ "i": with_list })).await,
        "CURRENCY_MISMATCH",
        "input.priceListId",
    );
    let change = json!({ "id": id, "countries": ["KR", "JP"], "rounding": { "nearest": 10 }, "pricesIncludeTax": true, "version": 1 });
    let changed = office.ask(&key, update, json!({ "i": change })).await;
    assert_eq!(
        changed["market"],
        json!({ "name": "Japan", "countries": ["JP", "KR"], "rounding": { "nearest": 10, "up": null }, "pricesIncludeTax": true, "version": 2 })
    );
    refused(
        &office.ask(&key, update, json!({ "i": { "id": id, "name": "x", "version": 1 } })).await,
        "STALE",
        "input.id",
    );
    let needed = office.ask(&key, RATES, json!({ "r": [{ "currencyCode": "JPY", "rate": null }] })).await;
    assert_eq!(field(&needed), ("IN_USE".to_owned(), "rates.0.rate".to_owned()));
    let markets = "{ admin { markets(first: 5) { nodes { id active currencyCode priceListId netPrices } } exchangeRates { currencyCode } } }";
    let shown = office.ask(&key, markets, Value::Null).await;
    assert_eq!(
        shown["markets"]["nodes"],
        json!([{ "id": id, "active": true, "currencyCode": "JPY", "priceListId": null, "netPrices": false }])
    );
    let delete =
        "mutation($id: ID!) { marketDelete(id: $id) { deletedMarketId userErrors { code field message } } }";
    assert_eq!(office.ask(&key, delete, json!({ "id": id })).await["deletedMarketId"], id);
    refused(&office.ask(&key, delete, json!({ "id": id })).await, "NOT_FOUND", "id");
    let gone = office.ask(&key, RATES, json!({ "r": [{ "currencyCode": "JPY" }] })).await;
    assert_eq!(gone["exchangeRates"], json!([]));
}
