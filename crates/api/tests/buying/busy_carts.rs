//! A cart that is being ordered at this moment.

use crate::{carts::refusal, shop::Shop};
use serde_json::{Value, json};
use stoa_domain::{
    cart::{CartStore, CheckoutLock, Saved},
    shared::{CartId, Clock},
};
use stoa_persistence::SqlCartStore;

/// Locks a cart, as a request that places its order does.
async fn lock(shop: &Shop, cart: &str, key: &str) {
    let id: CartId = cart.rsplit('/').next().unwrap().parse().unwrap();
    let (store, now) = (SqlCartStore::new(shop.db.clone()), shop.clock.now());
    let mut cart = store.load(id, now).await.unwrap().unwrap();
    cart.checkout = Some(CheckoutLock { key: key.into(), at: now });
    let kept_until = now + chrono::TimeDelta::days(1);
    assert!(matches!(store.save(&cart, now, kept_until).await.unwrap(), Saved::Yes(_)));
}

#[tokio::test]
async fn it_cannot_be_changed_and_still_reads() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    lock(&shop, &cart, "somebody's").await;
    let payload = shop.add_lines(&cart, json!([{ "merchandiseId": mug }])).await;
    assert_eq!(refusal(&payload), ("SERVICE_UNAVAILABLE".into(), "cartId".into()));
    assert_eq!(payload["cart"]["totalQuantity"], 1);
    assert_eq!(shop.read_cart(&cart).await["totalQuantity"], 1);
}

#[tokio::test]
async fn it_cannot_be_ordered_by_another_request_until_the_first_has_had_its_time() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    lock(&shop, &cart, "somebody's").await;
    let payload = shop.place(&cart, "mine", None).await;
    assert_eq!(
        (&payload["order"], &payload["userErrors"][0]["code"]),
        (&Value::Null, &json!("ORDER_IN_PROGRESS"))
    );
    // The other request has died: its lock ends by itself.
    shop.wait(chrono::TimeDelta::minutes(1));
    assert_eq!(shop.place(&cart, "mine", None).await["userErrors"], json!([]));
}

#[tokio::test]
async fn it_can_be_ordered_at_once_by_the_request_whose_lock_it_is() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    // That one died with its server.
    lock(&shop, &cart, "mine").await;
    assert_eq!(shop.place(&cart, "mine", None).await["userErrors"], json!([]));
}

#[tokio::test]
async fn a_refusal_gives_a_lock_back_that_was_taken_over() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 1).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    shop.wait(chrono::TimeDelta::minutes(16));
    // What was held for it is held for somebody else.
    let _ = shop.ready_cart(&[(&mug, 1)]).await;
    lock(&shop, &cart, "mine").await;
    let refused = shop.place(&cart, "mine", None).await;
    assert_eq!(refused["userErrors"][0]["code"], "MERCHANDISE_NOT_ENOUGH_STOCK", "{refused:#}");
    let payload = shop.add_lines(&cart, json!([])).await;
    assert_eq!(payload["userErrors"], json!([]), "the cart is free");
}
