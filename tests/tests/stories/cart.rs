//! Stories 15 to 19: carts, and what happens to them when two do something at once.

use crate::harness::{Item, Setup, Shop};
use futures_util::future::join_all;
use serde_json::{Value, json};

const NO_SUCH: &str = "gid://stoa/ProductVariant/0190a000-0000-7000-8000-000000000000";

/// Story 15: merchandise and quantities that cannot be.
#[tokio::test]
async fn what_cannot_be_bought_leaves_the_cart_alone() {
    let hidden = Item { published: false, ..Item::new("hidden", "5.00", 9) };
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 10), hidden])).await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let (mug, hidden) = (shop.gid("mug").await, shop.gid("hidden").await);
    let before = shopper.read_cart().await;

    let refused: Vec<(Value, &str)> = vec![
        (json!([{ "merchandiseId": mug, "quantity": 0 }]), "MINIMUM_NOT_MET"),
        (json!([{ "merchandiseId": mug, "quantity": -1 }]), "MINIMUM_NOT_MET"),
        (json!([{ "merchandiseId": mug, "quantity": 1_000_001 }]), "MAXIMUM_EXCEEDED"),
        (json!([{ "merchandiseId": NO_SUCH, "quantity": 1 }]), "INVALID"),
        (json!([{ "merchandiseId": hidden, "quantity": 1 }]), "INVALID"),
        (
            json!([{ "merchandiseId": mug, "quantity": 1 }, { "merchandiseId": NO_SUCH, "quantity": 1 }]),
            "INVALID",
        ),
    ];
    for (lines, code) in refused {
        let answer = shopper.add_lines(lines.clone()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.at("/cartLinesAdd/userErrors/0/code"), code, "{lines}");
        assert!(answer.at("/cartLinesAdd/userErrors/0/message").as_str().is_some_and(|m| m.len() > 5));
        let mut now = shopper.read_cart().await;
        now["heldUntil"] = before["heldUntil"].clone();
        assert_eq!(now, before, "{lines}");
    }
    // Beyond what GraphQL's Int holds, and ids that are none: errors of the request itself.
    for lines in [
        json!([{ "merchandiseId": mug, "quantity": 2_147_483_648_u64 }]),
        json!([{ "merchandiseId": mug, "quantity": 1.5 }]),
        json!([{ "merchandiseId": mug, "quantity": "2" }]),
        json!([{ "merchandiseId": "not an id", "quantity": 1 }]),
        json!([{ "merchandiseId": "gid://stoa/Product/0190a000-0000-7000-8000-000000000000", "quantity": 1 }]),
    ] {
        let answer = shopper.add_lines(lines.clone()).await;
        assert!(answer.status < 500, "{lines}: {:#}", answer.body);
        let has_code = answer.body["errors"][0]["extensions"]["code"].is_string()
            || answer.body["data"]["cartLinesAdd"]["userErrors"][0]["code"].is_string();
        assert!(has_code, "{lines}: {:#}", answer.body);
        assert_eq!(shopper.quantities().await, [2]);
    }
}

#[tokio::test]
async fn the_five_hundred_and_first_line_is_refused() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 10_000)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mug = shop.gid("mug").await;
    let engraved = |n: u32| json!({ "merchandiseId": mug, "quantity": 1, "attributes": [{ "key": "n", "value": n.to_string() }] });
    for batch in 0..2_u32 {
        let most = if batch == 0 { 250 } else { 249 };
        let lines: Vec<Value> = (0..most).map(|n| engraved(batch * 250 + n)).collect();
        assert_eq!(shopper.add_lines(json!(lines)).await.at("/cartLinesAdd/userErrors"), &json!([]));
    }
    let refused = shopper.add_lines(json!([engraved(9_999)])).await;
    assert_eq!(refused.at("/cartLinesAdd/userErrors/0/code"), "CART_TOO_LARGE");
    assert_eq!(shopper.read_cart().await["totalQuantity"], 500);
    assert_eq!(
        shopper.add(&mug, 1).await.at("/cartLinesAdd/userErrors"),
        &json!([]),
        "a line that grows is no new line"
    );
}

/// Story 16: the price changes between adding and paying; nobody is charged what they were not shown.
#[tokio::test]
async fn a_changed_price_is_shown_before_it_is_charged() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 10)])).await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let shown = shopper.read_cart().await["cost"]["totalAmount"].clone();
    shop.restock(&[Item::new("mug", "13.00", 10)]).await;

    let refused = shopper.place_order_expecting("k", shown.clone()).await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(shop.stock("mug").await.allocated, 0);
    let now = shopper.read_cart().await["cost"]["totalAmount"].clone();
    assert_ne!(now, shown);
    let placed = shopper.place_order_expecting("k", now.clone()).await;
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice"), &now);
    let paid = shopper.pay(&placed, "4242424242424242").await;
    assert_eq!(paid["amount"], shop.payment(placed.order_id()).await.amount);
    assert_eq!(paid["amount"], 3100, "2 x 13.00 and 5.00 for delivery");
}

