//! A Redis Cluster of a test's own, each node with a replica, to lose nodes.

use super::own_redis::OwnRedis;
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// Nodes that run: first the primaries, then a replica of each.
pub(crate) struct OwnCluster {
    nodes: Vec<OwnRedis>,
    primaries: usize,
}

impl OwnCluster {
    /// So many primaries, and as many replicas.
    pub(crate) async fn start(primaries: usize) -> Self {
        let mut nodes = Vec::new();
        for _ in 0..primaries * 2 {
            nodes.push(OwnRedis::clustered().await);
        }
        let addresses = nodes.iter().map(OwnRedis::address);
        let mut create = Command::new("redis-cli");
        create.args(["--cluster", "create"]).args(addresses).args([
            "--cluster-replicas",
            "1",
            "--cluster-yes",
        ]);
        let output = create.output().expect("redis-cli is installed: scripts/tools.sh");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let cluster = Self { nodes, primaries };
        cluster
            .until("every node knows its part", |info, replication| {
                info.contains("cluster_state:ok")
                    && (is_primary(replication) || replication.contains("master_link_status:up"))
            })
            .await;
        cluster
    }

    /// All nodes, with commas between them.
    pub(crate) fn url(&self) -> String {
        self.nodes.iter().map(OwnRedis::url).collect::<Vec<_>>().join(",")
    }

    /// The nodes that are primaries now.
    pub(crate) fn primaries(&self) -> Vec<usize> {
        let nodes = self.nodes.iter().enumerate().filter(|(_, node)| node.is_running());
        nodes.filter(|(_, node)| is_primary(&node.cli(&["INFO", "replication"]))).map(|(at, _)| at).collect()
    }

    /// A node is gone.
    pub(crate) fn kill(&mut self, node: usize) {
        self.nodes[node].kill();
    }

    /// It comes back, with nothing in it, and follows who took over.
    pub(crate) async fn restart(&mut self, node: usize) {
        self.nodes[node].restart().await;
        self.until("every node knows its part again", |info, replication| {
            info.contains("cluster_state:ok")
                && (is_primary(replication) || replication.contains("master_link_status:up"))
        })
        .await;
    }

    /// Waits until all slots are served by those who are left.
    pub(crate) async fn has_taken_over(&self) {
        self.until("a replica has taken over", |info, _| {
            info.contains("cluster_state:ok")
                && info.contains("cluster_slots_fail:0")
                && info.contains("cluster_slots_pfail:0")
        })
        .await;
    }

    /// Waits until all nodes that run say so, and as many of them are primaries as there were at first: the others notice only after a while
    /// that one is gone, and one that comes back takes itself for what it was.
    async fn until(&self, what: &str, reached: impl Fn(&str, &str) -> bool) {
        let begun = Instant::now();
        let agreed = || {
            let mut running = self.nodes.iter().filter(|node| node.is_running());
            running.all(|node| reached(&node.cli(&["CLUSTER", "INFO"]), &node.cli(&["INFO", "replication"])))
                && self.primaries().len() == self.primaries
        };
        while !agreed() {
            assert!(begun.elapsed() < Duration::from_secs(60), "not within a minute: {what}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn is_primary(replication: &str) -> bool {
    replication.contains("role:master")
}
