//! Buyers who do not give up: whatever fails is asked for again, under the same key, until it is answered.

use super::{catalog::Item, patient::Patient, shop::Shop, shopper::address};
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
use stoa_persistence::order;
use tokio::task::JoinSet;

/// How long an answer is waited for before it is asked for again; and how long nobody may be served before the drill fails.
const PATIENCE: Duration = Duration::from_secs(5);
const GIVE_UP: Duration = Duration::from_secs(150);

/// What the load sells: enough of everything.
pub(crate) fn goods() -> Vec<Item> {
    vec![Item::new("mug", "12.50", 1_000_000), Item::new("bowl", "20.00", 1_000_000)]
}

/// Buyers at work.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    placed: Arc<AtomicU64>,
    repeats: Arc<AtomicU64>,
    longest: Arc<AtomicU64>,
    buyers: JoinSet<BTreeSet<String>>,
}

/// What the buyers have seen.
#[derive(Debug)]
pub(crate) struct Tally {
    /// The orders they were told of, one a key.
    pub(crate) orders: BTreeSet<String>,
    /// Requests that had to be made again.
    pub(crate) repeats: u64,
    /// The longest that somebody waited for an order.
    pub(crate) longest: Duration,
}

impl Load {
    /// So many buyers, each buying one thing after another.
    pub(crate) async fn begin(shop: &Shop, buyers: usize) -> Self {
        Self::across(&[shop], buyers).await
    }

    /// The same at several instances, as a proxy has it: each request reaches another one. Payments are made at the first one's
    /// sandbox.
    pub(crate) async fn across(shops: &[&Shop], buyers: usize) -> Self {
        let goods = [shops[0].gid("mug").await, shops[0].gid("bowl").await];
        let bases: Vec<String> = shops.iter().map(|shop| shop.base.clone()).collect();
        Self::at(&bases, &goods, buyers)
    }

    /// The same at these addresses, where a mug and a bowl have these ids.
    pub(crate) fn at(bases: &[String], [mug, bowl]: &[String; 2], buyers: usize) -> Self {
        let mut load = Self {
            stop: Arc::default(),
            placed: Arc::default(),
            repeats: Arc::default(),
            longest: Arc::default(),
            buyers: JoinSet::new(),
        };
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        for buyer in 0..buyers {
            // In both orders: whoever locks them as they come would meet the others half way.
            let goods =
                if buyer % 2 == 0 { [mug.clone(), bowl.clone()] } else { [bowl.clone(), mug.clone()] };
            let (stop, placed) = (Arc::clone(&load.stop), Arc::clone(&load.placed));
            let patient = Patient::at(bases, buyer, &http, &load.repeats);
            let buyer_at = Buyer { patient, goods, longest: Arc::clone(&load.longest) };
            load.buyers.spawn(async move {
                let mut orders = BTreeSet::new();
                for n in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let id = buyer_at.buy(&format!("buyer {buyer}, order {n}")).await;
                    assert!(orders.insert(id), "an order of its own for each key");
                    placed.fetch_add(1, Ordering::SeqCst);
                }
                orders
            });
        }
        load
    }

    /// How many orders there are by now.
    pub(crate) fn placed(&self) -> u64 {
        self.placed.load(Ordering::SeqCst)
    }

    /// Waits until so many orders more have been placed.
    pub(crate) async fn go_on(&self, more: u64) {
        let (begun, goal) = (Instant::now(), self.placed() + more);
        while self.placed() < goal {
            assert!(begun.elapsed() < GIVE_UP, "nobody can buy any more");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets everybody finish what they have begun.
    pub(crate) async fn end(mut self) -> Tally {
        self.stop.store(true, Ordering::SeqCst);
        let mut orders = BTreeSet::new();
        while let Some(bought) = self.buyers.join_next().await {
            for id in bought.expect("a buyer is served in the end") {
                assert!(orders.insert(id), "nobody is told of another's order");
            }
        }
        Tally {
            orders,
            repeats: self.repeats.load(Ordering::SeqCst),
            longest: Duration::from_millis(self.longest.load(Ordering::SeqCst)),
        }
    }
}

struct Buyer {
    patient: Patient,
    goods: [String; 2],
    longest: Arc<AtomicU64>,
}

impl Buyer {
    /// Buys one of each and pays for it; gives the order's id.
    async fn buy(&self, key: &str) -> String {
        let lines: Vec<Value> =
            self.goods.iter().map(|id| json!({ "merchandiseId": id, "quantity": 1 })).collect();
        let input = json!({
            "lines": lines,
            "buyerIdentity": { "email": "ada@example.org", "countryCode": "US" },
            "delivery": { "addresses": [{ "selected": true, "address": { "deliveryAddress": address("Springfield") } }] },
        });
        let create = "mutation($input: CartInput) { cartCreate(input: $input) { cart { id } } }";
        let place = "mutation($cart: ID!, $key: String!) { orderPlace(cartId: $cart, idempotencyKey: $key) {
          order { id } paymentSession { clientSecret paymentIntentId } userErrors { code } } }";
        let begun = Instant::now();
        let made = self.insist(create, &json!({ "input": input }), "/data/cartCreate/cart/id").await;
        let request = json!({ "cart": made["data"]["cartCreate"]["cart"]["id"], "key": key });
        let placed = self.insist(place, &request, "/data/orderPlace/paymentSession").await;
        let waited = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.longest.fetch_max(waited, Ordering::SeqCst);
        let placed = &placed["data"]["orderPlace"];
        self.patient.pay(&placed["paymentSession"]).await;
        placed["order"]["id"].as_str().expect("an id").to_owned()
    }

    /// Asks until the answer has something at `pointer`.
    async fn insist(&self, query: &str, variables: &Value, pointer: &str) -> Value {
        let is_there = |answer: &Value| answer.pointer(pointer).is_some_and(|found| !found.is_null());
        self.patient.ask_until(query, variables, is_there).await
    }
}

impl Shop {
    /// After the faults: every order there is was asked for by one key and told to its buyer, all are paid, the stock is exact to
    /// the unit, and the doctor finds nothing.
    pub(crate) async fn all_is_well_after(&self, load: &Tally) {
        self.settle().await;
        // Payments whose webhooks were given up are found by reconciliation, and holds without a cart end by themselves.
        self.clock.advance(TimeDelta::minutes(20));
        self.app.services().reconcile.run().await.expect("SQL answers");
        self.settle().await;
        for id in &load.orders {
            let id = id.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an order's id");
            assert!(self.is_paid(id).await, "{:?}", self.order(id).await);
            assert!(order::find(self.db().read(), id).await.expect("SQL answers").is_some());
        }
        let orders = i64::try_from(load.orders.len()).expect("not that many");
        for handle in ["mug", "bowl"] {
            let stock = self.stock(handle).await;
            assert_eq!(
                (stock.on_hand, stock.allocated),
                (1_000_000, orders),
                "{handle}: no order is lost or doubled"
            );
        }
        self.books_balance_with_the_gateway().await;
    }
}
