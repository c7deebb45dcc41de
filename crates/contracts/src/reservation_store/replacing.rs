//! Rules of holding again: a cart's holds replace each other, wholly or not at all.

use super::{
    Store,
    counter::{Counter, HOLD, stock, want},
};
use crate::sample::{cart_id, minutes};
use stoa_domain::inventory::HoldPolicy::{AllOrNothing, UpToAvailable};

/// Who holds the last five may ask for five again, before paying for instance.
pub async fn a_carts_own_holds_never_stand_in_its_way(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    counter.take(cart, mug, 5).await;
    assert_eq!(counter.take(cart, mug, 5).await, 5);
    assert!(counter.hold(cart, &[want(mug, 5)], AllOrNothing).await.held);
    assert_eq!(counter.held(mug.variant).await, 5);
}

/// Own units and free ones together are what can be held.
pub async fn a_hold_grows_into_what_is_left(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    counter.take(cart, mug, 2).await;
    counter.take(cart_id(), mug, 1).await;
    assert_eq!(counter.take(cart, mug, 9).await, 4);
    assert_eq!(counter.held(mug.variant).await, 5);
}

/// What a cart no longer wants, another may have.
pub async fn a_smaller_hold_frees_the_rest(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    counter.take(cart, mug, 5).await;
    assert_eq!(counter.take(cart, mug, 2).await, 2);
    assert_eq!(counter.held(mug.variant).await, 2);
    assert_eq!(counter.take(cart_id(), mug, 5).await, 3);
}

/// The requests are all the cart holds afterwards.
pub async fn what_is_not_asked_for_again_is_let_go(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    let [mug, bowl, plate] = [stock(5), stock(5), stock(5)];
    counter.hold(cart, &[want(mug, 1), want(bowl, 2)], UpToAvailable).await;
    counter.hold(cart, &[want(bowl, 2), want(plate, 3)], UpToAvailable).await;
    assert_eq!(counter.held_by(cart, mug.variant).await, 0);
    assert_eq!(counter.held_by(cart, bowl.variant).await, 2);
    assert_eq!(counter.held_by(cart, plate.variant).await, 3);
    assert_eq!(counter.take(cart_id(), mug, 5).await, 5);
}

/// So does asking for none of it.
pub async fn quantity_0_lets_go(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(5), stock(5));
    counter.hold(cart, &[want(mug, 1), want(bowl, 2)], UpToAvailable).await;
    counter.hold(cart, &[want(mug, 1), want(bowl, 0)], UpToAvailable).await;
    assert_eq!(counter.holds_of(cart).await, [(mug.variant, 1, counter.now + HOLD)]);
    assert_eq!(counter.held(bowl.variant).await, 0);
}

/// An emptied cart holds nothing; one that never held anything may be emptied too.
pub async fn an_empty_list_lets_go_of_everything(store: Store) {
    let (counter, cart, mug) = (Counter::open(store), cart_id(), stock(5));
    for policy in [UpToAvailable, AllOrNothing] {
        counter.take(cart, mug, 2).await;
        for _ in 0..2 {
            let reservation = counter.hold(cart, &[], policy).await;
            assert!(reservation.held);
            assert_eq!(reservation.grants, []);
            assert_eq!(counter.holds_of(cart).await, []);
            assert_eq!(counter.held(mug.variant).await, 0);
        }
    }
}

/// Enough of everything: held like any other.
pub async fn all_or_nothing_holds_all_when_there_is_enough(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(2), stock(3));
    let reservation = counter.hold(cart, &[want(mug, 2), want(bowl, 3)], AllOrNothing).await;
    assert!(reservation.held);
    assert!(reservation.grants.iter().all(|g| g.is_full()));
    assert_eq!(counter.held(mug.variant).await, 2);
    assert_eq!(counter.held(bowl.variant).await, 3);
}

/// One thing short: nothing is taken, nothing let go, nothing kept longer.
pub async fn all_or_nothing_short_of_one_leaves_the_holds_as_they_were(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    let [mug, bowl, plate] = [stock(5), stock(5), stock(1)];
    counter.hold(cart, &[want(mug, 1), want(bowl, 2)], UpToAvailable).await;
    let before = counter.holds_of(cart).await;

    let later = counter.after(minutes(1));
    let reservation = later.hold(cart, &[want(bowl, 4), want(plate, 2)], AllOrNothing).await;
    assert!(!reservation.held);
    assert_eq!(later.holds_of(cart).await, before);
    assert_eq!(later.held(bowl.variant).await, 2);
    assert_eq!(later.held(plate.variant).await, 0);
}

/// A refusal tells each shortage, so that the buyer can be told.
pub async fn all_or_nothing_says_what_could_have_been_held(store: Store) {
    let (counter, mug, bowl, plate) = (Counter::open(store), stock(5), stock(5), stock(1));
    counter.take(cart_id(), bowl, 4).await;
    let requests = [want(mug, 5), want(bowl, 2), want(plate, 2)];
    let reservation = counter.hold(cart_id(), &requests, AllOrNothing).await;
    assert!(!reservation.held);
    let available: Vec<_> = reservation.grants.iter().map(|g| g.available).collect();
    assert_eq!(available, [5, 1, 1]);
}

/// A call that timed out and was repeated holds once.
pub async fn the_same_hold_twice_is_one_hold(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(5), stock(1));
    for policy in [UpToAvailable, AllOrNothing] {
        let requests = [want(mug, 3), want(bowl, 1)];
        let first = counter.hold(cart, &requests, policy).await;
        let holds = counter.holds_of(cart).await;
        assert_eq!(counter.hold(cart, &requests, policy).await, first);
        assert_eq!(counter.holds_of(cart).await, holds);
        assert_eq!(counter.held(mug.variant).await, 3);
    }
}

/// Activity on a cart keeps everything in it, not only what was touched.
pub async fn holding_again_moves_the_expiry_of_all_the_cart_holds(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(5), stock(5));
    counter.take(cart, mug, 1).await;
    let later = counter.after(minutes(10));
    later.hold(cart, &[want(mug, 1), want(bowl, 1)], UpToAvailable).await;
    let until: Vec<_> = later.holds_of(cart).await.into_iter().map(|(_, _, until)| until).collect();
    assert_eq!(until, [later.now + HOLD; 2]);
}
