//! What a call costs: answers waited for do not grow with the lines of a cart, up to the bound of what is sent at once.

use crate::scratch::{KINDS, cart_id, new_cart, noon, stock, want};
use stoa_domain::{
    cart::{CartStore, Saved},
    inventory::{
        Grant, HeldBefore,
        HoldPolicy::{self, AllOrNothing, UpToAvailable},
        HoldRequest, ReservationStore, StockSnapshot,
    },
    shared::{CartId, VariantId},
};
use stoa_redis::{Redis, RedisCartStore, RedisReservationStore, Traffic};

struct Meter {
    redis: Redis,
    holds: RedisReservationStore,
    carts: RedisCartStore,
}

impl Meter {
    fn new(redis: Redis) -> Self {
        let (holds, carts) = (RedisReservationStore::new(redis.clone()), RedisCartStore::new(redis.clone()));
        Self { redis, holds, carts }
    }

    async fn cost(&self, call: impl Future<Output = ()>) -> Traffic {
        let before = self.redis.traffic();
        call.await;
        let after = self.redis.traffic();
        Traffic {
            commands: after.commands - before.commands,
            round_trips: after.round_trips - before.round_trips,
        }
    }

    async fn hold(&self, cart: CartId, requests: &[HoldRequest], policy: HoldPolicy) -> Traffic {
        let hold = async {
            let outcome = self.holds.hold(cart, requests, policy, noon(0), noon(15)).await.unwrap();
            let short = requests.iter().any(|r| r.snapshot.sellable < Some(i64::from(r.quantity)));
            assert_eq!(outcome.held, policy == UpToAvailable || !short);
        };
        self.cost(hold).await
    }

    /// Every script once, so that each server knows it: on a cluster many variants make sure of that.
    async fn warm_up(&self) {
        let requests: Vec<_> = (0..60).map(|_| want(stock(1), 1)).collect();
        for _ in 0..20 {
            let cart = cart_id();
            for policy in [AllOrNothing, UpToAvailable] {
                self.hold(cart, &requests, policy).await;
            }
            self.holds.extend(cart, noon(1), noon(16)).await.unwrap();
            self.hold(cart, &[], UpToAvailable).await;
            self.holds.learn(&requests.iter().map(|r| r.snapshot).collect::<Vec<_>>()).await.unwrap();
            let variants: Vec<_> = requests.iter().map(|r| r.snapshot.variant).collect();
            self.holds.held(&variants, noon(1)).await.unwrap();
            let cart = new_cart();
            self.carts.save(&cart, noon(0), noon(1)).await.unwrap();
            self.carts.delete(cart.id, 1).await.unwrap();
        }
    }
}

const fn cost(commands: usize, round_trips: u64) -> Traffic {
    Traffic { commands: commands as u64, round_trips }
}

#[tokio::test]
async fn a_hold_waits_for_a_few_answers_whatever_the_lines() {
    for kind in KINDS {
        let meter = Meter::new(kind.redis());
        meter.warm_up().await;
        for lines in [1, 7, 128] {
            let (cart, requests) = (cart_id(), wishes(lines));
            assert_eq!(meter.hold(cart, &requests, UpToAvailable).await, cost(1 + lines, 2), "{lines}");
            let fewer = &requests[..lines / 2];
            let letting_go = meter.hold(cart, fewer, UpToAvailable).await;
            let taken = u64::from(!fewer.is_empty());
            assert_eq!(letting_go, cost(2 + lines, 3 + taken), "{lines}: take, drop, forget");
        }
        let requests = wishes(500);
        assert_eq!(meter.hold(cart_id(), &requests, UpToAvailable).await, cost(501, 1 + 4), "128 at once");
    }
}

