//! A product and what belongs to it.

use crate::shop::{PUBLIC_URL, Shop, texts};
use serde_json::{Value, json};

const MUG: &str = "harbour-mug";

async fn mug(shop: &Shop, fields: &str) -> Value {
    let mut data = shop.ask(&format!("{{ product(handle: \"{MUG}\") {{ {fields} }} }}")).await;
    data["product"].take()
}

#[tokio::test]
async fn a_product_is_found_by_handle_and_by_any_form_of_its_id() {
    let shop = Shop::demo().await;
    let id = mug(&shop, "id").await["id"].as_str().unwrap().to_owned();
    let uuid = id.strip_prefix("gid://stoa/Product/").unwrap();
    for id in [id.clone(), format!("gid://shopify/Product/{uuid}?x=1"), uuid.to_owned()] {
        let data = shop.ask_with("query($id: ID) { product(id: $id) { handle } }", json!({ "id": id })).await;
        assert_eq!(data["product"]["handle"], MUG, "{id}");
    }
}

#[tokio::test]
async fn what_is_not_there_reads_null_and_what_is_no_id_is_an_error_beside_the_rest() {
    let shop = Shop::demo().await;
    let data = shop
        .ask(
            "{ a: product(handle: \"no-such\") { id }
               b: product(id: \"gid://stoa/Product/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f\") { id }
               c: product(id: \"gid://shopify/Product/632910392\") { id }
               d: collection(handle: \"no-such\") { id }
               e: productRecommendations(productHandle: \"no-such\") { id } }",
        )
        .await;
    assert_eq!(data, json!({ "a": null, "b": null, "c": null, "d": null, "e": null }));
    for wrong in ["\"mug\"", "\"gid://stoa/Cart/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f\"", "7"] {
        let (code, _, data) =
            shop.refusal(&format!("{{ product(id: {wrong}) {{ id }} shop {{ name }} }}")).await;
        assert_eq!(code, "INVALID_ID", "{wrong}");
        assert_eq!(data, json!({ "product": null, "shop": { "name": "Harbour & Hearth" } }));
    }
    let (code, _, data) = shop.refusal("{ product { id } shop { name } }").await;
    assert_eq!((code.as_str(), &data["product"]), ("BAD_USER_INPUT", &Value::Null));
}

#[tokio::test]
async fn a_product_page_shows_everything() {
    let shop = Shop::demo().await;
    let product = mug(
        &shop,
        "title vendor productType tags description descriptionHtml publishedAt updatedAt trackingParameters
         seo { title description } availableForSale
         priceRange { minVariantPrice { amount currencyCode } maxVariantPrice { amount } }
         compareAtPriceRange { minVariantPrice { amount } maxVariantPrice { amount } }
         featuredImage { id url altText width height }
         options { id name values optionValues { id name swatch { color } } }
         sellingPlanGroups(first: 1) { edges { cursor } pageInfo { hasNextPage } }
         variants(first: 250) { nodes { id title sku weight requiresShipping quantityAvailable compareAtPrice { amount }
           unitPrice { amount } unitPriceMeasurement { referenceValue } image { url }
           storeAvailability(first: 1) { edges { node { available location { name } pickUpTime } } }
           selectedOptions { name value } product { handle } } }",
    )
    .await;
    assert_eq!(product["title"], "Harbour Mug");
    assert_eq!(product["priceRange"]["minVariantPrice"], json!({ "amount": "18.00", "currencyCode": "EUR" }));
    assert_eq!(product["priceRange"]["maxVariantPrice"]["amount"], "22.00");
    assert_eq!(product["compareAtPriceRange"]["maxVariantPrice"]["amount"], "0.00");
    assert!(product["featuredImage"]["url"].as_str().unwrap().starts_with(PUBLIC_URL));
    assert!(product["publishedAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(texts(&product["options"], "/name"), ["Glaze", "Size"]);
    assert_eq!(product["options"][1]["values"], json!(["Small", "Large"]));
    assert_eq!(texts(&product["options"][1]["optionValues"], "/name"), ["Small", "Large"]);
    let variants = &product["variants"]["nodes"];
    assert_eq!(variants.as_array().unwrap().len(), 8);
    assert_eq!(variants[1]["title"], "Chalk / Large");
    assert_eq!(
        variants[1]["selectedOptions"],
        json!([{ "name": "Glaze", "value": "Chalk" }, { "name": "Size", "value": "Large" }])
    );
    assert_eq!(variants[1]["product"]["handle"], MUG);
    assert_eq!(variants[1]["storeAvailability"]["edges"], json!([]));
}

#[tokio::test]
async fn a_sold_out_variant_is_not_available_and_the_product_still_is() {
    let shop = Shop::demo().await;
    let product = mug(
        &shop,
        "availableForSale encodedVariantExistence encodedVariantAvailability
         variantBySelectedOptions(selectedOptions: [{ name: \"Size\", value: \"Large\" }, { name: \"Glaze\", value: \"Rust\" }]) {
           availableForSale quantityAvailable }",
    )
    .await;
    assert_eq!(product["availableForSale"], true);
    assert_eq!(
        product["variantBySelectedOptions"],
        json!({ "availableForSale": false, "quantityAvailable": 0 })
    );
    assert_eq!(product["encodedVariantExistence"], "v1_0:0-1,1:0-1,2:0-1,3:0-1,");
    assert_eq!(product["encodedVariantAvailability"], "v1_0:0-1,1:0-1,2:0-1,3:0,");
}

#[tokio::test]
async fn a_choice_leads_to_a_variant() {
    let shop = Shop::demo().await;
    let product = mug(
        &shop,
        "first: selectedOrFirstAvailableVariant { title }
         chosen: selectedOrFirstAvailableVariant(selectedOptions: [{ name: \"Glaze\", value: \"Moss\" }, { name: \"Size\", value: \"Large\" }]) { title }
         loud: selectedOrFirstAvailableVariant(caseInsensitiveMatch: true, selectedOptions: [{ name: \"GLAZE\", value: \"MOSS\" }, { name: \"size\", value: \"large\" }]) { title }
         unknown: selectedOrFirstAvailableVariant(selectedOptions: [{ name: \"Glaze\", value: \"Moss\" }, { name: \"Size\", value: \"Large\" }, { name: \"Lid\", value: \"Yes\" }]) { title }
         half: variantBySelectedOptions(selectedOptions: [{ name: \"Glaze\", value: \"Moss\" }]) { title }
         none: variantBySelectedOptions(selectedOptions: [{ name: \"Glaze\", value: \"Gold\" }, { name: \"Size\", value: \"Large\" }]) { title }
         options { optionValues { firstSelectableVariant { title } } }",
    )
    .await;
    assert_eq!(product["first"]["title"], "Chalk / Small");
    for key in ["chosen", "loud", "unknown"] {
        assert_eq!(product[key]["title"], "Moss / Large", "{key}");
    }
    assert_eq!((&product["half"], &product["none"]), (&Value::Null, &Value::Null));
    let selectable =
        |option: usize| texts(&product["options"][option]["optionValues"], "/firstSelectableVariant/title");
    assert_eq!(selectable(0), ["Chalk / Small", "Moss / Small", "Ink / Small", "Rust / Small"]);
    assert_eq!(selectable(1), ["Chalk / Small", "Chalk / Large"]);
}

#[tokio::test]
async fn adjacent_variants_differ_in_one_option() {
    let shop = Shop::demo().await;
    let product = mug(
        &shop,
        "chosen: adjacentVariants(selectedOptions: [{ name: \"Glaze\", value: \"Moss\" }, { name: \"Size\", value: \"Large\" }]) { title }
         default: adjacentVariants { title }",
    )
    .await;
    assert_eq!(
        texts(&product["chosen"], "/title"),
        ["Chalk / Large", "Moss / Small", "Ink / Large", "Rust / Large"]
    );
    assert_eq!(
        texts(&product["default"], "/title"),
        ["Chalk / Large", "Moss / Small", "Ink / Small", "Rust / Small"]
    );
}

#[tokio::test]
async fn variants_are_paged_and_sorted() {
    let shop = Shop::demo().await;
    let product = mug(
        &shop,
        "page: variants(first: 3) { edges { cursor node { title } } pageInfo { hasNextPage endCursor } }
         last: variants(last: 2) { nodes { title } pageInfo { hasPreviousPage } }
         turned: variants(first: 1, reverse: true) { nodes { title } }
         titles: variants(first: 250, sortKey: TITLE) { nodes { title } }",
    )
    .await;
    let cursor = product["page"]["pageInfo"]["endCursor"].as_str().unwrap();
    assert_eq!(product["page"]["edges"][2]["cursor"], cursor);
    assert_eq!(texts(&product["last"]["nodes"], "/title"), ["Rust / Small", "Rust / Large"]);
    assert_eq!(texts(&product["turned"]["nodes"], "/title"), ["Rust / Large"]);
    assert!(texts(&product["titles"]["nodes"], "/title").is_sorted());
    let rest =
        mug(&shop, &format!("variants(first: 250, after: \"{cursor}\") {{ nodes {{ title }} }}")).await;
    assert_eq!(rest["variants"]["nodes"].as_array().unwrap().len(), 5);
    assert_eq!(rest["variants"]["nodes"][0]["title"], "Moss / Large");
}

#[tokio::test]
async fn a_description_is_cut_between_words() {
    let shop = Shop::demo().await;
    let product = mug(&shop, "all: description cut: description(truncateAt: 20)").await;
    let (all, cut) = (product["all"].as_str().unwrap(), product["cut"].as_str().unwrap());
    assert!(cut.chars().count() <= 20 && cut.ends_with('…'), "{cut}");
    assert!(all.starts_with(cut.trim_end_matches('…')));
    let query = format!("{{ product(handle: \"{MUG}\") {{ description(truncateAt: -1) }} }}");
    assert_eq!(shop.refusal(&query).await.0, "BAD_USER_INPUT");
}

#[tokio::test]
async fn pictures_are_media_too() {
    let shop = Shop::demo().await;
    let product = mug(
        &shop,
        "images(first: 2) { edges { node { url altText } } nodes { id } }
         media(first: 2) { edges { node { __typename mediaContentType alt previewImage { url }
           ... on MediaImage { id image { url(transform: { maxWidth: 200, crop: CENTER, scale: 2 }) } }
           ... on Video { sources { url } } ... on Model3d { sources { url } } ... on ExternalVideo { embedUrl }
           ... on Node { nodeId: id } } } }",
    )
    .await;
    let medium = &product["media"]["edges"][0]["node"];
    assert_eq!((&medium["__typename"], &medium["mediaContentType"]), (&json!("MediaImage"), &json!("IMAGE")));
    assert_eq!(medium["image"]["url"], product["images"]["edges"][0]["node"]["url"]);
    assert_eq!(medium["id"], medium["nodeId"]);
    assert!(medium.get("sources").is_none());
    let query = format!(
        "{{ product(handle: \"{MUG}\") {{ featuredImage {{ url(transform: {{ maxWidth: 9999 }}) }} }} }}"
    );
    assert_eq!(shop.refusal(&query).await.0, "BAD_USER_INPUT");
}

#[tokio::test]
async fn recommendations_are_other_products() {
    let shop = Shop::demo().await;
    let id = mug(&shop, "id").await["id"].clone();
    for intent in ["RELATED", "COMPLEMENTARY"] {
        let query = format!(
            "query($id: ID) {{ productRecommendations(productId: $id, intent: {intent}) {{ id availableForSale }} }}"
        );
        let data = shop.ask_with(&query, json!({ "id": id })).await;
        let ids = texts(&data["productRecommendations"], "/id");
        assert!(!ids.is_empty() && !ids.contains(&id.as_str().unwrap()), "{intent}: {ids:?}");
    }
}

#[tokio::test]
async fn what_is_not_published_is_not_there() {
    let shop = Shop::demo().await;
    let mut hidden = shop.product("Hidden lamp");
    hidden.published_at = None;
    let id = shop.add(&hidden).await;
    let seen = shop.add(&shop.product("Plain lamp")).await;
    let data = shop
        .ask_with(
            "query($id: ID, $node: ID!, $seen: ID) {
               product(id: $id) { id } byHandle: product(handle: \"hidden-lamp\") { id } node(id: $node) { id }
               seen: product(id: $seen) { title availableForSale variants(first: 1) { nodes { title } } }
               products(first: 250, query: \"hidden\") { nodes { id } } }",
            json!({ "id": id, "node": id, "seen": seen }),
        )
        .await;
    for key in ["product", "byHandle", "node"] {
        assert_eq!(data[key], Value::Null, "{key}");
    }
    assert_eq!(data["products"]["nodes"], json!([]));
    assert_eq!(data["seen"]["title"], "Plain lamp");
    assert_eq!(data["seen"]["variants"]["nodes"][0]["title"], "Default Title");
}
