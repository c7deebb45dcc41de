//! Live updates: what somebody follows appears by itself, to those who may see it and to nobody else.

use crate::harness::{Events, Follower, Item, Placed, Setup, Shop, Shopper, Socket};
use chrono::TimeDelta;
use futures_util::{StreamExt, future::join_all};
use serde_json::{Value, json};
use std::time::Duration;

const CART: &str = "subscription($id: ID!) { cartUpdated(cartId: $id) { id totalQuantity note } }";
const ORDER: &str = "subscription($token: String!) { orderStatusChanged(lookup: { token: $token }) {
  name financialStatus cancelReason currentTotalPrice { amount } token } }";
const CONTACT: &str = "subscription($number: Int!, $email: String!) {
  orderStatusChanged(lookup: { contact: { number: $number, email: $email } }) { financialStatus token } }";
const STOCK: &str = "subscription($ids: [ID!]!) { inventoryChanged(variantIds: $ids) {
  variantId availableForSale quantityAvailable } }";
const CARD: &str = "4242424242424242";
const QUANTITY: &str = "/cartUpdated/totalQuantity";
const STATUS: &str = "/orderStatusChanged/financialStatus";

const HOUR: Duration = Duration::from_secs(3600);

async fn follow_cart(shop: &Shop, shopper: &Shopper) -> [Follower; 2] {
    Follower::both(shop, CART, json!({ "id": shopper.cart })).await
}

async fn follow_order(shop: &Shop, placed: &Placed) -> [Follower; 2] {
    Follower::both(shop, ORDER, json!({ "token": placed.token() })).await
}

/// One buyer, two tabs: what is put in here appears there, after what was in it to begin with.
#[tokio::test(flavor = "multi_thread")]
async fn a_cart_that_is_changed_in_one_tab_appears_in_the_other() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mut tabs = follow_cart(&shop, &shopper).await;
    for tab in &mut tabs {
        assert_eq!(tab.sees(QUANTITY).await, 1, "first what there is");
    }
    shopper.add(&shop.gid("bowl").await, 2).await;
    for tab in &mut tabs {
        assert_eq!(tab.sees(QUANTITY).await, 3);
    }
    shopper.change("cartNoteUpdate", &[("note", "String!", json!("as a gift"))]).await;
    for tab in &mut tabs {
        assert_eq!(tab.sees("/cartUpdated/note").await, "as a gift");
    }
    shop.books_balance().await;
}

/// Many changes at once: no tab sees one twice or goes back, and each sees the last.
#[tokio::test(flavor = "multi_thread")]
async fn a_tab_never_goes_back_and_ends_with_what_there_is() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1_000)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mut tabs = follow_cart(&shop, &shopper).await;
    let mug = shop.gid("mug").await;
    let adds = (0..30).map(|_| {
        let (shopper, mug) = (shopper.clone(), mug.clone());
        async move {
            // A busy cart is asked again by its buyer, too.
            while shopper.add(&mug, 1).await.at("/cartLinesAdd/cart").is_null() {}
        }
    });
    join_all(adds).await;
    for tab in &mut tabs {
        let mut quantity = 0;
        while quantity < 31 {
            let seen = tab.sees(QUANTITY).await.as_u64().expect("a quantity");
            assert!(seen > quantity, "{seen} after {quantity}");
            quantity = seen;
        }
    }
}

/// A cart that has become an order is gone, and whoever followed it is told so and let go.
#[tokio::test(flavor = "multi_thread")]
async fn a_cart_that_was_ordered_is_null_and_over() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mut tabs = follow_cart(&shop, &shopper).await;
    for tab in &mut tabs {
        assert_eq!(tab.sees(QUANTITY).await, 1);
    }
    assert!(shopper.place_order("key").await.is_placed());
    for tab in &mut tabs {
        while !tab.sees("/cartUpdated").await.is_null() {}
        tab.is_over().await;
    }
}

/// The order's page turns by itself when the webhook has come, and again when money goes back.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_paid_and_refunded_before_its_buyer_s_eyes() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let placed = shopper.place_order("key").await;
    let mut pages = follow_order(&shop, &placed).await;
    for page in &mut pages {
        assert_eq!(page.sees(STATUS).await, "PENDING");
    }
    shopper.pay(&placed, CARD).await;
    for page in &mut pages {
        page.sees_in_the_end(STATUS, &json!("PAID")).await;
    }
    shop.settle().await;
    let refund = [("payment_intent", placed.intent()), ("amount", "500".to_owned())];
    let refund: Vec<(&str, &str)> = refund.iter().map(|(key, value)| (*key, value.as_str())).collect();
    shop.gateway_post("/v1/refunds", &refund).await;
    for page in &mut pages {
        assert_eq!(page.sees(STATUS).await, "PARTIALLY_REFUNDED", "nothing between, and nothing twice");
    }
    shop.settle().await;
    shop.books_balance().await;
}

