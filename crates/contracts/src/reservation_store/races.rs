//! Rules under concurrency: no unit is granted twice, none is withheld, nothing waits for ever.

use super::{
    Store,
    counter::{Counter, changed, stock, want},
};
use crate::{race::at_once, sample::cart_id};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use stoa_domain::{
    inventory::{
        HoldPolicy::{self, AllOrNothing, UpToAvailable},
        HoldRequest, Reservation, StockSnapshot,
    },
    shared::CartId,
};

async fn hold(counter: Counter, cart: CartId, requests: Vec<HoldRequest>, policy: HoldPolicy) -> Reservation {
    counter.hold(cart, &requests, policy).await
}

async fn race_for_the_last_unit(store: Store, policy: HoldPolicy) {
    let counter = Counter::open(store);
    for round in 0..100 {
        let (mug, carts) = (stock(1), [cart_id(), cart_id()]);
        let results =
            at_once(carts.map(|cart| hold(counter.clone(), cart, vec![want(mug, 1)], policy))).await;
        let full = results.iter().filter(|r| r.held && r.grants[0].is_full()).count();
        assert_eq!(full, 1, "round {round}");
        assert_eq!(counter.held(mug.variant).await, 1, "round {round}");
    }
}

/// A hundred times: exactly one of two gets it.
pub async fn two_carts_race_for_the_last_unit(store: Store) {
    race_for_the_last_unit(store, UpToAvailable).await;
}

/// A hundred times: exactly one of two gets it, and the other is refused.
pub async fn two_carts_race_for_the_last_unit_all_or_nothing(store: Store) {
    race_for_the_last_unit(store, AllOrNothing).await;
}

/// Together they want 400 of 50: all 50 are granted, and each cart holds what it was told.
pub async fn two_hundred_carts_race_for_fifty_units(store: Store) {
    let (counter, mug) = (Counter::open(store), stock(50));
    let carts: Vec<_> = (0..200_u32).map(|n| (cart_id(), n % 3 + 1)).collect();
    let takes = carts.clone().into_iter().map(|(cart, quantity)| {
        let counter = counter.clone();
        async move { counter.take(cart, mug, quantity).await }
    });
    let granted = at_once(takes).await;
    assert_eq!(granted.iter().sum::<u32>(), 50);
    assert_eq!(counter.held(mug.variant).await, 50);
    for ((cart, _), granted) in carts.iter().zip(granted) {
        assert_eq!(counter.held_by(*cart, mug.variant).await, granted);
    }
}

/// Sixty carts want four things each, starting at different ones, in both directions.
fn opposing_wishes(things: &[StockSnapshot]) -> Vec<(CartId, Vec<HoldRequest>)> {
    (0..60)
        .map(|n| {
            let mut wish: Vec<_> = things.iter().cycle().skip(n).take(4).map(|s| want(*s, 2)).collect();
            if n % 2 == 1 {
                wish.reverse();
            }
            (cart_id(), wish)
        })
        .collect()
}

/// No deadlock, no cart with a part of its wish, no thing held beyond its stock, and somebody is served.
pub async fn carts_that_want_the_same_things_in_different_orders_do_not_block(store: Store) {
    let counter = Counter::open(store);
    let things: Vec<_> = (0..6).map(|_| stock(11)).collect();
    let wishes = opposing_wishes(&things);
    let tasks =
        wishes.clone().into_iter().map(|(cart, wish)| hold(counter.clone(), cart, wish, AllOrNothing));
    let outcomes = at_once(tasks).await;

    let mut served = 0;
    for ((cart, wish), outcome) in wishes.iter().zip(&outcomes) {
        let units: Vec<_> = counter.holds_of(*cart).await.into_iter().map(|(_, units, _)| units).collect();
        if outcome.held {
            served += 1;
            assert_eq!(units, vec![2; wish.len()]);
        } else {
            assert_eq!(units, [0_u32; 0], "a part of a wish");
        }
    }
    for thing in &things {
        let held = counter.held(thing.variant).await;
        assert!(held <= 11, "{held} of 11");
    }
    // Somebody was refused, so there was a moment at which five others held some thing and went on to be served.
    assert!(served >= 5, "only {served} were served");
}

/// Twenty requests of one cart at once: its holds are one of them, whole, also where two had nothing in common.
pub async fn one_cart_racing_itself_ends_with_one_of_its_wishes(store: Store) {
    let (counter, cart) = (Counter::open(store), cart_id());
    let things: Vec<_> = (0..5).map(|_| stock(1_000)).collect();
    // Wish n is n units of two neighbours.
    let wish = |n: u32| -> Vec<HoldRequest> {
        things.iter().cycle().skip(n as usize % 5).take(2).map(|s| want(*s, n)).collect()
    };
    for _ in 0..10 {
        at_once((1..=20).map(|n| hold(counter.clone(), cart, wish(n), UpToAvailable))).await;
        let holds = counter.holds_of(cart).await;
        let mut expected: Vec<_> =
            wish(holds[0].1).iter().map(|r| (r.snapshot.variant, r.quantity, holds[0].2)).collect();
        expected.sort_unstable();
        assert_eq!(holds, expected);
    }
}

/// Once a figure has been learnt, no request that begins later is judged by an older one.
pub async fn no_hold_outruns_a_newer_figure(store: Store) {
    let counter = Counter::open(store);
    for round in 0..20 {
        let stale = stock(1_000);
        let learnt = Arc::new(AtomicBool::new(false));
        let learn = {
            let (counter, learnt) = (counter.clone(), Arc::clone(&learnt));
            async move {
                counter.learn(&[changed(stale, 0)]).await;
                learnt.store(true, Ordering::SeqCst);
            }
        };
        let learning = tokio::spawn(learn);
        loop {
            let known_before = learnt.load(Ordering::SeqCst);
            let granted = counter.take(cart_id(), stale, 1).await;
            if known_before {
                assert_eq!(granted, 0, "round {round}");
                break;
            }
            // A store that never waits would otherwise never let the other task begin.
            tokio::task::yield_now().await;
        }
        learning.await.unwrap();
    }
}

/// Before the hand-over the hold stands in the way, after it the fence does; between them there is nothing.
pub async fn a_unit_handed_over_is_never_granted_again(store: Store) {
    let counter = Counter::open(store);
    for round in 0..50 {
        let (buyer, mug) = (cart_id(), stock(1));
        assert_eq!(counter.take(buyer, mug, 1).await, 1);
        let release = {
            let counter = counter.clone();
            tokio::spawn(async move { counter.release(buyer, &[changed(mug, 0)]).await })
        };
        let rivals = (0..4).map(|_| {
            let counter = counter.clone();
            async move { counter.take(cart_id(), mug, 1).await }
        });
        assert_eq!(at_once(rivals).await, [0; 4], "round {round}");
        release.await.unwrap();
        assert_eq!(counter.take(cart_id(), mug, 1).await, 0, "round {round}");
    }
}
