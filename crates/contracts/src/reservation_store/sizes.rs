//! Rules at the ends of the scale.

use super::{
    Store,
    counter::{Counter, stock, untracked, want},
};
use crate::sample::{cart_id, variant_id};
use std::collections::HashMap;
use stoa_domain::inventory::HoldPolicy;

/// A request may be for 2^32 - 1 units, and sums go beyond it.
pub async fn quantities_reach_as_far_as_their_type(store: Store) {
    let most = i64::from(u32::MAX);
    let (counter, ebook, grain) = (Counter::open(store), untracked(), stock(2 * most + 7));
    for carts in 1..=3 {
        assert_eq!(counter.take(cart_id(), ebook, u32::MAX).await, u32::MAX);
        assert_eq!(counter.held(ebook.variant).await, carts * most);
    }
    for granted in [u32::MAX, u32::MAX, 7, 0] {
        assert_eq!(counter.take(cart_id(), grain, u32::MAX).await, granted);
    }
    assert_eq!(counter.held(grain.variant).await, 2 * most + 7);
}

/// No figure of SQL's overflows anything.
pub async fn sellable_figures_reach_as_far_as_their_type(store: Store) {
    let counter = Counter::open(store);
    for (sellable, granted) in [(i64::MAX, [3, 4]), (i64::MIN, [0, 0])] {
        let sand = stock(sellable);
        assert_eq!(counter.take(cart_id(), sand, 3).await, granted[0]);
        assert_eq!(counter.take(cart_id(), sand, 4).await, granted[1]);
    }
}

/// The largest cart: every second thing is one short.
pub async fn five_hundred_variants_in_one_cart(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    let requests: Vec<_> = (0..500).map(|n| want(stock(if n % 2 == 0 { 3 } else { 2 }), 3)).collect();

    assert!(!counter.hold(cart, &requests, HoldPolicy::AllOrNothing).await.held);
    assert_eq!(counter.holds_of(cart).await, []);

    let reservation = counter.hold(cart, &requests, HoldPolicy::UpToAvailable).await;
    assert!(reservation.held);
    for (request, grant) in requests.iter().zip(&reservation.grants) {
        assert_eq!(Some(i64::from(grant.available)), request.snapshot.sellable);
    }
    assert_eq!(counter.holds_of(cart).await.len(), 500);

    let half: Vec<_> = requests.iter().step_by(2).copied().collect();
    assert!(counter.hold(cart, &half, HoldPolicy::AllOrNothing).await.held);
    assert_eq!(counter.holds_of(cart).await.len(), 250);
}

/// An export may ask for everything at once.
pub async fn figures_of_five_thousand_variants(store: Store) {
    let (counter, mug) = (Counter::open(store), stock(5));
    counter.take(cart_id(), mug, 2).await;
    let mut asked: Vec<_> = (0..5_000).map(|_| variant_id()).collect();
    asked[4_321] = mug.variant;
    let held = counter.store.held(&asked, counter.now).await.unwrap();
    assert_eq!(held, HashMap::from([(mug.variant, 2)]));
}
