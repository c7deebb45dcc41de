//! A listener and its router, until told to stop.

mod bounds;
mod clients;
mod connection;
mod tls;

use axum::Router;
use bounds::Bounds;
pub(super) use clients::Clients;
use connection::Connections;
use std::{
    io::{Error, ErrorKind},
    sync::Arc,
    time::Duration,
};
pub(super) use tls::Tls;
use tokio::{
    net::TcpListener,
    sync::Semaphore,
    task::JoinHandle,
    time::{Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long nothing is accepted after a failure such as too many open files: it passes only when others close some.
const PAUSE: Duration = Duration::from_millis(200);
/// How often such failures are told.
const TELL_EVERY: Duration = Duration::from_secs(30);

/// Where clients come in, and whether what they say is encrypted.
pub(super) struct Door {
    pub(super) listener: TcpListener,
    /// `None`: it is not.
    pub(super) tls: Option<Tls>,
}

/// As it comes: for this machine, or behind a proxy.
impl From<TcpListener> for Door {
    fn from(listener: TcpListener) -> Self {
        Self { listener, tls: None }
    }
}

/// A router that is being served.
pub(super) struct HttpServer {
    stop: CancellationToken,
    task: JoinHandle<()>,
    connections: TaskTracker,
}

impl HttpServer {
    /// Serves; of the connections so many may become WebSockets.
    pub(super) fn spawn(door: impl Into<Door>, router: Router, sockets: usize, clients: Clients) -> Self {
        Self::spawn_within(door, router, Bounds::of_this_process(sockets), clients)
    }

    fn spawn_within(door: impl Into<Door>, router: Router, bounds: Bounds, clients: Clients) -> Self {
        let Door { listener, tls } = door.into();
        let stop = CancellationToken::new();
        let tracker = TaskTracker::new();
        let connections =
            Connections::new(router, bounds, clients, stop.clone(), tracker.clone()).behind(tls);
        let task = tokio::spawn(serve(listener, bounds, connections, stop.clone()));
        Self { stop, task, connections: tracker }
    }

    /// The connections that are open: one task each.
    pub(super) const fn connections(&self) -> &TaskTracker {
        &self.connections
    }

    /// Takes no more connections and waits for the requests in flight.
    pub(super) async fn stop(self) {
        self.stop.cancel();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the HTTP server ended");
        }
    }
}

async fn serve(listener: TcpListener, bounds: Bounds, connections: Connections, stop: CancellationToken) {
    let room = Arc::new(Semaphore::new(bounds.connections));
    let mut complaints = Complaints::default();
    // Room first: whoever finds none waits in the system's queue, where they cost no file of ours.
    while let Some(Ok(place)) = stop.run_until_cancelled(Arc::clone(&room).acquire_owned()).await {
        match stop.run_until_cancelled(listener.accept()).await {
            Some(Ok((socket, peer))) => connections.take(socket, peer, place),
            Some(Err(error)) if is_of_one_connection(&error) => {}
            Some(Err(error)) => {
                complaints.tell(&error);
                sleep(PAUSE).await;
            }
            None => break,
        }
    }
    // Closed before the wait, so that nobody who comes now hopes for an answer.
    drop(listener);
    connections.finished().await;
}

/// The client has gone again before we came to it: nothing is wrong with the listener.
fn is_of_one_connection(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

/// Tells of a listener that accepts nothing, now and then: it fails many times a second.
#[derive(Default)]
struct Complaints {
    last: Option<Instant>,
}

impl Complaints {
    fn tell(&mut self, error: &Error) {
        if self.last.is_none_or(|last| last.elapsed() >= TELL_EVERY) {
            self.last = Some(Instant::now());
            tracing::error!(%error, "no connection can be accepted; trying on");
        }
    }
}

#[cfg(test)]
mod tests;
