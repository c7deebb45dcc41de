//! Rules of the clock that all who share a cart go by.

use super::{Desk, Store};
use crate::sample::{minutes, new_cart, start};

/// The time does not run backwards, whether the cart is there or not. A store that a single machine has to itself may give back
/// what it is told.
pub async fn the_clock_does_not_run_backwards(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    let first = desk.store.clock(cart.id, desk.now).await.unwrap();
    let second = desk.store.clock(cart.id, start()).await.unwrap();
    desk.delete(cart.id, cart.version).await;
    let third = desk.store.clock(cart.id, start()).await.unwrap();
    assert!(first <= second && second <= third, "{first} {second} {third}");
    // The servers of the tests are on this machine, or near.
    assert!(third - start() < minutes(1) && start() - first < minutes(1), "{first} {third}");
}

/// A cart that is loaded with the time is the cart, and the time is the clock's; where there is no cart there is neither.
pub async fn a_cart_comes_with_the_clock(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    let before = desk.store.clock(cart.id, desk.now).await.unwrap();
    let (loaded, at) = desk.store.load_with_clock(cart.id, desk.now).await.unwrap().unwrap();
    let after = desk.store.clock(cart.id, desk.now).await.unwrap();
    assert_eq!(loaded, cart);
    assert!(before <= at && at <= after, "{before} {at} {after}");
    assert!(
        desk.store.load_with_clock(cart.id, desk.in_an_hour()).await.unwrap().is_none(),
        "its time is up"
    );
    desk.delete(cart.id, cart.version).await;
    assert!(desk.store.load_with_clock(cart.id, desk.now).await.unwrap().is_none());
}

/// Of a store that several machines share: two of them that are minutes apart are told one time. Bound by hand.
pub async fn the_clock_is_the_same_for_all(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    let ahead = desk.store.clock(cart.id, desk.now + minutes(4)).await.unwrap();
    let behind = desk.store.clock(cart.id, desk.now - minutes(4)).await.unwrap();
    assert!(ahead <= behind && behind - ahead < minutes(1), "{ahead} then {behind}");
}
