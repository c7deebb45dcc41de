//! What the bus of one process has beyond the contract: it forgets who went.

use super::*;
use stoa_domain::shared::{CartId, OrderId, VariantId};
use uuid::Uuid;

fn cart(n: u128) -> Topic {
    Topic::Cart(CartId::new(Uuid::from_u128(n)))
}

#[test]
fn a_listener_that_is_dropped_leaves_nothing_behind() {
    let hub = Hub::new();
    let variant = Topic::Stock(VariantId::new(Uuid::from_u128(1)));
    let order = Topic::Order(OrderId::new(Uuid::from_u128(1)));
    let listeners: Vec<_> = (0..100).map(|n| hub.subscribe(&[cart(n), variant, order, order])).collect();
    assert_eq!(hub.subscriptions(), 300, "a topic that is named twice is listened to once");
    drop(listeners);
    assert_eq!(hub.subscriptions(), 0);
    assert!(hub.inner.topics().is_empty());
}

#[tokio::test]
async fn an_event_reaches_the_mailboxes_of_its_own_topic_only() {
    let hub = Hub::new();
    let mut listeners: Vec<_> = (0..10_000).map(|n| hub.subscribe(&[cart(n)])).collect();
    hub.publish(Event::CartChanged { cart: CartId::new(Uuid::from_u128(77)), version: 2 });
    let filled = |hub: &Hub| {
        let topics = hub.inner.topics();
        topics
            .values()
            .flat_map(HashMap::values)
            .filter(|m| m.waiting.lock().is_ok_and(|w| w.is_some()))
            .count()
    };
    assert_eq!(filled(&hub), 1);
    assert_eq!(listeners[77].next().await, Notice::Version(2));
    assert_eq!(filled(&hub), 0);
}

#[test]
fn a_gatherer_that_is_dropped_leaves_nothing_behind() {
    let hub = Hub::new();
    let gatherers: Vec<_> = (0..100).map(|_| hub.gather_stock()).collect();
    assert_eq!(hub.inner.gatherers.len(), 100);
    drop(gatherers);
    let _last = hub.gather_stock();
    assert_eq!(hub.inner.gatherers.len(), 1);
}
