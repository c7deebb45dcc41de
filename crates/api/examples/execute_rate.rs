//! How long an operation takes behind the transport, over the demo catalogue, with everything in the caches:
//! `cargo run --profile quick -p stoa-api --example execute_rate`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench, run by hand")]

#[path = "../tests/schema/shop.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod shop;

use serde_json::{Value, json};
use std::time::Instant;

/// The server's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: u32 = 3_000;

const LIST: &str = "{ products(first: 20) { nodes { id title handle availableForSale
  priceRange { minVariantPrice { amount currencyCode } } featuredImage { url altText width height } }
  pageInfo { hasNextPage endCursor } } }";

const PAGE: &str =
    "query($handle: String!) { product(handle: $handle) { id title vendor description availableForSale
  options { name optionValues { name } } images(first: 5) { nodes { url altText width height } }
  variants(first: 250) { nodes { id title availableForSale price { amount currencyCode }
    selectedOptions { name value } } } } }";

const DEEP: &str = "{ products(first: 50) { nodes { id title handle availableForSale
  variants(first: 10) { nodes { id title sku availableForSale price { amount currencyCode } } } } } }";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let shop = shop::Shop::demo().await;
    let rates = [
        ("list of 20 products", LIST, Value::Null),
        ("product page, 8 variants", PAGE, json!({ "handle": "harbour-mug" })),
        ("39 products with up to 10 variants", DEEP, Value::Null),
        ("shop name", "{ shop { name } }", Value::Null),
        (
            "product page of a storefront",
            include_str!("../tests/schema/documents/product_page.graphql"),
            json!({ "handle": "harbour-mug", "chosen": [{ "name": "Glaze", "value": "Moss" }] }),
        ),
    ];
    for (what, query, variables) in rates {
        let data = shop.ask_with(query, variables.clone()).await;
        let fields = leaves(&data);
        // Times by blocks, so that a refresh of the stock, once a second, does not count for all.
        let mut best = f64::INFINITY;
        for _ in 0..10 {
            let began = Instant::now();
            for _ in 0..ROUNDS / 10 {
                shop.run(query, &variables).await;
            }
            best = best.min(began.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS / 10));
        }
        println!("{what:36} {best:8.1} µs   {fields} values");
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(fields) => fields.values().map(leaves).sum(),
        _ => 1,
    }
}
