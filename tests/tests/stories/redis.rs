//! Redis slow, gone, back with nothing in it, and ending at any word of a request: the catalogue and placed orders go on, carts say
//! that one may try again, and afterwards nothing needs hands.

use crate::harness::{
    Answer, Item, Lost, OwnCluster, OwnRedis, Placed, RedisWire, Setup, Shop, Shopper, Stock, hasty,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use stoa_redis::Timeouts;
use stoa_services::doctor::Treatment;

const GOOD: &str = "4242424242424242";
const LOOK: Treatment = Treatment { fix: false, payments: 100 };
const PRODUCT: &str = "{ product(handle: \"mug\") { availableForSale variants(first: 1) { nodes { availableForSale quantityAvailable } } } }";
/// The longest that anything may take with Redis gone: a connection and an answer, each tried twice, on a busy machine.
const SOON: Duration = Duration::from_secs(8);

fn selling_by(url: String, items: impl Into<Vec<Item>>) -> Setup {
    Setup::selling(items).config(move |c| c.redis = Some(hasty(&url, &c.data_dir)))
}

fn mugs() -> [Item; 1] {
    [Item::new("mug", "12.50", 1_000)]
}

/// Waits for an answer, and not for long.
async fn soon<T>(answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, answer).await.expect("nobody is kept waiting")
}

impl Shop {
    /// What a shopper sees of the mug: whether it can be bought, and how many.
    async fn shown(&self) -> (bool, Option<i64>) {
        let answer = soon(self.shopper().ask(PRODUCT, json!({}))).await;
        let variant = answer.at("/product/variants/nodes/0");
        (answer.at("/product/availableForSale") == true, variant["quantityAvailable"].as_i64())
    }

