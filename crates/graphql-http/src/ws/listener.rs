//! The half of a session that hears the client.

use std::{
    ops::ControlFlow,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::extract::ws::{Message, WebSocket};
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::SplitStream};
use http::request::Parts;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite;

use super::{
    close::Close,
    connection::Connection,
    init::{Acceptance, ConnectionInit, InitPayload, Rejection},
    operations::{NoTicket, Operations},
    protocol::{self, ClientMessage},
    reply::Outgoing,
};
use crate::{
    error_code::ErrorCode,
    gql::{Gql, Params},
    live::Outbox,
    refusal::Refusal,
};

/// What goes on, or why the socket is closed.
type Flow = ControlFlow<Close>;

pub(super) struct Listener<'a> {
    gql: &'a Gql,
    init: &'a Arc<dyn ConnectionInit>,
    handshake: &'a Parts,
    operations: &'a Operations,
    outbox: Arc<Outbox<Outgoing>>,
    phase: Phase,
}

/// How far the socket has come.
enum Phase {
    /// Opened.
    New,
    /// `connection_init` came, and the hook is asked.
    Asked(BoxFuture<'static, Result<(Acceptance, Parts), Close>>),
    /// Acknowledged.
    Ready(Arc<Connection>),
}

impl Phase {
    async fn verdict(&mut self) -> Result<(Acceptance, Parts), Close> {
        match self {
            Self::Asked(verdict) => verdict.await,
            Self::New | Self::Ready(_) => std::future::pending().await,
        }
    }
}

impl<'a> Listener<'a> {
    pub(super) fn new(
        gql: &'a Gql,
        init: &'a Arc<dyn ConnectionInit>,
        handshake: &'a Parts,
        operations: &'a Operations,
        outbox: Outbox<Outgoing>,
    ) -> Self {
        Self { gql, init, handshake, operations, outbox: Arc::new(outbox), phase: Phase::New }
    }

    /// Listens until the socket is to be closed.
    pub(super) async fn listen(mut self, stream: &mut SplitStream<WebSocket>, heard: &AtomicBool) -> Close {
        let deadline = sleep_until(Instant::now() + self.gql.limits().live.init_timeout);
        tokio::pin!(deadline);
        loop {
            let ready = matches!(self.phase, Phase::Ready(_));
            let flow = tokio::select! {
                received = stream.next() => {
                    heard.store(true, Ordering::Relaxed);
                    match received {
                        Some(Ok(message)) => self.receive(message).await,
                        Some(Err(error)) => Flow::Break(broken(error)),
                        None => Flow::Break(Close::GONE),
                    }
                }
                verdict = self.phase.verdict() => self.decide(verdict).await,
                () = &mut deadline, if !ready => Flow::Break(Close::INIT_TIMEOUT),
            };
            if let Flow::Break(close) = flow {
                return close;
            }
        }
    }

    async fn receive(&mut self, message: Message) -> Flow {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Flow::Break(Close::invalid("Messages are text")),
            // the socket answers those itself
            Message::Ping(_) | Message::Pong(_) => return Flow::Continue(()),
            Message::Close(_) => return Flow::Break(Close::GONE),
        };
        match protocol::read(&text) {
            Ok(ClientMessage::ConnectionInit(payload)) => self.ask(payload),
            Ok(ClientMessage::Ping(payload)) => send(&self.outbox, Outgoing::pong(payload.as_deref())).await,
            // may come unasked, as a heartbeat
            Ok(ClientMessage::Pong) => Flow::Continue(()),
            Ok(ClientMessage::Subscribe { id, params }) => self.subscribe(&id, *params).await,
            Ok(ClientMessage::Complete { id }) => {
                self.operations.complete(&id);
                Flow::Continue(())
            }
            Err(close) => Flow::Break(close),
        }
    }

    /// Asks the hook, and goes on listening meanwhile.
    fn ask(&mut self, payload: InitPayload) -> Flow {
        if !matches!(self.phase, Phase::New) {
            return Flow::Break(Close::TWICE_INITIALISED);
        }
        let (init, mut parts) = (Arc::clone(self.init), self.handshake.clone());
        let asked = async move {
            let verdict = AssertUnwindSafe(init.init(&mut parts, payload)).catch_unwind().await;
            match verdict {
                Ok(Ok(acceptance)) => Ok((acceptance, parts)),
                Ok(Err(Rejection { reason })) => Err(Close::forbidden(reason)),
                Err(_) => {
                    tracing::error!("the hook for connection_init panicked");
                    Err(Close::FAULT)
                }
            }
        };
        self.phase = Phase::Asked(asked.boxed());
        Flow::Continue(())
    }

    async fn decide(&mut self, verdict: Result<(Acceptance, Parts), Close>) -> Flow {
        let (acceptance, parts) = match verdict {
            Ok(accepted) => accepted,
            Err(close) => return Flow::Break(close),
        };
        let connection = Connection::new(self.gql, parts, &self.outbox);
        self.phase = Phase::Ready(Arc::new(connection));
        send(&self.outbox, Outgoing::ack(acceptance.payload.as_ref())).await
    }

    async fn subscribe(&mut self, id: &str, params: Params) -> Flow {
        let Phase::Ready(connection) = &self.phase else { return Flow::Break(Close::UNAUTHORIZED) };
        match self.operations.begin(id) {
            Ok(ticket) => {
                tokio::spawn(Arc::clone(connection).operate(ticket, params));
                Flow::Continue(())
            }
            Err(NoTicket::Duplicate) => Flow::Break(Close::duplicate(id)),
            Err(NoTicket::TooMany) => {
                let most = self.gql.limits().live.operations;
                let message = format!("At most {most} operations run at once on one WebSocket.");
                let refusal = Refusal::new(ErrorCode::TooManyOperations, message);
                send(&self.outbox, Outgoing::refused(id, &refusal)).await
            }
        }
    }
}

/// Queues an answer of the session itself. While there is no room the client is not listened to, so one that takes nothing
/// cannot ask for more.
async fn send(outbox: &Outbox<Outgoing>, outgoing: Outgoing) -> Flow {
    let bytes = outgoing.text.len();
    match outbox.push(outgoing, bytes).await {
        Ok(()) => Flow::Continue(()),
        Err(_) => Flow::Break(Close::GONE),
    }
}

/// What to say to a client whose messages cannot be read.
fn broken(error: axum::Error) -> Close {
    use tungstenite::Error;
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => Close::TOO_LARGE,
        Some(Error::Utf8(_)) => Close::NOT_UTF8,
        Some(Error::Protocol(_)) => Close::NOT_WEBSOCKET,
        _ => Close::GONE,
    }
}