#[tokio::test]
async fn one_line_more_costs_the_same_in_a_cart_of_any_length() {
    for kind in KINDS {
        let meter = Meter::new(kind.redis());
        meter.warm_up().await;
        for lines in [1, 7, 300] {
            let (cart, requests) = (cart_id(), wishes(lines + 1));
            let rehold = async |requests: &[HoldRequest], before: Option<HeldBefore<'_>>| {
                let held = meter.holds.rehold(cart, requests, before, noon(0), noon(15)).await.unwrap();
                assert!(held.0.grants.iter().all(Grant::is_full));
                held.1
            };
            let ticket = rehold(&requests[..lines], None).await.unwrap();
            let units: Vec<_> = requests[..lines].iter().map(|r| (r.snapshot.variant, 1)).collect();
            let before = Some(HeldBefore { ticket, units: &units });
            let more = async { assert!(rehold(&requests, before).await.is_some()) };
            assert_eq!(meter.cost(more).await, cost(2, 2), "{lines}: begin, hold");
            let again = async { assert!(rehold(&requests, before).await.is_some()) };
            assert_eq!(
                meter.cost(again).await.commands,
                2 + lines as u64,
                "{lines}: that is not the last call"
            );
        }
    }
}

#[tokio::test]
async fn all_or_nothing_costs_one_answer_more() {
    for kind in KINDS {
        let meter = Meter::new(kind.redis());
        meter.warm_up().await;
        assert_eq!(meter.hold(cart_id(), &wishes(1), AllOrNothing).await, cost(2, 2), "one ledger decides");
        for lines in [2, 64] {
            let (cart, mut requests) = (cart_id(), wishes(lines));
            assert_eq!(meter.hold(cart, &requests, AllOrNothing).await, cost(1 + 2 * lines, 3), "{lines}");
            requests[0] = want(stock(0), 1);
            let refused = meter.hold(cart, &requests, AllOrNothing).await;
            assert_eq!(refused, cost(1 + 2 * lines, 3), "{lines}: begin, reserve, cancel");
        }
    }
}

#[tokio::test]
async fn releasing_extending_and_reading_wait_as_long_whatever_the_cart_holds() {
    for kind in KINDS {
        let meter = Meter::new(kind.redis());
        meter.warm_up().await;
        for lines in [1, 100] {
            let (cart, requests) = (cart_id(), wishes(lines));
            meter.hold(cart, &requests, UpToAvailable).await;
            let snapshots: Vec<StockSnapshot> = requests.iter().map(|r| r.snapshot).collect();
            let variants: Vec<VariantId> = snapshots.iter().map(|s| s.variant).collect();
            let holds = &meter.holds;

            let extend = async { holds.extend(cart, noon(1), noon(16)).await.unwrap() };
            assert_eq!(meter.cost(extend).await, cost(1 + lines, 2));
            let held_by = async { assert_eq!(holds.held_by(cart, noon(1)).await.unwrap().len(), lines) };
            assert_eq!(meter.cost(held_by).await, cost(1 + lines, 2));
            let held = async { assert_eq!(holds.held(&variants, noon(1)).await.unwrap().len(), lines) };
            assert_eq!(meter.cost(held).await.round_trips, 1);
            let learn = async { holds.learn(&snapshots).await.unwrap() };
            assert_eq!(meter.cost(learn).await, cost(lines, 1));
            let release = async { holds.release(cart, &snapshots).await.unwrap() };
            assert_eq!(meter.cost(release).await, cost(2 + lines, 3));
            let again = async { holds.release(cart, &[]).await.unwrap() };
            assert_eq!(meter.cost(again).await, cost(1, 1));
            let nothing = async { holds.learn(&[]).await.unwrap() };
            assert_eq!(meter.cost(nothing).await, cost(0, 0));
        }
    }
}

#[tokio::test]
async fn a_cart_costs_one_command_a_verb() {
    for kind in KINDS {
        let meter = Meter::new(kind.redis());
        meter.warm_up().await;
        let cart = new_cart();
        let save = async {
            assert_eq!(meter.carts.save(&cart, noon(0), noon(60)).await.unwrap(), Saved::Yes(1));
        };
        assert_eq!(meter.cost(save).await, cost(1, 1));
        let load = async { assert!(meter.carts.load(cart.id, noon(1)).await.unwrap().is_some()) };
        assert_eq!(meter.cost(load).await, cost(1, 1));
        let delete = async { assert_eq!(meter.carts.delete(cart.id, 2).await.unwrap(), Saved::Conflict) };
        assert_eq!(meter.cost(delete).await, cost(1, 1));
    }
}

fn wishes(count: usize) -> Vec<HoldRequest> {
    (0..count).map(|_| want(stock(1), 1)).collect()
}
