//! One server that is slow, gone, or back with nothing in it: a fault soon, and afterwards everything works again.

use crate::{
    own_server::{Nobody, OwnServer},
    scratch::{cart_id, hasty, new_cart, noon, patient, stock, want},
};
use std::time::{Duration, Instant};
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    inventory::{HoldPolicy::UpToAvailable, ReservationStore},
    shared::{Fault, FaultKind},
};
use stoa_redis::{Redis, RedisCartStore, RedisReservationStore};

/// Far above what [`hasty`] allows, below what anybody would call hanging.
pub(crate) const SOON: Duration = Duration::from_secs(15);

/// Waits for an answer, which must be a fault and come soon: a busy machine may take its time, and nothing hangs.
pub(crate) async fn fails_fast<T: std::fmt::Debug>(call: impl Future<Output = Result<T, Fault>>) {
    let begun = Instant::now();
    let fault = call.await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unavailable, "{fault}");
    assert!(begun.elapsed() < SOON, "{:?}: {fault}", begun.elapsed());
}

/// Saves a new cart, reads it back, and holds something for it.
pub(crate) async fn shops(redis: &Redis) -> Result<Cart, Fault> {
    let (carts, holds) = (RedisCartStore::new(redis.clone()), RedisReservationStore::new(redis.clone()));
    let cart = new_cart();
    assert_eq!(carts.save(&cart, noon(0), noon(60)).await?, Saved::Yes(1));
    let cart = Cart { version: 1, ..cart };
    assert_eq!(carts.load(cart.id, noon(1)).await?, Some(cart.clone()));
    let mug = stock(1);
    let reservation = holds.hold(cart.id, &[want(mug, 2)], UpToAvailable, noon(0), noon(15)).await?;
    assert_eq!(reservation.grants[0].available, 1);
    assert_eq!(holds.held_by(cart.id, noon(1)).await?[&mug.variant], (1, noon(15)));
    assert_eq!(holds.held(&[mug.variant], noon(1)).await?[&mug.variant], 1);
    Ok(cart)
}

/// Tries until it works, where a timeout is part of the story and a busy machine may run into it.
pub(crate) async fn soon_shops(redis: &Redis) -> Cart {
    let begun = Instant::now();
    loop {
        match shops(redis).await {
            Ok(cart) => return cart,
            Err(fault) => assert!(begun.elapsed() < Duration::from_secs(30), "it stays broken: {fault}"),
        }
    }
}

#[tokio::test]
async fn without_a_server_everything_fails_fast() {
    let (one, other) = (Nobody::new(), Nobody::new());
    for url in [one.url(), format!("{},{}", one.url(), other.url())] {
        let redis = Redis::new(&hasty(&url)).unwrap();
        let (carts, holds) = (RedisCartStore::new(redis.clone()), RedisReservationStore::new(redis.clone()));
        let (cart, mug) = (new_cart(), stock(1));
        for _ in 0..3 {
            fails_fast(redis.ping()).await;
            fails_fast(carts.load(cart.id, noon(0))).await;
            fails_fast(carts.save(&cart, noon(0), noon(1))).await;
            fails_fast(carts.delete(cart.id, 1)).await;
            fails_fast(holds.hold(cart.id, &[want(mug, 1)], UpToAvailable, noon(0), noon(1))).await;
            fails_fast(holds.extend(cart.id, noon(0), noon(1))).await;
            fails_fast(holds.release(cart.id, &[mug])).await;
            fails_fast(holds.learn(&[mug])).await;
            fails_fast(holds.held_by(cart.id, noon(0))).await;
            fails_fast(holds.held(&[mug.variant], noon(0))).await;
        }
    }
}

#[tokio::test]
async fn a_host_that_swallows_packets_fails_fast() {
    // Of the addresses kept for documentation: nobody answers, nobody refuses.
    let redis = Redis::new(&hasty("redis://192.0.2.1:6379")).unwrap();
    fails_fast(redis.ping()).await;
    fails_fast(redis.ping()).await;
}

#[tokio::test]
async fn the_connection_may_be_prepared_before_the_server_starts() {
    let mut server = OwnServer::start(false).await;
    server.kill();
    let redis = Redis::new(&patient(&server.url())).unwrap();
    fails_fast(redis.ping()).await;
    server.restart().await;
    redis.ping().await.unwrap();
    shops(&redis).await.unwrap();
}

#[tokio::test]
async fn a_server_restarted_empty_just_works() {
    let mut server = OwnServer::start(false).await;
    let redis = Redis::new(&patient(&server.url())).unwrap();
    for _ in 0..3 {
        let cart = shops(&redis).await.unwrap();
        server.restart().await;
        // The connection it had is dead; nobody need notice.
        assert_eq!(RedisCartStore::new(redis.clone()).load(cart.id, noon(1)).await.unwrap(), None);
        shops(&redis).await.unwrap();
    }
    server.kill();
    fails_fast(shops(&redis)).await;
    fails_fast(shops(&redis)).await;
    server.restart().await;
    shops(&redis).await.unwrap();
}

#[tokio::test]
async fn a_server_that_stands_still_fails_fast_and_goes_on_later() {
    let server = OwnServer::start(false).await;
    let redis = Redis::new(&hasty(&server.url())).unwrap();
    let (carts, cart) = (RedisCartStore::new(redis.clone()), soon_shops(&redis).await);
    server.signal("-STOP");
    let changed = Cart { note: Some("changed".into()), ..cart.clone() };
    fails_fast(carts.save(&changed, noon(0), noon(60))).await;
    fails_fast(redis.ping()).await;
    server.signal("-CONT");
    soon_shops(&redis).await;
    // As before or as given; here it was carried out after the caller had given up.
    let found = carts.load(cart.id, noon(1)).await.unwrap().unwrap();
    assert_eq!((found.version, found.note.as_deref()), (2, Some("changed")));
}

#[tokio::test]
async fn data_flushed_in_the_middle_is_data_that_never_was() {
    let server = OwnServer::start(false).await;
    let redis = Redis::new(&patient(&server.url())).unwrap();
    let holds = RedisReservationStore::new(redis.clone());
    let (cart, mug) = (cart_id(), stock(3));
    holds.hold(cart, &[want(mug, 2)], UpToAvailable, noon(0), noon(15)).await.unwrap();
    server.cli(&["FLUSHALL"]);
    holds.extend(cart, noon(1), noon(16)).await.unwrap();
    assert_eq!(holds.held_by(cart, noon(1)).await.unwrap().len(), 0);
    let again = holds.hold(cart, &[want(mug, 3)], UpToAvailable, noon(1), noon(16)).await.unwrap();
    assert_eq!(again.grants[0].available, 3);
    holds.release(cart, &[]).await.unwrap();
}

#[tokio::test]
async fn scripts_forgotten_in_the_middle_are_sent_again() {
    let server = OwnServer::start(false).await;
    let redis = Redis::new(&patient(&server.url())).unwrap();
    for _ in 0..3 {
        shops(&redis).await.unwrap();
        assert_eq!(server.cli(&["SCRIPT", "FLUSH"]), "OK");
    }
}
