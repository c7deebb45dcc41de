//! Pages of the catalogue.

use super::{in_context, nodes, page, shop, texts};
use crate::harness::Shop;
use serde_json::{Value, json};

/// What a page that somebody looks at may cost: a sixth of the limit, and less.
const EVERYDAY: u64 = 10_000;
/// And what is read by programs, at the largest pages there are: below the limit all the same.
const LARGEST: u64 = 140_000;

#[tokio::test]
async fn a_storefronts_layout_and_home_page_are_answered() {
    let shop = shop().await;
    let layout =
        page(&shop, "layout", include_str!("documents/layout.graphql"), in_context(json!({})), EVERYDAY)
            .await;
    assert!(layout["shop"]["name"].is_string() && layout["shop"]["primaryDomain"]["url"].is_string());
    assert_eq!(layout["localization"]["country"]["isoCode"], "US");
    assert_eq!(texts(&nodes(&layout["menu"]), "handle"), ["desk", "gifts", "kitchen-and-table"]);
    let policies =
        page(&shop, "policies", include_str!("documents/policy.graphql"), json!({}), EVERYDAY).await;
    assert!(policies["shop"].is_object());

    let home =
        page(&shop, "home", include_str!("documents/home.graphql"), in_context(json!({})), EVERYDAY).await;
    assert_eq!(nodes(&home["hero"]).len(), 1);
    let rows = nodes(&home["rows"]);
    assert_eq!(texts(&rows, "title"), ["Desk", "Gifts", "Kitchen and Table"]);
    for row in &rows {
        let cards = nodes(&row["products"]);
        assert!(!cards.is_empty(), "{row:#}");
        for card in cards {
            assert!(card["priceRange"]["minVariantPrice"]["amount"].is_string(), "{card:#}");
            assert_eq!(nodes(&card["variants"]).len(), 1, "{card:#}");
        }
    }
    assert_eq!(nodes(&home["bestSellers"]).len(), 24);
}

#[tokio::test]
async fn a_storefronts_product_page_is_answered() {
    let shop = shop().await;
    let document = include_str!("documents/product.graphql");
    let data =
        page(&shop, "product", document, in_context(json!({ "handle": "harbour-mug" })), EVERYDAY).await;
    let product = &data["product"];
    assert_eq!(product["title"], "Harbour Mug");
    let options = product["options"].as_array().expect("options");
    let names: Vec<&Value> = options.iter().map(|option| &option["name"]).collect();
    assert_eq!(names, ["Glaze", "Size"]);
    assert_eq!(options[0]["optionValues"][3]["firstSelectableVariant"]["title"], "Rust / Small");
    let variants = nodes(&product["variants"]);
    assert_eq!(variants.len(), 8, "four glazes in two sizes");
    assert_eq!(product["variants"]["pageInfo"]["hasNextPage"], false);
    let sold_out: Vec<&str> = variants
        .iter()
        .filter(|variant| variant["availableForSale"] == false)
        .map(|variant| variant["title"].as_str().expect("a title"))
        .collect();
    assert_eq!(sold_out, ["Rust / Large"]);
    assert_eq!(product["selectedOrFirstAvailableVariant"]["id"], variants[0]["id"]);
    assert!(!nodes(&product["images"]).is_empty());
    for medium in nodes(&product["media"]) {
        assert_eq!(medium["__typename"], "MediaImage");
        assert!(medium["image"]["thumbnail"].is_string(), "{medium:#}");
    }
    let related = data["related"].as_array().expect("others like it");
    assert!(!related.is_empty());
    assert!(related.iter().all(|other| other["handle"] != "harbour-mug"));

    let none = in_context(json!({ "handle": "nothing-of-the-kind" }));
    assert!(page(&shop, "product", document, none, EVERYDAY).await["product"].is_null());
}

