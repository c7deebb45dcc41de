//! Rules of the time to live: it slides with every save, and nothing need run for it to end.

use super::{Desk, Store};
use crate::sample::{instant, line, minutes, new_cart};
use stoa_domain::cart::{Cart, Saved};

/// There until its last microsecond, gone at its expiry.
pub async fn a_cart_is_gone_at_the_moment_its_time_is_up(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    let end = desk.in_an_hour();
    assert_eq!(desk.store.load(cart.id, end - instant()).await.unwrap().as_ref(), Some(&cart));
    assert_eq!(desk.store.load(cart.id, end).await.unwrap(), None);
    assert_eq!(desk.store.load(cart.id, end + minutes(1)).await.unwrap(), None);
}

/// A later save keeps the cart longer; one with an earlier end keeps it shorter.
pub async fn every_save_moves_the_expiry(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;

    let later = desk.now + minutes(59);
    assert_eq!(desk.store.save(&cart, later, later + minutes(60)).await.unwrap(), Saved::Yes(2));
    assert!(desk.store.load(cart.id, desk.now + minutes(118)).await.unwrap().is_some());

    let cart = Cart { version: 2, ..cart };
    assert_eq!(desk.store.save(&cart, later, later + minutes(1)).await.unwrap(), Saved::Yes(3));
    assert!(desk.store.load(cart.id, later + minutes(1)).await.unwrap().is_none());
}

/// Once its time is up, a copy of it is a copy of nothing.
pub async fn an_expired_cart_cannot_be_saved_on(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    let end = desk.in_an_hour();
    assert_eq!(desk.store.save(&cart, end, end + minutes(60)).await.unwrap(), Saved::Conflict);
    assert_eq!(desk.store.load(cart.id, end).await.unwrap(), None);
}

/// An expired cart counts as absent, so version 0 may be saved under its id.
pub async fn an_expired_cart_may_be_made_anew(store: Store) {
    let desk = Desk::open(store);
    let old = desk.saved(Cart { lines: vec![line(9)], ..new_cart(desk.now) }).await;
    let end = desk.in_an_hour();
    let anew = Cart { version: 0, lines: Vec::new(), ..old };
    let Saved::Yes(version) = desk.store.save(&anew, end, end + minutes(60)).await.unwrap() else {
        panic!("the old one is over");
    };
    assert!(version >= 1);
    assert_eq!(desk.store.load(anew.id, end).await.unwrap(), Some(Cart { version, ..anew }));
}
