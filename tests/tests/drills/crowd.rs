//! Buyers of whom each wants one of the same thing, makes every request twice at once, and repeats it until it is answered.

use crate::harness::Shop;
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// How long one request is repeated before the drill fails.
const GIVE_UP: Duration = Duration::from_secs(180);

const CREATE: &str = "mutation($lines: [CartLineInput!]) { cartCreate(input: { lines: $lines,
  buyerIdentity: { email: \"ada@example.org\", countryCode: US } }) {
  cart { id totalQuantity lines(first: 1) { nodes { id } } } warnings { code } } }";
const LET_GO: &str =
    "mutation($cart: ID!, $lines: [CartLineUpdateInput!]!) { cartLinesUpdate(cartId: $cart, lines: $lines) {
  cart { id totalQuantity } userErrors { code } } }";
const READ: &str = "query($cart: ID!) { cart(id: $cart) { id totalQuantity heldUntil } }";
const PLACE: &str = "mutation($cart: ID!, $key: String!) { orderPlace(cartId: $cart, idempotencyKey: $key) {
  order { id } paymentSession { clientSecret paymentIntentId } userErrors { code } } }";

/// The buyers, and what they have asked for.
pub(crate) struct Crowd<'a> {
    shops: &'a [Shop],
    lamp: String,
    requests: AtomicU64,
    repeats: AtomicU64,
    held: AtomicU64,
}

impl<'a> Crowd<'a> {
    /// At all instances in turn; their sandbox is the first one's.
    pub(crate) async fn at(shops: &'a [Shop], wanted: &str) -> Self {
        Crowd {
            shops,
            lamp: shops[0].gid(wanted).await,
            requests: AtomicU64::new(0),
            repeats: AtomicU64::new(0),
            held: AtomicU64::new(0),
        }
    }

    /// Requests made, those that were repeated among them.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Requests that had to be repeated.
    pub(crate) fn repeats(&self) -> u64 {
        self.repeats.load(Ordering::SeqCst)
    }

    /// Buyers for whom a unit was held when they began to pay.
    pub(crate) fn held(&self) -> u64 {
        self.held.load(Ordering::SeqCst)
    }

    /// Buys one where nothing is held before the order is placed; gives the order's id, if there was one left.
    pub(crate) async fn buy(&self, buyer: usize) -> Option<String> {
        let lines = json!({ "lines": [{ "merchandiseId": self.lamp, "quantity": 1 }] });
        // A cart that is made twice is left lying once.
        let (made, _) = self.twice(buyer, CREATE, &lines, "/cartCreate").await;
        if made["cart"]["totalQuantity"] == 0 {
            assert_eq!(made["warnings"][0]["code"], "MERCHANDISE_OUT_OF_STOCK", "{made}");
            return None;
        }
        self.order(buyer, &made["cart"]["id"]).await
    }

    /// Buys one where what is in a cart is held: whoever got it in must get it.
    pub(crate) async fn hold_and_buy(&self, buyer: usize) -> Option<String> {
        let lines = json!({ "lines": [{ "merchandiseId": self.lamp, "quantity": 1 }] });
        let (one, other) = self.twice(buyer, CREATE, &lines, "/cartCreate").await;
        let mut holding = Vec::new();
        for made in [&one, &other] {
            match made["cart"]["totalQuantity"].as_u64() {
                Some(0) => assert_eq!(made["warnings"][0]["code"], "MERCHANDISE_OUT_OF_STOCK", "{made}"),
                units => {
                    assert_eq!(units, Some(1), "{made}");
                    holding.push(&made["cart"]);
                }
            }
        }
        // A cart that is made twice holds two: what is too much is for others.
        if let [_, too_much] = holding[..] {
            self.let_go(buyer, too_much).await;
        }
        let cart = &holding.first()?["id"];
        let (one, other) = self.twice(buyer, READ, &json!({ "cart": cart }), "/cart").await;
        for read in [&one, &other] {
            assert_eq!(read["totalQuantity"], 1, "{read}");
            assert!(read["heldUntil"].is_string(), "{read}");
        }
        self.held.fetch_add(1, Ordering::SeqCst);
        let order = self.order(buyer, cart).await;
        assert!(order.is_some(), "what is held can be bought");
        order
    }

