//! Lists of products and collections: pages, orders, searches, filters.

use crate::shop::{Shop, texts};
use serde_json::{Value, json};

/// The demo's products that shoppers see.
const DEMO_PRODUCTS: usize = 39;

/// Walks a list from one end to the other, and gives the handles it met.
async fn walk(shop: &Shop, sort_key: &str, reverse: bool, forward: bool) -> Vec<String> {
    let arguments = if forward { "first: 7, after: $cursor" } else { "last: 7, before: $cursor" };
    let query = format!(
        "query Walk($cursor: String) {{
           products({arguments}, sortKey: {sort_key}, reverse: {reverse}) {{
             edges {{ cursor node {{ handle }} }}
             nodes {{ handle }}
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
           }}
         }}"
    );
    let mut seen: Vec<String> = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let data = shop.ask_with(&query, json!({ "cursor": cursor })).await;
        let page = &data["products"];
        let handles = texts(&page["nodes"], "/handle");
        assert_eq!(handles, texts(&page["edges"], "/node/handle"));
        let info = &page["pageInfo"];
        assert_eq!(info["startCursor"], page["edges"][0]["cursor"]);
        let handles = handles.into_iter().map(str::to_owned);
        let (more, next) = if forward {
            seen.extend(handles);
            (&info["hasNextPage"], &info["endCursor"])
        } else {
            seen.splice(0..0, handles);
            (&info["hasPreviousPage"], &info["startCursor"])
        };
        if more == false {
            return seen;
        }
        cursor = next.clone();
    }
}

#[tokio::test]
async fn every_order_can_be_walked_both_ways_and_turned_round() {
    let shop = Shop::demo().await;
    for sort_key in [
        "BEST_SELLING",
        "CREATED_AT",
        "ID",
        "PRICE",
        "PRODUCT_TYPE",
        "RELEVANCE",
        "TITLE",
        "UPDATED_AT",
        "VENDOR",
    ] {
        let forward = walk(&shop, sort_key, false, true).await;
        assert_eq!(forward.len(), DEMO_PRODUCTS, "{sort_key}");
        assert_eq!(walk(&shop, sort_key, false, false).await, forward, "{sort_key} backward");
        let mut turned = walk(&shop, sort_key, true, true).await;
        turned.reverse();
        assert_eq!(turned, forward, "{sort_key} reversed");
    }
}

#[tokio::test]
async fn products_are_sorted_by_what_the_key_says() {
    let shop = Shop::demo().await;
    let data = shop
        .ask(
            "{ cheap: products(first: 250, sortKey: PRICE) { nodes { priceRange { minVariantPrice { amount } } } }
               titles: products(first: 250, sortKey: TITLE) { nodes { title } } }",
        )
        .await;
    let prices: Vec<f64> = texts(&data["cheap"]["nodes"], "/priceRange/minVariantPrice/amount")
        .into_iter()
        .map(|amount| amount.parse().unwrap())
        .collect();
    assert!(prices.is_sorted(), "{prices:?}");
    let titles: Vec<String> =
        texts(&data["titles"]["nodes"], "/title").into_iter().map(str::to_lowercase).collect();
    assert!(titles.is_sorted(), "{titles:?}");
}

#[tokio::test]
async fn a_page_that_makes_no_sense_is_refused() {
    let shop = Shop::demo().await;
    for (arguments, says) in [
        ("", "one of first or last"),
        ("(first: 1, last: 1)", "both first and last"),
        ("(first: -1)", "0 to 250"),
        ("(last: 251)", "0 to 250"),
        ("(first: 1, after: \"nonsense\")", "cursor"),
    ] {
        let (code, message, data) =
            shop.refusal(&format!("{{ products{arguments} {{ nodes {{ id }} }} }}")).await;
        assert_eq!(code, "BAD_USER_INPUT", "{arguments}");
        assert!(message.contains(says), "{message}");
        assert_eq!(data, Value::Null);
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    let shop = Shop::demo().await;
    let data = shop.ask("{ products(first: 1, sortKey: TITLE) { pageInfo { endCursor } } }").await;
    let cursor = data["products"]["pageInfo"]["endCursor"].as_str().unwrap();
    let query = format!("{{ products(first: 1, sortKey: PRICE, after: \"{cursor}\") {{ nodes {{ id }} }} }}");
    assert_eq!(shop.refusal(&query).await.0, "BAD_USER_INPUT");
}

#[tokio::test]
async fn words_and_conditions_find_products() {
    let shop = Shop::demo().await;
    let found = async |query: &str| {
        let data = shop
            .ask_with(
                "query($q: String) { products(first: 250, query: $q) { nodes { title } } }",
                json!({ "q": query }),
            )
            .await;
        data["products"]["nodes"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(found("title:harbour").await, 1);
    assert_eq!(found("harbour mug").await, found("title:\"harbour mug\"").await);
    assert_eq!(found("vendor:\"Harbour & Hearth\"").await, DEMO_PRODUCTS);
    assert_eq!(found("tag:no-such-tag").await, 0);
    assert_eq!(
        found("available_for_sale:false").await + found("available_for_sale:true").await,
        DEMO_PRODUCTS
    );
    let long = format!("{{ products(first: 1, query: \"{}\") {{ nodes {{ id }} }} }}", "(".repeat(3_000));
    assert_eq!(shop.refusal(&long).await.0, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_collection_lists_its_products_in_every_order() {
    let shop = Shop::demo().await;
    let mut sizes = Vec::new();
    for sort_key in
        ["BEST_SELLING", "COLLECTION_DEFAULT", "CREATED", "ID", "MANUAL", "PRICE", "RELEVANCE", "TITLE"]
    {
        let query = format!(
            "{{ collection(handle: \"desk\") {{ title products(first: 250, sortKey: {sort_key}) {{
                 nodes {{ handle }} filters {{ id }} pageInfo {{ hasNextPage }} }} }} }}"
        );
        let data = shop.ask(&query).await;
        let mut handles = texts(&data["collection"]["products"]["nodes"], "/handle");
        sizes.push(handles.len());
        handles.sort_unstable();
        handles.dedup();
        assert_eq!(handles.len(), sizes[0], "{sort_key}");
    }
    assert!(sizes[0] > 3);
}

