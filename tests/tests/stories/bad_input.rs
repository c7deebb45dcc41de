//! What cannot be understood or is too much: a defined answer, never a 500, and nothing has changed.

use crate::harness::{Item, Setup, Shop};
use serde_json::{Value, json};

/// Posts a body as it is; gives the status and the code of the first error.
async fn post(shop: &Shop, content_type: &str, body: impl Into<reqwest::Body>) -> (u16, String) {
    let request = shop.endpoint.http.post(&shop.endpoint.url).header("Content-Type", content_type).body(body);
    let response = request.send().await.expect("the server answers");
    let status = response.status().as_u16();
    let answer: Value = response.json().await.expect("errors are JSON too");
    (status, answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("no code").to_owned())
}

#[tokio::test]
async fn requests_that_cannot_be_understood() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let before = shopper.read_cart().await;

    let json = "application/json";
    let cases = [
        (json, "not json".to_owned(), 400),
        (json, "{\"query\": 7}".to_owned(), 400),
        (json, "{}".to_owned(), 400),
        ("text/plain", "{\"query\": \"{ shop { name } }\"}".to_owned(), 415),
        (json, format!("{{\"query\": \"{{ shop {{ name }} {} }}\"}}", "#".repeat(10_000_000)), 413),
        (json, "{\"query\": \"{ shop { nmae } }\"}".to_owned(), 200),
        (json, "{\"query\": \"{ shop { name \"}".to_owned(), 200),
        (json, "{\"query\": \"{ product(id: \\\"gid://stoa/Cart/1\\\") { id } }\"}".to_owned(), 200),
        (json, "{\"query\": \"{ products(first: 251) { nodes { id } } }\"}".to_owned(), 200),
        (json, "{\"query\": \"{ products { nodes { id } } }\"}".to_owned(), 200),
        (json, "{\"query\": \"{ products(first: 1, after: \\\"x\\\") { nodes { id } } }\"}".to_owned(), 200),
    ];
    for (content_type, body, expected) in cases {
        let shown: String = body.chars().take(80).collect();
        let (status, code) = post(&shop, content_type, body).await;
        assert_eq!(status, expected, "{shown}: {code}");
        assert_ne!(code, "no code", "{shown}");
        assert_ne!(code, "INTERNAL", "{shown}");
    }
    assert_eq!(shopper.read_cart().await, before);
}

#[tokio::test]
async fn a_currency_that_does_not_exist_places_no_order() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    for total in [
        json!({ "amount": "17.50", "currencyCode": "XXY" }),
        json!({ "amount": "17.505", "currencyCode": "USD" }),
        json!({ "amount": "a lot", "currencyCode": "USD" }),
        json!({ "amount": "17.50", "currencyCode": "EUR" }),
        json!({ "amount": "-17.50", "currencyCode": "USD" }),
    ] {
        let placed = shopper.place_order_expecting("k", total.clone()).await;
        assert!(placed.answer.status < 500, "{total}");
        let refused = placed.answer.body["errors"][0]["extensions"]["code"].is_string()
            || placed.answer.body["data"]["orderPlace"]["userErrors"][0]["code"].is_string();
        assert!(refused, "{total}: {:#}", placed.answer.body);
    }
    assert_eq!(shop.stock("mug").await.allocated, 0);
    assert_eq!(shopper.quantities().await, [1], "the cart is as it was");
    let placed =
        shopper.place_order_expecting("k", json!({ "amount": "17.50", "currencyCode": "USD" })).await;
    assert!(placed.is_placed(), "no key was spent on what was refused: {:?}", placed.refusals());
}

