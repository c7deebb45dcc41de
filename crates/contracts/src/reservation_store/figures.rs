//! Rules of what the store tells of its holds.

use super::{
    Store,
    counter::{Counter, HOLD, stock, want},
};
use crate::sample::{cart_id, instant, minutes, variant_id};
use std::collections::HashMap;
use stoa_domain::inventory::HoldPolicy;

/// What a shop window subtracts from its stock.
pub async fn every_carts_holds_are_summed(store: Store) {
    let (counter, mug, bowl) = (Counter::open(store), stock(100), stock(100));
    for units in 1..=4 {
        let requests = [want(mug, units), want(bowl, 2 * units)];
        counter.hold(cart_id(), &requests, HoldPolicy::UpToAvailable).await;
    }
    let held = counter.store.held(&[mug.variant, bowl.variant], counter.now).await.unwrap();
    assert_eq!(held, HashMap::from([(mug.variant, 10), (bowl.variant, 20)]));
}

/// Absent, not 0; also when it was held once, and when it is asked for twice or among others.
pub async fn a_variant_that_nobody_holds_has_no_figure(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(5), stock(5));
    counter.take(cart, mug, 2).await;
    counter.take(cart, bowl, 1).await;
    let asked = [variant_id(), mug.variant, bowl.variant, mug.variant, bowl.variant];
    let held = counter.store.held(&asked, counter.now).await.unwrap();
    assert_eq!(held, HashMap::from([(bowl.variant, 1)]));
    assert_eq!(counter.store.held(&[], counter.now).await.unwrap(), HashMap::new());
}

/// A store that tells of all that is held tells the sums, and nothing that is over; others say that they cannot.
pub async fn what_is_held_of_everything_is_the_sum_of_what_lives(store: Store) {
    let (counter, mug, bowl, plate) = (Counter::open(store), stock(9), stock(9), stock(9));
    counter.take(cart_id(), plate, 1).await;
    let later = counter.after(HOLD);
    for units in 1..=3 {
        later.hold(cart_id(), &[want(mug, units), want(bowl, 1)], HoldPolicy::UpToAvailable).await;
    }
    let variants = [mug, bowl, plate].map(|stock| stock.variant);
    let asked_for = later.store.held(&variants, later.now).await.unwrap();
    assert_eq!(asked_for, HashMap::from([(mug.variant, 6), (bowl.variant, 3)]));
    if let Some(all) = later.store.all_held(later.now).await.unwrap() {
        // Others may hold other things in the same store.
        let ours = all.into_iter().filter(|(variant, _)| variants.contains(variant));
        assert_eq!(ours.collect::<HashMap<_, _>>(), asked_for);
    }
}

/// Until the first of the carts' holds is over: a figure that is shown is looked at again then.
pub async fn a_figure_says_until_when_it_stands(store: Store) {
    let (counter, first, mug, bowl) = (Counter::open(store), cart_id(), stock(9), stock(9));
    counter.take(first, mug, 1).await;
    let later = counter.after(minutes(5));
    later.take(cart_id(), mug, 2).await;
    later.take(cart_id(), bowl, 3).await;
    let held = later.store.held_until(&[mug.variant, bowl.variant], later.now).await.unwrap();
    let until = |counter: &Counter| counter.now + HOLD;
    let expected = [(mug.variant, (3, until(&counter))), (bowl.variant, (3, until(&later)))];
    assert_eq!(held, HashMap::from(expected));
    let over = counter.after(HOLD);
    let held = over.store.held_until(&[mug.variant], over.now).await.unwrap();
    assert_eq!(held, HashMap::from([(mug.variant, (2, until(&later)))]));
}

/// The cart says until when: the figure comes from here.
pub async fn a_cart_knows_what_it_holds_and_until_when(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(5), stock(1));
    let requests = [want(mug, 2), want(bowl, 3)];
    counter.hold(cart, &requests, HoldPolicy::UpToAvailable).await;
    counter.take(cart_id(), mug, 1).await;
    let until = counter.now + HOLD;
    let holds = counter.store.held_by(cart, counter.now).await.unwrap();
    assert_eq!(holds, HashMap::from([(mug.variant, (2, until)), (bowl.variant, (1, until))]));
    assert_eq!(counter.store.held_by(cart_id(), counter.now).await.unwrap(), HashMap::new());
}

/// All of it, until the last moment, or it does not hold it; what it asked for and did not get it does not hold.
pub async fn a_cart_knows_whether_it_holds_enough_for_long_enough(store: Store) {
    let (counter, cart, mug, bowl) = (Counter::open(store), cart_id(), stock(5), stock(1));
    counter.hold(cart, &[want(mug, 2), want(bowl, 3)], HoldPolicy::UpToAvailable).await;
    let (mug, bowl) = (mug.variant, bowl.variant);
    let last = counter.now + HOLD - instant();
    let holds = async |cart, wanted: &[_], then| counter.store.holds(cart, wanted, then).await.unwrap();
    assert!(holds(cart, &[(mug, 2), (bowl, 1)], last).await);
    assert!(holds(cart, &[(mug, 1)], counter.now).await, "and more");
    assert!(holds(cart, &[], last).await, "nothing is wanted");
    assert!(!holds(cart, &[(mug, 2), (bowl, 3)], last).await, "there was one bowl");
    assert!(!holds(cart, &[(mug, 2)], counter.now + HOLD).await, "it is over then");
    assert!(!holds(cart, &[(stock(9).variant, 1)], last).await, "never asked for");
    assert!(!holds(cart_id(), &[(mug, 1)], last).await, "somebody else's");
    counter.release(cart, &[]).await;
    assert!(!holds(cart, &[(mug, 1)], counter.now).await, "let go");
}
