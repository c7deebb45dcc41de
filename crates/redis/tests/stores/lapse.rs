//! Everything in Redis goes away by itself, and half of it may go at any time.

use crate::scratch::{KINDS, Kind, cart_id, new_cart, noon, stock, want};
use futures_util::{StreamExt, stream};
use stoa_domain::{
    cart::{CartStore, Saved},
    inventory::{
        HoldPolicy::{AllOrNothing, UpToAvailable},
        ReservationStore,
    },
    limits::{LimitKey, Quota, RateLimiter},
};
use stoa_redis::{Redis, RedisCartStore, RedisConfig, RedisRateLimiter, RedisReservationStore};

/// A connection of the test's own to look behind the stores.
async fn behind() -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(Kind::Single.url()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

async fn keys(config: &RedisConfig, behind: &mut redis::aio::MultiplexedConnection) -> Vec<String> {
    redis::cmd("KEYS").arg(format!("{}*", config.prefix())).query_async(behind).await.unwrap()
}

#[tokio::test]
async fn every_key_has_the_prefix_and_a_time_to_live() {
    let config = Kind::Single.config();
    let (redis, mut behind) = (Redis::new(&config).unwrap(), behind().await);
    let (carts, holds) = (RedisCartStore::new(redis.clone()), RedisReservationStore::new(redis.clone()));
    let limiter = RedisRateLimiter::new(redis);
    let (quota, who) = (Quota::new(3, std::time::Duration::from_hours(1)), LimitKey::new("test", 1));
    for _ in 0..2 {
        limiter.take(&who, quota, 1).await.unwrap();
    }
    limiter.give_back(&who, quota, 1).await.unwrap();
    limiter.take(&LimitKey::new("test", "looked at"), quota, 0).await.unwrap();
    limiter.take(&LimitKey::new("test", "too much"), quota, 4).await.unwrap();
    let cart = new_cart();
    carts.save(&cart, noon(0), noon(60)).await.unwrap();
    carts.delete(cart.id, 1).await.unwrap();
    let requests = [want(stock(2), 1), want(stock(2), 1)];
    for policy in [UpToAvailable, AllOrNothing] {
        holds.hold(cart.id, &requests, policy, noon(0), noon(15)).await.unwrap();
    }
    holds.extend(cart.id, noon(1), noon(16)).await.unwrap();
    holds.hold(cart.id, &requests[1..], UpToAvailable, noon(1), noon(16)).await.unwrap();
    holds.release(cart.id, &[]).await.unwrap();
    holds.learn(&[stock(1)]).await.unwrap();

    let keys = keys(&config, &mut behind).await;
    assert_eq!(
        keys.len(),
        1 + 1 + 2 + 2 + 1 + 1,
        "cart, index, two ledgers with their ends, a figure, a limit: {keys:?}"
    );
    for key in keys {
        let left: i64 = redis::cmd("TTL").arg(&key).query_async(&mut behind).await.unwrap();
        assert!((1..=26 * 3600).contains(&left), "{key}: {left} s");
    }
}

#[tokio::test]
async fn a_ledger_that_lost_a_key_forgets_its_holds_and_keeps_its_figure() {
    for lost in ["}", "}:ends"] {
        let config = Kind::Single.config();
        let (redis, mut behind) = (Redis::new(&config).unwrap(), behind().await);
        let holds = RedisReservationStore::new(redis);
        let mug = stock(3);
        holds.hold(cart_id(), &[want(mug, 2)], UpToAvailable, noon(0), noon(15)).await.unwrap();
        let evicted = keys(&config, &mut behind)
            .await
            .into_iter()
            .filter(|k| k.contains(":stock:") && k.ends_with(lost));
        for key in evicted {
            redis::cmd("DEL").arg(key).exec_async(&mut behind).await.unwrap();
        }
        let taken = holds.hold(cart_id(), &[want(mug, 9)], UpToAvailable, noon(1), noon(16)).await.unwrap();
        assert_eq!(taken.grants[0].available, 3, "{lost}");
        assert_eq!(holds.held(&[mug.variant], noon(1)).await.unwrap()[&mug.variant], 3, "{lost}");
    }
}

#[tokio::test]
async fn a_lost_index_does_not_lock_a_cart_out_of_its_holds() {
    let config = Kind::Single.config();
    let (redis, mut behind) = (Redis::new(&config).unwrap(), behind().await);
    let holds = RedisReservationStore::new(redis);
    let (cart, mug) = (cart_id(), stock(3));
    for _ in 0..5 {
        holds.hold(cart, &[want(mug, 2)], UpToAvailable, noon(0), noon(15)).await.unwrap();
    }
    for key in keys(&config, &mut behind).await.into_iter().filter(|k| k.contains(":holds:")) {
        redis::cmd("DEL").arg(key).exec_async(&mut behind).await.unwrap();
    }
    holds.hold(cart, &[want(mug, 1)], UpToAvailable, noon(1), noon(16)).await.unwrap();
    assert_eq!(holds.held_by(cart, noon(1)).await.unwrap()[&mug.variant], (1, noon(16)));
}

#[tokio::test]
async fn a_clock_that_runs_behind_frees_nothing_twice() {
    for kind in KINDS {
        let holds = RedisReservationStore::new(kind.redis());
        let mug = stock(2);
        let hold = async |minute: i64| {
            let taken =
                holds.hold(cart_id(), &[want(mug, 2)], UpToAvailable, noon(minute), noon(minute + 15)).await;
            taken.unwrap().grants[0].available
        };
        assert_eq!(hold(0).await, 2);
        assert_eq!(hold(15).await, 2, "the first is over by this clock");
        assert_eq!(hold(13).await, 0, "two minutes behind");
        assert_eq!(holds.held(&[mug.variant], noon(13)).await.unwrap()[&mug.variant], 2);
    }
}

#[tokio::test]
async fn two_stores_never_take_each_others_write_for_a_repetition() {
    for kind in KINDS {
        let config = kind.config();
        let stores = [(), ()].map(|()| RedisCartStore::new(Redis::new(&config).unwrap()));
        let cart = new_cart();
        assert_eq!(stores[0].save(&cart, noon(0), noon(60)).await.unwrap(), Saved::Yes(1));
        // The same document at the same version: still a second write.
        for store in &stores {
            assert_eq!(store.save(&cart, noon(0), noon(60)).await.unwrap(), Saved::Conflict);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_came_at_once_is_over_at_once() {
    let config = Kind::Single.config();
    let (redis, mut behind) = (Redis::new(&config).unwrap(), behind().await);
    let holds = RedisReservationStore::new(redis);
    let mug = stock(1_700);
    let calls = (0..2_000).map(|_| {
        let holds = holds.clone();
        async move {
            let taken = holds.hold(cart_id(), &[want(mug, 1)], UpToAvailable, noon(0), noon(15)).await;
            taken.unwrap().grants[0].available
        }
    });
    let granted: Vec<u32> = stream::iter(calls).buffer_unordered(64).collect().await;
    assert_eq!(granted.iter().sum::<u32>(), 1_700);
    let keys = keys(&config, &mut behind).await;
    let ends = keys.iter().find(|k| k.ends_with(":ends")).unwrap();
    let records: u32 = redis::cmd("ZCARD").arg(ends).query_async(&mut behind).await.unwrap();
    assert_eq!(records, 1_700, "who came too late leaves nothing behind");

    assert_eq!(holds.held(&[mug.variant], noon(15)).await.unwrap().len(), 0);
    let taken = holds.hold(cart_id(), &[want(mug, 5)], UpToAvailable, noon(15), noon(30)).await.unwrap();
    assert_eq!(taken.grants[0].available, 5);
    let records: u32 = redis::cmd("ZCARD").arg(ends).query_async(&mut behind).await.unwrap();
    assert_eq!(records, 1);
}
