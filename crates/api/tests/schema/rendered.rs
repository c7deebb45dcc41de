//! The JSON of products that is kept: another selection, another state of the product or of its stock is another answer.
//! That what is kept is what would be resolved, every other test here shows: [`Shop::answer`] asks both ways.

use crate::shop::Shop;
use serde_json::{Value, json};
use stoa_domain::{
    catalog::{OptionInput, StockInput, VariantInput},
    shared::VariantId,
};

const SHELF: &str = "query($handle: String!, $images: Int = 1, $upper: Boolean = false) {
  product(handle: $handle) { id title availableForSale
    images(first: $images) { nodes { url } }
    variants(first: 5) { nodes { sku quantityAvailable price { amount @skip(if: $upper) currencyCode } } } } }";

fn handle() -> Value {
    json!({ "handle": "harbour-mug" })
}

#[tokio::test]
async fn variables_inside_a_selection_are_part_of_it() {
    let shop = Shop::demo().await;
    let one = shop.over_http(SHELF, &handle()).await;
    assert!(one.get("errors").is_none(), "{one:#}");
    let images = |answer: &Value| answer["data"]["product"]["images"]["nodes"].as_array().unwrap().len();
    assert_eq!(images(&one), 1, "{one:#}");
    let none = shop.over_http(SHELF, &json!({ "handle": "harbour-mug", "images": 0 })).await;
    assert_eq!(images(&none), 0);
    let amount = |answer: &Value| answer.pointer("/data/product/variants/nodes/0/price/amount").cloned();
    assert!(amount(&one).is_some());
    let skipped = shop.over_http(SHELF, &json!({ "handle": "harbour-mug", "upper": true })).await;
    assert_eq!(amount(&skipped), None, "a field that a variable takes out stays out");
    assert_eq!(shop.over_http(SHELF, &handle()).await, one, "and comes back");
}

#[tokio::test]
async fn one_selection_of_several_products_under_several_names() {
    let shop = Shop::demo().await;
    let document =
        "{ a: product(handle: \"harbour-mug\") { handle } b: product(handle: \"espresso-cup\") { handle }
        c: product(handle: \"harbour-mug\") { name: handle } list: products(first: 2, sortKey: TITLE) {
          edges { node { handle } } nodes { handle } } }";
    for _ in 0..3 {
        let data = shop.over_http(document, &Value::Null).await["data"].take();
        assert_eq!(data["a"], json!({ "handle": "harbour-mug" }));
        assert_eq!(data["b"], json!({ "handle": "espresso-cup" }));
        assert_eq!(data["c"], json!({ "name": "harbour-mug" }));
        assert_eq!(data["list"]["edges"][1]["node"], data["list"]["nodes"][1]);
    }
}

#[tokio::test]
async fn other_stock_is_another_answer() {
    let shop = Shop::demo().await;
    let stock = StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(5) };
    let variants = vec![VariantInput { stock, ..VariantInput::default() }];
    let id = shop.add(&stoa_domain::catalog::ProductInput { variants, ..shop.product("Lamp") }).await;
    let document = "query($id: ID!) { product(id: $id) { availableForSale
        variants(first: 1) { nodes { id quantityAvailable } } } }";
    let ask = async || shop.answer(document, &json!({ "id": id })).await["data"]["product"].take();
    let product = ask().await;
    let variant = &product["variants"]["nodes"][0];
    assert_eq!((&product["availableForSale"], &variant["quantityAvailable"]), (&json!(true), &json!(5)));
    let variant: VariantId = variant["id"].as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap();
    shop.count(variant, 0).await;
    let product = ask().await;
    assert_eq!(product["availableForSale"], false);
    assert_eq!(product["variants"]["nodes"][0]["quantityAvailable"], 0);
    shop.count(variant, 2).await;
    assert_eq!(ask().await["variants"]["nodes"][0]["quantityAvailable"], 2);
}

