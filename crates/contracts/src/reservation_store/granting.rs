//! Rules of what is granted.

use super::{
    Store,
    counter::{Counter, HOLD, stock, untracked, want},
};
use crate::sample::cart_id;
use stoa_domain::inventory::{Grant, HoldPolicy, Reservation};

/// Enough on the shelf: all of it is held.
pub async fn what_is_there_is_granted(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    let reservation = counter.hold(cart, &[want(mug, 3)], HoldPolicy::UpToAvailable).await;
    let granted = Grant { variant: mug.variant, wanted: 3, available: 3 };
    assert_eq!(reservation, Reservation { held: true, grants: vec![granted] });
    assert_eq!(counter.holds_of(cart).await, [(mug.variant, 3, counter.now + HOLD)]);
}

/// Eight wanted, five there: five held.
pub async fn more_than_there_is_is_cut_to_what_is_left(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    assert_eq!(counter.take(cart, mug, 8).await, 5);
    assert_eq!(counter.held_by(cart, mug.variant).await, 5);
}

/// Holds of all other carts count.
pub async fn what_others_hold_is_not_granted(store: Store) {
    let (counter, mug) = (Counter::open(store), stock(7));
    assert_eq!(counter.take(cart_id(), mug, 3).await, 3);
    assert_eq!(counter.take(cart_id(), mug, 2).await, 2);
    assert_eq!(counter.take(cart_id(), mug, 4).await, 2);
    assert_eq!(counter.held(mug.variant).await, 7);
}

/// A grant of 0 is no hold.
pub async fn nothing_left_grants_nothing_and_leaves_no_hold(store: Store) {
    let (counter, mug, late) = (Counter::open(store), stock(1), cart_id());
    counter.take(cart_id(), mug, 1).await;
    assert_eq!(counter.take(late, mug, 1).await, 0);
    assert_eq!(counter.holds_of(late).await, []);
    assert_eq!(counter.take(late, stock(0), 1).await, 0);
}

/// A sellable figure below 0 (a count that found less than was sold) is nothing to grant, and not negative.
pub async fn oversold_stock_grants_nothing(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    assert_eq!(counter.take(cart, stock(-3), 2).await, 0);
    assert_eq!(counter.holds_of(cart).await, []);
}

/// No figure, no limit; what is held is counted all the same.
pub async fn untracked_stock_is_granted_without_limit(store: Store) {
    let (counter, ebook) = (Counter::open(store), untracked());
    assert_eq!(counter.take(cart_id(), ebook, 1_000_000).await, 1_000_000);
    assert_eq!(counter.take(cart_id(), ebook, 1_000_000).await, 1_000_000);
    assert_eq!(counter.held(ebook.variant).await, 2_000_000);
}

/// One grant a request, in their order, whatever order the store works in.
pub async fn grants_come_in_the_order_of_the_requests(store: Store) {
    let counter = Counter::open(store);
    let mut requests: Vec<_> = (1..=9).map(|sellable| want(stock(sellable), 5)).collect();
    for _ in 0..2 {
        let reservation = counter.hold(cart_id(), &requests, HoldPolicy::UpToAvailable).await;
        let expected: Vec<_> = requests
            .iter()
            .map(|r| Grant { variant: r.snapshot.variant, wanted: 5, available: r.snapshot.grantable(5, 0) })
            .collect();
        assert_eq!(reservation.grants, expected);
        // The ids are random, so one of the two directions at least is not the order of the ids.
        requests = requests.iter().rev().map(|r| want(stock(r.snapshot.sellable.unwrap()), 5)).collect();
    }
}

/// A request for 0 units is a full grant of 0, sold out or not.
pub async fn asking_for_nothing_is_granted(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    for policy in [HoldPolicy::UpToAvailable, HoldPolicy::AllOrNothing] {
        let reservation = counter.hold(cart, &[want(stock(0), 0)], policy).await;
        assert!(reservation.held);
        assert!(reservation.grants[0].is_full());
        assert_eq!(reservation.grants[0].available, 0);
        assert_eq!(counter.holds_of(cart).await, []);
    }
}
