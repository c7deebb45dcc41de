//! What goes into a cart, changes in it and leaves it; and what does not.

use crate::{
    carts::{error_code, line_id, quantities, refusal},
    shop::Shop,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use stoa_domain::catalog::{ProductStatus, VariantInput};

#[tokio::test]
async fn lines_are_added_with_prices_and_a_hold() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.cart(&[(&mug, 2)]).await;

    let cart = shop.read_cart(&cart).await;
    let line = &cart["lines"]["nodes"][0];
    assert_eq!(line["__typename"], "CartLine");
    assert_eq!(line["merchandise"]["id"], mug);
    assert_eq!(line["merchandise"]["product"]["title"], "Mug");
    assert_eq!(line["cost"]["amountPerQuantity"]["amount"], "12.00");
    assert_eq!(line["cost"]["totalAmount"], json!({ "amount": "24.00", "currencyCode": "EUR" }));
    assert_eq!(cart["totalQuantity"], 2);
    assert_eq!(cart["cost"]["subtotalAmount"]["amount"], "24.00");
    assert_eq!(cart["cost"]["totalTaxAmount"]["amount"], "4.80");
    assert_eq!(cart["cost"]["totalAmount"]["amount"], "28.80");
    assert_eq!(
        cart["heldUntil"], "2026-11-18T11:21:45Z",
        "fifteen minutes from now, to the next quarter minute"
    );
}

#[tokio::test]
async fn the_same_merchandise_grows_its_line_and_another_engraving_is_a_line_of_its_own() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let cart = shop.cart(&[(&mug, 1)]).await;
    let engraved = json!({ "merchandiseId": mug, "attributes": [{ "key": "engraving", "value": "Ada" }] });
    let payload = shop.add_lines(&cart, json!([{ "merchandiseId": mug, "quantity": 2 }, engraved])).await;
    assert_eq!(quantities(&payload["cart"]), [3, 1]);
    assert_eq!(
        payload["cart"]["lines"]["nodes"][1]["attributes"][0],
        json!({ "key": "engraving", "value": "Ada" })
    );
}

#[tokio::test]
async fn what_cannot_be_had_in_full_is_cut_down_with_a_warning() {
    let shop = Shop::open().await;
    let (mug, bowl) = (shop.stock("Mug", 1_200, 3).await, shop.stock("Bowl", 900, 0).await);
    let cart = shop.cart(&[]).await;
    let wanted = json!([{ "merchandiseId": mug, "quantity": 5 }, { "merchandiseId": bowl }]);
    let payload = shop.add_lines(&cart, wanted).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(quantities(&payload["cart"]), [3]);
    let warnings = payload["warnings"].as_array().unwrap();
    let codes: Vec<&str> = warnings.iter().filter_map(|w| w["code"].as_str()).collect();
    assert!(codes.contains(&"MERCHANDISE_NOT_ENOUGH_STOCK") && codes.contains(&"MERCHANDISE_OUT_OF_STOCK"));
    let targets: Vec<&str> = warnings.iter().filter_map(|w| w["target"].as_str()).collect();
    assert!(targets.contains(&line_id(&payload["cart"], 0)) && targets.contains(&bowl.as_str()));
}

#[tokio::test]
async fn what_one_cart_holds_another_cannot_have_until_the_hold_is_over() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 2).await;
    shop.cart(&[(&mug, 2)]).await;
    let other = shop.cart(&[]).await;
    let line = json!([{ "merchandiseId": mug, "quantity": 1 }]);
    let payload = shop.add_lines(&other, line.clone()).await;
    assert_eq!(payload["warnings"][0]["code"], "MERCHANDISE_OUT_OF_STOCK");
    shop.wait(TimeDelta::minutes(16));
    let payload = shop.add_lines(&other, line).await;
    assert_eq!(payload["warnings"], json!([]));
    assert_eq!(quantities(&payload["cart"]), [1]);
}

#[tokio::test]
async fn a_quantity_that_no_line_can_have_is_refused_by_its_place_and_changes_nothing() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let cart = shop.cart(&[(&mug, 1)]).await;
    for (quantity, code) in [
        (0, "MINIMUM_NOT_MET"),
        (-1, "MINIMUM_NOT_MET"),
        (1_000_001, "MAXIMUM_EXCEEDED"),
        (i32::MAX, "MAXIMUM_EXCEEDED"),
    ] {
        let lines = json!([{ "merchandiseId": mug }, { "merchandiseId": mug, "quantity": quantity }]);
        let payload = shop.add_lines(&cart, lines).await;
        assert_eq!(refusal(&payload), (code.into(), "lines.1.quantity".into()), "{quantity}");
        assert_eq!(quantities(&payload["cart"]), [1], "the answer shows the cart as it is");
    }
    let line = line_id(&shop.read_cart(&cart).await, 0).to_owned();
    let payload = shop.update_lines(&cart, json!([{ "id": line, "quantity": -1 }])).await;
    assert_eq!(refusal(&payload), ("MINIMUM_NOT_MET".into(), "lines.0.quantity".into()));
    assert_eq!(quantities(&shop.read_cart(&cart).await), [1]);
}

