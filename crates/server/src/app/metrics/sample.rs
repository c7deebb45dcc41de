//! What is looked up when somebody asks: how things stand, not what has happened.
//!
//! A database or a Redis that hangs must not make the answer hang: it is the time when somebody wants to read it.

use metrics::{Gauge, Unit, counter, describe_counter, describe_gauge, gauge};
use std::{sync::Arc, time::Duration};
use stoa_api::http::{AppState, LiveTransport};
use stoa_domain::shared::Fault;
use stoa_persistence::{Db, order, outbox};
use stoa_redis::Redis;
use stoa_services::Services;
use tokio::{sync::Mutex, time::timeout};
use tokio_util::task::TaskTracker;

/// How long a store may take to answer. Prometheus gives up after ten seconds.
const PATIENCE: Duration = Duration::from_secs(2);

const BUILD: &str = "stoa_build_info";
const CONNECTIONS: &str = "stoa_http_connections";
const ATTENTION: &str = "stoa_orders_needing_attention";
const DUE: &str = "stoa_jobs_due";
const OLDEST: &str = "stoa_jobs_oldest_due_seconds";
const DEAD: &str = "stoa_jobs_dead";
const STATEMENTS: &str = "stoa_sql_statements_total";
const POOLS: &str = "stoa_sql_pool_connections";
const SQL_UP: &str = "stoa_sql_up";
const REPLICA_UP: &str = "stoa_sql_replica_up";
const REDIS_UP: &str = "stoa_redis_up";
const COMMANDS: &str = "stoa_redis_commands_total";
const LIVE_CONNECTIONS: &str = "stoa_live_connections";
const LIVE_SUBSCRIPTIONS: &str = "stoa_live_subscriptions";

pub(super) fn register() {
    describe_gauge!(BUILD, Unit::Count, "1, with the version of the program as a label");
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1);
    describe_gauge!(CONNECTIONS, Unit::Count, "Connections of clients that are open");
    describe_gauge!(
        ATTENTION,
        Unit::Count,
        "Orders marked for a person to look at; NaN while SQL does not answer"
    );
    describe_gauge!(DUE, Unit::Count, "Jobs that wait although they are due; NaN while SQL does not answer");
    describe_gauge!(
        OLDEST,
        Unit::Seconds,
        "How long the oldest of them has been due; NaN while SQL does not answer"
    );
    describe_gauge!(DEAD, Unit::Count, "Jobs that were given up; NaN while SQL does not answer");
    describe_counter!(STATEMENTS, Unit::Count, "SQL statements run");
    describe_gauge!(POOLS, Unit::Count, "Connections to the database that are open");
    describe_gauge!(SQL_UP, Unit::Count, "Whether the database answers, as /readyz asks it");
    describe_gauge!(REPLICA_UP, Unit::Count, "Whether the replica answers that the catalogue is read on");
    describe_gauge!(REDIS_UP, Unit::Count, "Whether Redis answers");
    describe_counter!(COMMANDS, Unit::Count, "Commands sent to Redis");
    describe_gauge!(LIVE_CONNECTIONS, Unit::Count, "WebSockets and event streams that are open");
    describe_gauge!(LIVE_SUBSCRIPTIONS, Unit::Count, "Subscriptions that are followed");
}

/// Who can be asked.
pub(in crate::app) struct Sampler {
    pub(in crate::app) db: Db,
    pub(in crate::app) services: Arc<Services>,
    pub(in crate::app) redis: Option<Redis>,
    pub(in crate::app) api: AppState,
    /// The connections of clients.
    pub(in crate::app) connections: TaskTracker,
    /// One asks at a time: what is slow must not be asked by everybody at once.
    pub(in crate::app) turn: Mutex<()>,
}

/// What SQL knows.
struct Work {
    attention: u64,
    due: u64,
    oldest: f64,
    dead: u64,
}

impl Sampler {
    /// Asks everybody, and takes no answer for one.
    pub(super) async fn sample(&self) {
        let _turn = self.turn.lock().await;
        tokio::join!(self.sql(), self.replica(), self.redis());
        self.here();
    }

    /// What this process knows by itself.
    fn here(&self) {
        set(&gauge!(CONNECTIONS), self.connections.len() as u64);
        counter!(STATEMENTS).absolute(self.db.statements());
        for pool in self.db.pools() {
            set(&gauge!(POOLS, "pool" => pool.name, "state" => "idle"), pool.idle);
            set(&gauge!(POOLS, "pool" => pool.name, "state" => "busy"), pool.busy);
        }
        for (name, transport) in
            [("websocket", LiveTransport::WebSocket), ("sse", LiveTransport::EventStream)]
        {
            let open = self.api.gql().live_count(transport);
            set(&gauge!(LIVE_CONNECTIONS, "transport" => name), open.connections as u64);
            set(&gauge!(LIVE_SUBSCRIPTIONS, "transport" => name), open.subscriptions as u64);
        }
    }

    async fn sql(&self) {
        let up = matches!(timeout(PATIENCE, self.services.ready()).await, Ok(Ok(())));
        set(&gauge!(SQL_UP), u64::from(up));
        let work = match up {
            true => timeout(PATIENCE, self.work()).await.ok().and_then(Result::ok),
            false => None,
        };
        // The last figures would be taken for how things stand.
        let figure = |read: fn(&Work) -> f64| work.as_ref().map_or(f64::NAN, read);
        gauge!(ATTENTION).set(figure(|work| work.attention as f64));
        gauge!(DUE).set(figure(|work| work.due as f64));
        gauge!(OLDEST).set(figure(|work| work.oldest));
        gauge!(DEAD).set(figure(|work| work.dead as f64));
    }

    async fn work(&self) -> Result<Work, Fault> {
        let (read, now) = (self.db.read(), self.services.now());
        let (due, oldest) = outbox::overdue(read, now).await?;
        let oldest = oldest.map_or(0.0, |since| (now - since).as_seconds_f64().max(0.0));
        let dead = outbox::dead_count(read).await?;
        Ok(Work { attention: order::needing_attention(read).await?, due, oldest, dead })
    }

    async fn replica(&self) {
        let Some(answer) = self.db.ping_replica().await else { return };
        set(&gauge!(REPLICA_UP), u64::from(answer.is_ok()));
    }

    async fn redis(&self) {
        let Some(redis) = &self.redis else { return };
        let up = matches!(timeout(PATIENCE, redis.ping()).await, Ok(Ok(())));
        set(&gauge!(REDIS_UP), u64::from(up));
        counter!(COMMANDS).absolute(redis.traffic().commands);
    }
}

fn set(gauge: &Gauge, value: u64) {
    gauge.set(value as f64);
}