#[tokio::test]
async fn units_are_counted_where_they_are_asked_for_and_availability_is_told_everywhere() {
    let shop = Shop::demo().await;
    let stock = StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(5) };
    let variants = vec![VariantInput { stock, ..VariantInput::default() }];
    let id = shop.add(&stoa_domain::catalog::ProductInput { variants, ..shop.product("Lamp") }).await;
    let counted =
        "query($id: ID!) { product(id: $id) { variants(first: 1) { nodes { id n: quantityAvailable } } } }";
    let told = "query($id: ID!) { product(id: $id) { availableForSale variants(first: 1) { nodes { availableForSale } } } }";
    let ask = async |document| shop.answer(document, &json!({ "id": id })).await["data"]["product"].take();
    let variant = ask(counted).await["variants"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let variant: VariantId = variant.rsplit('/').next().unwrap().parse().unwrap();
    for units in [5, 3, 0, 0, 2] {
        shop.count(variant, units).await;
        assert_eq!(ask(counted).await["variants"]["nodes"][0]["n"], units);
        let product = ask(told).await;
        assert_eq!(product["availableForSale"], units > 0, "{units} units");
        assert_eq!(product["variants"]["nodes"][0]["availableForSale"], units > 0);
    }
}

#[tokio::test]
async fn a_product_that_was_changed_is_another_answer() {
    let shop = Shop::demo().await;
    let id = shop.add(&shop.product("Lamp")).await;
    let document = "query($id: ID!) { product(id: $id) { title } }";
    let ask = async || shop.answer(document, &json!({ "id": id })).await["data"]["product"]["title"].take();
    assert_eq!(ask().await, "Lamp");
    shop.rename(&id, &shop.product("Lantern")).await;
    assert_eq!(ask().await, "Lantern");
}

#[tokio::test]
async fn an_error_is_not_kept_as_an_answer() {
    let shop = Shop::demo().await;
    let document =
        "query($n: Int!) { product(handle: \"harbour-mug\") { handle images(first: $n) { nodes { url } } } }";
    for _ in 0..3 {
        let answer = shop.over_http(document, &json!({ "n": -1 })).await;
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer:#}");
        assert_eq!(answer["data"], json!({ "product": null }));
    }
}

/// Puts one unit of a variant into a new cart, and gives the cart's id.
async fn cart_with(shop: &Shop, variant: &str) -> String {
    let document =
        "mutation($variant: ID!) { cartCreate(input: { lines: [{ merchandiseId: $variant, quantity: 1 }] }) {
        cart { id } } }";
    let made = shop.over_http(document, &json!({ "variant": variant })).await;
    made["data"]["cartCreate"]["cart"]["id"].as_str().unwrap().to_owned()
}

/// The fields of a type that can be asked for as they stand, each with what is selected of it.
async fn fields(shop: &Shop, of: &str) -> Vec<String> {
    let document = "query($of: String!) { __type(name: $of) { fields {
        name type { kind ofType { kind } } args { type { kind } defaultValue } } } }";
    let asked = shop.over_http(document, &json!({ "of": of })).await;
    let optional = |field: &&Value| {
        let args = field["args"].as_array().unwrap();
        args.iter().all(|arg| arg["type"]["kind"] != "NON_NULL" || !arg["defaultValue"].is_null())
    };
    let kind = |of: &Value| match of["kind"].as_str() {
        Some("NON_NULL" | "LIST") => of["ofType"]["kind"].as_str().map(str::to_owned),
        kind => kind.map(str::to_owned),
    };
    let leaf = |field: &Value| match kind(&field["type"]).as_deref() {
        Some("SCALAR" | "ENUM") => Some(field["name"].as_str().unwrap().to_owned()),
        _ => None,
    };
    asked["data"]["__type"]["fields"].as_array().unwrap().iter().filter(optional).filter_map(leaf).collect()
}

