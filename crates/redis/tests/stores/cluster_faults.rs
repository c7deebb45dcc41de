//! A cluster that loses a node: what lives on the others goes on, and when it is back nothing needs hands.

use crate::{
    faults::{SOON, fails_fast, shops, soon_shops},
    own_server::OwnServer,
    scratch::{hasty, new_cart, noon},
};
use std::{
    process::Command,
    time::{Duration, Instant},
};
use stoa_domain::{cart::CartStore, shared::FaultKind};
use stoa_redis::{Redis, RedisCartStore};

async fn cluster() -> Vec<OwnServer> {
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(OwnServer::start(true).await);
    }
    let addresses = nodes.iter().map(|n| format!("127.0.0.1:{}", n.port()));
    let mut create = Command::new("redis-cli");
    create.args(["--cluster", "create"]).args(addresses).arg("--cluster-yes");
    let output = create.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    eventually("the cluster forms", async || {
        nodes.iter().all(|n| n.cli(&["CLUSTER", "INFO"]).contains("cluster_state:ok"))
    })
    .await;
    nodes
}

async fn eventually(what: &str, mut happens: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !happens().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "not within 30 s: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Of twenty carts, how many can be shopped with. The others must say so soon, and say that it may pass.
async fn served(redis: &Redis) -> usize {
    let carts = RedisCartStore::new(redis.clone());
    let mut served = 0;
    for _ in 0..20 {
        let begun = Instant::now();
        match carts.save(&new_cart(), noon(0), noon(60)).await {
            Ok(_) => served += 1,
            Err(fault) => assert_eq!(fault.kind(), FaultKind::Unavailable, "{fault}"),
        }
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    }
    served
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_node_takes_its_own_keys_with_it_and_no_others() {
    let mut nodes = cluster().await;
    let urls: Vec<_> = nodes.iter().map(OwnServer::url).collect();
    let redis = Redis::new(&hasty(&urls.join(","))).unwrap();
    eventually("all are served", async || served(&redis).await == 20).await;
    for node in &nodes {
        assert_eq!(node.cli(&["SCRIPT", "FLUSH"]), "OK");
    }
    let again = "scripts forgotten are sent again, node by node";
    eventually(again, async || served(&redis).await == 20).await;

    nodes[1].kill();
    let mut some = 0;
    for _ in 0..5 {
        some += served(&redis).await;
    }
    assert!((10..100).contains(&some), "{some} of 100");

    nodes[1].restart().await;
    eventually("all are served again", async || served(&redis).await == 20).await;
    soon_shops(&redis).await;

    for node in &mut nodes {
        node.kill();
    }
    fails_fast(shops(&redis)).await;
    for node in &mut nodes {
        node.restart().await;
    }
    eventually("all are served after a power cut", async || served(&redis).await == 20).await;
    soon_shops(&redis).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_to_a_cluster_may_be_prepared_before_it_starts() {
    let mut nodes = cluster().await;
    for node in &mut nodes {
        node.kill();
    }
    let urls: Vec<_> = nodes.iter().map(OwnServer::url).collect();
    let redis = Redis::new(&hasty(&urls.join(","))).unwrap();
    fails_fast(redis.ping()).await;
    fails_fast(shops(&redis)).await;
    for node in &mut nodes {
        node.restart().await;
    }
    eventually("all are served", async || served(&redis).await == 20).await;
    soon_shops(&redis).await;
}
