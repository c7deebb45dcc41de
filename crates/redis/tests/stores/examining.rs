//! What a doctor asks: who holds something, and whether the servers are fit.

use crate::{
    own_server::OwnServer,
    scratch::{KINDS, cart_id, noon, patient, stock, want},
};
use std::collections::BTreeSet;
use stoa_domain::inventory::{HoldPolicy::UpToAvailable, ReservationStore};
use stoa_redis::{Concern, Redis, RedisReservationStore};

#[tokio::test]
async fn every_cart_that_holds_something_is_found_on_every_node() {
    for kind in KINDS {
        let holds = RedisReservationStore::new(kind.redis());
        assert_eq!(holds.holders(noon(0), 100).await.unwrap(), Some(Vec::new()));
        let mug = stock(1_000);
        let mut expected = BTreeSet::new();
        for n in 0..40 {
            let cart = cart_id();
            holds.hold(cart, &[want(mug, 1)], UpToAvailable, noon(0), noon(15 + n)).await.unwrap();
            if n >= 10 {
                expected.insert(cart);
            }
        }
        let released = cart_id();
        holds.hold(released, &[want(mug, 1)], UpToAvailable, noon(0), noon(60)).await.unwrap();
        holds.release(released, &[]).await.unwrap();

        let found: BTreeSet<_> = holds.holders(noon(24), 100).await.unwrap().unwrap().into_iter().collect();
        assert_eq!(found, expected, "{kind:?}: neither who let go nor whose time is over");
        let some = holds.holders(noon(0), 7).await.unwrap().unwrap();
        // Among those looked at may be the one who let go.
        assert!((6..=7).contains(&some.len()), "{kind:?}: {}", some.len());
    }
}

#[tokio::test]
async fn every_server_says_what_it_is() {
    for kind in KINDS {
        let servers = kind.redis().servers().await.unwrap();
        let named = servers.iter().filter(|server| server.address.is_some()).count();
        let expected = match kind {
            crate::scratch::Kind::Single => (1, 0),
            crate::scratch::Kind::Cluster => (3, 3),
        };
        assert_eq!((servers.len(), named), expected, "{servers:?}");
        assert!(servers.iter().all(|server| server.concerns.is_empty()), "{servers:?}");
    }
}

#[tokio::test]
async fn a_server_that_throws_keys_away_or_takes_no_writes_is_found() {
    let (first, second) = (OwnServer::start(false).await, OwnServer::start(false).await);
    first.cli(&["CONFIG", "SET", "maxmemory", "100mb"]);
    first.cli(&["CONFIG", "SET", "maxmemory-policy", "volatile-lru"]);
    let redis = Redis::new(&patient(&first.url())).unwrap();
    let concerns = redis.servers().await.unwrap().remove(0).concerns;
    assert_eq!(concerns, [Concern::Evicts { policy: "volatile-lru".into(), evicted: 0 }]);

    second.cli(&["REPLICAOF", "127.0.0.1", &first.port().to_string()]);
    let redis = Redis::new(&patient(&second.url())).unwrap();
    assert_eq!(redis.servers().await.unwrap().remove(0).concerns, [Concern::ReadOnly]);
}
