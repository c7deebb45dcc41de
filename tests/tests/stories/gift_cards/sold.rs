//! Gift cards that are sold: their codes are mailed to their buyer, once, and kept nowhere.

use super::{charge, gid, pays, places, shop};
use crate::harness::{Placed, Shop, Shopper, Staff};
use serde_json::{Value, json};

/// The shop sells vouchers of 25.00.
async fn selling() -> (Shop, Staff) {
    let (shop, staff) = shop().await;
    let product = shop.product("voucher").await;
    let cards = "mutation($p: ProductUpdateInput!) { productUpdate(product: $p) { product { id } userErrors { code field message } } }";
    shop.staff_does(&staff, cards, json!({ "p": { "id": product, "giftCard": true } })).await;
    shop.looks_again().await;
    (shop, staff)
}

/// So many of them, paid for, and the codes that came by mail.
async fn bought(shop: &Shop, quantity: u32) -> (Shopper, Placed, Vec<String>) {
    let shopper = shop.shopper_with_cart([("voucher", quantity)]).await;
    let placed = places(&shopper, &shopper.cart).await;
    assert_eq!(codes(shop).await, [""; 0], "nothing is given away before it is paid for");
    pays(shop, &shopper, &placed, i64::from(quantity) * 2_500).await;
    let all = quantity as usize;
    shop.until("the codes are mailed", || async { codes(shop).await.len() >= all }).await;
    let mailed = codes(shop).await;
    assert_eq!(mailed.len(), all);
    (shopper, placed, mailed)
}

/// All codes that were ever mailed to the buyer.
async fn codes(shop: &Shop) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for letter in shop.letters("Ada@Example.org").await {
        all.extend(letter.card_codes());
    }
    all.sort();
    all.dedup();
    all
}

#[tokio::test]
async fn a_card_is_sold_mailed_once_and_spent() {
    let (shop, staff) = selling().await;
    let (_, placed, mailed) = bought(&shop, 2).await;
    for _ in 0..2 {
        shop.settle().await;
    }
    assert_eq!(codes(&shop).await, mailed, "once");
    let dump = shop.dump().await;
    for code in &mailed {
        assert!(!dump.contains(code) && !dump.contains(&code.replace('-', "")), "no code is kept");
    }

    // One pays for goods, and for no other card: 25.00 + 10.00 + 5.00, of which 15.00 may be paid with it.
    let shopper = shop.shopper_with_cart([("voucher", 1), ("mug", 1)]).await;
    assert_eq!(charge(&shopper.has_paid_with(&[&mailed[0]]).await), 2_500);
    places(&shopper, "by card").await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(charge(&shopper.has_paid_with(&[&mailed[0]]).await), 500, "10.00 are left");

    // That one cannot be given back any more; the other can, and is good for nothing then.
    let line = shop.money_of(&staff, placed.order_id()).await["lineItems"]["nodes"][0]["id"].clone();
    let refund = |key: &str, quantity: u32| json!({ "orderId": gid(&placed), "idempotencyKey": key, "refundLineItems": [{ "lineItemId": line, "quantity": quantity }] });
    let refused = shop.refund(&staff, refund("both", 2)).await;
    assert_eq!(refused["userErrors"][0]["code"], "GIFT_CARD_USED", "{refused:#}");
    assert_eq!(shop.refund(&staff, refund("one", 1)).await["userErrors"], json!([]));
    shop.settle().await;
    assert_eq!(shop.refunded_at_gateway(&placed.intent()).await, [2_500]);
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let refused = shopper.pays_with(&[&mailed[1]]).await;
    assert_eq!(refused.at("/cartGiftCardCodesUpdate/userErrors").as_array().map(Vec::len), Some(1));
    shop.ledgers_balance().await;
}

/// A promotion does not make money of nothing: a card is sold for what is on it.
#[tokio::test]
async fn a_card_is_not_sold_for_less() {
    let (shop, staff) = selling().await;
    shop.promote(&staff, crate::harness::percent_off("50")).await;
    let shopper = shop.shopper_with_cart([("voucher", 1), ("mug", 1)]).await;
    // 25.00 + 10.00 / 2 + 5.00.
    assert_eq!(shopper.total().await, 3_500);
    let cart: Value = shopper.priced().await;
    assert_eq!(charge(&cart), 3_500);
    shop.ledgers_balance().await;
}