/// Story 17: a line is added while the order is placed: it is in the order, or refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_added_during_checkout_is_in_the_order_or_refused() {
    let shop =
        Shop::with(Setup::selling([Item::new("mug", "12.50", 1_000), Item::new("bowl", "20.00", 1_000)]))
            .await;
    let bowl = shop.gid("bowl").await;
    for round in 0..20 {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let key = format!("k{round}");
        let (placed, added) = tokio::join!(shopper.place_order(&key), shopper.add(&bowl, 1));
        assert!(placed.is_placed(), "{:?}", placed.refusals());
        let order = shop.order(placed.order_id()).await;
        let taken = added.at("/cartLinesAdd/userErrors").as_array().is_some_and(Vec::is_empty);
        assert_eq!(order.lines.len(), if taken { 2 } else { 1 }, "round {round}: {:#}", added.body);
        assert!(shopper.read_cart().await.is_null());
    }
    shop.books_balance().await;
}

/// Story 18: writes to one cart at once are all applied.
#[tokio::test(flavor = "multi_thread")]
async fn no_write_to_a_cart_is_lost() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1_000)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mug = shop.gid("mug").await;
    let adds = (0..20).map(|_| shopper.add(&mug, 1));
    for answer in join_all(adds).await {
        assert_eq!(answer.at("/cartLinesAdd/userErrors"), &json!([]));
    }
    assert_eq!(shopper.quantities().await, [21]);
}

/// Story 19: the same key gives the same order; the same key with another request is an error.
#[tokio::test]
async fn a_key_means_one_request() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let first = shopper.place_order("key-1").await;
    let again = shopper.place_order("key-1").await;
    assert_eq!(first.order_id(), again.order_id());
    assert_eq!(first.intent(), again.intent());
    assert_eq!(shop.stock("mug").await.allocated, 2);

    let other = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(other.place_order("key-1").await.refusals(), ["IDEMPOTENCY_KEY_REUSED"]);
    assert_eq!(shopper.place_order("key-2").await.refusals(), ["ALREADY_ORDERED"]);
    assert_eq!(other.place_order("").await.refusals(), ["INVALID_IDEMPOTENCY_KEY"]);
    assert_eq!(shop.stock("mug").await.allocated, 2);
    shop.books_balance().await;
}

/// Story 19, raced.
#[tokio::test(flavor = "multi_thread")]
async fn a_retried_checkout_places_one_order() {
    let shop = Shop::open().await;
    for round in 0..5 {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let key = format!("key-{round}");
        let placed = join_all((0..6).map(|_| shopper.place_order(&key))).await;
        let ids: Vec<_> = placed.iter().map(super::harness::Placed::order_id).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        let intents: Vec<_> = placed.iter().map(super::harness::Placed::intent).collect();
        assert!(intents.iter().all(|i| *i == intents[0]), "one payment at the gateway: {intents:?}");
        assert_eq!(shop.stock("mug").await.allocated, round + 1);
    }
    shop.books_balance().await;
}

/// A cart without what an order needs is refused, and says what is missing.
#[tokio::test]
async fn an_order_needs_a_buyer_and_a_place() {
    let digital = Item { ships: false, ..Item::new("pattern", "4.00", 9) };
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 10), digital])).await;
    let mut shopper = shop.shopper();
    let create = "mutation($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines }) { cart { id } userErrors { code } } }";
    let lines = json!({ "lines": [{ "merchandiseId": shop.gid("mug").await }] });
    shopper.cart =
        shopper.ask(create, lines).await.at("/cartCreate/cart/id").as_str().expect("an id").to_owned();
    assert_eq!(shopper.place_order("k").await.refusals(), ["EMAIL_REQUIRED"]);
    let identity = json!({ "email": "ada@example.org" });
    shopper
        .change("cartBuyerIdentityUpdate", &[("buyerIdentity", "CartBuyerIdentityInput!", identity)])
        .await;
    assert_eq!(shopper.place_order("k").await.refusals(), ["DELIVERY_ADDRESS_REQUIRED"]);

    let only_digital = shop.shopper_with_cart([("pattern", 1)]).await;
    let placed = only_digital.place_order("k2").await;
    assert_eq!(
        placed.answer.at("/orderPlace/order/totalPrice/amount"),
        "4.00",
        "nothing to deliver, nothing to pay for it"
    );

    let empty = shop.shopper_with_cart([]).await;
    assert_eq!(empty.place_order("k3").await.refusals(), ["CART_EMPTY"]);
}
