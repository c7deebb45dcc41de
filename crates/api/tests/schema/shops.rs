//! The shop, its countries, and things by their ids.

use crate::shop::{PUBLIC_URL, Shop, texts};
use serde_json::{Value, json};

#[tokio::test]
async fn the_shop_says_who_it_is() {
    let shop = Shop::demo().await;
    let data = shop
        .ask(
            "{ shop { __typename id name description primaryDomain { host url } brand { logo { id } }
                 paymentSettings { currencyCode acceptedCardBrands enabledPresentmentCurrencies }
                 privacyPolicy { body } refundPolicy { url } shippingPolicy { id } termsOfService { title }
                 subscriptionPolicy { handle } } }",
        )
        .await;
    let shop = &data["shop"];
    assert_eq!((&shop["name"], &shop["description"]), (&json!("Harbour & Hearth"), &json!("A pottery.")));
    assert_eq!(shop["primaryDomain"], json!({ "host": "shop.test", "url": PUBLIC_URL }));
    assert_eq!(shop["paymentSettings"]["currencyCode"], "EUR");
    assert_eq!(shop["paymentSettings"]["enabledPresentmentCurrencies"], json!(["EUR"]));
    assert_eq!(shop["privacyPolicy"], Value::Null);
}

#[tokio::test]
async fn an_operation_is_answered_for_the_country_it_asks_for_if_the_shop_delivers_there() {
    let shop = Shop::demo().await;
    let country = async |directive: &str| {
        let query = format!(
            "query {directive} {{ localization {{ country {{ isoCode name unitSystem currency {{ isoCode name symbol }} }}
               language {{ isoCode name }} availableCountries {{ isoCode }} }} }}"
        );
        shop.ask(&query).await["localization"].take()
    };
    let home = country("").await;
    assert_eq!(home["country"]["isoCode"], "DE");
    assert_eq!(home["country"]["currency"], json!({ "isoCode": "EUR", "name": "Euro", "symbol": "€" }));
    assert_eq!(texts(&home["availableCountries"], "/isoCode"), ["DE", "GB", "US"]);
    let abroad = country("@inContext(country: US, language: DE)").await;
    assert_eq!(abroad["country"]["name"], "United States");
    assert_eq!(abroad["country"]["unitSystem"], "IMPERIAL_SYSTEM");
    assert_eq!(abroad["language"], json!({ "isoCode": "EN", "name": "English" }));
    assert_eq!(country("@inContext(country: JP)").await["country"]["isoCode"], "DE");
    let wrong = shop.answer("query @inContext(country: XX) { shop { name } }", &Value::Null).await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn a_node_is_found_by_a_whole_id() {
    let shop = Shop::demo().await;
    let data = shop
        .ask(
            "{ product(handle: \"harbour-mug\") { id selectedOrFirstAvailableVariant { id } options { id } }
               collection(handle: \"desk\") { id } shop { id } }",
        )
        .await;
    let node = async |id: &Value| {
        let query = "query($id: ID!) { node(id: $id) { __typename id ... on Product { title } ... on ProductVariant { title
                       product { title } } ... on Collection { title } ... on Shop { name } } }";
        shop.ask_with(query, json!({ "id": id })).await["node"].take()
    };
    let id = &data["product"]["id"];
    assert_eq!(node(id).await, json!({ "__typename": "Product", "id": id, "title": "Harbour Mug" }));
    let variant = node(&data["product"]["selectedOrFirstAvailableVariant"]["id"]).await;
    assert_eq!(
        (&variant["title"], &variant["product"]["title"]),
        (&json!("Chalk / Small"), &json!("Harbour Mug"))
    );
    assert_eq!(node(&data["collection"]["id"]).await["title"], "Desk");
    assert_eq!(node(&data["shop"]["id"]).await["name"], "Harbour & Hearth");
    assert_eq!(node(&data["product"]["options"][0]["id"]).await, Value::Null);
    assert_eq!(node(&json!("gid://shopify/Blog/12")).await, Value::Null);
    assert_eq!(node(&json!("gid://stoa/Order/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f")).await, Value::Null);
    for wrong in ["0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f", "nonsense", ""] {
        let (code, ..) = shop.refusal(&format!("{{ node(id: \"{wrong}\") {{ id }} }}")).await;
        assert_eq!(code, "INVALID_ID", "{wrong}");
    }
}

#[tokio::test]
async fn a_currency_or_sort_key_that_does_not_exist_is_refused_before_anything_runs() {
    let shop = Shop::demo().await;
    let before = shop.db.statements();
    for query in [
        "{ products(first: 1, sortKey: COLOUR) { nodes { id } } }",
        "mutation { orderPlace(cartId: \"x\", idempotencyKey: \"k\", expectedTotal: { amount: \"1.00\", currencyCode: ZZZ }) { order { id } } }",
    ] {
        assert_eq!(shop.refusal(query).await.0, "GRAPHQL_VALIDATION_FAILED", "{query}");
    }
    assert_eq!(shop.db.statements(), before);
}
