//! Races that the contract leaves open: the verbs of one cart among each other, and refusals among holds.

use crate::scratch::{KINDS, Kind, cart_id, id, noon, stock, want};
use futures_util::future::join_all;
use std::{collections::HashSet, sync::Arc, time::Duration};
use stoa_domain::{
    inventory::{HoldPolicy, HoldRequest, ReservationStore, StockSnapshot},
    shared::{CartId, Timestamp, VariantId},
};
use stoa_redis::{Redis, RedisReservationStore};

/// Two processes: each has a connection of its own.
fn instances(kind: Kind) -> [Arc<RedisReservationStore>; 2] {
    let config = kind.config();
    [(), ()].map(|()| Arc::new(RedisReservationStore::new(Redis::new(&config).unwrap())))
}

/// What a cart holds: units and expiry, by variant.
async fn holds(store: &RedisReservationStore, cart: CartId) -> Vec<(VariantId, u32, Timestamp)> {
    let holds = store.held_by(cart, noon(1)).await.unwrap();
    let mut holds: Vec<_> = holds.into_iter().map(|(v, (units, until))| (v, units, until)).collect();
    holds.sort_unstable();
    holds
}

/// Wish n is n units of three neighbours.
fn wish(things: &[StockSnapshot], n: u32) -> Vec<HoldRequest> {
    things.iter().cycle().skip(n as usize % things.len()).take(3).map(|s| want(*s, n)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn holds_extensions_and_releases_of_one_cart_leave_no_mixture() {
    for kind in KINDS {
        let stores = instances(kind);
        for _ in 0..15 {
            let (cart, things) = (cart_id(), (0..5).map(|_| stock(1_000)).collect::<Vec<_>>());
            let calls = (1..=16_u32).map(|n| {
                let (store, requests) = (Arc::clone(&stores[n as usize % 2]), wish(&things, n));
                let policy = [HoldPolicy::UpToAvailable, HoldPolicy::AllOrNothing][n as usize / 2 % 2];
                tokio::spawn(async move {
                    let until = noon(15 + i64::from(n));
                    match n {
                        4 | 12 => store.extend(cart, noon(1), until).await.unwrap(),
                        7 => store.release(cart, &[]).await.unwrap(),
                        _ => assert!(store.hold(cart, &requests, policy, noon(1), until).await.unwrap().held),
                    }
                })
            });
            let calls: Vec<_> = calls.collect();
            for ended in join_all(calls).await {
                ended.unwrap();
            }
            let left = holds(&stores[0], cart).await;
            let ends: HashSet<_> = left.iter().map(|(_, _, until)| *until).collect();
            assert!(ends.len() <= 1, "{kind:?}: {left:?}");
            if let Some((_, n, _)) = left.first() {
                let mut expected: Vec<_> =
                    wish(&things, *n).iter().map(|r| (r.snapshot.variant, *n)).collect();
                expected.sort_unstable();
                let units: Vec<_> = left.iter().map(|(v, units, _)| (*v, *units)).collect();
                assert_eq!(units, expected, "{kind:?}");
            }
            // Nothing counts that no cart says it holds.
            let variants: Vec<_> = things.iter().map(|s| s.variant).collect();
            let held = stores[1].held(&variants, noon(1)).await.unwrap();
            assert_eq!(held, left.iter().map(|(v, units, _)| (*v, i64::from(*units))).collect());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_extension_in_the_middle_of_a_hold_moves_all_of_it_or_nothing() {
    for kind in KINDS {
        let [store, other] = instances(kind);
        for round in 0..20 {
            let (cart, requests) = (cart_id(), (0..300).map(|_| want(stock(1), 1)).collect::<Vec<_>>());
            let holding = {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let policy = HoldPolicy::UpToAvailable;
                    store.hold(cart, &requests, policy, noon(1), noon(16)).await.unwrap()
                })
            };
            // Somewhere in the middle, most times.
            tokio::time::sleep(Duration::from_micros(700 * round)).await;
            other.extend(cart, noon(1), noon(40)).await.unwrap();
            assert!(holding.await.unwrap().held);
            let left = holds(&store, cart).await;
            let ends: HashSet<_> = left.iter().map(|(_, _, until)| *until).collect();
            assert_eq!((left.len(), ends.len()), (300, 1), "{kind:?}, round {round}: {ends:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_in_the_middle_of_a_hold_lets_go_of_all_of_it_or_nothing() {
    for kind in KINDS {
        let [store, other] = instances(kind);
        for round in 0..20 {
            let (cart, requests) = (cart_id(), (0..300).map(|_| want(stock(1), 1)).collect::<Vec<_>>());
            let variants: Vec<_> = requests.iter().map(|r| r.snapshot.variant).collect();
            let holding = {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let policy = HoldPolicy::UpToAvailable;
                    store.hold(cart, &requests, policy, noon(1), noon(16)).await.unwrap()
                })
            };
            tokio::time::sleep(Duration::from_micros(700 * round)).await;
            other.release(cart, &[]).await.unwrap();
            assert!(holding.await.unwrap().held);
            let (own, all) = (holds(&store, cart).await, store.held(&variants, noon(1)).await.unwrap());
            assert!([0, 300].contains(&all.len()), "{kind:?}, round {round}: {} held", all.len());
            assert_eq!(own.len(), all.len(), "{kind:?}, round {round}: what counts is in the cart");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_instances_that_want_the_same_things_one_is_served() {
    for kind in KINDS {
        let stores = instances(kind);
        for round in 0..60 {
            let things: Vec<_> = (0..6).map(|_| stock(1)).collect();
            let calls = stores.iter().enumerate().map(|(n, store)| {
                let mut requests: Vec<_> = things.iter().map(|s| want(*s, 1)).collect();
                if n == 1 {
                    requests.reverse();
                }
                let store = Arc::clone(store);
                tokio::spawn(async move {
                    let policy = HoldPolicy::AllOrNothing;
                    store.hold(cart_id(), &requests, policy, noon(0), noon(15)).await.unwrap().held
                })
            });
            let calls: Vec<_> = calls.collect();
            let served = join_all(calls).await.into_iter().filter(|held| *held.as_ref().unwrap()).count();
            assert_eq!(served, 1, "{kind:?}, round {round}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_under_way_gives_nobody_what_it_may_have_to_give_back() {
    for kind in KINDS {
        let [store, rivals] = instances(kind);
        let cart = cart_id();
        let (mug, gone) = (stock(5), stock(0));
        let policy = HoldPolicy::AllOrNothing;
        assert!(store.hold(cart, &[want(mug, 5)], policy, noon(0), noon(15)).await.unwrap().held);
        for round in 0..40 {
            // Fewer mugs, and something that cannot be had: refused, so the five mugs stay.
            let refused = {
                let store = Arc::clone(&store);
                tokio::spawn(async move {
                    let requests = [want(mug, 1), want(gone, 1)];
                    store.hold(cart, &requests, policy, noon(1), noon(16)).await.unwrap()
                })
            };
            for _ in 0..4 {
                let rival = CartId::new(id());
                let all_there_is = HoldPolicy::UpToAvailable;
                let taken =
                    rivals.hold(rival, &[want(mug, 9)], all_there_is, noon(1), noon(16)).await.unwrap();
                assert_eq!(taken.grants[0].available, 0, "{kind:?}, round {round}");
            }
            assert!(!refused.await.unwrap().held);
        }
        assert_eq!(holds(&store, cart).await, [(mug.variant, 5, noon(15))]);
    }
}