#[tokio::test]
async fn a_storefronts_collection_page_is_answered_filtered_sorted_and_paged() {
    let shop = shop().await;
    let document = include_str!("documents/collection.graphql");
    let ask = async |more: Value, at_most| {
        let mut variables = in_context(json!({
            "handle": "kitchen-and-table", "sortKey": "PRICE", "reverse": true,
            "filters": [{ "available": true }, { "price": { "min": 15.0, "max": 60.0 } }],
        }));
        for (name, value) in more.as_object().expect("variables") {
            variables[name] = value.clone();
        }
        page(&shop, "collection", document, variables, at_most).await["collection"]["products"].take()
    };
    // Everything at once, as some ask for it; and page by page, as the others do.
    let all = ask(json!({ "first": 250 }), LARGEST).await;
    let all = nodes(&all);
    let prices: Vec<f64> = all.iter().map(|product| least(product)).collect();
    assert!(prices.is_sorted_by(|one, next| one >= next), "the dearest first: {prices:?}");
    assert!(all.len() > 8, "more than a page: {}", all.len());
    let first = ask(json!({ "first": 8 }), EVERYDAY).await;
    let second = ask(json!({ "first": 8, "endCursor": first["pageInfo"]["endCursor"] }), EVERYDAY).await;
    let both: Vec<_> = [&first, &second].into_iter().flat_map(|page| texts(&nodes(page), "handle")).collect();
    assert_eq!(both, texts(&all, "handle")[..both.len()]);
    let back = ask(json!({ "last": 8, "startCursor": second["pageInfo"]["startCursor"] }), EVERYDAY).await;
    assert_eq!(nodes(&back), nodes(&first));
    assert_eq!(back["pageInfo"]["hasPreviousPage"], false);
    assert!(first["filters"].is_array(), "{first:#}");
}

/// What a product costs at least.
fn least(product: &Value) -> f64 {
    let amount = product["priceRange"]["minVariantPrice"]["amount"].as_str();
    amount.and_then(|amount| amount.parse().ok()).unwrap_or_else(|| panic!("no price: {product:#}"))
}

#[tokio::test]
async fn a_storefronts_searches_are_answered() {
    let shop = shop().await;
    let found = in_context(json!({ "term": "mug", "first": 24 }));
    let found = page(&shop, "search", include_str!("documents/search.graphql"), found, EVERYDAY).await;
    let found = nodes(&found["products"]);
    assert!(texts(&found, "handle").contains(&"harbour-mug"), "{found:#?}");
    for product in found {
        let variant = &product["selectedOrFirstAvailableVariant"];
        assert_eq!(variant["product"]["handle"], product["handle"]);
        assert!(variant["price"]["amount"].is_string());
    }
    let document = include_str!("documents/search_box.graphql");
    let box_of = async |term: &str| {
        page(&shop, "search box", document, in_context(json!({ "term": term, "limit": 10 })), EVERYDAY).await
    };
    assert!(texts(&nodes(&box_of("desk*").await["products"]), "handle").contains(&"desk-notebook"));
    let nothing = box_of("zzzzz*").await;
    assert!(nodes(&nothing["products"]).is_empty() && nodes(&nothing["collections"]).is_empty());
}

/// Programs that build a storefront, or a sitemap, read all there is at the largest pages: also where there is more than one.
#[tokio::test]
async fn a_whole_catalogue_is_read_at_the_largest_pages() {
    let shop = shop().await;
    let mut csv =
        "Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,\
Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable"
            .to_owned();
    for n in 0..260 {
        for size in ["S", "M", "L"] {
            csv += &format!("\nshirt-{n:03},Shirt {n:03},true,Size,{size},shopify,5,deny,20.00,true,true");
        }
    }
    shop.import(&csv).await;
    let read = all(&shop, include_str!("documents/catalogue.graphql"), "cursor").await;
    let shirts: Vec<&Value> = read
        .iter()
        .filter(|product| product["handle"].as_str().is_some_and(|handle| handle.starts_with("shirt-")))
        .collect();
    assert_eq!(shirts.len(), 260, "each of them once");
    assert!(shirts.iter().all(|shirt| nodes(&shirt["variants"]).len() == 3));
    let handles: std::collections::BTreeSet<&str> =
        read.iter().filter_map(|product| product["handle"].as_str()).collect();
    assert_eq!(handles.len(), read.len());
    assert!(handles.contains("harbour-mug"));

    let listed = all(&shop, include_str!("documents/sitemap.graphql"), "after").await;
    let listed: std::collections::BTreeSet<&str> =
        listed.iter().filter_map(|product| product["handle"].as_str()).collect();
    assert!(listed.is_subset(&handles) && listed.contains("shirt-259"), "{}", listed.len());
}

/// All products of a document that is asked again with its last cursor.
async fn all(shop: &Shop, document: &str, cursor: &str) -> Vec<Value> {
    let mut read: Vec<Value> = Vec::new();
    let mut variables = json!({});
    for _ in 0..5 {
        let mut data = page(shop, "a page of all", document, variables.clone(), LARGEST).await;
        let products = data["products"].take();
        read.extend(nodes(&products).into_iter().cloned());
        if products["pageInfo"]["hasNextPage"] == false {
            assert!(read.len() > 250, "more than a page: {}", read.len());
            return read;
        }
        variables[cursor] = products["pageInfo"]["endCursor"].clone();
    }
    panic!("it never ends");
}
