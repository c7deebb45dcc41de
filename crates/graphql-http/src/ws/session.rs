//! One socket from its opening to its end.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{SinkExt, StreamExt, stream::SplitStream};
use http::request::Parts;
use tokio::time::timeout;

use super::{
    close::Close,
    init::ConnectionInit,
    listener::Listener,
    operations::Operations,
    settings::WebSockets,
    writer::{self, Socket},
};
use crate::{
    gql::Gql,
    live::{Admission, outbox},
};

/// How long the client has to take notice of the end.
const FAREWELL: Duration = Duration::from_secs(2);

/// What a socket needs before it is one.
pub(super) struct Session {
    gql: Gql,
    init: Arc<dyn ConnectionInit>,
    parts: Parts,
    admission: Admission,
}

impl Session {
    pub(super) fn new(gql: &Gql, websockets: &WebSockets, parts: Parts, admission: Admission) -> Self {
        Self { gql: gql.clone(), init: Arc::clone(&websockets.init), parts, admission }
    }

    /// Closes a socket that should not have been opened.
    pub(super) async fn refuse(self, socket: WebSocket, close: Close) {
        let (sink, stream) = socket.split();
        hang_up(sink, stream, &close).await;
    }

    /// Serves a socket until it is closed, by whom ever.
    pub(super) async fn run(self, socket: WebSocket) {
        let (mut sink, mut stream) = socket.split();
        let close = self.serve(&mut sink, &mut stream).await;
        tracing::debug!(close.code = close.code(), "a WebSocket ends");
        // its operations have ended; only its place is kept until the connection is gone
        hang_up(sink, stream, &close).await;
    }

    /// Listens and writes at the same time; what ends first ends both, and all operations with them.
    async fn serve(&self, sink: &mut Socket, stream: &mut SplitStream<WebSocket>) -> Close {
        let limits = &self.gql.limits().live;
        let (outbox, mut inbox) = outbox(limits.queue_bytes);
        let operations = Operations::new(limits.operations);
        let heard = AtomicBool::new(true);
        let listener = Listener::new(&self.gql, &self.init, &self.parts, &operations, outbox);
        tokio::select! {
            biased;
            () = self.admission.revoked() => Close::GOING_AWAY,
            close = listener.listen(stream, &heard) => close,
            () = operations.idle_for(limits.idle) => Close::IDLE,
            close = writer::write(sink, &mut inbox, &operations, &heard, limits) => close,
        }
    }
}

/// Says why, and waits for the client to say that it heard: to drop a connection with something unread in it can take the
/// close frame away from the client.
async fn hang_up(mut sink: Socket, mut stream: SplitStream<WebSocket>, close: &Close) {
    let farewell = async {
        // fails if the client closed first; reading on then sends the answer
        let _ = sink.send(Message::Close(Some(close.frame()))).await;
        while let Some(Ok(_)) = stream.next().await {}
        if *close == Close::TOO_LARGE {
            // nothing more can be read, the rest of the message lies in the way
            std::future::pending::<()>().await;
        }
    };
    let _ = timeout(FAREWELL, farewell).await;
}
