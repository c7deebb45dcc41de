//! Rules of a hold's end: it comes by itself, at its moment, and is final.

use super::{
    Store,
    counter::{Counter, HOLD, stock, want},
};
use crate::sample::{cart_id, instant, minutes};
use stoa_domain::inventory::HoldPolicy;

/// Held until the last microsecond, free at the expiry, though nothing has swept.
pub async fn an_expired_hold_frees_its_units_at_that_moment(store: Store) {
    let (counter, mug) = (Counter::open(store), stock(1));
    counter.take(cart_id(), mug, 1).await;
    assert_eq!(counter.after(HOLD - instant()).take(cart_id(), mug, 1).await, 0);
    assert_eq!(counter.after(HOLD).take(cart_id(), mug, 1).await, 1);
}

/// Neither the cart's own nor the shop's figures show it any more.
pub async fn an_expired_hold_is_in_no_figure(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    counter.take(cart, mug, 2).await;
    let last = counter.after(HOLD - instant());
    assert_eq!((last.held(mug.variant).await, last.held_by(cart, mug.variant).await), (2, 2));
    let over = counter.after(HOLD);
    assert_eq!(over.store.held(&[mug.variant], over.now).await.unwrap().len(), 0);
    assert_eq!(over.holds_of(cart).await, []);
}

/// Whose hold is over gets what is left, whatever it was before.
pub async fn a_buyer_who_comes_back_too_late_competes_anew(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(3));
    counter.take(cart, mug, 3).await;
    let over = counter.after(HOLD);
    assert_eq!(over.take(cart_id(), mug, 2).await, 2);
    assert!(!over.hold(cart, &[want(mug, 3)], HoldPolicy::AllOrNothing).await.held);
    assert_eq!(over.take(cart, mug, 3).await, 1);
    assert_eq!(over.held(mug.variant).await, 3);
}

/// An extension counts from when it was asked for.
pub async fn extending_keeps_a_hold_alive(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(1), stock(4));
    counter.hold(cart, &[want(mug, 1), want(bowl, 3)], HoldPolicy::UpToAvailable).await;
    let active = counter.after(minutes(14));
    active.extend(cart).await;
    let until = active.now + HOLD;
    let holds = active.holds_of(cart).await;
    assert_eq!(holds.len(), 2);
    assert!(holds.iter().all(|(_, _, end)| *end == until), "{holds:?}, not {until}");
    assert_eq!(counter.after(HOLD).take(cart_id(), mug, 1).await, 0);
    assert_eq!(active.after(HOLD).take(cart_id(), mug, 1).await, 1);
}

/// Asked twice, moved once.
pub async fn extending_twice_is_extending_once(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(1));
    counter.take(cart, mug, 1).await;
    let active = counter.after(minutes(5));
    active.extend(cart).await;
    active.extend(cart).await;
    assert_eq!(active.holds_of(cart).await, [(mug.variant, 1, active.now + HOLD)]);
}

/// What is over stays over: somebody else may own it by now.
pub async fn extending_does_not_raise_the_dead(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(1));
    counter.take(cart, mug, 1).await;
    let over = counter.after(HOLD);
    over.extend(cart).await;
    assert_eq!(over.holds_of(cart).await, []);
    assert_eq!(over.take(cart_id(), mug, 1).await, 1);
}

/// One buyer's activity is no other's, and a cart without holds has nothing to extend.
pub async fn extending_touches_no_other_cart(store: Store) {
    let (counter, cart, other, mug) = (Counter::open(store), cart_id(), cart_id(), stock(2));
    counter.take(cart, mug, 1).await;
    counter.take(other, mug, 1).await;
    let active = counter.after(minutes(5));
    active.extend(cart).await;
    active.extend(cart_id()).await;
    assert_eq!(active.holds_of(other).await, [(mug.variant, 1, counter.now + HOLD)]);
}
