//! Rules of who hears what.

use super::{Buses, hears_of, id, new_cart, saved};
use stoa_domain::{
    live::{Event, Notice, Topic},
    shared::{OrderId, VariantId},
};

/// A saved cart, one that is gone, an order and stock: each is heard in its own process and in the other.
pub async fn every_kind_of_event_is_heard_here_and_there(buses: Buses) {
    let (cart, order, variant) = (new_cart(), OrderId::new(id()), VariantId::new(id()));
    let stock = Event::StockChanged { variants: vec![VariantId::new(id()), variant] };
    let events = [
        (Topic::Cart(cart), saved(cart, 3), Notice::Version(3)),
        (Topic::Cart(cart), Event::CartGone { cart }, Notice::ReRead),
        (Topic::Order(order), Event::OrderChanged { order }, Notice::ReRead),
        (Topic::Stock(variant), stock, Notice::ReRead),
    ];
    for (topic, event, expected) in events {
        let mut listeners = [buses.here.subscribe(&[topic]), buses.there.subscribe(&[topic])];
        buses.here.publish(event.clone());
        for listener in &mut listeners {
            assert_eq!(listener.next().await, expected, "{event:?}");
        }
    }
}

/// Fifty who watch the same cart all learn of it.
pub async fn many_listeners_of_one_topic_all_hear(buses: Buses) {
    let cart = new_cart();
    let mut listeners: Vec<_> = (0..50).map(|_| buses.there.subscribe(&[Topic::Cart(cart)])).collect();
    buses.here.publish(saved(cart, 2));
    for listener in &mut listeners {
        assert_eq!(listener.next().await, Notice::Version(2));
    }
}

/// One who watches several hears of each of them.
pub async fn a_listener_of_many_topics_hears_of_each(buses: Buses) {
    let carts = [new_cart(), new_cart(), new_cart()];
    let mut listener = buses.there.subscribe(&carts.map(Topic::Cart));
    for (cart, version) in carts.into_iter().zip([5, 6, 7]) {
        buses.here.publish(saved(cart, version));
        assert_eq!(listener.next().await, Notice::Version(version));
    }
}

/// What is another's wakes nobody: the first thing that a listener hears is its own.
pub async fn who_listens_to_something_else_sleeps_on(buses: Buses) {
    let (mine, other) = (new_cart(), new_cart());
    // The same digits, but another thing.
    let namesake = OrderId::new(mine.uuid());
    let topics = [Topic::Cart(mine)];
    let mut listeners = [buses.here.subscribe(&topics), buses.there.subscribe(&topics)];
    buses.here.publish(saved(other, 9));
    buses.here.publish(Event::OrderChanged { order: namesake });
    buses.here.publish(saved(mine, 2));
    for listener in &mut listeners {
        assert_eq!(listener.next().await, Notice::Version(2));
    }
}

/// Neither side is the teller alone.
pub async fn both_sides_tell_and_hear_at_once(buses: Buses) {
    let carts = [new_cart(), new_cart()];
    let both = carts.map(Topic::Cart);
    let mut from_there = buses.here.subscribe(&both[..1]);
    let mut from_here = buses.there.subscribe(&both[1..]);
    for version in 1..=20 {
        buses.there.publish(saved(carts[0], version));
        buses.here.publish(saved(carts[1], version));
        hears_of(&mut from_there, version).await;
        hears_of(&mut from_here, version).await;
    }
}
