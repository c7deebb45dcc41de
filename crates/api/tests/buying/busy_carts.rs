//! A cart that is being ordered at this moment.

use crate::{carts::refusal, shop::Shop};
use serde_json::{Value, json};
use stoa_domain::{
    cart::{CartStore, CheckoutLock, Saved},
    shared::{CartId, Clock},
};
use stoa_persistence::SqlCartStore;

/// Locks a cart, as a request that places its order does.
async fn lock(shop: &Shop, cart: &str) {
    let id: CartId = cart.rsplit('/').next().unwrap().parse().unwrap();
    let (store, now) = (SqlCartStore::new(shop.db.clone()), shop.clock.now());
    let mut cart = store.load(id, now).await.unwrap().unwrap();
    cart.checkout = Some(CheckoutLock { key: "somebody's".into(), at: now });
    let kept_until = now + chrono::TimeDelta::days(1);
    assert!(matches!(store.save(&cart, now, kept_until).await.unwrap(), Saved::Yes(_)));
}

#[tokio::test]
async fn it_cannot_be_changed_and_still_reads() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 1)]).await;
    lock(&shop, &cart).await;
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
    lock(&shop, &cart).await;
    let payload = shop.place(&cart, "mine", None).await;
    assert_eq!(
        (&payload["order"], &payload["userErrors"][0]["code"]),
        (&Value::Null, &json!("ORDER_IN_PROGRESS"))
    );
    // The other request has died: its lock ends by itself.
    shop.wait(chrono::TimeDelta::minutes(1));
    assert_eq!(shop.place(&cart, "mine", None).await["userErrors"], json!([]));
}
