//! Rules of the fenced snapshot: of all figures a store was told of a variant, the newest decides.

use super::{
    Store,
    counter::{Counter, changed, stock, want},
};
use crate::sample::cart_id;
use stoa_domain::inventory::{HoldPolicy, StockSnapshot};

/// A reader whose figure is stale is not granted a unit that is gone.
pub async fn an_older_snapshot_is_ignored(store: Store) {
    let (counter, stale) = (Counter::open(store), stock(1));
    counter.learn(&[changed(stale, 0)]).await;
    assert_eq!(counter.take(cart_id(), stale, 1).await, 0);
    assert!(!counter.hold(cart_id(), &[want(stale, 1)], HoldPolicy::AllOrNothing).await.held);
}

/// Stock went down: the caller's newer figure decides over what the store knew.
pub async fn a_newer_snapshot_lowers_what_is_granted(store: Store) {
    let (counter, mug) = (Counter::open(store), stock(9));
    counter.take(cart_id(), mug, 2).await;
    assert_eq!(counter.take(cart_id(), changed(mug, 3), 5).await, 1);
}

/// Stock came in: the newer figure decides as well.
pub async fn a_newer_snapshot_raises_what_is_granted(store: Store) {
    let (counter, mug) = (Counter::open(store), stock(1));
    counter.take(cart_id(), mug, 1).await;
    assert_eq!(counter.take(cart_id(), changed(mug, 4), 5).await, 3);
}

/// What one buyer's request brought binds the next one's, who has read earlier.
pub async fn a_hold_teaches_the_store_its_snapshot(store: Store) {
    let (counter, stale) = (Counter::open(store), stock(10));
    counter.take(cart_id(), changed(stale, 2), 1).await;
    assert_eq!(counter.take(cart_id(), stale, 3).await, 1);
}

/// Also when nothing was held by it.
pub async fn a_refused_hold_teaches_the_store_its_snapshot(store: Store) {
    let (counter, stale) = (Counter::open(store), stock(10));
    let refused = counter.hold(cart_id(), &[want(changed(stale, 2), 3)], HoldPolicy::AllOrNothing).await;
    assert!(!refused.held);
    assert_eq!(counter.take(cart_id(), stale, 3).await, 2);
}

/// Messages may come out of order: the version decides, not the order.
pub async fn learning_an_older_figure_changes_nothing(store: Store) {
    let (counter, v1) = (Counter::open(store), stock(9));
    let v2 = changed(v1, 5);
    let v3 = changed(v2, 1);
    for snapshot in [v2, v3, v1, v2] {
        counter.learn(&[snapshot]).await;
    }
    assert_eq!(counter.take(cart_id(), v1, 9).await, 1);
}

/// A list may name a variant more than once.
pub async fn the_newest_of_one_list_counts(store: Store) {
    let (counter, v1, bowl) = (Counter::open(store), stock(9), stock(4));
    let v2 = changed(v1, 2);
    counter.learn(&[v1, bowl, v2, v1]).await;
    assert_eq!(counter.take(cart_id(), v1, 9).await, 2);
    let bowl_sold_out = changed(bowl, 0);
    counter.release(cart_id(), &[bowl_sold_out, bowl]).await;
    assert_eq!(counter.take(cart_id(), bowl, 1).await, 0);
    counter.learn(&[]).await;
}

/// Learning judges what comes, not what is: a cart keeps its hold, and the order decides.
pub async fn learning_takes_no_hold_away(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    counter.take(cart, mug, 4).await;
    counter.learn(&[changed(mug, 1)]).await;
    assert_eq!(counter.held_by(cart, mug.variant).await, 4);
    assert_eq!(counter.take(cart_id(), mug, 1).await, 0);
}

/// At its next request a cart gets what the newer figure leaves, own units or not.
pub async fn a_cart_shrinks_to_what_a_newer_snapshot_leaves_it(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    counter.take(cart, mug, 4).await;
    assert_eq!(counter.take(cart, changed(mug, 1), 4).await, 1);
    assert_eq!(counter.held_by(cart, mug.variant).await, 1);
}

/// "No figure" is a figure with a version like any other.
pub async fn stock_may_become_untracked_and_tracked_again(store: Store) {
    let (counter, v1) = (Counter::open(store), stock(1));
    let v2 = changed(v1, None);
    let v3 = changed(v2, 5);
    counter.learn(&[v1]).await;
    assert_eq!(counter.take(cart_id(), v2, 4).await, 4);
    assert_eq!(counter.take(cart_id(), v1, 4).await, 4, "version 2 said: without limit");
    assert_eq!(counter.take(cart_id(), v3, 4).await, 0, "eight of five are held");
    let far = StockSnapshot { sellable: Some(9), version: i64::MAX, ..v3 };
    assert_eq!(counter.take(cart_id(), far, 4).await, 1);
}
