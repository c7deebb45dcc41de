//! How much may be kept open, and how long silence is borne.

use std::time::Duration;

/// Bounds on WebSockets and event streams, which stay open where other requests end.
#[derive(Clone, Debug)]
pub struct LiveLimits {
    /// WebSockets and event streams open at once, over the whole server; one more is answered 503. Default 1,000.
    pub connections: usize,
    /// The same for one client, where [`GqlBuilder::clients`](crate::GqlBuilder::clients) tells who that is. Default 50.
    pub connections_per_client: usize,
    /// How long a WebSocket may be acknowledged and run no operation until it is closed (1000, "Idle"). Default 10 minutes.
    pub idle: Duration,
    /// Operations in flight on one WebSocket; one more is answered with an error of its own. Default 100.
    pub operations: usize,
    /// Subscriptions that run at once, over the whole server and all its WebSockets and event streams; one more is refused.
    /// Default 10,000.
    pub subscriptions: usize,
    /// Bytes of one message from a client. Default 128 KiB.
    pub message_bytes: usize,
    /// Bytes that wait for one client to take them. When they are this many, its operations wait as well, so memory does
    /// not grow. Default 256 KiB.
    pub queue_bytes: usize,
    /// How long a client that takes nothing is waited for before it is cut off. Default 10 seconds.
    pub write_timeout: Duration,
    /// Time from the opening of a WebSocket to its acknowledgement. Default 10 seconds.
    pub init_timeout: Duration,
    /// How often a WebSocket is pinged, and an event stream sent a comment. A WebSocket from which nothing came
    /// between two pings is closed. Default 20 seconds, less than what proxies on the way cut off.
    pub keep_alive: Duration,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self {
            connections: 1_000,
            connections_per_client: 50,
            idle: Duration::from_mins(10),
            operations: 100,
            subscriptions: 10_000,
            message_bytes: 128 * 1024,
            queue_bytes: 256 * 1024,
            write_timeout: Duration::from_secs(10),
            init_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(20),
        }
    }
}
