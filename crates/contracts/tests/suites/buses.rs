//! Event buses, sound and broken.

use crate::catches;
use async_trait::async_trait;
use std::sync::{Arc, Mutex};
use stoa_contracts::event_bus::{self as rules, Buses};
use stoa_domain::{
    live::{Event, EventBus, Listener, Notice, StockGatherer, ToldStock, Topic},
    shared::{CartId, VariantId},
};
use stoa_live::Hub;
use uuid::Uuid;

/// What a bus may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    KeepsToItself,
    WakesEverybody,
    MixesUpKinds,
    ForgetsEveryTenth,
    GoesBack,
    HeapsUp,
    GathersAnything,
    GathersForEver,
    GathersAHeap,
}

struct Flawed {
    flaw: Flaw,
    hub: Hub,
    heap: Arc<Mutex<Vec<VariantId>>>,
}

/// Everybody's, in a bus that wakes all.
fn everybodys() -> Topic {
    Topic::Cart(CartId::new(Uuid::nil()))
}

impl EventBus for Flawed {
    fn publish(&self, event: Event) {
        match (self.flaw, &event) {
            (Flaw::ForgetsEveryTenth, Event::CartChanged { version, .. }) if version.is_multiple_of(10) => {
                return;
            }
            (Flaw::WakesEverybody, _) => {
                self.hub.publish(Event::CartGone { cart: CartId::new(Uuid::nil()) });
            }
            (Flaw::MixesUpKinds, Event::OrderChanged { order }) => {
                self.hub.publish(Event::CartGone { cart: CartId::new(order.uuid()) });
            }
            (Flaw::GathersAnything, Event::OrderChanged { order }) => {
                self.hub.publish(Event::StockChanged { variants: vec![VariantId::new(order.uuid())] });
            }
            (Flaw::GathersAHeap, Event::StockChanged { variants }) => {
                self.heap.lock().unwrap().extend(variants);
            }
            _ => {}
        }
        self.hub.publish(event);
    }

    fn subscribe(&self, topics: &[Topic]) -> Box<dyn Listener> {
        let mut topics = topics.to_vec();
        if self.flaw == Flaw::WakesEverybody {
            topics.push(everybodys());
        }
        let listener = self.hub.subscribe(&topics);
        match self.flaw {
            Flaw::GoesBack => Box::new(Backwards(listener)),
            Flaw::HeapsUp => Box::new(Heap { listener, left: 0 }),
            _ => listener,
        }
    }

    fn gather_stock(&self) -> Box<dyn StockGatherer> {
        let gathered = self.hub.gather_stock();
        match self.flaw {
            Flaw::GathersForEver => Box::new(Again { gathered, before: Vec::new() }),
            Flaw::GathersAHeap => Box::new(Unbounded(Arc::clone(&self.heap))),
            _ => gathered,
        }
    }
}

/// Tells what it has told before.
struct Again {
    gathered: Box<dyn StockGatherer>,
    before: Vec<VariantId>,
}

impl StockGatherer for Again {
    fn drain(&mut self) -> ToldStock {
        if let ToldStock::These(variants) = self.gathered.drain() {
            self.before.extend(variants);
        }
        ToldStock::These(self.before.clone())
    }
}

/// Keeps all that was ever told until somebody asks.
struct Unbounded(Arc<Mutex<Vec<VariantId>>>);

impl StockGatherer for Unbounded {
    fn drain(&mut self) -> ToldStock {
        ToldStock::These(std::mem::take(&mut *self.0.lock().unwrap()))
    }
}

/// Says an old version now and then.
struct Backwards(Box<dyn Listener>);

#[async_trait]
impl Listener for Backwards {
    async fn next(&mut self) -> Notice {
        match self.0.next().await {
            Notice::Version(version) if version > 2 && version.is_multiple_of(3) => {
                Notice::Version(version - 2)
            }
            notice => notice,
        }
    }
}

/// Gives every version by itself.
struct Heap {
    listener: Box<dyn Listener>,
    left: u64,
}

#[async_trait]
impl Listener for Heap {
    async fn next(&mut self) -> Notice {
        if self.left > 0 {
            self.left -= 1;
            return Notice::Version(20_000 - self.left);
        }
        match self.listener.next().await {
            Notice::Version(version) => {
                self.left = version - 1;
                Notice::Version(1)
            }
            Notice::ReRead => Notice::ReRead,
        }
    }
}

fn with(flaw: Flaw) -> Buses {
    let new = || Arc::new(Flawed { flaw, hub: Hub::new(), heap: Arc::default() });
    let here = new();
    let there = match flaw {
        Flaw::KeepsToItself => new(),
        _ => Arc::clone(&here),
    };
    Buses { here, there }
}

mod a_sound_bus_passes {
    use super::{Flaw, with};
    use stoa_contracts::event_bus::Buses;

    async fn open() -> (Buses, ()) {
        (with(Flaw::None), ())
    }
    stoa_contracts::event_bus_contract!(open);
}

#[tokio::test]
async fn waking_those_who_do_not_listen_is_caught() {
    assert!(catches(rules::who_listens_to_something_else_sleeps_on(with(Flaw::WakesEverybody))).await);
    assert!(catches(rules::who_listens_to_something_else_sleeps_on(with(Flaw::MixesUpKinds))).await);
}

#[tokio::test(start_paused = true)]
async fn what_never_arrives_is_caught() {
    assert!(catches(rules::every_kind_of_event_is_heard_here_and_there(with(Flaw::KeepsToItself))).await);
    assert!(catches(rules::a_version_never_goes_back(with(Flaw::ForgetsEveryTenth))).await);
    let gathered = rules::what_is_told_of_stock_is_gathered_once_here_and_there(with(Flaw::KeepsToItself));
    assert!(catches(gathered).await);
}

#[tokio::test]
async fn an_older_version_after_a_newer_one_is_caught() {
    assert!(catches(rules::a_version_never_goes_back(with(Flaw::GoesBack))).await);
}

#[tokio::test]
async fn a_heap_of_what_nobody_asked_for_is_caught() {
    let rule = rules::a_listener_that_does_not_ask_still_learns_of_the_last_version(with(Flaw::HeapsUp));
    assert!(catches(rule).await);
}

#[tokio::test]
async fn gathering_what_is_no_stock_is_caught() {
    assert!(catches(rules::only_stock_is_gathered(with(Flaw::GathersAnything))).await);
}

#[tokio::test]
async fn telling_of_stock_again_and_again_is_caught() {
    assert!(catches(rules::an_own_change_can_be_drained_at_once(with(Flaw::GathersForEver))).await);
    let rule = rules::what_is_told_of_stock_is_gathered_once_here_and_there(with(Flaw::GathersForEver));
    assert!(catches(rule).await);
}

#[tokio::test]
async fn a_heap_of_stock_that_nobody_asked_for_is_caught() {
    assert!(catches(rules::a_flood_of_stock_is_everything(with(Flaw::GathersAHeap))).await);
}
