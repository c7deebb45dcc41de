//! Connections that end in the middle of a transaction, and at the worst moment: when it is committed.

use crate::harness::{Break, Load, Setup, Shop, Stock, Wire, at, goods, separate, statement};
use chrono::TimeDelta;

/// The server's sessions are ended while they work, again and again, while eight people buy.
#[tokio::test(flavor = "multi_thread")]
async fn connections_cut_in_mid_transaction_lose_and_double_nothing_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = separate(folder.path()).await;
    let shop = Shop::in_folder(folder, Setup::selling(goods())).await;
    let load = Load::begin(&shop, 8).await;
    let in_mid_transaction = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'stoa' AND xact_start IS NOT NULL";
    let mut cut = 0;
    for _ in 0..25 {
        load.go_on(2).await;
        cut += statement(&url, in_mid_transaction).await.expect("a number");
    }
    assert!(cut > 0, "some were in the middle of something");
    let tally = load.end().await;
    assert!(tally.orders.len() >= 50, "{tally:?}");
    shop.all_is_well_after(&tally).await;
}

/// The connection is lost at the order's commit: on either side of it the same request again gives one order.
#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_found_by_its_key_on_postgres() {
    for side in [Break::Before, Break::After] {
        let folder = tempfile::tempdir().expect("a folder");
        let straight = separate(folder.path()).await;
        let mut url = url::Url::parse(&straight).expect("a URL");
        let wire = Wire::to(url.port().unwrap_or(5432), side, "INSERT INTO \"orders\"").await;
        url.set_port(Some(wire.port)).expect("a port");
        url.set_host(Some("127.0.0.1")).expect("a host");
        at(folder.path(), url.as_str());
        let shop = Shop::in_folder(folder, Setup::default()).await;
        let shopper = shop.shopper_with_cart([("mug", 2)]).await;

        wire.arm();
        let lost = shopper.place_order("k").await;
        assert!(wire.has_broken());
        assert_eq!(lost.answer.code(), "SERVICE_UNAVAILABLE", "{:#}", lost.answer.body);
        let kept = statement(&straight, "SELECT count(*) FROM orders").await;
        assert_eq!(kept, Some(i64::from(side == Break::After)), "{side:?}");

        // Another key is another order, which this cart cannot become any more, or not yet.
        let other = shopper.place_order("another").await;
        assert!(!other.is_placed(), "{side:?}: {:#}", other.answer.body);
        // The same one need not wait for the cart's lock, which is its own.
        let placed = shopper.place_order("k").await;
        assert!(placed.is_placed(), "{side:?}: {:?}", placed.refusals());
        assert_eq!(shopper.place_order("k").await.order_id(), placed.order_id());
        assert_eq!(statement(&straight, "SELECT count(*) FROM orders").await, Some(1));
        assert_eq!(shop.stock("mug").await, Stock { on_hand: 10, allocated: 2 });
        shopper.pay(&placed, "4242424242424242").await;
        shop.settle().await;
        assert!(shop.is_paid(placed.order_id()).await);
        shop.clock.advance(TimeDelta::minutes(20));
        shop.books_balance_with_the_gateway().await;
    }
}
