//! What a promotion puts into a cart for nothing: it comes and goes with its reason.

use super::shop;
use crate::harness::{Shop, Shopper, minor, percent_off, with};
use serde_json::{Value, json};

/// Whoever buys for 20.00 has a spoon.
async fn spoon_from_twenty(shop: &Shop) -> Value {
    let gift = json!({ "gift": { "variantId": shop.gid("spoon").await } });
    let from_twenty = json!({ "subtotal": { "least": { "amount": "20.00" } } });
    with(with(percent_off("1"), "action", gift), "conditions", from_twenty)
}

/// Units of gifts in the cart, and what it costs.
async fn gifts(shopper: &Shopper) -> (Vec<u64>, i64) {
    let cart = shopper.priced().await;
    let lines = cart["lines"]["nodes"].as_array().expect("lines");
    let gifts = lines.iter().filter(|line| line["isGift"] == true);
    let units = gifts.map(|line| {
        assert_eq!(minor(&line["cost"]["totalAmount"]), 0, "{line}");
        line["quantity"].as_u64().expect("a quantity")
    });
    (units.collect(), minor(&cart["cost"]["totalAmount"]))
}

async fn line(shopper: &Shopper, is_gift: bool) -> Value {
    let cart = shopper.priced().await;
    let lines = cart["lines"]["nodes"].as_array().expect("lines");
    lines.iter().find(|line| line["isGift"] == is_gift).expect("the line")["id"].clone()
}

#[tokio::test]
async fn a_gift_comes_and_goes_with_its_reason() {
    let (shop, staff) = shop().await;
    shop.promote(&staff, spoon_from_twenty(&shop).await).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mug = shop.gid("mug").await;
    assert_eq!(gifts(&shopper).await, (vec![], 1_000 + 500));
    shopper.add(&mug, 1).await;
    assert_eq!(gifts(&shopper).await, (vec![1], 2_000 + 500));
    shopper.add(&mug, 2).await;
    assert_eq!(gifts(&shopper).await, (vec![1], 4_000 + 500), "no second one");
    let bought = line(&shopper, false).await;
    shopper.update_lines(json!([{ "id": bought, "quantity": 1 }])).await;
    assert_eq!(gifts(&shopper).await, (vec![], 1_000 + 500));

    // It is no way to more of it, and whoever wants none has none.
    shopper.update_lines(json!([{ "id": bought, "quantity": 2 }])).await;
    let gift = line(&shopper, true).await;
    let more = shopper.update_lines(json!([{ "id": gift, "quantity": 9 }])).await;
    assert_eq!(more.at("/cartLinesUpdate/userErrors").as_array().map(Vec::len), Some(1));
    assert_eq!(gifts(&shopper).await, (vec![1], 2_000 + 500));
    let spoon = shop.gid("spoon").await;
    shopper.add(&spoon, 1).await;
    assert_eq!(gifts(&shopper).await, (vec![1], 2_000 + 333 + 500), "one that is bought is another line");
    shopper.change("cartLinesRemove", &[("lineIds", "[ID!]!", json!([gift]))]).await;
    shopper.add(&mug, 1).await;
    assert_eq!(gifts(&shopper).await, (vec![], 3_000 + 333 + 500), "it was taken out");
    assert!(shopper.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}

/// What is given is stock that is gone, and an order that keeps why.
#[tokio::test]
async fn a_gift_is_ordered_counted_and_given_back() {
    let (shop, staff) = shop().await;
    let id = shop.promote(&staff, with(spoon_from_twenty(&shop).await, "limits", json!({ "uses": 1 }))).await;
    let [first, second] =
        [shop.shopper_with_cart([("mug", 2)]).await, shop.shopper_with_cart([("bowl", 1)]).await];
    for shopper in [&first, &second] {
        assert_eq!(gifts(shopper).await, (vec![1], 2_000 + 500));
    }
    let placed = first.place_order("first").await;
    let order = shop.priced_order(&placed.token()).await;
    // 20.00 + 3.33 - 3.33 + 5.00
    assert_eq!((minor(&order["totalPrice"]), minor(&order["totalDiscounts"])), (2_500, 333));
    assert_eq!((shop.stock("spoon").await.allocated, shop.uses_of(&id).await), (1, [1, 333]));

    // There was one: the second buyer's is not to be had any more, which they are told before they pay.
    assert_eq!(second.place_order("second").await.refusals(), ["DISCOUNT_UNAVAILABLE"]);
    let noted = second.change("cartNoteUpdate", &[("note", "String!", json!("as you like"))]).await;
    assert_eq!(noted.at("/cartNoteUpdate/cart/totalQuantity"), 1);
    assert!(second.place_order("second").await.is_placed());
    assert_eq!(shop.stock("spoon").await.allocated, 1);

    let cancelled = shop.cancel(&staff, placed.order_id()).await;
    assert_eq!(cancelled.at("/orderCancel/userErrors"), &json!([]));
    shop.settle().await;
    assert_eq!((shop.stock("spoon").await.allocated, shop.counted(&id).await), (0, [0, 0]));
    shop.ledgers_balance().await;
}

/// A sample costs nothing anyway: there are as many of them as its promotion says, all the same.
#[tokio::test]
async fn a_gift_that_costs_nothing_is_given_as_often_as_it_may_be() {
    let (shop, staff) = shop().await;
    let gift = json!({ "gift": { "variantId": shop.gid("sticker").await } });
    let samples =
        with(with(percent_off("1"), "action", gift), "limits", json!({ "uses": 1, "usesPerCustomer": 1 }));
    let id = shop.promote(&staff, samples).await;
    let [first, second] =
        [shop.shopper_with_cart([("mug", 1)]).await, shop.shopper_with_cart([("bowl", 1)]).await];
    let placed = first.place_order("first").await;
    // 10.00 and 5.00.
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "15.00");
    assert_eq!((shop.stock("sticker").await.allocated, shop.uses_of(&id).await), (1, [1, 0]));
    assert_eq!(second.place_order("second").await.refusals(), ["DISCOUNT_UNAVAILABLE"]);

    shop.cancel(&staff, placed.order_id()).await;
    shop.settle().await;
    assert_eq!((shop.stock("sticker").await.allocated, shop.counted(&id).await), (0, [0, 0]));
    // It left the cart with the refusal, and is there again with the next change of it.
    second.enter(&[]).await;
    assert!(second.place_order("second").await.is_placed());
    assert_eq!((shop.stock("sticker").await.allocated, shop.counted(&id).await), (1, [1, 0]));
    shop.ledgers_balance().await;
}
