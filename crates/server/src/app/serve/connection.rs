//! One connection after the other is served, and let go when it is silent for too long or the server stops.

use super::{bounds::Bounds, clients::Clients, tls::Tls};
use axum::Router;
use http::{HeaderValue, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::OwnedSemaphorePermit,
    time::{sleep, timeout},
};
use tokio_rustls::server::TlsStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

/// How long after the stop a head that has begun may take to arrive.
const LAST_CALL: Duration = Duration::from_secs(1);

/// All connections of a server.
pub(super) struct Connections {
    router: Router,
    builder: Builder<TokioExecutor>,
    bounds: Bounds,
    clients: Clients,
    tls: Option<Tls>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Connections {
    pub(super) fn new(
        router: Router,
        bounds: Bounds,
        clients: Clients,
        stop: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(bounds.idle);
        // WebSockets over HTTP/2 begin with CONNECT. A peer that is gone without a word is found by asking.
        builder
            .http2()
            .timer(TokioTimer::new())
            .enable_connect_protocol()
            .keep_alive_interval(bounds.silence)
            .keep_alive_timeout(bounds.silence);
        Self { router, builder, bounds, clients, tls: None, stop, tasks }
    }

    /// The same, and everything is encrypted.
    pub(super) fn behind(self, tls: Option<Tls>) -> Self {
        Self { tls, ..self }
    }

    /// Serves a connection until either side is done; its place is free then.
    pub(super) fn take(&self, socket: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        // Answers are small and written whole: waiting to fill a packet only makes them late.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%error, "a socket refused TCP_NODELAY");
        }
        let (router, builder, clients) = (self.router.clone(), self.builder.clone(), self.clients.clone());
        let (bounds, stop, tls) = (self.bounds, self.stop.clone(), self.tls.clone());
        self.tasks.spawn(async move {
            // Who speaks is told to whoever counts.
            let named = move |request: &mut hyper::Request<Incoming>| {
                let client = clients.of(peer.ip(), request.headers());
                request.extensions_mut().insert(client);
                name_host(request);
            };
            match tls {
                None => serve(socket, router, named, &builder, bounds, &stop).await,
                // Apart from the others, who would take up as much room.
                Some(tls) => {
                    Box::pin(async {
                        if let Some(socket) = agree(&tls, socket, bounds, &stop).await {
                            serve(socket, router, named, &builder, bounds, &stop).await;
                        }
                    })
                    .await;
                }
            }
            drop(place);
        });
    }

    /// Waits until the last one is closed.
    pub(super) async fn finished(self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// In HTTP/2 the host is part of the address. Whoever looks for it among the headers finds it there as well (RFC 9113, section 8.3.1).
fn name_host(request: &mut hyper::Request<Incoming>) {
    if request.headers().contains_key(header::HOST) {
        return;
    }
    let named = request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
    if let Some(host) = named {
        request.headers_mut().insert(header::HOST, host);
    }
}

/// Agrees on how to encrypt, within the time that a connection may take to say something. `None`: they did not agree, or there is
/// nobody to agree with.
async fn agree(
    tls: &Tls,
    socket: TcpStream,
    bounds: Bounds,
    stop: &CancellationToken,
) -> Option<Box<TlsStream<TcpStream>>> {
    let farewell = async {
        stop.cancelled().await;
        sleep(LAST_CALL.min(bounds.silence)).await;
    };
    let agreed = tokio::select! {
        biased;
        agreed = timeout(bounds.silence, tls.accept(socket)) => agreed,
        () = farewell => return None,
    };
    match agreed {
        Ok(Ok(socket)) => Some(Box::new(socket)),
        Ok(Err(error)) => {
            tracing::trace!(%error, "a client and we found no way to encrypt");
            None
        }
        Err(_) => None,
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    socket: S,
    router: Router,
    named: impl Fn(&mut hyper::Request<Incoming>),
    builder: &Builder<TokioExecutor>,
    bounds: Bounds,
    stop: &CancellationToken,
) {
    let requests = Requests::default();
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        let running = requests.begin();
        named(&mut request);
        let answer = router.clone().oneshot(request);
        async move {
            let answer = answer.await;
            drop(running);
            answer
        }
    });
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(socket), service));
    // hyper's own timeout is for HTTP/1 alone, begins only once a byte has told which version it is, and does not tell a first
    // head from the next.
    let farewell = async {
        tokio::select! {
            () = stop.cancelled() => {}
            () = requests.cease(bounds) => {}
        }
    };
    tokio::select! {
        // First what has arrived already: a request that came before the stop is answered.
        biased;
        ended = connection.as_mut() => return note(ended),
        () = farewell => connection.as_mut().graceful_shutdown(),
    }
    // Whoever has not sent a whole head by then has not asked for anything.
    let last_call = async {
        sleep(LAST_CALL.min(bounds.silence)).await;
        if requests.were_there() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = connection.as_mut() => note(ended),
        () = last_call => tracing::trace!("a connection without a request is dropped"),
    }
}

/// Clients come and go as they like, so how it ended is for the curious.
fn note<E: std::fmt::Display>(ended: Result<(), E>) {
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
}

/// The requests of one connection: how many have begun, and how many are over. Counted and looked at now and then: waking the
/// connection at each would cost every request something.
#[derive(Default)]
struct Requests {
    count: Arc<Count>,
}

#[derive(Default)]
struct Count {
    begun: AtomicU64,
    over: AtomicU64,
}

impl Requests {
    /// A request that runs until what is given back is dropped.
    fn begin(&self) -> Running {
        self.count.begun.fetch_add(1, Ordering::Relaxed);
        Running(Arc::clone(&self.count))
    }

    fn were_there(&self) -> bool {
        self.counted().0 > 0
    }

    /// Begun, and over.
    fn counted(&self) -> (u64, u64) {
        (self.count.begun.load(Ordering::Relaxed), self.count.over.load(Ordering::Relaxed))
    }

    /// Ends when the first has not come in time, or when between two looks, so long apart as a connection may be idle, none has
    /// begun and none has run.
    async fn cease(&self, bounds: Bounds) {
        sleep(bounds.silence).await;
        if !self.were_there() {
            return;
        }
        loop {
            let (begun, over) = self.counted();
            sleep(bounds.idle).await;
            if self.counted() == (begun, over) && begun == over {
                return;
            }
        }
    }
}

struct Running(Arc<Count>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.over.fetch_add(1, Ordering::Relaxed);
    }
}