    /// Takes everything out of a cart.
    async fn let_go(&self, buyer: usize, cart: &Value) {
        let lines = json!([{ "id": cart["lines"]["nodes"][0]["id"], "quantity": 0 }]);
        self.twice(buyer, LET_GO, &json!({ "cart": cart["id"], "lines": lines }), "/cartLinesUpdate").await;
        let empty = self.insist(buyer, READ, &json!({ "cart": cart["id"] }), "/cart").await;
        assert_eq!(empty["totalQuantity"], 0, "{empty}");
    }

    /// Places the order and pays.
    async fn order(&self, buyer: usize, cart: &Value) -> Option<String> {
        let request = json!({ "cart": cart, "key": format!("buyer {buyer}") });
        let (mut one, mut other) = self.twice(buyer, PLACE, &request, "/orderPlace").await;
        // A refusal is no last word: where the one was refused a moment before the other had the last unit, it asks again.
        if one["order"].is_null() != other["order"].is_null() {
            let refused = if one["order"].is_null() { &mut one } else { &mut other };
            assert_eq!(refused["userErrors"][0]["code"], "MERCHANDISE_NOT_ENOUGH_STOCK", "{refused:#}");
            self.repeats.fetch_add(1, Ordering::SeqCst);
            *refused = self.insist(buyer, PLACE, &request, "/orderPlace").await;
        }
        assert_eq!(one["order"]["id"], other["order"]["id"], "the same request has the same answer");
        let Some(id) = one["order"]["id"].as_str() else {
            assert_eq!(one["userErrors"][0]["code"], "MERCHANDISE_NOT_ENOUGH_STOCK", "{one:#}");
            return None;
        };
        let session = &one["paymentSession"];
        let text = |name: &str| session[name].as_str().expect("a payment session");
        let (intent, secret) = (text("paymentIntentId"), text("clientSecret"));
        // An answer that was good is lost on the way as well, and asked for again, a while later and elsewhere.
        let again = self.insist(buyer + 2, PLACE, &request, "/orderPlace").await;
        assert_eq!(again["order"]["id"], id, "a repeat is no order: {again:#}");
        let buyer = self.shops[0].shopper();
        let card = "4242424242424242";
        let pay = || buyer.confirm(intent, secret, card, "http://localhost/".to_owned());
        let (first, second) = tokio::join!(pay(), pay());
        assert!([&first, &second].iter().any(|paid| paid["status"] == "succeeded"), "{first} {second}");
        // Who pays once more has paid once.
        pay().await;
        Some(id.to_owned())
    }

    /// Two at once, at two instances where there are.
    async fn twice(&self, at: usize, query: &str, variables: &Value, pointer: &str) -> (Value, Value) {
        tokio::join!(
            self.insist(at, query, variables, pointer),
            self.insist(at + 1, query, variables, pointer)
        )
    }

    /// Asks until the shop does not say that one may try again, be it as an error or as a refusal; gives what is at `pointer`.
    async fn insist(&self, at: usize, query: &str, variables: &Value, pointer: &str) -> Value {
        let begun = Instant::now();
        for turn in at.. {
            self.requests.fetch_add(1, Ordering::SeqCst);
            let shop = &self.shops[turn % self.shops.len()];
            let answer = shop.endpoint.ask(query, variables.clone()).await;
            if answer.body.get("errors").is_none() {
                let told = answer.at(pointer);
                assert!(told.is_object(), "{:#}", answer.body);
                match told["userErrors"][0]["code"].as_str() {
                    // Who takes a line out twice finds it gone.
                    None | Some("MERCHANDISE_NOT_ENOUGH_STOCK" | "INVALID_MERCHANDISE_LINE") => {
                        return told.clone();
                    }
                    Some("SERVICE_UNAVAILABLE" | "ORDER_IN_PROGRESS" | "PAYMENT_UNAVAILABLE") => {}
                    Some(_) => panic!("{:#}", answer.body),
                }
            } else {
                assert_eq!(answer.code(), "SERVICE_UNAVAILABLE", "{:#}", answer.body);
            }
            assert!(begun.elapsed() < GIVE_UP, "never served: {:#}", answer.body);
            self.repeats.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        unreachable!("turns do not end")
    }
}