/// Nobody pays: the order is given up, its buyer sees why, and its stock is there for others at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_expires_says_so_and_gives_its_stock_back() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("key").await;
    let mut pages = follow_order(&shop, &placed).await;
    let mut shelves = Follower::both(&shop, STOCK, json!({ "ids": [shop.gid("mug").await] })).await;
    for (page, shelf) in pages.iter_mut().zip(&mut shelves) {
        assert_eq!(page.sees(STATUS).await, "PENDING");
        assert_eq!(shelf.sees("/inventoryChanged/0/quantityAvailable").await, 0);
    }
    shop.clock.advance(TimeDelta::minutes(61));
    shop.run_jobs().await;
    for (page, shelf) in pages.iter_mut().zip(&mut shelves) {
        assert_eq!(page.sees("/orderStatusChanged/cancelReason").await, "EXPIRED");
        shelf.sees_in_the_end("/inventoryChanged/0/quantityAvailable", &json!(1)).await;
    }
    shop.books_balance().await;
}

/// Two look at the same mug: when one takes the last, the other sees it go, and come back when it is put back.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_unit_goes_and_comes_back_before_everybody_s_eyes() {
    let shop =
        Shop::with(Setup::selling([Item::new("mug", "12.50", 1), Item::new("bowl", "20.00", 3)])).await;
    let (mug, bowl) = (shop.gid("mug").await, shop.gid("bowl").await);
    let ids = json!({ "ids": [bowl, mug, mug] });
    let mut shelves = Follower::both(&shop, STOCK, ids).await;
    let expected = |id: &str, units: u32| json!({ "variantId": id, "availableForSale": units > 0, "quantityAvailable": units });
    for shelf in &mut shelves {
        let all = shelf.sees("/inventoryChanged").await;
        assert_eq!(
            all,
            json!([expected(&bowl, 3), expected(&mug, 1)]),
            "all of them, each once, in their order"
        );
    }
    let other = shop.shopper_with_cart([("mug", 1)]).await;
    for shelf in &mut shelves {
        let sold = shelf.sees("/inventoryChanged").await;
        assert_eq!(sold, json!([expected(&mug, 0)]), "only what has changed");
    }
    let line = other.read_cart().await["lines"]["nodes"][0]["id"].clone();
    other.change("cartLinesRemove", &[("lineIds", "[ID!]!", json!([line]))]).await;
    for shelf in &mut shelves {
        assert_eq!(shelf.sees("/inventoryChanged").await, json!([expected(&mug, 1)]));
    }
    shop.books_balance().await;
}

/// However many look at the same mug, it is read for all of them together.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_who_look_at_one_mug_cost_hardly_more_than_one() {
    let shop = Shop::with(told_only()).await;
    let mug = shop.variant("mug").await;
    let watch = &shop.app.services().watch_stock;
    let watchers = join_all((0..1_000).map(|_| async { watch.run(vec![mug]).await.expect("stock") })).await;
    let mut watchers: Vec<_> = watchers.into_iter().map(Box::pin).collect();
    for watcher in &mut watchers {
        assert_eq!(watcher.next().await.expect("what there is")[0].stock.quantity, Some(10));
    }
    let before = shop.db().statements();
    let _other = shop.shopper_with_cart([("mug", 4)]).await;
    // At once, as they would be told.
    for update in join_all(watchers.iter_mut().map(StreamExt::next)).await {
        assert_eq!(update.expect("what is left")[0].stock.quantity, Some(6));
    }
    // The cart's own, the worker's, and those of a few reads that the followers shared.
    let cost = shop.db().statements() - before;
    assert!(cost < 100, "{cost} statements for a thousand followers");
}

/// The carts' store loses its last write, as in a fail-over: who follows the cart sees what there is, though its version is an old one,
/// and then what comes of it, though its version has been seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_cart_that_its_store_put_back_is_shown_as_it_is_on_postgres() {
    let setup = Setup::default().config(|config| {
        // Where a test can put them back.
        config.redis = None;
        config.settings.live_refresh = Duration::from_millis(200);
    });
    let shop = Shop::with(setup).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shop.by_hand("CREATE TABLE kept AS SELECT * FROM carts").await;
    let mut tabs = follow_cart(&shop, &shopper).await;
    shopper.add(&shop.gid("bowl").await, 2).await;
    for tab in &mut tabs {
        tab.sees_in_the_end(QUANTITY, &json!(3)).await;
    }
    shop.by_hand(
        "UPDATE carts SET version = kept.version, body = kept.body FROM kept WHERE kept.id = carts.id",
    )
    .await;
    for tab in &mut tabs {
        assert_eq!(tab.sees(QUANTITY).await, 1, "what is left of it");
    }
    shopper.add(&shop.gid("mug").await, 4).await;
    for tab in &mut tabs {
        assert_eq!(tab.sees(QUANTITY).await, 5);
    }
}

