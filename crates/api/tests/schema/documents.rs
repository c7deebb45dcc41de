//! Whole documents, as storefronts send them: each is valid, passes the guards and is answered in full.

use crate::shop::{Shop, texts};
use serde_json::{Value, json};

#[tokio::test]
async fn a_product_page() {
    let shop = Shop::demo().await;
    let chosen = json!([{ "name": "glaze", "value": "rust" }, { "name": "size", "value": "large" }, { "name": "ref", "value": "mail" }]);
    let variables = json!({ "handle": "harbour-mug", "chosen": chosen, "country": "DE", "language": "EN" });
    let data = shop.ask_with(include_str!("documents/product_page.graphql"), variables).await;
    let product = &data["product"];
    let selected = &product["selectedOrFirstAvailableVariant"];
    assert_eq!((&selected["title"], &selected["availableForSale"]), (&json!("Rust / Large"), &json!(false)));
    assert_eq!(selected["price"], json!({ "amount": "22.00", "currencyCode": "EUR" }));
    assert_eq!(selected["image"]["__typename"], "Image");
    assert_eq!(product["options"][0]["optionValues"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_collection_page_forward_and_back() {
    let shop = Shop::demo().await;
    let document = include_str!("documents/collection_page.graphql");
    let page = async |more: Value| {
        let mut variables =
            json!({ "handle": "kitchen-and-table", "filters": [{ "available": true }], "sortKey": "PRICE" });
        variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        shop.ask_with(document, variables).await["collection"]["products"].take()
    };
    let first = page(json!({ "first": 3 })).await;
    let second = page(json!({ "first": 3, "endCursor": first["pageInfo"]["endCursor"] })).await;
    let back = page(json!({ "last": 3, "startCursor": second["pageInfo"]["startCursor"] })).await;
    let titles = |page: &Value| texts(&page["nodes"], "/title").join(", ");
    assert_eq!(titles(&back), titles(&first));
    assert_ne!(titles(&second), titles(&first));
    assert_eq!(first["pageInfo"]["hasPreviousPage"], false);
    assert_eq!(second["pageInfo"]["hasPreviousPage"], true);
}

#[tokio::test]
async fn a_home_page() {
    let shop = Shop::demo().await;
    let document = include_str!("documents/home_page.graphql");
    let data = shop.ask_with(document, json!({ "withShop": true })).await;
    assert_eq!(data["shop"]["name"], "Harbour & Hearth");
    assert_eq!(data["recommended"]["nodes"].as_array().unwrap().len(), 4);
    let data = shop.ask_with(document, json!({ "withShop": false })).await;
    assert!(data.get("shop").is_none());
}

#[tokio::test]
async fn a_product_by_its_edges() {
    let shop = Shop::demo().await;
    let data = shop
        .ask_with(include_str!("documents/product_edges.graphql"), json!({ "handle": "harbour-mug" }))
        .await;
    assert_eq!(data["product"]["variants"]["edges"].as_array().unwrap().len(), 8);
    assert_eq!(data["product"]["media"]["nodes"][0]["__typename"], "MediaImage");
    assert!(!data["related"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_cart() {
    let shop = Shop::demo().await;
    let data =
        shop.ask("{ product(handle: \"harbour-mug\") { selectedOrFirstAvailableVariant { id } } }").await;
    let variant = &data["product"]["selectedOrFirstAvailableVariant"]["id"];
    let create = "mutation($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines }) {
                    cart { id } userErrors { code field message } warnings { code } } }";
    let lines = json!([{ "merchandiseId": variant, "quantity": 2 }]);
    let made = shop.ask_with(create, json!({ "lines": lines })).await;
    assert_eq!(made["cartCreate"]["userErrors"], json!([]));
    let variables = json!({ "cartId": made["cartCreate"]["cart"]["id"] });
    let data = shop.ask_with(include_str!("documents/cart.graphql"), variables).await;
    let line = &data["cart"]["lines"]["nodes"][0];
    assert_eq!((&line["quantity"], &line["merchandise"]["id"]), (&json!(2), variant));
    assert_eq!(line["merchandise"]["product"]["handle"], "harbour-mug");
    assert_eq!(data["cart"]["lines"]["edges"][0]["node"], *line);
}
