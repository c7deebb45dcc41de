//! Live events over Redis, under the contract of every bus.

use crate::{
    own_server::OwnServer,
    scratch::{Kind, patient},
};
use futures_util::FutureExt;
use std::{sync::Arc, time::Duration};
use stoa_contracts::event_bus::{Buses, Cuttable};
use stoa_live::{Pace, Relay};
use stoa_redis::{Redis, RedisCarrier, RedisConfig};
use tokio::sync::Mutex;

async fn relay(config: &RedisConfig) -> Arc<Relay> {
    let redis = Redis::new(config).unwrap();
    let pace = Pace { heartbeat: Duration::from_secs(1), ..Pace::default() };
    let relay = Relay::spawn(RedisCarrier::new(config, &redis).unwrap(), pace);
    relay.listening().wait_for(|listening| *listening).await.unwrap();
    Arc::new(relay)
}

async fn buses(config: &RedisConfig) -> Buses {
    Buses { here: relay(config).await, there: relay(config).await }
}

async fn on_one_server() -> (Buses, ()) {
    (buses(&Kind::Single.config()).await, ())
}

/// Two who listen at different nodes.
async fn on_a_cluster() -> (Buses, ()) {
    let url = Kind::Cluster.url();
    let mut nodes: Vec<&str> = url.split(',').collect();
    let here = patient(&url);
    nodes.rotate_left(1);
    let there = patient(&nodes.join(",")).with_prefix(here.prefix()).unwrap();
    (Buses { here: relay(&here).await, there: relay(&there).await }, ())
}

/// A server that is killed and started again.
async fn cuttable() -> (Cuttable, ()) {
    let server = OwnServer::start(false).await;
    let buses = buses(&patient(&server.url())).await;
    let server = Arc::new(Mutex::new(server));
    let cut = move || {
        let server = Arc::clone(&server);
        async move { server.lock().await.restart().await }.boxed()
    };
    (Cuttable { buses, cut: Box::new(cut) }, ())
}

mod one_server {
    use super::on_one_server;
    stoa_contracts::event_bus_contract!(on_one_server);
}

mod a_cluster {
    use super::on_a_cluster;
    stoa_contracts::event_bus_contract!(on_a_cluster);
}

mod a_restart {
    use super::cuttable;
    stoa_contracts::event_line_contract!(cuttable);
}