#[tokio::test]
async fn filters_narrow_a_collection() {
    let shop = Shop::demo().await;
    let of = async |collection: &str, filters: &str| {
        let query = format!(
            "{{ collection(handle: \"{collection}\") {{ products(first: 250, filters: {filters}) {{ nodes {{
                 availableForSale tags priceRange {{ minVariantPrice {{ amount }} maxVariantPrice {{ amount }} }} }} }} }} }}"
        );
        shop.ask(&query).await["collection"]["products"]["nodes"].as_array().unwrap().clone()
    };
    let with = of("desk", "[{ available: true }]").await;
    let without = of("desk", "[{ available: false }]").await;
    assert!(with.iter().all(|product| product["availableForSale"] == true));
    assert!(without.iter().all(|product| product["availableForSale"] == false));
    assert!(!without.is_empty());
    assert_eq!(with.len() + without.len(), of("desk", "[]").await.len());
    let count = async |filters: &str| of("kitchen-and-table", filters).await;
    let all = count("[]").await;
    let coffee = count("[{ tag: \"Coffee\" }]").await;
    assert!(!coffee.is_empty());
    assert!(coffee.iter().all(|product| product["tags"].as_array().unwrap().contains(&json!("coffee"))));
    let cheap = count("[{ price: { max: 15 } }]").await;
    assert!(!cheap.is_empty() && cheap.len() < all.len());
    let least =
        |p: &Value| p["priceRange"]["minVariantPrice"]["amount"].as_str().unwrap().parse::<f64>().unwrap();
    assert!(cheap.iter().all(|product| least(product) <= 15.0));
    assert!(count("[{ variantOption: { name: \"glaze\", value: \"ink\" } }]").await.len() < all.len());
    assert!(count("[{ tag: \"coffee\" }, { productVendor: \"Nobody\" }]").await.is_empty());
    assert!(count("[{ category: { id: \"gid://shopify/TaxonomyCategory/aa\" } }]").await.is_empty());
}

#[tokio::test]
async fn collections_are_listed_and_searched() {
    let shop = Shop::demo().await;
    let data = shop
        .ask(
            "{ all: collections(first: 10, sortKey: TITLE) { edges { cursor node { handle title } } nodes { handle }
                                                             pageInfo { hasNextPage } }
               desk: collections(first: 10, query: \"title:desk\") { nodes { handle } }
               last: collections(last: 1, sortKey: TITLE) { nodes { handle } } }",
        )
        .await;
    assert_eq!(texts(&data["all"]["nodes"], "/handle"), ["desk", "gifts", "kitchen-and-table"]);
    assert_eq!(texts(&data["desk"]["nodes"], "/handle"), ["desk"]);
    assert_eq!(texts(&data["last"]["nodes"], "/handle"), ["kitchen-and-table"]);
}

#[tokio::test]
async fn a_list_runs_as_many_statements_whatever_its_size() {
    let cost = async |first: u32| {
        let shop = Shop::demo().await;
        let query = format!(
            "{{ products(first: {first}) {{ nodes {{ title availableForSale featuredImage {{ url }} tags
                 variants(first: 10) {{ nodes {{ price {{ amount }} quantityAvailable product {{ handle }} }} }} }} }} }}"
        );
        shop.ask("{ shop { name } }").await;
        let before = shop.db.statements();
        shop.ask(&query).await;
        shop.db.statements() - before
    };
    let (few, many) = (cost(2).await, cost(40).await);
    assert_eq!(few, many);
    assert!(many <= 12, "{many} statements");
}

#[tokio::test]
async fn a_page_that_was_read_before_runs_no_statement() {
    let shop = Shop::demo().await;
    let query = "{ products(first: 20) { nodes { title availableForSale priceRange { minVariantPrice { amount } } } } }";
    let first = shop.ask(query).await;
    let before = shop.db.statements();
    assert_eq!(shop.ask(query).await, first);
    assert_eq!(shop.db.statements(), before);
}
