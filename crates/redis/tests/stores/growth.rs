//! Nothing stays for ever: every key has a time to live, and what was let go of leaves no trace where nobody can still need one.

use crate::{
    own_server::OwnServer,
    scratch::{id, new_cart, noon, patient, stock, want},
};
use stoa_domain::{
    cart::CartStore,
    inventory::{
        HoldPolicy::{AllOrNothing, UpToAvailable},
        ReservationStore, StockSnapshot,
    },
    shared::CartId,
};
use stoa_redis::{Redis, RedisCartStore, RedisReservationStore};

#[tokio::test]
async fn every_key_goes_by_itself() {
    let server = OwnServer::start(false).await;
    let redis = Redis::new(&patient(&server.url())).unwrap();
    let (carts, holds) = (RedisCartStore::new(redis.clone()), RedisReservationStore::new(redis));
    let (mug, bowl) = (stock(3), stock(3));
    for round in 0..12_i64 {
        let cart = new_cart();
        carts.save(&cart, noon(round), noon(round + 60)).await.unwrap();
        let wishes = [want(mug, 1), want(bowl, 1 + u32::try_from(round % 4).unwrap())];
        let policy = if round % 2 == 0 { UpToAvailable } else { AllOrNothing };
        holds.hold(cart.id, &wishes, policy, noon(round), noon(round + 15)).await.unwrap();
        match round % 5 {
            0 => holds.extend(cart.id, noon(round), noon(round + 30)).await.unwrap(),
            1 => holds.release(cart.id, &[StockSnapshot { version: 1 + round, ..mug }]).await.unwrap(),
            2 => drop(
                holds
                    .hold(cart.id, &[want(bowl, 1)], AllOrNothing, noon(round), noon(round + 9))
                    .await
                    .unwrap(),
            ),
            3 => holds.learn(&[stock(9), StockSnapshot { version: 1 + round, ..bowl }]).await.unwrap(),
            _ => drop(carts.delete(cart.id, 1).await.unwrap()),
        }
        holds.held(&[mug.variant, bowl.variant], noon(round + 20)).await.unwrap();
        holds.extend(CartId::new(id()), noon(round), noon(round + 1)).await.unwrap();
        holds.release(CartId::new(id()), &[]).await.unwrap();
    }
    let keys = server.cli(&["KEYS", "*"]);
    assert!(keys.lines().count() > 20, "{keys}");
    for key in keys.lines() {
        let left: i64 = server.cli(&["PTTL", key]).parse().unwrap();
        assert!(left > 0, "{key}: {left}");
    }
}

/// A variant that thousands have held and let go of is as small as one that nobody has.
#[tokio::test]
async fn a_ledger_does_not_grow_with_its_past() {
    let server = OwnServer::start(false).await;
    let holds = RedisReservationStore::new(Redis::new(&patient(&server.url())).unwrap());
    let mug = stock(100);
    for minute in 0..500 {
        let cart = CartId::new(id());
        holds.hold(cart, &[want(mug, 1)], UpToAvailable, noon(minute), noon(minute + 15)).await.unwrap();
        if minute % 2 == 0 {
            holds.release(cart, &[]).await.unwrap();
        }
    }
    let fields: usize = server
        .cli(&["KEYS", "*stock:*"])
        .lines()
        .filter(|key| !key.ends_with(":ends"))
        .map(|key| server.cli(&["HLEN", key]).parse::<usize>().unwrap())
        .sum();
    assert!(fields <= 20, "{fields} records; those of the last quarter of an hour and the figure are enough");
}

/// When memory is short and nothing may be thrown away, a buyer is told to try again; what was there is there, and once there is
/// room everything works.
#[tokio::test]
async fn a_full_server_refuses_and_forgets_nothing() {
    let server = OwnServer::start(false).await;
    let redis = Redis::new(&patient(&server.url())).unwrap();
    let (carts, holds) = (RedisCartStore::new(redis.clone()), RedisReservationStore::new(redis.clone()));
    let (cart, mug) = (new_cart(), stock(5));
    carts.save(&cart, noon(0), noon(60)).await.unwrap();
    holds.hold(cart.id, &[want(mug, 2)], UpToAvailable, noon(0), noon(15)).await.unwrap();
    server.cli(&["CONFIG", "SET", "maxmemory", "1"]);
    crate::faults::fails_fast(carts.save(&new_cart(), noon(0), noon(60))).await;
    crate::faults::fails_fast(holds.hold(cart.id, &[want(mug, 3)], UpToAvailable, noon(1), noon(16))).await;
    assert!(carts.load(cart.id, noon(1)).await.unwrap().is_some());
    assert_eq!(holds.held(&[mug.variant], noon(1)).await.unwrap()[&mug.variant], 2);
    server.cli(&["CONFIG", "SET", "maxmemory", "0"]);
    crate::faults::shops(&redis).await.unwrap();
    let held = holds.hold(cart.id, &[want(mug, 3)], UpToAvailable, noon(1), noon(16)).await.unwrap();
    assert_eq!(held.grants[0].available, 3);
}