/// What an import brings, no bus tells: it is seen all the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_changes_is_seen_in_the_end() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)])).await;
    let mut shelves = Follower::both(&shop, STOCK, json!({ "ids": [shop.gid("mug").await] })).await;
    for shelf in &mut shelves {
        assert_eq!(shelf.sees("/inventoryChanged/0/quantityAvailable").await, 1);
    }
    shop.restock(&[Item::new("mug", "12.50", 7)]).await;
    for shelf in &mut shelves {
        assert_eq!(shelf.sees("/inventoryChanged/0/quantityAvailable").await, 7);
    }
    // Taken off the shelf.
    shop.restock(&[Item { published: false, ..Item::new("mug", "12.50", 7) }]).await;
    for shelf in &mut shelves {
        shelf.sees_in_the_end("/inventoryChanged/0/availableForSale", &json!(false)).await;
    }
}

/// Who guesses sees what they would see if there were nothing.
#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_sees_nothing() {
    let hidden = Item { published: false, ..Item::new("secret", "9.00", 5) };
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 10), hidden])).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("key").await;

    for cart in ["gid://stoa/Cart/00000000-0000-4000-8000-000000000001", "gid://shopify/Cart/guess"] {
        for stranger in &mut Follower::both(&shop, CART, json!({ "id": cart })).await {
            assert!(stranger.sees("/cartUpdated").await.is_null());
            stranger.is_over().await;
        }
    }
    // The id of the order is no key to it, and neither is half of a key.
    let order = placed.answer.at("/orderPlace/order/id").clone();
    for token in [order, json!(placed.token()[..42]), json!("")] {
        for stranger in &mut Follower::both(&shop, ORDER, json!({ "token": token })).await {
            assert!(stranger.sees("/orderStatusChanged").await.is_null());
            stranger.is_over().await;
        }
    }
    let number = placed.answer.at("/orderPlace/order/orderNumber").clone();
    for stranger in
        &mut Follower::both(&shop, CONTACT, json!({ "number": number, "email": "eve@example.org" })).await
    {
        assert!(stranger.sees("/orderStatusChanged").await.is_null());
        stranger.is_over().await;
    }
    // Who knows number and address sees the order, and learns no key to it.
    for friend in
        &mut Follower::both(&shop, CONTACT, json!({ "number": number, "email": "ada@example.org" })).await
    {
        let seen = friend.sees("/orderStatusChanged").await;
        assert_eq!(seen, json!({ "financialStatus": "PENDING", "token": Value::Null }));
    }
    // What is not offered is not there, however much of it is.
    let ids = json!({ "ids": [shop.gid("secret").await, "gid://stoa/ProductVariant/00000000-0000-7000-8000-000000000001"] });
    for stranger in &mut Follower::both(&shop, STOCK, ids).await {
        for update in stranger.sees("/inventoryChanged").await.as_array().expect("a list") {
            assert_eq!(update["quantityAvailable"], 0);
            assert_eq!(update["availableForSale"], false);
        }
    }
    let mut socket = Socket::open(&shop, None).await.expect("a socket");
    socket.subscribe("1", CART, &json!({ "id": "gid://stoa/Product/1" })).await;
    let refused = socket.receive().await;
    assert_eq!(refused["type"], "error");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "INVALID_ID");
}

