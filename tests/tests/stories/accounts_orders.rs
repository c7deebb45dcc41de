//! Orders of customers: theirs once the address is proved, and nobody else's.

use crate::harness::{PASSWORD, Shop, refusals};
use serde_json::json;

/// What was ordered with an address belongs to whoever proves it, and not before.
#[tokio::test]
async fn orders_of_a_guest_are_theirs_once_the_address_is_proved() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let eve = shop.customer("eve@example.org").await;
    // The address is Ada's: registering with it proves nothing.
    shop.register("ada@example.org").await;
    assert_eq!(
        eve.sees("numberOfOrders orders(first: 5) { nodes { id } }").await,
        json!({ "numberOfOrders": "0", "orders": { "nodes": [] } })
    );

    let ada = shop.customer("ada@example.org").await;
    let seen = ada
        .sees("numberOfOrders orders(first: 5) { nodes { id name token totalPrice { amount } lineItems(first: 5) { nodes { title quantity } } } }")
        .await;
    assert_eq!(seen["numberOfOrders"], "1");
    let order = &seen["orders"]["nodes"][0];
    assert_eq!(order["id"], json!(format!("gid://stoa/Order/{}", placed.order_id())));
    assert_eq!(order["lineItems"]["nodes"][0]["quantity"], 1);
    assert!(order["token"].is_null(), "a sign-in gives no key that outlives it");

    // Hers it stays: neither Eve nor who registers with the address later finds any of it.
    let nothing = json!({ "numberOfOrders": "0", "orders": { "nodes": [] } });
    assert_eq!(eve.sees("numberOfOrders orders(first: 5) { nodes { id } }").await, nothing);
    let id = json!({ "id": order["id"] });
    for found in [
        eve.request("query($id: ID!) { node(id: $id) { id } }", id.clone()).await,
        ada.request("query($id: ID!) { node(id: $id) { id } }", id).await,
    ] {
        assert!(found.at("/node").is_null(), "an id is no key to an order");
    }
    shop.register("ada@example.org").await;
    assert_eq!(ada.sees("numberOfOrders").await["numberOfOrders"], "1");
    shop.settle().await;
    shop.books_balance().await;
}

/// Whoever has an account and buys without signing in finds the order when they do; not before it is paid, since anybody can place one
/// with anybody's address.
#[tokio::test]
async fn what_is_bought_without_signing_in_is_theirs_at_the_next_sign_in() {
    let shop = Shop::open().await;
    let mut ada = shop.customer("ada@example.org").await;
    let eve = shop.customer("eve@example.org").await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let mut sign_in = async || {
        let signed_in = shop.sign_in("ada@example.org", PASSWORD).await;
        let token = signed_in.at("/customerAccessTokenCreate/customerAccessToken/accessToken");
        token.as_str().expect("a token").clone_into(&mut ada.token);
        ada.sees("numberOfOrders").await["numberOfOrders"].clone()
    };
    assert_eq!(sign_in().await, "0", "nobody has paid it");
    shopper.pay(&placed, "4242424242424242").await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    assert_eq!(sign_in().await, "1");
    assert_eq!(sign_in().await, "1", "and it stays one");
    assert_eq!(eve.sees("numberOfOrders").await["numberOfOrders"], "0");
    shop.books_balance().await;
}

/// Pages by cursor, either way round, in as many statements whatever the page.
#[tokio::test]
async fn orders_are_ones_own_and_paged() {
    let shop = Shop::open().await;
    for n in 0..3 {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        assert!(shopper.place_order(&format!("k{n}")).await.is_placed());
    }
    let ada = shop.customer("ada@example.org").await;
    let page = async |arguments: &str| {
        let orders =
            format!("orders({arguments}) {{ nodes {{ orderNumber }} pageInfo {{ hasNextPage endCursor }} }}");
        ada.sees(&orders).await["orders"].clone()
    };
    let numbers = |page: &serde_json::Value| -> Vec<i64> {
        let nodes = page["nodes"].as_array().expect("orders");
        nodes.iter().map(|order| order["orderNumber"].as_i64().expect("a number")).collect()
    };
    let all = numbers(&page("first: 10").await);
    assert_eq!(all.len(), 3);
    let newest = page("first: 2, sortKey: PROCESSED_AT, reverse: true").await;
    assert_eq!(numbers(&newest), [all[2], all[1]]);
    let cursor = newest["pageInfo"]["endCursor"].as_str().expect("a cursor");
    let rest = page(&format!("first: 2, reverse: true, sortKey: PROCESSED_AT, after: \"{cursor}\"")).await;
    assert_eq!(numbers(&rest), [all[0]]);
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);

    // Others tick in the background: the least of a few tries is the list's own.
    let mut least = [u64::MAX; 2];
    for _ in 0..5 {
        for (n, first) in [1, 3].into_iter().enumerate() {
            let list = format!(
                "orders(first: {first}) {{ nodes {{ name totalPrice {{ amount }} lineItems(first: 5) {{ nodes {{ title }} }} shippingAddress {{ city }} }} }}"
            );
            let before = shop.db().statements();
            assert_eq!(ada.sees(&list).await["orders"]["nodes"].as_array().expect("orders").len(), first);
            least[n] = least[n].min(shop.db().statements() - before);
        }
    }
    assert_eq!(least[0], least[1], "as many statements for three orders as for one");

    // They are searched as the staff search them, and nobody else's are found by it.
    for (query, wanted) in [
        (format!("#{}", all[1]), &all[1..2]),
        (String::new(), &all[..]),
        ("created_at:>=2000-01-01 email:ada@example.org".to_owned(), &all[..]),
        ("email:ada@example.org created_at:<2000-01-01".to_owned(), &all[..0]),
        ("status:cancelled".to_owned(), &all[..0]),
        ("email:eve@example.org".to_owned(), &all[..0]),
    ] {
        assert_eq!(numbers(&page(&format!("first: 10, query: \"{query}\"")).await), wanted, "{query}");
    }
    let eve = shop.customer("eve@example.org").await;
    let hers = format!("orders(first: 10, query: \"#{}\") {{ nodes {{ orderNumber }} }}", all[1]);
    assert_eq!(eve.sees(&hers).await["orders"]["nodes"], json!([]));
    for refused in
        ["mug", "attention:true", "customer_id:gid://stoa/Customer/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f"]
    {
        let searched = format!(
            "query($token: String!) {{ customer(customerAccessToken: $token) {{ orders(first: 1, query: \"{refused}\") {{ nodes {{ id }} }} }} }}"
        );
        assert_eq!(ada.ask(&searched, json!({})).await.code(), "BAD_USER_INPUT", "{refused}");
    }
    let out = "mutation($token: String!) { customerAccessTokenDelete(customerAccessToken: $token) { userErrors { message } } }";
    ada.ask(out, json!({})).await;
    assert!(!ada.is_signed_in().await);
    let update = "mutation($token: String!) { customerUpdate(customerAccessToken: $token, customer: { firstName: \"Eve\" }) { customerUserErrors { code } } }";
    assert_eq!(refusals(ada.ask(update, json!({})).await.at("/customerUpdate")), ["UNIDENTIFIED_CUSTOMER"]);
}
