//! The host of the Postgres goes without a word, and comes back as another.

use crate::harness::{Setup, Shop, SilentWire, at, separate};
use futures_util::future::join_all;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

const SHELF: &str = "{ products(first: 10) { nodes { title availableForSale } } }";
const COLD: &str = "{ products(first: 9) { nodes { title } } }";
/// For what must come some time, however busy the machine is.
const SOME_TIME: Duration = Duration::from_secs(180);

/// A shop whose wire to its database can fall silent.
async fn behind_a_wire() -> (Shop, SilentWire) {
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
    (Shop::in_folder(folder, setup).await, wire)
}

/// Whoever needs the database is told to try again instead of waiting for ever, and once somebody answers
/// everything goes on by itself, though no old connection was ever closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_gone_is_given_up_and_its_heir_is_found_on_postgres() {
    let (shop, wire) = behind_a_wire().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let bowl = shop.gid("bowl").await;
    wire.fall_silent();
    let (ordered, added, other) =
        tokio::join!(shopper.place_order("k"), shopper.add(&bowl, 1), shopper.place_order("k"));
    for answer in [&ordered.answer, &added, &other.answer] {
        assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{:#}", answer.body);
    }

    wire.speak();
    let placed = async {
        loop {
            let placed = shopper.place_order("k").await;
            if placed.is_placed() {
                return placed;
            }
        }
    };
    let placed = timeout(SOME_TIME, placed).await.expect("the order is placed");
    shopper.pay(&placed, "4242424242424242").await;
    shop.until("it is paid", || async { shop.is_paid(placed.order_id()).await }).await;
    shop.books_balance_with_the_gateway().await;
}

/// What was shown goes on being shown for half a minute, to everybody; then nobody is told what may be long over, nor waits.
#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_remembered_while_its_host_is_gone_on_postgres() {
    let (shop, wire) = behind_a_wire().await;
    let shopper = shop.shopper();
    let shelf = shopper.ask(SHELF, json!({})).await;
    assert_eq!(shelf.at("/products/nodes").as_array().map(Vec::len), Some(2), "{:#}", shelf.body);
    wire.fall_silent();

    let crowd = (0..20).map(|_| shopper.ask(SHELF, json!({})));
    for answer in join_all(crowd).await {
        assert_eq!(answer.body, shelf.body, "it is remembered");
    }
    // What was never shown cannot be.
    let cold = shopper.ask(COLD, json!({})).await;
    assert_eq!(cold.code(), "SERVICE_UNAVAILABLE", "{:#}", cold.body);
    assert_eq!(shopper.ask(SHELF, json!({})).await.body, shelf.body, "it is still remembered");
    let over = async {
        loop {
            let answer = shopper.ask(SHELF, json!({})).await;
            if answer.body != shelf.body {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let over = timeout(SOME_TIME, over).await.expect("nothing is remembered for ever");
    assert_eq!(over.code(), "SERVICE_UNAVAILABLE", "{:#}", over.body);

    wire.speak();
    let back = async {
        while shopper.ask(SHELF, json!({})).await.body != shelf.body
            || shopper.ask(COLD, json!({})).await.body["errors"] != json!(null)
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(SOME_TIME, back).await.expect("it is read again");
}