#[tokio::test]
async fn a_quantity_beyond_32_bits_is_no_int() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let cart = shop.cart(&[(&mug, 1)]).await;
    let call = format!("cartLinesAdd(cartId: \"{cart}\", lines: $v)");
    for quantity in [json!(2_147_483_648_u64), json!(1.5), json!("1")] {
        let lines = json!([{ "merchandiseId": mug, "quantity": quantity }]);
        let answer = shop.try_mutate(&call, "[CartLineInput!]!", lines).await;
        assert_eq!(error_code(&answer), "BAD_USER_INPUT", "{answer:#}");
        assert!(answer.get("data").is_none());
    }
    assert_eq!(quantities(&shop.read_cart(&cart).await), [1]);
}

#[tokio::test]
async fn merchandise_that_is_not_there_or_not_for_sale_is_refused_alike() {
    let shop = Shop::open().await;
    let draft = shop
        .add(stoa_domain::catalog::ProductInput {
            status: ProductStatus::Draft,
            variants: vec![shop.variant(9)],
            ..shop.product("Secret")
        })
        .await
        .remove(0);
    let cart = shop.cart(&[]).await;
    let unknown = "gid://stoa/ProductVariant/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";
    for id in [draft.as_str(), unknown, "gid://shopify/ProductVariant/632910392"] {
        let payload = shop.add_lines(&cart, json!([{ "merchandiseId": id }])).await;
        assert_eq!(refusal(&payload), ("INVALID".into(), "lines.0.merchandiseId".into()), "{id}");
        assert_eq!(payload["cart"]["totalQuantity"], 0);
    }
}

#[tokio::test]
async fn an_id_that_is_none_is_a_request_error() {
    let shop = Shop::open().await;
    let cart = shop.cart(&[]).await;
    let call = format!("cartLinesAdd(cartId: \"{cart}\", lines: $v)");
    for id in ["mug", "", cart.as_str()] {
        let answer = shop.try_mutate(&call, "[CartLineInput!]!", json!([{ "merchandiseId": id }])).await;
        assert_eq!(error_code(&answer), "INVALID_ID", "{id}");
        assert_eq!(answer["data"], json!({ "cartLinesAdd": null }));
    }
}

#[tokio::test]
async fn the_five_hundred_and_first_line_is_too_many() {
    let shop = Shop::open().await;
    let mug = shop.add(stoa_domain::catalog::ProductInput {
        variants: vec![VariantInput { stock: Default::default(), ..shop.variant(0) }],
        ..shop.product("Mug")
    });
    let mug = mug.await.remove(0);
    let engraved = |range: std::ops::Range<u32>| -> Value {
        let line =
            |n: u32| json!({ "merchandiseId": mug, "attributes": [{ "key": "n", "value": n.to_string() }] });
        range.map(line).collect()
    };
    let cart = shop.cart(&[]).await;
    for range in [0..250, 250..500] {
        assert_eq!(shop.add_lines(&cart, engraved(range)).await["userErrors"], json!([]));
    }
    let payload = shop.add_lines(&cart, engraved(500..501)).await;
    assert_eq!(refusal(&payload), ("CART_TOO_LARGE".into(), "lines".into()));
    assert_eq!(payload["cart"]["totalQuantity"], 500);
    // The same answer for so many at once.
    let payload =
        shop.mutate("cartCreate(input: $v)", "CartInput", json!({ "lines": engraved(0..501) })).await;
    assert_eq!(refusal(&payload), ("CART_TOO_LARGE".into(), "input.lines".into()));
    assert_eq!(payload["cart"], Value::Null);
}

#[tokio::test]
async fn a_list_of_more_than_250_entries_is_a_request_error() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let cart = shop.cart(&[]).await;
    let lines: Value = (0..251).map(|_| json!({ "merchandiseId": mug })).collect();
    let call = format!("cartLinesAdd(cartId: \"{cart}\", lines: $v)");
    let answer = shop.try_mutate(&call, "[CartLineInput!]!", lines).await;
    assert_eq!(error_code(&answer), "MAX_INPUT_SIZE_EXCEEDED");
    assert_eq!(shop.read_cart(&cart).await["totalQuantity"], 0);
}

