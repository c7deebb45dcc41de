//! The relay over a carrier of its own, whose every step can be made to fail.

use super::*;
use crate::carrier::{Line, LineError};
use async_trait::async_trait;
use futures_util::FutureExt;
use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};
use stoa_contracts::event_bus::{Buses, Cuttable};
use stoa_domain::{live::Notice, shared::CartId};
use tokio::sync::broadcast;
use uuid::Uuid;

/// A room in which everybody hears what is said, until the light goes out.
#[derive(Clone)]
struct Room {
    said: broadcast::Sender<Option<String>>,
    /// Nobody gets in, and nothing said is heard.
    closed: Arc<AtomicBool>,
    /// What is said goes nowhere, and nobody is told.
    deaf: Arc<AtomicBool>,
    entered: Arc<AtomicUsize>,
}

impl Room {
    fn new() -> Self {
        Self {
            said: broadcast::channel(10_000).0,
            closed: Arc::default(),
            deaf: Arc::default(),
            entered: Arc::default(),
        }
    }

    fn cut(&self) {
        // Nobody may be there.
        let _ = self.said.send(None);
    }
}

struct Ear(broadcast::Receiver<Option<String>>);

#[async_trait]
impl Line for Ear {
    async fn next(&mut self) -> Result<String, LineError> {
        self.0.recv().await?.ok_or_else(|| "cut".into())
    }
}

#[async_trait]
impl Carrier for Room {
    fn name(&self) -> &'static str {
        "room"
    }

    async fn listen(&self) -> Result<Box<dyn Line>, LineError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err("closed".into());
        }
        self.entered.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Ear(self.said.subscribe())))
    }

    async fn send(&self, text: &str) -> Result<(), LineError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err("closed".into());
        }
        if !self.deaf.load(Ordering::SeqCst) {
            self.said.send(Some(text.to_owned()))?;
        }
        Ok(())
    }
}

const QUICK: Pace = Pace {
    gather: Duration::from_millis(1),
    gather_stock: Duration::from_millis(1),
    heartbeat: Duration::from_millis(50),
    silence: Duration::from_secs(5),
    retry: Duration::from_millis(1),
    retry_at_most: Duration::from_millis(10),
};

async fn enter(room: &Room, pace: Pace) -> Relay {
    let relay = Relay::spawn(room.clone(), pace);
    relay.listening().wait_for(|listening| *listening).await.unwrap();
    relay
}

async fn open() -> (Buses, Room) {
    let room = Room::new();
    let (here, there) = (enter(&room, QUICK).await, enter(&room, QUICK).await);
    (Buses { here: Arc::new(here), there: Arc::new(there) }, room)
}

async fn cuttable() -> (Cuttable, ()) {
    let (buses, room) = open().await;
    let cut = move || {
        room.cut();
        std::future::ready(()).boxed()
    };
    (Cuttable { buses, cut: Box::new(cut) }, ())
}

stoa_contracts::event_bus_contract!(open);
stoa_contracts::event_line_contract!(cuttable);

fn cart() -> CartId {
    CartId::new(Uuid::from_u128(7))
}

#[tokio::test]
async fn the_hub_of_one_process_keeps_the_contract_of_many() {
    let hub = Arc::new(Hub::new());
    let buses = || Buses { here: Arc::<Hub>::clone(&hub), there: Arc::<Hub>::clone(&hub) };
    stoa_contracts::event_bus::every_kind_of_event_is_heard_here_and_there(buses()).await;
    stoa_contracts::event_bus::who_listens_to_something_else_sleeps_on(buses()).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_in_the_same_process_hears_without_the_carrier_and_the_others_read_once_it_is_back() {
    let room = Room::new();
    let (here, there) = (enter(&room, QUICK).await, enter(&room, QUICK).await);
    let topic = [Topic::Cart(cart())];
    let (mut near, mut far) = (here.subscribe(&topic), there.subscribe(&topic));
    room.closed.store(true, Ordering::SeqCst);
    here.publish(Event::CartChanged { cart: cart(), version: 2 });
    assert_eq!(near.next().await, Notice::Version(2));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(far.next().now_or_never(), None, "nobody could tell");
    room.closed.store(false, Ordering::SeqCst);
    assert_eq!(far.next().await, Notice::ReRead);
}

#[tokio::test(start_paused = true)]
async fn who_hears_nobody_knows_of_no_stock_that_it_is_as_it_was() {
    let room = Room::new();
    let relay = enter(&room, QUICK).await;
    let mut gathered = relay.gather_stock();
    assert_eq!(gathered.drain(), ToldStock::These(Vec::new()));
    room.closed.store(true, Ordering::SeqCst);
    room.cut();
    relay.listening().wait_for(|listening| !listening).await.unwrap();
    for _ in 0..3 {
        assert_eq!(gathered.drain(), ToldStock::Everything, "whatever others do now is not heard");
    }
    room.closed.store(false, Ordering::SeqCst);
    relay.listening().wait_for(|listening| *listening).await.unwrap();
    assert_eq!(gathered.drain(), ToldStock::Everything, "something may have been missed");
    assert_eq!(gathered.drain(), ToldStock::These(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_line_that_has_died_without_a_word_is_noticed_by_its_silence() {
    let room = Room::new();
    let relay = enter(&room, QUICK).await;
    let mut listener = relay.subscribe(&[Topic::Cart(cart())]);
    tokio::time::sleep(QUICK.silence * 3).await;
    assert_eq!(room.entered.load(Ordering::SeqCst), 1, "its own signs of life keep it");
    assert_eq!(listener.next().now_or_never(), None);
    room.deaf.store(true, Ordering::SeqCst);
    tokio::time::sleep(QUICK.silence * 2).await;
    assert!(room.entered.load(Ordering::SeqCst) > 1);
    assert_eq!(listener.next().await, Notice::ReRead);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_understood_makes_everybody_read_again() {
    let room = Room::new();
    let relay = enter(&room, QUICK).await;
    let mut listener = relay.subscribe(&[Topic::Cart(cart())]);
    room.send(r#"{"version":2,"news":["…"]}"#).await.unwrap();
    assert_eq!(listener.next().await, Notice::ReRead);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_ends_says_what_it_has_left_to_say() {
    let room = Room::new();
    let slow = Pace { gather: Duration::from_secs(3600), ..QUICK };
    let (here, there) = (enter(&room, slow).await, enter(&room, QUICK).await);
    let mut listener = there.subscribe(&[Topic::Cart(cart())]);
    here.publish(Event::CartChanged { cart: cart(), version: 2 });
    here.stop().await;
    assert_eq!(listener.next().await, Notice::Version(2));
}

#[tokio::test(start_paused = true)]
async fn stock_is_told_at_its_own_pace_however_often_it_changes() {
    let room = Room::new();
    let pace = Pace {
        gather_stock: Duration::from_millis(250),
        heartbeat: Duration::from_secs(3600),
        silence: Duration::from_secs(7200),
        ..QUICK
    };
    let here = enter(&room, pace).await;
    let mut ear = room.said.subscribe();
    let variant = stoa_domain::shared::VariantId::new(Uuid::from_u128(1));
    for _ in 0..1_000 {
        here.publish(Event::StockChanged { variants: vec![variant] });
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut messages = 0;
    while let Ok(Some(text)) = ear.try_recv() {
        messages += usize::from(text.contains("stock"));
    }
    assert!((4..=6).contains(&messages), "{messages} in a second");
}