    /// Whether everything about carts says that one may try again, soon, and no more than that.
    async fn carts_may_be_tried_again(&self, shopper: &Shopper) {
        let mug = self.gid("mug").await;
        let create = "mutation { cartCreate { cart { id } userErrors { code } } }";
        let read = "query($id: ID!) { cart(id: $id) { totalQuantity } }";
        for answer in [
            soon(shopper.ask(read, json!({ "id": shopper.cart }))).await,
            soon(shopper.ask(create, json!({}))).await,
            soon(shopper.add(&mug, 1)).await,
            soon(shopper.place_order("never")).await.answer,
        ] {
            assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{:#}", answer.body);
            let text = answer.body.to_string();
            assert!(!text.contains("redis") && !text.contains("127.0.0.1"), "{text}");
        }
    }

    /// Waits until carts are served, wherever in a cluster they are, and buys a mug.
    async fn works_again(&self, key: &str) -> Placed {
        let (begun, mut served) = (Instant::now(), 0);
        // Empty ones, which hold nothing.
        let create = "mutation { cartCreate { cart { id } userErrors { code } } }";
        // For two seconds without a break: a node that comes back may stumble once more.
        while served < 20 {
            assert!(begun.elapsed() < Duration::from_secs(60), "carts are not served again");
            let made = self.shopper().ask(create, json!({})).await;
            served = if made.body.get("errors").is_none() { served + 1 } else { 0 };
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.shopper_with_cart([("mug", 1)]).await.place_order(key).await
    }

    async fn ready(&self) -> u16 {
        let answer = soon(self.endpoint.http.get(format!("{}/readyz", self.base)).send()).await;
        answer.expect("the server answers").status().as_u16()
    }

    /// The stock is exact, and the doctor finds nothing once what was held has ended.
    async fn ends_well(&self, sold: i64) {
        self.clock.advance(TimeDelta::minutes(20));
        self.settle().await;
        assert_eq!(self.stock("mug").await, Stock { on_hand: 1_000, allocated: sold });
        self.books_balance_with_the_gateway().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_placed_and_what_is_shown_do_without_it_on_redis() {
    let mut server = OwnRedis::start().await;
    let shop = Shop::with(selling_by(server.url(), mugs())).await;
    let buyer = shop.shopper_with_cart([("mug", 2)]).await;
    let placed = buyer.place_order("first").await;
    let browsing = shop.shopper_with_cart([("mug", 3)]).await;
    shop.until("what is held is not for sale", || async { shop.shown().await == (true, Some(995)) }).await;

    server.kill();
    shop.carts_may_be_tried_again(&browsing).await;
    shop.until("what SQL has is shown", || async { shop.shown().await == (true, Some(998)) }).await;
    assert_eq!(shop.ready().await, 200, "no instance would be better off");
    let again = soon(buyer.place_order("first")).await;
    assert_eq!((again.order_id(), again.intent()), (placed.order_id(), placed.intent()));
    assert_eq!(buyer.pay(&placed, GOOD).await["status"], "succeeded");
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    assert_eq!(shop.shopper().order(&placed.token()).await["financialStatus"], "PAID");
    let found = shop.examine(LOOK).await;
    assert_eq!(found.iter().map(|f| f.check).collect::<Vec<_>>(), ["carts.reachable"], "{found:#?}");

    server.restart().await;
    assert!(shop.works_again("second").await.is_placed());
    assert!(browsing.read_cart().await.is_null(), "it was in memory only");
    assert_eq!(browsing.place_order("third").await.refusals(), ["CART_NOT_FOUND"]);
    assert_eq!(shop.examine(LOOK).await, []);
    shop.ends_well(3).await;
}

/// An order that nobody pays is given up while Redis is away: the job is done, and its stock can be bought afterwards.
#[tokio::test]
async fn an_order_expires_without_it_on_redis() {
    let mut server = OwnRedis::start().await;
    let shop = Shop::with(selling_by(server.url(), [Item::new("mug", "12.50", 1)])).await;
    let placed = shop.shopper_with_cart([("mug", 1)]).await.place_order("k").await;
    server.kill();
    shop.clock.advance(TimeDelta::minutes(61));
    shop.until("the order is given up", || async {
        shop.run_jobs().await;
        shop.order(placed.order_id()).await.state.name() == "cancelled"
    })
    .await;
    server.restart().await;
    assert!(shop.works_again("again").await.is_placed(), "the last one is there to be bought");
    shop.settle().await;
    shop.books_balance_with_the_gateway().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_stands_still_nobody_waits_for_long_on_redis() {
    let server = OwnRedis::start().await;
    let shop = Shop::with(selling_by(server.url(), mugs())).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    server.pause();
    shop.carts_may_be_tried_again(&shopper).await;
    for _ in 0..3 {
        assert!(shop.shown().await.0);
    }
    assert_eq!(shop.ready().await, 200);
    server.go_on();
    assert!(shop.works_again("a").await.is_placed());
    // What nobody had an answer to may have been done all the same; the order is what the cart says.
    let wanted: u64 = shopper.quantities().await.iter().sum();
    shop.clock.advance(TimeDelta::seconds(31));
    assert!(shopper.place_order("b").await.is_placed());
    shop.ends_well(1 + i64::try_from(wanted).expect("a few")).await;
}

/// Slow, and within what is waited for: nobody notices more than that.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_is_as_good_as_any_on_redis() {
    let wire = RedisWire::to(&tests_redis()).await;
    let url = wire.url();
    // Of a machine that is busy with other stories nobody shall be able to say that it was too late.
    let patient = Timeouts { connect: Duration::from_secs(30), response: Duration::from_secs(30) };
    let setup = Setup::selling(mugs())
        .config(move |c| c.redis = Some(hasty(&url, &c.data_dir).with_timeouts(patient)));
    let shop = Shop::with(setup).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let mug = shop.gid("mug").await;

    wire.answer_after(Timeouts::default().response * 9 / 10);
    let added = shopper.add(&mug, 2).await;
    assert!(added.body.get("errors").is_none(), "{:#}", added.body);
    assert_eq!(shopper.quantities().await, [3]);
    let placed = shopper.place_order("late").await;
    assert!(placed.is_placed());
    assert!(wire.delayed() > 3, "each of them has waited for Redis");
    wire.answer_after(Duration::ZERO);

    assert_eq!(shopper.pay(&placed, GOOD).await["status"], "succeeded");
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    shop.ends_well(3).await;
}

/// Slower than what is waited for: as good as gone, and what it says in the end is not taken for the answer to something else.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_too_late_is_none_on_redis() {
    let wire = RedisWire::to(&tests_redis()).await;
    let shop = Shop::with(selling_by(wire.url(), mugs())).await;
    let (busy, quiet) =
        (shop.shopper_with_cart([("mug", 1)]).await, shop.shopper_with_cart([("mug", 2)]).await);

    // By so much that a machine that stumbles does not hear of both at once.
    wire.answer_after(Timeouts::default().response * 3);
    shop.carts_may_be_tried_again(&busy).await;
    assert!(shop.shown().await.0);
    assert_eq!(shop.ready().await, 200);
    wire.answer_after(Duration::ZERO);

    assert!(shop.works_again("a").await.is_placed());
    assert_eq!(quiet.quantities().await, [2]);
    // What nobody had an answer to may have been done all the same; the order is what the cart says.
    let wanted: u64 = busy.quantities().await.iter().sum();
    shop.clock.advance(TimeDelta::seconds(31));
    assert!(busy.place_order("b").await.is_placed());
    assert!(quiet.place_order("c").await.is_placed());
    shop.ends_well(3 + i64::try_from(wanted).expect("a few")).await;
}

/// Asks again until Redis is there.
async fn insist<F: Future<Output = Answer>>(ask: impl Fn() -> F) -> Value {
    for _ in 0..200 {
        let answer = ask().await;
        let unavailable = answer.body["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE";
        if !unavailable {
            assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
            return answer.body["data"].clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not come back");
}

fn tests_redis() -> String {
    std::env::var("STOA_TEST_REDIS").expect("scripts/services.sh says where Redis is")
}

/// Redis goes at each word that is said while an order is placed. The buyer is told to try again or has their order; the same
/// request again, once it is back, gives one order, and never two.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_placed_once_wherever_it_goes_on_redis() {
    for lost in [Lost::Question, Lost::Answer] {
        let wire = RedisWire::to(&tests_redis()).await;
        let shop = Shop::with(selling_by(
            wire.url(),
            [Item::new("mug", "12.50", 1_000), Item::new("bowl", "9.00", 1_000)],
        ))
        .await;
        let mut sold = 0;
        for words in 0.. {
            let shopper = shop.shopper_with_cart([("mug", 1), ("bowl", 2)]).await;
            let key = format!("{lost:?}-{words}");
            wire.end_after(words, lost);
            let first = soon(shopper.place_order(&key)).await.answer;
            let undisturbed = !wire.has_ended();
            wire.mend();
            let told = first.body["data"]["orderPlace"]["order"]["id"].clone();
            assert!(told.is_string() || first.code() == "SERVICE_UNAVAILABLE", "{words}: {:#}", first.body);
            // A lock that the first try has left is its own.
            let again = insist(async || shopper.place_order(&key).await.answer).await;
            let order = &again["orderPlace"]["order"]["id"];
            assert!(order.is_string(), "{words}: {again:#}");
            assert!(told.is_null() || told == *order, "{words}: two orders");
            sold += 1;
            assert_eq!(shop.stock("mug").await.allocated, sold, "{words}");
            assert_eq!(shop.stock("bowl").await.allocated, sold * 2, "{words}");
            if undisturbed {
                assert!(words > 3, "so many words are said at least");
                break;
            }
        }
        shop.ends_well(sold).await;
    }
}

/// The same while a line is put in: the cart is as before or as asked for, and what it says can be bought.
#[tokio::test(flavor = "multi_thread")]
async fn a_cart_is_as_before_or_as_asked_for_wherever_it_goes_on_redis() {
    for lost in [Lost::Question, Lost::Answer] {
        let wire = RedisWire::to(&tests_redis()).await;
        let shop = Shop::with(selling_by(wire.url(), mugs())).await;
        let mug = shop.gid("mug").await;
        let mut sold = 0;
        for words in 0.. {
            let shopper = shop.shopper_with_cart([("mug", 1)]).await;
            wire.end_after(words, lost);
            let answer = soon(shopper.add(&mug, 2)).await;
            let undisturbed = !wire.has_ended();
            wire.mend();
            let read = "query($id: ID!) { cart(id: $id) { totalQuantity } }";
            let cart = insist(async || shopper.ask(read, json!({ "id": shopper.cart })).await).await;
            let units = cart["cart"]["totalQuantity"].as_i64().expect("the cart is there");
            if answer.body.get("errors").is_none() {
                assert_eq!(units, 3, "{words}");
            } else {
                assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{words}");
                assert!(units == 1 || units == 3, "{words}: {units}");
            }
            assert!(shopper.place_order(&format!("{lost:?}-{words}")).await.is_placed());
            sold += units;
            if undisturbed {
                assert!(words > 2, "so many words are said at least");
                break;
            }
        }
        shop.ends_well(sold).await;
    }
}

/// A node of a cluster goes for good, and its replica takes over: what lived there may be gone, and nothing needs hands.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_loses_a_node_sells_on_on_redis() {
    let mut cluster = OwnCluster::start(3).await;
    let shop = Shop::with(selling_by(cluster.url(), mugs())).await;
    assert!(shop.works_again("before").await.is_placed());
    cluster.kill(1);
    cluster.has_taken_over().await;
    for round in 0..10 {
        assert!(shop.works_again(&format!("k{round}")).await.is_placed());
    }
    cluster.restart(1).await;
    assert!(shop.works_again("after").await.is_placed());
    assert_eq!(shop.examine(LOOK).await, []);
    shop.ends_well(12).await;
}