/// The well-known documents that bring servers down.
#[tokio::test]
async fn documents_that_ask_for_too_much_are_refused_before_any_sql() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 5)])).await;
    let mut bomb: String =
        (0..28).map(|n| format!("fragment F{n} on Shop {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
    bomb += "fragment F28 on Shop { name } { shop { ...F0 } }";
    let aliases: String = (0..500).map(|n| format!("a{n}: shop {{ name }} ")).collect();
    let deep = format!(
        "{{ products(first: 1) {{ nodes {{ {} id {} }} }} }}",
        "variants(first: 1) { nodes { product { ".repeat(12),
        "} } }".repeat(12)
    );
    let wide = "{ products(first: 250) { nodes { variants(first: 250) { nodes { product { variants(first: 250) { nodes { id } } } } } } } }";
    // Others tick in the background (the worker, the watch on the catalogue): the least of a few tries is the documents' own.
    let mut least = u64::MAX;
    for _ in 0..5 {
        let before = shop.db().statements();
        for document in [bomb.as_str(), &format!("{{ {aliases} }}"), &deep, wide] {
            let answer = shop.shopper().ask(document, json!({})).await;
            assert!(answer.status < 500 && !answer.code().is_empty(), "{:#}", answer.body);
            assert!(answer.body.get("data").is_none_or(Value::is_null), "{:#}", answer.body);
        }
        least = least.min(shop.db().statements() - before);
    }
    assert_eq!(least, 0, "not one statement ran");

    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let add = format!(
        "a: cartLinesAdd(cartId: \"{}\", lines: [{{ merchandiseId: \"{}\" }}]) {{ cart {{ totalQuantity }} }}",
        shopper.cart,
        shop.gid("mug").await
    );
    let twice = format!("mutation {{ {add} ...Again }} fragment Again on Mutation {{ {add} }}");
    shop.shopper().ask(&twice, json!({})).await.at("/a/cart/totalQuantity");
    assert_eq!(shopper.quantities().await, [2], "one field of an answer is executed once");
}

/// Story 50: what a cart's change costs in SQL does not grow with its lines, nor a list's with its page.
#[tokio::test]
async fn statements_do_not_grow() {
    let items: Vec<Item> =
        (0..120).map(|n| Item::new(Box::leak(format!("item-{n}").into_boxed_str()), "1.00", 99)).collect();
    let shop = Shop::with(Setup::selling(items)).await;
    let mut ids = Vec::new();
    for n in 0..120 {
        ids.push(shop.gid(&format!("item-{n}")).await);
    }
    let cost_of_adding = async |lines: usize| {
        let mut shopper = shop.shopper();
        let wanted: Vec<(String, u32)> = ids[..lines].iter().map(|id| (id.clone(), 1)).collect();
        shopper.create_cart(&wanted).await;
        let before = shop.db().statements();
        let answer = shopper.add(&ids[lines], 1).await;
        assert_eq!(answer.at("/cartLinesAdd/userErrors"), &json!([]));
        shop.db().statements() - before
    };
    // Others tick in the background (the worker, the watch on the catalogue): the least of a few tries is the request's own.
    let mut least = [u64::MAX; 2];
    for _ in 0..5 {
        for (n, lines) in [1, 100].into_iter().enumerate() {
            least[n] = least[n].min(cost_of_adding(lines).await);
        }
    }
    assert!(least[1] <= least[0], "{least:?}");

    let list = "query($n: Int!) { products(first: $n) { nodes { title availableForSale priceRange { minVariantPrice { amount } } images(first: 1) { edges { node { url } } } variants(first: 10) { nodes { price { amount } } } } } }";
    let cost_of_list = async |page: u32| {
        let before = shop.db().statements();
        shop.shopper().ask(list, json!({ "n": page })).await.at("/products/nodes/0/title");
        shop.db().statements() - before
    };
    let mut least = [u64::MAX; 2];
    for _ in 0..5 {
        shop.app.services().catalog.forget_stock();
        for (n, page) in [2, 100].into_iter().enumerate() {
            least[n] = least[n].min(cost_of_list(page).await);
        }
    }
    assert!(least[1] <= least[0].max(3), "{least:?}");
}
