//! Redis under load: killed and restarted empty, paused, cut off, and a cluster that loses a node for good.

use crate::{
    buyers::Buyers,
    harness::{Item, OwnCluster, OwnRedis, RedisWire, Setup, Shop, hasty},
};
use std::time::Duration;

const STOCK: i64 = 1_000_000;
const BUYERS: usize = 6;

async fn shop(url: String) -> Shop {
    let mug = Item { ships: false, ..Item::new("mug", "12.50", STOCK) };
    Shop::with(Setup::selling([mug]).config(move |c| c.redis = Some(hasty(&url, &c.data_dir)))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_is_killed_and_comes_back_empty_forty_times() {
    let mut server = OwnRedis::start().await;
    let shop = shop(server.url()).await;
    let buyers = Buyers::come(&shop, BUYERS).await;
    for round in 0..40_u64 {
        buyers.go_on(10 + round % 7).await;
        server.kill();
        tokio::time::sleep(Duration::from_millis(round * 37 % 700)).await;
        server.restart().await;
    }
    buyers.go_on(30).await;
    buyers.go_home(&shop, "Redis killed and restarted empty 40 times", STOCK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_stands_still_for_thirty_seconds() {
    let server = OwnRedis::start().await;
    let shop = shop(server.url()).await;
    let buyers = Buyers::come(&shop, BUYERS).await;
    for _ in 0..2 {
        buyers.go_on(30).await;
        server.pause();
        tokio::time::sleep(Duration::from_secs(30)).await;
        server.go_on();
    }
    buyers.go_on(60).await;
    buyers.go_home(&shop, "Redis paused twice for 30 s", STOCK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_to_redis_are_cut_a_hundred_times() {
    let server = OwnRedis::start().await;
    let wire = RedisWire::to(&server.url()).await;
    let shop = shop(wire.url()).await;
    let buyers = Buyers::come(&shop, BUYERS).await;
    for round in 0..100_u64 {
        buyers.go_on(2 + round % 3).await;
        wire.end();
        tokio::time::sleep(Duration::from_millis(round * 13 % 200)).await;
        wire.mend();
    }
    buyers.go_on(30).await;
    buyers.go_home(&shop, "connections to Redis cut 100 times", STOCK).await;
}

/// Three nodes, each with a replica; three of the six are killed one after another, and a replica takes over each time.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_fails_over() {
    let mut cluster = OwnCluster::start(3).await;
    let shop = shop(cluster.url()).await;
    let buyers = Buyers::come(&shop, BUYERS).await;
    for node in 0..3 {
        buyers.go_on(40).await;
        cluster.kill(node);
        cluster.has_taken_over().await;
        buyers.go_on(40).await;
        cluster.restart(node).await;
    }
    buyers.go_on(40).await;
    buyers.go_home(&shop, "a Redis Cluster failed over 3 times", STOCK).await;
}
