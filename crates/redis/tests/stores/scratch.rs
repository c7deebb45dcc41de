//! Connections for tests, and moments and ids to use in them.

use chrono::{DateTime, TimeDelta};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    cart::Cart,
    inventory::{HoldRequest, StockSnapshot},
    shared::{CartId, Currency, Timestamp, VariantId},
};
use stoa_redis::{Redis, RedisCartStore, RedisConfig, RedisRateLimiter, RedisReservationStore, Timeouts};
use uuid::Uuid;

/// The two kinds of Redis.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Single,
    Cluster,
}

pub(crate) const KINDS: [Kind; 2] = [Kind::Single, Kind::Cluster];

impl Kind {
    /// Where it is.
    pub(crate) fn url(self) -> String {
        let name = match self {
            Self::Single => "STOA_TEST_REDIS",
            Self::Cluster => "STOA_TEST_REDIS_CLUSTER",
        };
        std::env::var(name).unwrap_or_else(|_| {
            panic!("{name} is not set: run `scripts/services.sh`, which starts the servers the tests need")
        })
    }

    /// The same, with a prefix nobody else has.
    pub(crate) fn config(self) -> RedisConfig {
        patient(&self.url())
    }

    pub(crate) fn redis(self) -> Redis {
        Redis::new(&self.config()).unwrap()
    }
}

/// For a machine that is busy with other things: not what is tested here.
pub(crate) fn patient(url: &str) -> RedisConfig {
    let wait = Duration::from_secs(10);
    let config = RedisConfig::parse(url).unwrap().with_prefix(&format!("test-{}:", id().simple())).unwrap();
    config.with_timeouts(Timeouts { connect: wait, response: wait })
}

/// As a shop would have it.
pub(crate) fn hasty(url: &str) -> RedisConfig {
    let wait = Duration::from_millis(300);
    patient(url).with_timeouts(Timeouts { connect: wait, response: wait })
}

pub(crate) async fn carts() -> (Arc<RedisCartStore>, ()) {
    (Arc::new(RedisCartStore::new(Kind::Single.redis())), ())
}

pub(crate) async fn holds() -> (Arc<RedisReservationStore>, ()) {
    (Arc::new(RedisReservationStore::new(Kind::Single.redis())), ())
}

pub(crate) async fn carts_on_cluster() -> (Arc<RedisCartStore>, ()) {
    (Arc::new(RedisCartStore::new(Kind::Cluster.redis())), ())
}

pub(crate) async fn holds_on_cluster() -> (Arc<RedisReservationStore>, ()) {
    (Arc::new(RedisReservationStore::new(Kind::Cluster.redis())), ())
}

pub(crate) async fn limits() -> (Arc<RedisRateLimiter>, ()) {
    (Arc::new(RedisRateLimiter::new(Kind::Single.redis())), ())
}

pub(crate) async fn limits_on_cluster() -> (Arc<RedisRateLimiter>, ()) {
    (Arc::new(RedisRateLimiter::new(Kind::Cluster.redis())), ())
}

/// Noon of some day, and minutes after it.
pub(crate) fn noon(minutes: i64) -> Timestamp {
    DateTime::from_timestamp(1_800_014_400, 0).unwrap() + TimeDelta::minutes(minutes)
}

/// An id nobody else has.
pub(crate) fn id() -> Uuid {
    #[expect(clippy::disallowed_methods, reason = "tests on one server must not share ids")]
    Uuid::new_v4()
}

pub(crate) fn cart_id() -> CartId {
    CartId::new(id())
}

pub(crate) fn new_cart() -> Cart {
    Cart::new(cart_id(), Currency::USD, noon(0))
}

/// A new variant of which so much can be sold.
pub(crate) fn stock(sellable: i64) -> StockSnapshot {
    StockSnapshot { variant: VariantId::new(id()), sellable: Some(sellable), version: 1 }
}

/// A request for so many units.
pub(crate) const fn want(snapshot: StockSnapshot, quantity: u32) -> HoldRequest {
    HoldRequest { quantity, snapshot }
}
