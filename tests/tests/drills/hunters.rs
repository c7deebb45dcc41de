//! Buyers of whom each wants one of the same thing, and another, until there are none: whatever becomes of the shop meanwhile.

use crate::harness::Patient;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Longer than the shop takes to say that it does not know: only a shop that dies leaves a request without an answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long nobody may get anything before the drill fails: longer than what a dead cart holds is held.
const GIVE_UP: Duration = Duration::from_secs(240);
/// For whoever was told that there are none.
const BREATH: Duration = Duration::from_millis(50);

const CREATE: &str = "mutation($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines,
  buyerIdentity: { email: \"ada@example.org\", countryCode: US } }) { cart { id totalQuantity } warnings { code } } }";
const PLACE: &str = "mutation($cart: ID!, $key: String!) { orderPlace(cartId: $cart, idempotencyKey: $key) {
  order { id } paymentSession { clientSecret paymentIntentId } userErrors { code } } }";

/// Buyers at work.
pub(crate) struct Hunters {
    sale: Arc<Sale>,
    buyers: JoinSet<()>,
}

/// What has become of them.
#[derive(Default)]
struct Sale {
    over: AtomicBool,
    sold: Mutex<BTreeSet<String>>,
    repeats: Arc<AtomicU64>,
    told_none: AtomicU64,
    too_late: AtomicU64,
    carts_lost: AtomicU64,
}

/// The same, when it is over.
#[derive(Debug)]
pub(crate) struct Haul {
    /// Orders, each placed and paid.
    pub(crate) sold: BTreeSet<String>,
    /// What became of the other attempts, for people.
    pub(crate) otherwise: String,
}

impl Hunters {
    /// So many, each at all these instances in turn.
    pub(crate) fn come(bases: &[String], wanted: &str, number: usize) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        let mut hunters = Self { sale: Arc::default(), buyers: JoinSet::new() };
        for buyer in 0..number {
            let sale = Arc::clone(&hunters.sale);
            let patient = Patient::at(bases, buyer, &http, &sale.repeats);
            let hunter = Hunter { patient, wanted: wanted.to_owned(), sale };
            hunters.buyers.spawn(async move {
                for n in 0.. {
                    // Whoever finds that it is over comes once more: nothing is left then.
                    let last = hunter.sale.over.load(Ordering::SeqCst);
                    match hunter.hunt(&format!("buyer {buyer}, attempt {n}")).await {
                        Some(order) => hunter.sale.has_sold(order),
                        None => tokio::time::sleep(BREATH).await,
                    }
                    if last {
                        break;
                    }
                }
            });
        }
        hunters
    }

    /// How many are sold by now.
    pub(crate) fn sold(&self) -> usize {
        self.sale.sold().len()
    }

    /// Waits until so many more are sold, and no longer than that: there may be no more.
    pub(crate) async fn go_on(&self, more: usize, at_most: Duration) {
        let (begun, goal) = (Instant::now(), self.sold() + more);
        while self.sold() < goal && begun.elapsed() < at_most {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until so many are sold.
    pub(crate) async fn until_sold(&mut self, units: usize) {
        let (mut since, mut before) = (Instant::now(), self.sold());
        while self.sold() < units {
            if let Some(ended) = self.buyers.try_join_next() {
                ended.expect("a buyer is served in the end");
            }
            if self.sold() > before {
                (since, before) = (Instant::now(), self.sold());
            }
            assert!(since.elapsed() < GIVE_UP, "nobody gets the last ones: {before} are sold");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets everybody finish, and come once more.
    pub(crate) async fn go_home(mut self) -> Haul {
        self.sale.over.store(true, Ordering::SeqCst);
        while let Some(ended) = self.buyers.join_next().await {
            ended.expect("a buyer is served in the end");
        }
        let count = |number: &AtomicU64| number.load(Ordering::SeqCst);
        let sale = &self.sale;
        let otherwise = format!(
            "{} times told that there are none, {} times that somebody else was faster, {} carts gone; {} requests repeated",
            count(&sale.told_none),
            count(&sale.too_late),
            count(&sale.carts_lost),
            count(&sale.repeats),
        );
        Haul { sold: sale.sold().clone(), otherwise }
    }
}

impl Sale {
    fn sold(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.sold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_sold(&self, order: String) {
        assert!(self.sold().insert(order), "nobody is told of another's order");
    }
}

struct Hunter {
    patient: Patient,
    wanted: String,
    sale: Arc<Sale>,
}

impl Hunter {
    /// Puts one in a cart, where it is held, and buys it; gives the order's id, if there was one left and it was still there.
    async fn hunt(&self, key: &str) -> Option<String> {
        let lines = json!({ "lines": [{ "merchandiseId": self.wanted, "quantity": 1 }] });
        let made = self.insist(CREATE, &lines, "/data/cartCreate/cart").await;
        let made = &made["data"]["cartCreate"];
        if made["cart"]["totalQuantity"] == 0 {
            assert_eq!(made["warnings"][0]["code"], "MERCHANDISE_OUT_OF_STOCK", "{made}");
            return gone(&self.sale.told_none);
        }
        let request = json!({ "cart": made["cart"]["id"], "key": key });
        let mut refused = false;
        loop {
            let placed = self.insist(PLACE, &request, "/data/orderPlace").await;
            let placed = &placed["data"]["orderPlace"];
            if placed["paymentSession"].is_object() {
                self.patient.pay(&placed["paymentSession"]).await;
                return Some(placed["order"]["id"].as_str().expect("an id").to_owned());
            }
            match placed["userErrors"][0]["code"].as_str() {
                Some("ORDER_IN_PROGRESS" | "PAYMENT_UNAVAILABLE" | "SERVICE_UNAVAILABLE") => {}
                // It was in memory only.
                Some("CART_NOT_FOUND") => return gone(&self.sale.carts_lost),
                // What was held for it was lost or is over. What somebody who died was just committing is found by asking again.
                Some("MERCHANDISE_NOT_ENOUGH_STOCK") if refused => return gone(&self.sale.too_late),
                Some("MERCHANDISE_NOT_ENOUGH_STOCK") => refused = true,
                _ => panic!("{placed:#}"),
            }
            self.patient.tries_again().await;
        }
    }

    /// Asks until there is something at `pointer`. A shop that cannot give it may only say that one may try again.
    async fn insist(&self, query: &str, variables: &Value, pointer: &str) -> Value {
        let will_do = |answer: &Value| {
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(code.is_null() || code == "SERVICE_UNAVAILABLE", "{answer:#}");
            answer.pointer(pointer).is_some_and(Value::is_object)
        };
        self.patient.ask_until(query, variables, will_do).await
    }
}

/// Nothing was to be had, for this reason.
fn gone(why: &AtomicU64) -> Option<String> {
    why.fetch_add(1, Ordering::SeqCst);
    None
}
