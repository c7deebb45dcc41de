//! What WebSockets and event streams share: a bound on how many there are, a queue for each, and their end.

mod clients;
mod count;
mod limits;
mod outbox;

use std::{net::IpAddr, sync::Arc};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

pub(crate) use self::clients::ClientOf;
use self::clients::{Clients, OfClient};
use self::count::Census;
pub(crate) use self::count::Counted;
pub(crate) use self::outbox::{Closed, Inbox, Outbox, outbox};
pub use self::{
    count::{LiveCount, LiveTransport},
    limits::LiveLimits,
};
use crate::{error_code::ErrorCode, gql::Gql, refusal::Refusal};

/// The connections that stay open.
pub(crate) struct Live {
    places: Arc<Semaphore>,
    clients: Clients,
    per_client: usize,
    subscriptions: Arc<Semaphore>,
    closing: CancellationToken,
    open: TaskTracker,
    census: Census,
}

/// A place among the connections, kept as long as the connection is open.
pub(crate) struct Admission {
    closing: CancellationToken,
    _place: OwnedSemaphorePermit,
    _of_client: Option<OfClient>,
    _open: TaskTrackerToken,
    _counted: Counted,
}

impl Admission {
    /// Waits until the server shuts down.
    pub(crate) async fn revoked(&self) {
        self.closing.cancelled().await;
    }
}

/// So many places, for whoever comes first.
pub(crate) fn room(places: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)))
}

impl Live {
    pub(crate) fn new(limits: &LiveLimits) -> Self {
        Self {
            places: room(limits.connections),
            clients: Clients::default(),
            per_client: limits.connections_per_client,
            subscriptions: room(limits.subscriptions),
            closing: CancellationToken::new(),
            open: TaskTracker::new(),
            census: Census::default(),
        }
    }

    /// Takes a place, among the client's too if that is known.
    ///
    /// # Errors
    /// `SHUTTING_DOWN` or `TOO_MANY_CONNECTIONS`.
    pub(crate) fn admit(
        &self,
        transport: LiveTransport,
        client: Option<IpAddr>,
    ) -> Result<Admission, Refusal> {
        if self.closing.is_cancelled() {
            return Err(Refusal::new(ErrorCode::ShuttingDown, "This server is shutting down; try again."));
        }
        let of_client = match client {
            Some(client) => Some(self.clients.admit(client, self.per_client).ok_or_else(|| {
                let message = "Too many live connections are open from your address; close some of them.";
                Refusal::new(ErrorCode::TooManyConnections, message)
            })?),
            None => None,
        };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            let message = "Too many live connections are open; try again later.";
            Refusal::new(ErrorCode::TooManyConnections, message)
        })?;
        Ok(Admission {
            closing: self.closing.clone(),
            _place: place,
            _of_client: of_client,
            _open: self.open.token(),
            _counted: self.census.connection(transport),
        })
    }

    /// Counts a subscription as long as what is given back is kept.
    pub(crate) fn count_subscription(&self, transport: LiveTransport) -> Counted {
        self.census.subscription(transport)
    }

    /// Takes a place among the subscriptions, kept as long as the subscription runs.
    ///
    /// # Errors
    /// `TOO_MANY_OPERATIONS`.
    pub(crate) fn subscribe(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.subscriptions).try_acquire_owned().map_err(|_| {
            let message = "Too many subscriptions are running; try again later.";
            Refusal::new(ErrorCode::TooManyOperations, message)
        })
    }
}

impl Gql {
    /// Ends every WebSocket (close code 1001, "going away") and every event stream, and refuses new ones with status 503,
    /// which tells clients to come back elsewhere. A server calls this when it begins to shut down, before it waits for its
    /// requests: an event stream is a request that would never end. Other requests are served as before.
    pub fn close_live(&self) {
        self.inner.live.closing.cancel();
    }

    /// Live connections open now: WebSockets and event streams.
    #[must_use]
    pub fn live_connections(&self) -> usize {
        self.inner.live.open.len()
    }

    /// What is open now on one transport.
    #[must_use]
    pub fn live_count(&self, transport: LiveTransport) -> LiveCount {
        self.inner.live.census.read(transport)
    }

    /// Ends all live connections and waits until they are gone.
    pub(crate) async fn drain_live(&self) {
        self.close_live();
        self.inner.live.open.close();
        self.inner.live.open.wait().await;
    }
}
