//! Connections that are open and lead nowhere: to a host that has gone without a word, to a server that is no primary any more.

use crate::{
    faults::{fails_fast, shops, soon_shops},
    lossy::Lossy,
    own_server::OwnServer,
    scratch::{Kind, hasty},
};
use stoa_redis::Redis;

#[tokio::test]
async fn a_connection_that_has_fallen_silent_is_replaced() {
    let lossy = Lossy::in_front_of(&Kind::Single.url()).await;
    let redis = Redis::new(&hasty(&lossy.url())).unwrap();
    soon_shops(&redis).await;
    for _ in 0..3 {
        lossy.fall_silent();
        fails_fast(redis.ping()).await;
        soon_shops(&redis).await;
    }
}

#[tokio::test]
async fn a_server_that_became_a_replica_is_left_for_the_one_its_name_leads_to() {
    let (old, new) = (OwnServer::start(false).await, OwnServer::start(false).await);
    let name = Lossy::in_front_of(&old.url()).await;
    let redis = Redis::new(&hasty(&name.url())).unwrap();
    soon_shops(&redis).await;
    old.cli(&["REPLICAOF", "127.0.0.1", &new.port().to_string()]);
    fails_fast(shops(&redis)).await;
    name.lead_to(&new.url());
    soon_shops(&redis).await;
}
