//! What a merchant does to the goods while buyers have them in their carts.

use crate::harness::{Item, Setup, Shop};
use chrono::TimeDelta;
use serde_json::json;

const SIZES: &str =
    "Handle,Title,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,Variant Price";

/// Story 15: a variant is deleted while it lies in a cart. Nobody can be shown the line, so the next change takes it out, and
/// says so; until then the cart cannot be ordered at a price that leaves it out in silence.
#[tokio::test]
async fn a_deleted_variant_leaves_the_carts_it_was_in_and_says_so() {
    let shop = Shop::with(Setup::selling([])).await;
    shop.import(&format!("{SIZES}\nshirt,Shirt,Size,S,shopify,9,10.00\nshirt,,,M,shopify,9,11.00\n")).await;
    let list = "{ product(handle: \"shirt\") { variants(first: 9) { nodes { id title } } } }";
    let variants = shop.shopper().ask(list, json!({})).await.at("/product/variants/nodes").clone();
    let gid = |title: &str| {
        let all = variants.as_array().expect("variants");
        all.iter().find(|v| v["title"] == title).expect("the size")["id"].as_str().expect("an id").to_owned()
    };
    let mut shopper = shop.shopper();
    shopper.create_cart(&[(gid("S"), 1), (gid("M"), 2)]).await;

    shop.import(&format!("{SIZES}\nshirt,Shirt,Size,S,shopify,9,10.00\n")).await;
    assert_eq!(shopper.quantities().await, [1], "what is no more cannot be shown");
    assert_eq!(shopper.place_order("k").await.refusals(), ["MERCHANDISE_NOT_FOR_SALE"]);

    let noted = shopper.change("cartNoteUpdate", &[("note", "String!", json!("a gift"))]).await;
    assert_eq!(noted.at("/cartNoteUpdate/warnings/0/code"), "MERCHANDISE_OUT_OF_STOCK");
    assert_eq!(noted.at("/cartNoteUpdate/warnings/0/target"), &json!(gid("M")));
    let again = shopper.change("cartNoteUpdate", &[("note", "String!", json!("a gift"))]).await;
    assert_eq!(again.at("/cartNoteUpdate/warnings"), &json!([]), "told once");
    assert!(shopper.place_order("k2").await.is_placed());
    shop.books_balance().await;
}

/// A hold that has lapsed and cannot be taken again in full is no hold: the cart does not say until when, and says why.
#[tokio::test]
async fn a_cart_that_is_held_in_part_promises_nothing() {
    let shop = Shop::with(Setup::selling([Item::new("vase", "29.99", 3)])).await;
    let first = shop.shopper_with_cart([("vase", 3)]).await;
    shop.clock.advance(TimeDelta::minutes(16));
    let second = shop.shopper_with_cart([("vase", 2)]).await;
    assert_eq!(second.quantities().await, [2]);

    let noted = first.change("cartNoteUpdate", &[("note", "String!", json!("x"))]).await;
    assert_eq!(noted.at("/cartNoteUpdate/cart/totalQuantity"), 3, "left as it is, to be seen");
    assert!(noted.at("/cartNoteUpdate/cart/heldUntil").is_null());
    assert_eq!(noted.at("/cartNoteUpdate/warnings/0/code"), "MERCHANDISE_NOT_ENOUGH_STOCK");
    assert_eq!(first.place_order("k").await.refusals(), ["MERCHANDISE_NOT_ENOUGH_STOCK"]);
    assert!(second.place_order("k").await.is_placed());
    shop.books_balance().await;
}

/// Stock is corrected downwards while more is held than is left: whoever buys first gets it, and nobody is kept from it by
/// holds that cannot all be honoured.
#[tokio::test]
async fn stock_corrected_below_what_is_held_still_sells_to_who_comes_first() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 10)])).await;
    let two = shop.shopper_with_cart([("mug", 2)]).await;
    let five = shop.shopper_with_cart([("mug", 5)]).await;
    let one = shop.shopper_with_cart([("mug", 1)]).await;
    shop.restock(&[Item::new("mug", "12.50", 3)]).await;

    assert_eq!(
        five.place_order("k").await.refusals(),
        ["MERCHANDISE_NOT_ENOUGH_STOCK"],
        "five there are not"
    );
    assert!(two.place_order("k").await.is_placed());
    assert!(one.place_order("another").await.is_placed());
    assert_eq!(shop.stock("mug").await.allocated, 3);
    shop.books_balance().await;
}
