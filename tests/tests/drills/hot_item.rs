//! Five thousand buyers want one each of what there are five hundred of, all at the last word: nothing is held before an order is
//! placed. Every request is made twice at once, and repeated until it is answered.

use crate::{
    harness::{Item, Setup, Shop, Stock},
    report,
    sizes::Size,
};
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use stoa_domain::inventory::HoldTiming;

const BUYERS: usize = 5_000;
const UNITS: i64 = 500;
const AT_ONCE: usize = 64;
/// How long one request is repeated before the drill fails.
const GIVE_UP: Duration = Duration::from_secs(180);

const CREATE: &str = "mutation($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines,
  buyerIdentity: { email: \"ada@example.org\", countryCode: US } }) { cart { id totalQuantity } warnings { code } } }";
const PLACE: &str = "mutation($cart: ID!, $key: String!) { orderPlace(cartId: $cart, idempotencyKey: $key) {
  order { id } paymentSession { clientSecret paymentIntentId } userErrors { code } } }";

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_sells_every_unit_once_on_sqlite() {
    sell(Size::Sqlite, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_instances_sell_every_unit_once_on_redis() {
    sell(Size::Redis, 3).await;
}

async fn sell(size: Size, instances: usize) {
    let lamp = Item { ships: false, ..Item::new("lamp", "12.50", UNITS) };
    let late = |c: &mut stoa::config::Config| c.settings.hold_timing = HoldTiming::Checkout;
    let setup = Setup::selling([lamp]).config(move |c| {
        size.configure(c);
        late(c);
    });
    let mut shops = vec![Shop::with(setup).await];
    while shops.len() < instances {
        let next = shops[0].beside(move |c| {
            size.configure(c);
            late(c);
        });
        shops.push(next.await);
    }
    let crowd = Crowd {
        shops: &shops,
        lamp: shops[0].gid("lamp").await,
        requests: AtomicU64::new(0),
        repeats: AtomicU64::new(0),
    };
    let begun = Instant::now();
    let (mut sold, mut last) = (BTreeSet::new(), Duration::ZERO);
    let mut buyers = stream::iter(0..BUYERS).map(|buyer| crowd.buy(buyer)).buffer_unordered(AT_ONCE);
    while let Some(order) = buyers.next().await {
        if let Some(id) = order {
            assert!(sold.insert(id), "nobody is told of another's order");
            last = begun.elapsed();
        }
    }
    drop(buyers);
    let whole = begun.elapsed();
    let shop = &shops[0];
    assert_eq!(i64::try_from(sold.len()), Ok(UNITS), "everything is sold, and nothing twice");
    shop.settle().await;
    for shop in &shops {
        shop.clock.advance(TimeDelta::minutes(20));
    }
    shop.app.services().reconcile.run().await.expect("SQL answers");
    shop.settle().await;
    for id in &sold {
        let id = id.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an order's id");
        assert!(shop.is_paid(id).await, "{:?}", shop.order(id).await);
    }
    assert_eq!(shop.stock("lamp").await, Stock { on_hand: UNITS, allocated: UNITS });
    for shop in &shops {
        shop.books_balance().await;
    }
    let requests = crowd.requests.load(Ordering::SeqCst);
    report(
        &format!("the hot item, {}", size.name()),
        &format!(
            "{BUYERS} buyers, {AT_ONCE} at once, {instances} instance(s), {UNITS} units, every request twice at once: exactly {} sold and \
             paid, {} told that there are none; {} requests repeated; {:.0} orders and payments per second while there were any, {:.0} \
             requests per second in all (debug build)",
            sold.len(),
            BUYERS - sold.len(),
            crowd.repeats.load(Ordering::SeqCst),
            sold.len() as f64 / last.as_secs_f64(),
            requests as f64 / whole.as_secs_f64(),
        ),
    );
    for shop in shops.into_iter().rev() {
        shop.app.stop().await.expect("everything finishes in time");
    }
}

struct Crowd<'a> {
    shops: &'a [Shop],
    lamp: String,
    requests: AtomicU64,
    repeats: AtomicU64,
}

impl Crowd<'_> {
    /// Wants a lamp; gives the order's id, if there was one left.
    async fn buy(&self, buyer: usize) -> Option<String> {
        let lines = json!({ "lines": [{ "merchandiseId": self.lamp, "quantity": 1 }] });
        // A cart that is made twice is left lying once.
        let (made, _) = tokio::join!(
            self.insist(buyer, CREATE, &lines, "/cartCreate/cart/id"),
            self.insist(buyer + 1, CREATE, &lines, "/cartCreate/cart/id")
        );
        if made["cartCreate"]["cart"]["totalQuantity"] == 0 {
            let warnings = &made["cartCreate"]["warnings"];
            assert_eq!(warnings[0]["code"], "MERCHANDISE_OUT_OF_STOCK", "{warnings}");
            return None;
        }
        let request = json!({ "cart": made["cartCreate"]["cart"]["id"], "key": format!("buyer {buyer}") });
        let (one, other) = tokio::join!(self.place(buyer, &request), self.place(buyer + 1, &request));
        assert_eq!(one["order"]["id"], other["order"]["id"], "the same request has the same answer");
        let id = one["order"]["id"].as_str()?.to_owned();
        let session = &one["paymentSession"];
        let text = |name: &str| session[name].as_str().expect("a payment session");
        let (intent, secret) = (text("paymentIntentId"), text("clientSecret"));
        let buyer = self.shops[0].shopper();
        let card = "4242424242424242";
        let pay = || buyer.confirm(intent, secret, card, "http://localhost/".to_owned());
        let (first, second) = tokio::join!(pay(), pay());
        assert!([&first, &second].iter().any(|paid| paid["status"] == "succeeded"), "{first} {second}");
        Some(id)
    }

    /// Places the order, or is told that there is nothing left.
    async fn place(&self, at: usize, request: &Value) -> Value {
        let begun = Instant::now();
        for turn in at.. {
            let placed = self.insist(turn, PLACE, request, "/orderPlace").await["orderPlace"].take();
            match placed["userErrors"][0]["code"].as_str() {
                None => {
                    assert!(placed["paymentSession"].is_object(), "{placed:#}");
                    return placed;
                }
                Some("MERCHANDISE_NOT_ENOUGH_STOCK") => {
                    assert!(placed["order"].is_null(), "{placed:#}");
                    return placed;
                }
                Some("ORDER_IN_PROGRESS" | "PAYMENT_UNAVAILABLE") => {}
                Some(_) => panic!("{placed:#}"),
            }
            assert!(begun.elapsed() < GIVE_UP, "never served: {placed:#}");
            self.pause().await;
        }
        unreachable!("turns do not end")
    }

    /// Asks until the shop does not say that one may try again; that is all it may say.
    async fn insist(&self, at: usize, query: &str, variables: &Value, pointer: &str) -> Value {
        let begun = Instant::now();
        for turn in at.. {
            self.requests.fetch_add(1, Ordering::SeqCst);
            let shop = &self.shops[turn % self.shops.len()];
            let answer = shop.endpoint.ask(query, variables.clone()).await;
            if answer.body.get("errors").is_none() {
                assert!(
                    answer.at(pointer).is_string() || answer.at(pointer).is_object(),
                    "{:#}",
                    answer.body
                );
                return answer.body["data"].clone();
            }
            assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{:#}", answer.body);
            assert!(begun.elapsed() < GIVE_UP, "never answered: {:#}", answer.body);
            self.pause().await;
        }
        unreachable!("turns do not end")
    }

    async fn pause(&self) {
        self.repeats.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