/// There is so much room, and then no more, and room again when somebody leaves.
#[tokio::test(flavor = "multi_thread")]
async fn there_is_so_much_room_for_followers() {
    let setup = Setup::default().config(|config| {
        config.http.live.connections = 2;
        config.http.live.operations = 3;
        config.http.live.subscriptions = 4;
    });
    let shop = Shop::with(setup).await;
    let stock = json!({ "ids": [shop.gid("mug").await] });
    let mut first = Socket::open(&shop, None).await.expect("a socket");
    let mut second = Socket::open(&shop, None).await.expect("a socket");
    let refused = Socket::open(&shop, None).await.err().expect("a third is one too many");
    assert_eq!(refused, (503, "TOO_MANY_CONNECTIONS".to_owned()));
    assert_eq!(Events::post(&shop, STOCK, &stock).await.status(), 503);
    for id in ["1", "2", "3"] {
        first.subscribe(id, STOCK, &stock).await;
        assert_eq!(first.receive().await["type"], "next");
    }
    first.subscribe("4", STOCK, &stock).await;
    assert_eq!(first.receive().await["payload"][0]["extensions"]["code"], "TOO_MANY_OPERATIONS");
    second.subscribe("1", STOCK, &stock).await;
    assert_eq!(second.receive().await["type"], "next");
    second.subscribe("2", STOCK, &stock).await;
    assert_eq!(
        second.receive().await["payload"][0]["extensions"]["code"],
        "TOO_MANY_OPERATIONS",
        "the fifth of all"
    );
    first.complete("1").await;
    // Its place is free once the server has read that.
    let mut id = 10;
    loop {
        id += 1;
        second.subscribe(&id.to_string(), STOCK, &stock).await;
        if second.receive().await["type"] == "next" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Browsers ask no server before they open a WebSocket from another site's page; so we look ourselves.
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_open_no_socket_unless_they_are_listed() {
    let friend = "https://shop.example.org";
    let setup = Setup::default().config(move |config| config.http.cors_origins = vec![friend.to_owned()]);
    let shop = Shop::with(setup).await;
    let refused = Socket::open(&shop, Some("https://evil.example")).await.err().expect("a refusal");
    assert_eq!(refused, (403, "ORIGIN_NOT_ALLOWED".to_owned()));
    let own = shop.base.clone();
    for origin in [friend, &own] {
        assert!(Socket::open(&shop, Some(origin)).await.is_ok(), "{origin}");
    }
}

/// A server that is told to stop sends its followers elsewhere, and does not wait for them.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_lets_its_followers_go() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mut socket = Socket::open(&shop, None).await.expect("a socket");
    socket.subscribe("1", CART, &json!({ "id": shopper.cart })).await;
    assert_eq!(socket.receive().await["type"], "next");
    let mut events = Events::post(&shop, CART, &json!({ "id": shopper.cart })).await;
    assert_eq!(events.receive().await.expect("an event")["type"], "next");
    let Shop { app, folder, .. } = shop;
    let stopped = tokio::spawn(app.stop());
    assert_eq!(socket.closed().await, 1001, "going away");
    assert_eq!(events.receive().await, None, "without complete, so that the client comes back elsewhere");
    stopped.await.expect("it ends").expect("in time");
    drop(folder);
}

/// What is changed on one instance appears to who follows it on another.
async fn what_is_changed_here_appears_there(shop: &Shop, other: &Shop) {
    for instance in [shop, other] {
        instance.app.hears_others().wait_for(|hears| *hears).await.expect("it runs");
    }
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mut tabs = follow_cart(other, &shopper).await;
    let mut shelves = Follower::both(other, STOCK, json!({ "ids": [shop.gid("bowl").await] })).await;
    for (tab, shelf) in tabs.iter_mut().zip(&mut shelves) {
        assert_eq!(tab.sees(QUANTITY).await, 1);
        assert_eq!(shelf.sees("/inventoryChanged/0/quantityAvailable").await, 3);
    }
    shopper.add(&shop.gid("bowl").await, 3).await;
    for (tab, shelf) in tabs.iter_mut().zip(&mut shelves) {
        assert_eq!(tab.sees(QUANTITY).await, 4);
        assert_eq!(shelf.sees("/inventoryChanged/0/quantityAvailable").await, 0);
    }
    let placed = shopper.place_order("key").await;
    for tab in &mut tabs {
        while !tab.sees("/cartUpdated").await.is_null() {}
        tab.is_over().await;
    }
    let mut pages = follow_order(other, &placed).await;
    for page in &mut pages {
        assert_eq!(page.sees(STATUS).await, "PENDING");
    }
    shopper.pay(&placed, CARD).await;
    for page in &mut pages {
        page.sees_in_the_end(STATUS, &json!("PAID")).await;
    }
    shop.settle().await;
    shop.books_balance().await;
}

/// Nobody reads by the clock here: only what is told is seen in time.
fn told_only() -> Setup {
    Setup::default().config(|config| config.settings.live_refresh = HOUR)
}

/// By Redis, where carts are in one, and otherwise by the database.
#[tokio::test(flavor = "multi_thread")]
async fn two_instances_hear_each_other_on_postgres() {
    let shop = Shop::with(told_only()).await;
    let other = shop.beside(|config| config.settings.live_refresh = HOUR).await;
    what_is_changed_here_appears_there(&shop, &other).await;
}