#[tokio::test]
async fn what_the_shop_does_not_sell_so_is_refused_by_its_own_code() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 9).await;
    let cart = shop.cart(&[]).await;
    let plan = json!([{ "merchandiseId": mug, "sellingPlanId": "gid://shopify/SellingPlan/1" }]);
    let refused = refusal(&shop.add_lines(&cart, plan).await);
    assert_eq!(refused, ("SELLING_PLAN_NOT_APPLICABLE".into(), "lines.0.sellingPlanId".into()));
    let nested = json!([{ "merchandiseId": mug, "parent": { "merchandiseId": mug } }]);
    let refused = refusal(&shop.add_lines(&cart, nested).await);
    assert_eq!(refused, ("PARENT_LINE_INVALID_REFERENCE".into(), "lines.0.parent".into()));
    let twice = json!([{ "key": "a", "value": "1" }, { "key": "a", "value": "2" }]);
    let twice = json!([{ "merchandiseId": mug, "attributes": twice }]);
    let refused = refusal(&shop.add_lines(&cart, twice).await);
    assert_eq!(refused, ("INVALID".into(), "lines.0.attributes".into()));
    assert_eq!(shop.read_cart(&cart).await["totalQuantity"], 0);
}

#[tokio::test]
async fn updating_changes_takes_out_and_refuses_lines_that_are_not_there() {
    let shop = Shop::open().await;
    let (mug, bowl) = (shop.stock("Mug", 1_200, 9).await, shop.stock("Bowl", 900, 9).await);
    let cart = shop.cart(&[(&mug, 1), (&bowl, 2)]).await;
    let before = shop.read_cart(&cart).await;
    let (first, second) = (line_id(&before, 0), line_id(&before, 1));

    let changes = json!([{ "id": first, "quantity": 4, "attributes": [{ "key": "gift", "value": "yes" }] }]);
    let payload = shop.update_lines(&cart, changes).await;
    assert_eq!(quantities(&payload["cart"]), [4, 2]);
    assert_eq!(payload["cart"]["lines"]["nodes"][0]["attributes"][0]["key"], "gift");

    let payload =
        shop.update_lines(&cart, json!([{ "id": second, "merchandiseId": mug, "quantity": 1 }])).await;
    assert_eq!(payload["cart"]["lines"]["nodes"][1]["merchandise"]["id"], mug);

    let payload = shop.update_lines(&cart, json!([{ "id": first, "quantity": 0 }])).await;
    assert_eq!(quantities(&payload["cart"]), [1]);
    let payload = shop.update_lines(&cart, json!([{ "id": second, "quantity": 2 }, { "id": first }])).await;
    assert_eq!(refusal(&payload).0, "INVALID_MERCHANDISE_LINE");
    assert_eq!(quantities(&shop.read_cart(&cart).await), [1]);
}

#[tokio::test]
async fn removing_takes_all_lines_named_or_none() {
    let shop = Shop::open().await;
    let (mug, bowl) = (shop.stock("Mug", 1_200, 9).await, shop.stock("Bowl", 900, 9).await);
    let cart = shop.cart(&[(&mug, 1), (&bowl, 2)]).await;
    let before = shop.read_cart(&cart).await;
    let (first, foreign) = (line_id(&before, 0), "gid://shopify/CartLine/1");
    let call = format!("cartLinesRemove(cartId: \"{cart}\", lineIds: $v)");
    let payload = shop.mutate(&call, "[ID!]!", json!([first, foreign])).await;
    assert_eq!(refusal(&payload), ("INVALID_MERCHANDISE_LINE".into(), "lineIds.1".into()));
    assert_eq!(quantities(&payload["cart"]), [1, 2]);
    let payload = shop.mutate(&call, "[ID!]!", json!([first])).await;
    assert_eq!(quantities(&payload["cart"]), [2]);
}

#[tokio::test]
async fn lines_are_read_page_by_page_in_both_directions() {
    let shop = Shop::open().await;
    let mut variants = Vec::new();
    for n in 0..5 {
        variants.push(shop.stock(&format!("Mug {n}"), 1_000 + n, 9).await);
    }
    let lines: Vec<(&str, u32)> = variants.iter().zip(1..).map(|(id, n)| (id.as_str(), n)).collect();
    let cart = shop.cart(&lines).await;
    let page = async |arguments: &str| {
        let query = format!(
            "{{ cart(id: \"{cart}\") {{ lines({arguments}) {{ nodes {{ quantity }}
               pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
        );
        let lines = shop.ask(&query, json!({})).await["lines"].clone();
        let units: Vec<i64> =
            lines["nodes"].as_array().unwrap().iter().filter_map(|l| l["quantity"].as_i64()).collect();
        (units, lines["pageInfo"].clone())
    };
    let (units, info) = page("first: 2").await;
    assert_eq!(
        (units, &info["hasNextPage"], &info["hasPreviousPage"]),
        (vec![1, 2], &json!(true), &json!(false))
    );
    let (units, info) = page(&format!("first: 9, after: {}", info["endCursor"])).await;
    assert_eq!((units, &info["hasNextPage"]), (vec![3, 4, 5], &json!(false)));
    let (units, _) = page(&format!("last: 1, before: {}", info["startCursor"])).await;
    assert_eq!(units, [2]);
    assert_eq!(page("first: 2, reverse: true").await.0, [5, 4]);
}
