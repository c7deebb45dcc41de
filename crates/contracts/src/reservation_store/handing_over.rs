//! Rules of release: the holds end and the order's figure arrives as one.

use super::{
    Store,
    counter::{Counter, changed, stock, want},
};
use crate::sample::cart_id;
use stoa_domain::inventory::HoldPolicy;

/// A cart that was given up leaves its units to others.
pub async fn releasing_frees_what_the_cart_held(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(1), stock(2));
    counter.hold(cart, &[want(mug, 1), want(bowl, 2)], HoldPolicy::UpToAvailable).await;
    counter.release(cart, &[]).await;
    assert_eq!(counter.holds_of(cart).await, []);
    assert_eq!(counter.take(cart_id(), mug, 1).await, 1);
    assert_eq!(counter.take(cart_id(), bowl, 2).await, 2);
}

/// The order owns the unit now: whoever still reads the figure of before gets nothing.
pub async fn releasing_hands_the_unit_over_to_the_order(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(1), stock(9));
    counter.hold(cart, &[want(mug, 1), want(bowl, 2)], HoldPolicy::UpToAvailable).await;
    counter.release(cart, &[changed(mug, 0), changed(bowl, 7)]).await;
    assert_eq!(counter.holds_of(cart).await, []);
    assert_eq!(counter.take(cart_id(), mug, 1).await, 0);
    assert_eq!(counter.take(cart_id(), bowl, 9).await, 7);
}

/// A hand-over that comes after a later change (a delivery came in) does not undo it.
pub async fn releasing_with_an_old_figure_does_not_turn_back_the_fence(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(1));
    counter.take(cart, mug, 1).await;
    let sold = changed(mug, 0);
    counter.learn(&[changed(sold, 10)]).await;
    counter.release(cart, &[sold]).await;
    assert_eq!(counter.take(cart_id(), mug, 99).await, 10);
}

/// A repeated release changes nothing more, and neither does one of a cart that holds nothing.
pub async fn releasing_twice_is_releasing_once(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(3));
    counter.take(cart, mug, 2).await;
    for _ in 0..2 {
        counter.release(cart, &[changed(mug, 1)]).await;
        assert_eq!(counter.held(mug.variant).await, 0);
    }
    counter.release(cart_id(), &[]).await;
    assert_eq!(counter.take(cart_id(), mug, 3).await, 1);
}

/// Others keep what they hold.
pub async fn releasing_touches_no_other_cart(store: Store) {
    let (counter, cart, other, mug) = (Counter::open(store), cart_id(), cart_id(), stock(5));
    counter.take(cart, mug, 2).await;
    counter.take(other, mug, 3).await;
    counter.release(cart, &[changed(mug, 3)]).await;
    assert_eq!(counter.held_by(other, mug.variant).await, 3);
    assert_eq!(counter.take(cart_id(), mug, 1).await, 0);
}
