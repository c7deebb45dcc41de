//! The host of the Postgres goes without a word, and comes back as another.

use crate::harness::{Setup, Shop, SilentWire, at, separate};
use serde_json::json;
use std::time::Duration;

const SHELF: &str = "{ products(first: 10) { nodes { title } } }";

/// Whoever needs the database is told to try again instead of waiting for ever, and once somebody answers
/// everything goes on by itself, though no old connection was ever closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_gone_is_given_up_and_its_heir_is_found_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut url = url::Url::parse(&separate(folder.path()).await).expect("a URL");
    let wire = SilentWire::to(url.port().unwrap_or(5432)).await;
    url.set_port(Some(wire.port)).expect("a port");
    url.set_host(Some("127.0.0.1")).expect("a host");
    at(folder.path(), url.as_str());
    let setup = Setup::default().config(|config| {
        config.redis = None;
        config.database.acquire_timeout = Duration::from_secs(2);
        config.database.postgres.statement_timeout = Duration::from_secs(2);
    });
    let shop = Shop::in_folder(folder, setup).await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let shelf = shopper.ask(SHELF, json!({})).await;
    assert_eq!(shelf.at("/products/nodes").as_array().map(Vec::len), Some(2), "{:#}", shelf.body);

    let bowl = shop.gid("bowl").await;
    wire.fall_silent();
    let (ordered, added, other) =
        tokio::join!(shopper.place_order("k"), shopper.add(&bowl, 1), shopper.place_order("k"));
    for answer in [&ordered.answer, &added, &other.answer] {
        assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{:#}", answer.body);
    }

    wire.speak();
    shop.until("the order is placed", || async {
        shopper.place_order("k").await.answer.body["errors"].is_null()
    })
    .await;
    let placed = shopper.place_order("k").await;
    assert!(placed.is_placed(), "{:?}", placed.refusals());
    shopper.pay(&placed, "4242424242424242").await;
    shop.until("it is paid", || async { shop.is_paid(placed.order_id()).await }).await;
    shop.books_balance().await;
    assert_eq!(shopper.ask(SHELF, json!({})).await.body, shelf.body);
}
