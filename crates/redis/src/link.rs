//! One connection for both kinds of Redis.

use crate::config::{InvalidRedisConfig, RedisConfig, Timeouts};
use redis::{
    Client, Cmd, FromRedisValue, IntoConnectionInfo, Pipeline, RedisFuture, Value,
    aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig},
    cluster::{ClusterClient, ClusterConfig},
    cluster_async::ClusterConnection,
    cluster_routing::{RoutingInfo, SingleNodeRoutingInfo},
    io::tcp::TcpSettings,
};
use std::time::Duration;

/// The pauses before a second attempt to connect: short, for a caller is waiting.
const PAUSE: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(100)];
/// Attempts of a cluster command after the first: each may be sent on to another node.
const CLUSTER_RETRIES: u32 = 3;

/// A multiplexed connection: cheap to clone, shared by all callers, made when first used, and made anew by itself.
#[derive(Clone)]
pub(crate) enum Link {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

/// One of the servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// There is no other.
    Only,
    /// Host and port.
    At(String),
}

impl Link {
    /// Prepares the connection. Needs a Tokio runtime, but no server.
    pub(crate) fn prepare(config: &RedisConfig) -> Result<Self, InvalidRedisConfig> {
        let link = if config.cluster { Self::cluster(config) } else { Self::single(config) };
        // Of the error only the sentence that cannot quote a URL.
        link.map_err(|e| InvalidRedisConfig::Servers(e.category().to_owned()))
    }

    fn single(config: &RedisConfig) -> redis::RedisResult<Self> {
        let Some(server) = config.servers().first() else {
            return Err((redis::ErrorKind::InvalidClientConfig, "no server").into());
        };
        let info = server.clone().into_connection_info()?.set_tcp_settings(tcp(config.timeouts));
        let settings = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(config.timeouts.connect))
            .set_response_timeout(Some(config.timeouts.response))
            .set_number_of_retries(1)
            .set_min_delay(PAUSE[0])
            .set_max_delay(PAUSE[1]);
        ConnectionManager::new_lazy_with_config(Client::open(info)?, settings).map(Self::Single)
    }

    fn cluster(config: &RedisConfig) -> redis::RedisResult<Self> {
        let client = ClusterClient::builder(config.servers().iter().cloned())
            .tcp_settings(tcp(config.timeouts))
            .connection_timeout(config.timeouts.connect)
            .response_timeout(config.timeouts.response)
            // Room for one redirection to a node that has to be connected to.
            .overall_response_timeout(Some(config.timeouts.connect + config.timeouts.response))
            .retries(CLUSTER_RETRIES)
            .min_retry_wait(10)
            .max_retry_wait(100)
            .build()?;
        Ok(Self::Cluster(client.get_pending_async_connection_with_config(ClusterConfig::new())))
    }

    /// The servers that own keys: of a cluster its primaries.
    pub(crate) async fn servers(&mut self) -> redis::RedisResult<Vec<(Node, String)>> {
        let info = redis::cmd("INFO");
        match self {
            Self::Single(link) => Ok(vec![(Node::Only, info.query_async(link).await?)]),
            Self::Cluster(link) => {
                let of_each: Vec<(String, String)> = info.query_async(link).await?;
                Ok(of_each.into_iter().map(|(address, info)| (Node::At(address), info)).collect())
            }
        }
    }

    /// Sends a command to one server, whatever its keys.
    pub(crate) async fn query_at<T: FromRedisValue>(
        &mut self,
        node: &Node,
        command: Cmd,
    ) -> redis::RedisResult<T> {
        match (self, node) {
            (Self::Cluster(link), Node::At(address)) => {
                let (host, port) = address.rsplit_once(':').unwrap_or((address, ""));
                let (host, port) = (host.to_owned(), port.parse().unwrap_or_default());
                let node = RoutingInfo::SingleNode(SingleNodeRoutingInfo::ByAddress { host, port });
                Ok(T::from_redis_value(link.route_command(command, node).await?)?)
            }
            (Self::Single(link), _) => command.query_async(link).await,
            (Self::Cluster(link), Node::Only) => command.query_async(link).await,
        }
    }
}

/// Commands are small and somebody waits for each: send them at once. What nobody has acknowledged for long will not be: the
/// system would go on trying for a quarter of an hour, while every command runs into its timeout.
fn tcp(timeouts: Timeouts) -> TcpSettings {
    let settings = TcpSettings::default().set_nodelay(true);
    #[cfg(target_os = "linux")]
    let settings = settings.set_user_timeout((timeouts.connect + timeouts.response) * 2);
    #[cfg(not(target_os = "linux"))]
    let _ = timeouts;
    settings
}

impl ConnectionLike for Link {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Single(link) => link.req_packed_command(cmd),
            Self::Cluster(link) => link.req_packed_command(cmd),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Single(link) => link.req_packed_commands(pipeline, offset, count),
            Self::Cluster(link) => link.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Single(link) => link.get_db(),
            Self::Cluster(link) => link.get_db(),
        }
    }
}
