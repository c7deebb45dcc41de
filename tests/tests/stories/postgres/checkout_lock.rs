//! The lock that placing an order puts on its cart, while the order waits in SQL: it is as old as its store says, whatever the clocks
//! of the instances, and its own request comes again and takes it over.

use crate::harness::{Item, Placed, Setup, Shop, Stock, separate, statement};
use chrono::TimeDelta;
use futures_util::future::join_all;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// How many sessions of the shop wait for a row.
const WAITING: &str = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database() AND application_name = 'stoa'";

/// Two instances that sell so many mugs, in a database of their own, whose URL this is.
async fn two(mugs: i64) -> (Shop, Shop, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = separate(folder.path()).await;
    let shop = Shop::in_folder(folder, Setup::selling([Item::new("mug", "12.50", mugs)])).await;
    let beside = shop.beside(|_| {}).await;
    (shop, beside, url)
}

/// Somebody who keeps the mugs' stock to himself: whoever places an order waits for him.
async fn a_hand_on_the_mugs(shop: &Shop, url: &str) -> PgConnection {
    let mut hand = PgConnection::connect(url).await.expect("Postgres answers");
    let mug = shop.variant("mug").await;
    hand.execute("BEGIN").await.expect("a transaction");
    hand.execute(AssertSqlSafe(format!(
        "SELECT 1 FROM inventory_items WHERE variant_id = '{mug}' FOR UPDATE"
    )))
    .await
    .expect("the row is free");
    hand
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_two_minutes_ahead_takes_no_live_lock_off_on_postgres() {
    let (here, ahead, url) = two(100).await;
    ahead.clock.advance(TimeDelta::minutes(2));
    let mug = here.gid("mug").await;
    let shopper = here.shopper_with_cart([("mug", 1)]).await;
    let there = shopper.at(&ahead);
    let mut hand = a_hand_on_the_mugs(&here, &url).await;
    let order = tokio::spawn({
        let shopper = shopper.clone();
        async move { shopper.place_order("k").await }
    });
    here.until("the order waits", || async { statement(&url, WAITING).await == Some(1) }).await;

    let added = there.add(&mug, 1).await;
    assert_eq!(added.at("/cartLinesAdd/userErrors/0/code"), "SERVICE_UNAVAILABLE", "{:#}", added.body);
    assert_eq!(there.place_order("another").await.refusals(), ["ORDER_IN_PROGRESS"]);
    assert_eq!(there.quantities().await, [1], "and it still reads");

    hand.execute("COMMIT").await.expect("the hand lets go");
    let placed = order.await.expect("the buyer is served");
    assert_eq!(here.order(placed.order_id()).await.lines[0].quantity, 1, "what was shown");
    assert!(there.read_cart().await.is_null(), "it is an order now, at both");
    assert_eq!(here.stock("mug").await, Stock { on_hand: 100, allocated: 1 });
    here.books_balance_with_the_gateway().await;
}

/// Six of them at once, all alive, each of which takes the lock over from another; and there is but one mug, which the winner has.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_made_six_times_takes_over_its_own_lock_and_is_one_order_on_postgres() {
    let (here, there, url) = two(1).await;
    let shopper = here.shopper_with_cart([("mug", 1)]).await;
    let mut hand = a_hand_on_the_mugs(&here, &url).await;
    let requests = (0..6).map(|n| {
        let at = shopper.at([&here, &there][n % 2]);
        tokio::spawn(async move { at.place_order("k").await })
    });
    let requests: Vec<_> = requests.collect();
    here.until("all six are past the lock", || async { statement(&url, WAITING).await == Some(6) }).await;
    hand.execute("COMMIT").await.expect("the hand lets go");
    let placed: Vec<Placed> =
        join_all(requests).await.into_iter().map(|p| p.expect("the buyer is served")).collect();
    for one in &placed {
        assert!(one.is_placed(), "{:?}", one.refusals());
        assert_eq!((one.order_id(), one.intent()), (placed[0].order_id(), placed[0].intent()));
    }
    assert_eq!(here.stock("mug").await, Stock { on_hand: 1, allocated: 1 });
    assert!(shopper.read_cart().await.is_null());
    assert_eq!(here.order(placed[0].order_id()).await.number, 1001);
    // Nothing is held any more, not even by those who came late.
    here.books_balance_with_the_gateway().await;
}
