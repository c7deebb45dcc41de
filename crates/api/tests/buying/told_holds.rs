//! Holds are told on the bus of live events, whatever becomes of the request that has made them: pages show no unit that somebody
//! else holds.

use crate::shop::{Plan, Shop};
use async_trait::async_trait;
use serde_json::json;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    inventory::HoldTiming,
    live::{Event, EventBus, Listener, StockGatherer, Topic},
    shared::{CartId, Fault, Timestamp, VariantId},
};
use stoa_live::Hub;

/// A bus that remembers what was told.
#[derive(Default)]
struct Witness {
    hub: Hub,
    told: Mutex<Vec<Event>>,
}

impl Witness {
    /// What was told since this was asked last.
    fn told(&self) -> Vec<Event> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

impl EventBus for Witness {
    fn publish(&self, event: Event) {
        self.told.lock().unwrap().push(event.clone());
        self.hub.publish(event);
    }

    fn subscribe(&self, topics: &[Topic]) -> Box<dyn Listener> {
        self.hub.subscribe(topics)
    }

    fn gather_stock(&self) -> Box<dyn StockGatherer> {
        self.hub.gather_stock()
    }
}

/// Carts that somebody else saves first, so many times.
struct Raced {
    carts: Arc<dyn CartStore>,
    lost: Arc<AtomicU32>,
}

#[async_trait]
impl CartStore for Raced {
    async fn load(&self, id: CartId, now: Timestamp) -> Result<Option<Cart>, Fault> {
        self.carts.load(id, now).await
    }

    async fn save(&self, cart: &Cart, now: Timestamp, expires_at: Timestamp) -> Result<Saved, Fault> {
        let lose = |left: u32| left.checked_sub(1);
        if self.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, lose).is_ok() {
            return Ok(Saved::Conflict);
        }
        self.carts.save(cart, now, expires_at).await
    }

    async fn delete(&self, id: CartId, version: u64) -> Result<Saved, Fault> {
        self.carts.delete(id, version).await
    }

    async fn clock(&self, id: CartId, now: Timestamp) -> Result<Timestamp, Fault> {
        self.carts.clock(id, now).await
    }
}

/// A shop, its bus, and how many saves of carts will be lost.
async fn shop(timing: HoldTiming) -> (Shop, Arc<Witness>, Arc<AtomicU32>) {
    let (bus, lost) = (Arc::new(Witness::default()), Arc::new(AtomicU32::new(0)));
    let (witness, losing) = (Arc::clone(&bus), Arc::clone(&lost));
    let mut plan = Plan::default();
    plan.settings.hold_timing = timing;
    plan.adapters = Box::new(move |ports| {
        ports.bus = witness;
        ports.carts = Arc::new(Raced { carts: Arc::clone(&ports.carts), lost: losing });
    });
    (Shop::build(plan).await, bus, lost)
}

fn stock_of(variant: &str) -> Event {
    let id: VariantId = variant.rsplit('/').next().unwrap().parse().unwrap();
    Event::StockChanged { variants: vec![id] }
}

fn cart_saved(event: &Event) -> bool {
    matches!(event, Event::CartChanged { .. })
}

/// What is held for the first time when the order is placed is told before the order is, and again with it.
#[tokio::test]
async fn those_of_an_order_are_where_carts_hold_nothing() {
    let (shop, bus, _) = shop(HoldTiming::Checkout).await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.ready_cart(&[(&mug, 2)]).await;
    assert!(bus.told().iter().all(cart_saved), "a cart holds nothing here");

    assert_eq!(shop.place(&cart, "key", None).await["userErrors"], json!([]));
    let told = bus.told();
    assert_eq!(told.first(), Some(&stock_of(&mug)), "held: {told:?}");
    let order = told.iter().position(|event| matches!(event, Event::OrderChanged { .. })).unwrap();
    assert_eq!(told[order + 1..], [stock_of(&mug)], "sold: {told:?}");
}

/// A refusal lets go of what was held for it, which is told as well.
#[tokio::test]
async fn those_of_a_refused_order_are_and_that_they_are_gone() {
    let (shop, bus, _) = shop(HoldTiming::Checkout).await;
    let mug = shop.stock("Mug", 1_200, 2).await;
    let slow = shop.ready_cart(&[(&mug, 2)]).await;
    let quick = shop.ready_cart(&[(&mug, 1)]).await;
    assert_eq!(shop.place(&quick, "quick", None).await["userErrors"], json!([]));
    bus.told();

    let refused = shop.place(&slow, "slow", None).await;
    assert_eq!(refused["userErrors"][0]["code"], "MERCHANDISE_NOT_ENOUGH_STOCK");
    assert_eq!(bus.told(), [stock_of(&mug), stock_of(&mug)], "asked for, and let go");
}

/// An edit that is tried again has held before its save was lost.
#[tokio::test]
async fn those_of_an_edit_are_each_time_it_is_tried() {
    let (shop, bus, lost) = shop(HoldTiming::Cart).await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.cart(&[]).await;
    bus.told();

    lost.store(1, Ordering::SeqCst);
    let added = shop.add_lines(&cart, json!([{ "merchandiseId": mug, "quantity": 2 }])).await;
    assert_eq!(added["cart"]["totalQuantity"], 2);
    let told = bus.told();
    assert_eq!(told[..2], [stock_of(&mug), stock_of(&mug)], "{told:?}");
    assert!(told[2..].iter().all(cart_saved) && told.len() == 3, "{told:?}");
}

/// One that always loses tells what it has held: nobody lets go of that before its time.
#[tokio::test]
async fn those_of_an_edit_are_that_is_never_saved() {
    let (shop, bus, lost) = shop(HoldTiming::Cart).await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.cart(&[]).await;
    bus.told();

    lost.store(u32::MAX, Ordering::SeqCst);
    let added = shop.add_lines(&cart, json!([{ "merchandiseId": mug, "quantity": 2 }])).await;
    assert_eq!(added["userErrors"][0]["code"], "SERVICE_UNAVAILABLE", "{added:#}");
    let told = bus.told();
    assert!(!told.is_empty() && told.iter().all(|event| *event == stock_of(&mug)), "{told:?}");
}