#[tokio::test]
async fn whatever_a_line_shows_of_stock_is_as_it_is_now() {
    let shop = Shop::demo().await;
    let stock = StockInput { tracked: true, backorder_limit: Some(0), on_hand: Some(5) };
    let size = |size: &str, stock| VariantInput {
        option_values: vec![size.to_owned()],
        stock,
        ..VariantInput::default()
    };
    let variants = vec![size("S", stock), size("L", StockInput::default())];
    let options = vec![OptionInput { name: "Size".into(), values: vec!["S".into(), "L".into()] }];
    let lamp = stoa_domain::catalog::ProductInput { options, variants, ..shop.product("Lamp") };
    let id = shop.add(&lamp).await;
    let document = "query($id: ID!) { product(id: $id) { variants(first: 1) { nodes { id } } } }";
    let product = shop.over_http(document, &json!({ "id": id })).await;
    let variant = product["data"]["product"]["variants"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let number: VariantId = variant.rsplit('/').next().unwrap().parse().unwrap();
    let cart = cart_with(&shop, &variant).await;

    // Objects, by what of them depends on what can be bought.
    let objects = [
        "product { adjacentVariants { id } }",
        "product { selectedOrFirstAvailableVariant { id } }",
        "product { variants(first: 5) { nodes { availableForSale } } }",
        "selectedOptions { name value } product { options { optionValues { firstSelectableVariant { id } } } }",
    ];
    let of_variants = fields(&shop, "ProductVariant").await;
    let of_products =
        fields(&shop, "Product").await.into_iter().map(|field| format!("product {{ {field} }}"));
    let mut moved = Vec::new();
    for field in of_variants.into_iter().chain(of_products).chain(objects.map(str::to_owned)) {
        let document = format!(
            "query($id: ID!) {{ cart(id: $id) {{ lines(first: 5) {{ nodes {{ merchandise {{ ... on ProductVariant {{ {field} }} }} }} }} }} }}"
        );
        let mut shown = Vec::new();
        for units in [5, 0, 2] {
            shop.count(number, units).await;
            // Twice: the second answer may be one that was kept.
            shop.answer(&document, &json!({ "id": cart })).await;
            let answer = shop.answer(&document, &json!({ "id": cart })).await;
            assert!(answer.get("errors").is_none(), "{field}: {answer:#}");
            shown.push(answer["data"]["cart"]["lines"].clone());
        }
        if shown[0] != shown[1] {
            moved.push(field);
        }
    }
    for field in [
        "product { adjacentVariants { id } }",
        "availableForSale",
        "quantityAvailable",
        "product { encodedVariantAvailability }",
    ] {
        assert!(moved.iter().any(|moved| moved == field), "{field} tells of stock: {moved:?}");
    }
}

#[tokio::test]
async fn one_cart_shown_in_two_ways_and_a_variant_that_was_changed() {
    let shop = Shop::demo().await;
    let id = shop.add(&shop.product("Lamp")).await;
    let document = "query($id: ID!) { product(id: $id) { variants(first: 1) { nodes { id } } } }";
    let product = shop.over_http(document, &json!({ "id": id })).await;
    let variant = product["data"]["product"]["variants"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let cart = cart_with(&shop, &variant).await;
    let document = "query($id: ID!) { cart(id: $id) { lines(first: 5) { nodes {
        a: merchandise { ... on ProductVariant { id product { title } } }
        b: merchandise { ... on ProductVariant { product { name: title } availableForSale } __typename } } } } }";
    let ask = async || {
        shop.answer(document, &json!({ "id": cart })).await["data"]["cart"]["lines"]["nodes"][0].take()
    };
    for _ in 0..3 {
        let line = ask().await;
        assert_eq!(line["a"], json!({ "id": variant, "product": { "title": "Lamp" } }));
        let b = json!({ "product": { "name": "Lamp" }, "availableForSale": true, "__typename": "ProductVariant" });
        assert_eq!(line["b"], b);
    }
    shop.rename(&id, &shop.product("Lantern")).await;
    let line = ask().await;
    assert_eq!(line["a"]["product"]["title"], "Lantern");
    assert_eq!(line["b"]["product"]["name"], "Lantern");
}
