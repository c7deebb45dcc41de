//! Rules under concurrency: no lost update, one winner a version, no torn read.

use super::{Desk, Store};
use crate::{
    race::at_once,
    sample::{line, minutes, new_cart},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use stoa_domain::{
    cart::{Cart, Saved},
    shared::{CartId, Timestamp},
};

/// Loads, adds one unit to the first line, saves; again upon a conflict.
async fn add_one(store: Store, id: CartId, now: Timestamp) {
    loop {
        let mut cart = store.load(id, now).await.unwrap().unwrap();
        cart.lines[0].quantity += 1;
        match store.save(&cart, now, now + minutes(60)).await.unwrap() {
            Saved::Yes(_) => return,
            Saved::Conflict => tokio::task::yield_now().await,
        }
    }
}

/// Fifty at once each add one unit: fifty units more, fifty versions more.
pub async fn fifty_writers_that_retry_lose_nothing(store: Store) {
    let desk = Desk::open(store);
    let cart = desk.saved(Cart { lines: vec![line(1)], ..new_cart(desk.now) }).await;
    at_once((0..50).map(|_| add_one(Arc::clone(&desk.store), cart.id, desk.now))).await;
    let after = desk.load(cart.id).await.unwrap();
    assert_eq!((after.lines[0].quantity, after.version), (51, 51));
}

/// Saves every candidate at once and gives the place of the only one that was written.
async fn only_winner(desk: &Desk, candidates: &[Cart]) -> usize {
    let saves = candidates.iter().cloned().map(|cart| {
        let (store, now) = (Arc::clone(&desk.store), desk.now);
        async move { store.save(&cart, now, now + minutes(60)).await.unwrap() }
    });
    let outcomes = at_once(saves).await;
    let mut winners = outcomes.iter().enumerate().filter(|(_, o)| **o != Saved::Conflict);
    let (winner, saved) = winners.next().unwrap();
    assert_eq!(winners.next(), None, "two wrote the same version");
    assert_eq!(*saved, Saved::Yes(candidates[winner].version + 1));
    winner
}

fn signed(cart: &Cart, n: usize) -> Cart {
    Cart { note: Some(format!("writer {n}")), ..cart.clone() }
}

/// Of twenty who make the same cart, one does.
pub async fn one_of_many_makers_makes_the_cart(store: Store) {
    let desk = Desk::open(store);
    let cart = new_cart(desk.now);
    let candidates: Vec<Cart> = (0..20).map(|n| signed(&cart, n)).collect();
    let winner = only_winner(&desk, &candidates).await;
    assert_eq!(desk.load(cart.id).await, Some(Cart { version: 1, ..candidates[winner].clone() }));
}

/// Of twenty who change the same version, one does.
pub async fn one_of_many_writers_of_a_version_wins(store: Store) {
    let desk = Desk::open(store);
    let mut cart = desk.saved(new_cart(desk.now)).await;
    for _ in 0..10 {
        let candidates: Vec<Cart> = (0..20).map(|n| signed(&cart, n)).collect();
        let winner = only_winner(&desk, &candidates).await;
        let after = desk.load(cart.id).await.unwrap();
        assert_eq!(after, Cart { version: cart.version + 1, ..candidates[winner].clone() });
        cart = after;
    }
}

/// A change and a completion race: the change is in the cart, or refused; never both, never neither.
pub async fn a_save_and_a_delete_at_once_leave_one_truth(store: Store) {
    let desk = Desk::open(store);
    for _ in 0..50 {
        let cart = desk.saved(new_cart(desk.now)).await;
        let changed = signed(&cart, 1);
        let tasks = [true, false].map(|deletes| {
            let (store, now, changed) = (Arc::clone(&desk.store), desk.now, changed.clone());
            async move {
                match deletes {
                    true => store.delete(changed.id, changed.version).await.unwrap(),
                    false => store.save(&changed, now, now + minutes(60)).await.unwrap(),
                }
            }
        });
        let outcomes = at_once(tasks).await;
        let left = desk.load(cart.id).await;
        match (outcomes[0], outcomes[1]) {
            (Saved::Yes(1), Saved::Conflict) => assert_eq!(left, None),
            (Saved::Conflict, Saved::Yes(2)) => assert_eq!(left, Some(Cart { version: 2, ..changed })),
            both => panic!("delete and save said {both:?}"),
        }
    }
}

/// What is read was written as one: document and version belong together, and time does not run backwards.
pub async fn a_reader_never_sees_half_a_write(store: Store) {
    let desk = Desk::open(store);
    let numbered = |cart: Cart| Cart { note: Some((cart.version + 1).to_string()), ..cart };
    let mut cart = desk.saved(numbered(new_cart(desk.now))).await;
    let done = Arc::new(AtomicBool::new(false));

    let reader = tokio::spawn({
        let (store, now, id, done) = (Arc::clone(&desk.store), desk.now, cart.id, Arc::clone(&done));
        async move {
            let mut newest = 0;
            loop {
                let last_look = done.load(Ordering::SeqCst);
                let seen = store.load(id, now).await.unwrap().unwrap();
                assert_eq!(seen.note, Some(seen.version.to_string()));
                assert!(seen.version >= newest, "{} after {newest}", seen.version);
                newest = seen.version;
                if last_look {
                    return newest;
                }
                tokio::task::yield_now().await;
            }
        }
    });
    for _ in 0..200 {
        cart = desk.saved(numbered(cart)).await;
        tokio::task::yield_now().await;
    }
    done.store(true, Ordering::SeqCst);
    assert_eq!(reader.await.unwrap(), cart.version);
}
