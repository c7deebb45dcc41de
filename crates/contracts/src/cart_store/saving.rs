//! Rules of saving: every save is compare-and-set.

use super::{Desk, Store};
use crate::sample::{cart_id, line, new_cart};
use stoa_domain::cart::{Cart, Saved};

/// The first save gives version 1, and the cart reads back with it.
pub async fn a_new_cart_has_version_1_and_reads_back(store: Store) {
    let desk = Desk::open(store);
    let cart = Cart { lines: vec![line(2)], ..new_cart(desk.now) };
    assert_eq!(desk.save(&cart).await, Saved::Yes(1));
    assert_eq!(desk.load(cart.id).await, Some(Cart { version: 1, ..cart }));
}

/// Versions rise by one, and the last save is what reads back.
pub async fn each_save_adds_one_to_the_version(store: Store) {
    let desk = Desk::open(store);
    let mut cart = new_cart(desk.now);
    for version in 1..=5 {
        cart.lines.push(line(1));
        assert_eq!(desk.save(&cart).await, Saved::Yes(version));
        cart.version = version;
        assert_eq!(desk.load(cart.id).await.as_ref(), Some(&cart));
    }
}

/// An unknown id reads as nothing.
pub async fn a_cart_that_nobody_saved_is_unknown(store: Store) {
    let desk = Desk::open(store);
    assert_eq!(desk.load(cart_id()).await, None);
}

/// Of two who read the same version, the second to write is refused.
pub async fn a_stale_copy_is_refused_and_changes_nothing(store: Store) {
    let desk = Desk::open(store);
    let first = desk.saved(new_cart(desk.now)).await;
    let stale = first.clone();
    let second = desk.saved(Cart { note: Some("second".into()), ..first }).await;

    assert_eq!(desk.save(&Cart { note: Some("stale".into()), ..stale }).await, Saved::Conflict);
    assert_eq!(desk.load(second.id).await, Some(second));
}

/// Version 0 means "it must not exist".
pub async fn a_new_cart_never_overwrites_one_that_exists(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(Cart { lines: vec![line(4)], ..new_cart(desk.now) }).await;
    assert_eq!(desk.save(&Cart { version: 0, lines: Vec::new(), ..cart.clone() }).await, Saved::Conflict);
    assert_eq!(desk.load(cart.id).await, Some(cart));
}

/// A version ahead of the store's, or of a cart it does not know, matches nothing.
pub async fn a_version_the_store_never_gave_is_refused(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(new_cart(desk.now)).await;
    for version in [2, 7, u64::MAX] {
        assert_eq!(desk.save(&Cart { version, ..cart.clone() }).await, Saved::Conflict, "{version}");
        assert_eq!(desk.save(&Cart { version, ..new_cart(desk.now) }).await, Saved::Conflict, "{version}");
    }
    assert_eq!(desk.load(cart.id).await, Some(cart));
}

/// Saving or deleting one cart leaves the others alone.
pub async fn one_cart_does_not_touch_another(store: Store) {
    let desk = Desk::open(store);
    let mine = desk.saved(Cart { lines: vec![line(1)], ..new_cart(desk.now) }).await;
    let other = desk.saved(Cart { lines: vec![line(2)], ..new_cart(desk.now) }).await;
    let mine = desk.saved(Cart { note: Some("mine".into()), ..mine }).await;
    assert_eq!(desk.load(other.id).await, Some(other.clone()));
    assert_eq!(desk.delete(mine.id, mine.version).await, Saved::Yes(mine.version));
    assert_eq!(desk.load(other.id).await, Some(other));
}
