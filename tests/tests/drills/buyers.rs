//! Buyers who do not give up: whoever is told to try again does, and whose cart is gone begins anew.

use crate::harness::{Shop, Shopper, Stock};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How long one request is repeated before the drill fails.
const GIVE_UP: Duration = Duration::from_secs(180);

/// Buyers at work.
pub(crate) struct Buyers {
    stop: Arc<AtomicBool>,
    placed: Arc<AtomicU64>,
    repeats: Arc<AtomicU64>,
    tasks: JoinSet<BTreeSet<String>>,
}

impl Buyers {
    /// So many, each buying one mug after another.
    pub(crate) async fn come(shop: &Shop, number: usize) -> Self {
        let mut buyers = Self {
            stop: Arc::default(),
            placed: Arc::default(),
            repeats: Arc::default(),
            tasks: JoinSet::new(),
        };
        let mug = shop.gid("mug").await;
        for buyer in 0..number {
            let (stop, placed, repeats) =
                (Arc::clone(&buyers.stop), Arc::clone(&buyers.placed), Arc::clone(&buyers.repeats));
            let at = Buyer { shopper: shop.shopper(), mug: mug.clone(), repeats };
            buyers.tasks.spawn(async move {
                let mut orders = BTreeSet::new();
                for n in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let key = format!("buyer {buyer}, order {n}");
                    assert!(orders.insert(at.buy(&key).await), "each key is an order of its own");
                    placed.fetch_add(1, Ordering::SeqCst);
                }
                orders
            });
        }
        buyers
    }

    /// Waits until so many orders more have been placed.
    pub(crate) async fn go_on(&self, more: u64) {
        let (begun, goal) = (Instant::now(), self.placed.load(Ordering::SeqCst) + more);
        while self.placed.load(Ordering::SeqCst) < goal {
            assert!(begun.elapsed() < GIVE_UP, "nobody can buy any more");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets everybody finish, and examines the shop: each order is known to who placed it, all are paid, the stock is exact to the
    /// unit, and the doctor finds nothing. Prints the figures.
    pub(crate) async fn go_home(mut self, shop: &Shop, drill: &str, on_hand: i64) {
        self.stop.store(true, Ordering::SeqCst);
        let mut orders = BTreeSet::new();
        while let Some(bought) = self.tasks.join_next().await {
            for order in bought.expect("a buyer is served in the end") {
                assert!(orders.insert(order), "nobody is told of another's order");
            }
        }
        shop.settle().await;
        // Payments whose webhooks were given up are found by reconciliation, and holds without a cart end by themselves.
        shop.clock.advance(TimeDelta::minutes(20));
        shop.app.services().reconcile.run().await.expect("SQL answers");
        shop.settle().await;
        for id in &orders {
            let id = id.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an order's id");
            assert!(shop.is_paid(id).await, "{:?}", shop.order(id).await);
        }
        let allocated = i64::try_from(orders.len()).expect("not that many");
        assert_eq!(shop.stock("mug").await, Stock { on_hand, allocated }, "no order is lost or doubled");
        shop.books_balance_with_the_gateway().await;
        let repeats = self.repeats.load(Ordering::SeqCst);
        crate::report(drill, &format!("{allocated} orders, each once and paid; {repeats} requests repeated"));
    }
}

struct Buyer {
    shopper: Shopper,
    mug: String,
    repeats: Arc<AtomicU64>,
}

impl Buyer {
    /// Buys a mug and pays for it; gives the order's id.
    async fn buy(&self, key: &str) -> String {
        let begun = Instant::now();
        let create = "mutation($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines,
          buyerIdentity: { email: \"ada@example.org\", countryCode: US } }) { cart { id totalQuantity } } }";
        let place = "mutation($cart: ID!, $key: String!) { orderPlace(cartId: $cart, idempotencyKey: $key) {
          order { id } paymentSession { clientSecret paymentIntentId } userErrors { code } } }";
        for attempt in 0.. {
            let lines = json!({ "lines": [{ "merchandiseId": self.mug, "quantity": 1 }] });
            let made = self.insist(create, &lines, begun).await;
            let request =
                json!({ "cart": made["cartCreate"]["cart"]["id"], "key": format!("{key}.{attempt}") });
            loop {
                assert!(begun.elapsed() < GIVE_UP, "never served: {request}");
                let placed = self.insist(place, &request, begun).await["orderPlace"].take();
                if placed["paymentSession"].is_object() {
                    self.pay(&placed["paymentSession"]).await;
                    return placed["order"]["id"].as_str().expect("an id").to_owned();
                }
                self.repeats.fetch_add(1, Ordering::SeqCst);
                match placed["userErrors"][0]["code"].as_str() {
                    Some("ORDER_IN_PROGRESS" | "PAYMENT_UNAVAILABLE") => {}
                    // It was in memory only.
                    Some("CART_NOT_FOUND") => break,
                    _ => panic!("{placed:#}"),
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        unreachable!("attempts do not end")
    }

    /// Asks until the shop does not say that one may try again; that is all it may say.
    async fn insist(&self, query: &str, variables: &Value, begun: Instant) -> Value {
        loop {
            let answer = self.shopper.ask(query, variables.clone()).await;
            if answer.body.get("errors").is_none() {
                return answer.body["data"].clone();
            }
            assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{:#}", answer.body);
            assert!(begun.elapsed() < GIVE_UP, "never answered: {:#}", answer.body);
            self.repeats.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn pay(&self, session: &Value) {
        let text = |name: &str| session[name].as_str().expect("a payment session");
        let (intent, secret) = (text("paymentIntentId"), text("clientSecret"));
        let paid =
            self.shopper.confirm(intent, secret, "4242424242424242", "http://localhost/".to_owned()).await;
        assert_eq!(paid["status"], "succeeded", "{paid}");
    }
}
