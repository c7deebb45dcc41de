//! Rules of deleting: compare-and-set as well, and final for every copy in flight.

use super::{Desk, Store};
use crate::sample::{cart_id, line, new_cart};
use stoa_domain::cart::{Cart, Saved};

/// Deleted is gone.
pub async fn a_deleted_cart_is_gone(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    assert_eq!(desk.delete(cart.id, 1).await, Saved::Yes(1));
    assert_eq!(desk.load(cart.id).await, None);
}

/// Whoever has not seen the cart's last change may not delete it.
pub async fn deleting_a_stale_version_is_refused(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    let cart = desk.saved(Cart { lines: vec![line(1)], ..cart }).await;
    for version in [0, 1, 3, u64::MAX] {
        assert_eq!(desk.delete(cart.id, version).await, Saved::Conflict, "{version}");
    }
    assert_eq!(desk.load(cart.id).await, Some(cart));
}

/// Deleting twice, or what never was, is what was wanted.
pub async fn deleting_what_is_gone_already_is_fine(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    for _ in 0..3 {
        assert_eq!(desk.delete(cart.id, cart.version).await, Saved::Yes(1));
    }
    assert_eq!(desk.delete(cart_id(), 5).await, Saved::Yes(5));
}

/// A line added while the cart was completed is refused, not written into a ghost.
pub async fn a_deleted_cart_cannot_be_saved_on(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    desk.delete(cart.id, cart.version).await;
    assert_eq!(desk.save(&Cart { lines: vec![line(1)], ..cart.clone() }).await, Saved::Conflict);
    assert_eq!(desk.load(cart.id).await, None);
}

/// An id that is used again goes on counting, so that a copy of the deleted cart cannot pass for its successor.
pub async fn a_deleted_cart_made_anew_is_safe_from_its_former_copies(store: Store) {
    let desk = Desk::open(store);
    let former = desk.saved(Cart { note: Some("former".into()), ..new_cart(desk.now) }).await;
    desk.delete(former.id, former.version).await;

    let anew = desk.saved(Cart { version: 0, note: Some("anew".into()), ..former.clone() }).await;
    assert!(anew.version > former.version, "{} after {}", anew.version, former.version);
    assert_eq!(desk.save(&former).await, Saved::Conflict);
    assert_eq!(desk.delete(former.id, former.version).await, Saved::Conflict);
    assert_eq!(desk.load(anew.id).await, Some(anew));
}
