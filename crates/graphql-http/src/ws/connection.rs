//! Running the operations of an acknowledged socket.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{FutureExt, StreamExt};
use http::request::Parts;
use tokio::time::Instant;

use super::{operations::Ticket, reply::Outgoing};
use crate::{
    gql::{Call, Gql, Params},
    live::{Closed, LiveTransport, Outbox},
    masking,
    outcome::Outcome,
    request_id::RequestId,
    subscribe::Started,
};

/// What all operations of a socket share.
pub(super) struct Connection {
    gql: Gql,
    /// The handshake, with what the hook added.
    parts: Parts,
    request_id: RequestId,
    operations: AtomicU64,
    outbox: Arc<Outbox<Outgoing>>,
}

impl Connection {
    pub(super) fn new(gql: &Gql, parts: Parts, outbox: &Arc<Outbox<Outgoing>>) -> Self {
        Self {
            gql: gql.clone(),
            request_id: RequestId::of(&parts.headers),
            parts,
            operations: AtomicU64::new(1),
            outbox: Arc::clone(outbox),
        }
    }

    /// Runs an operation until it ends or nobody waits for it any more. What it holds is dropped then; a mutation
    /// runs on, as everywhere.
    pub(super) async fn operate(self: Arc<Self>, ticket: Ticket, params: Params) {
        let request_id = self.request_id.numbered(self.operations.fetch_add(1, Ordering::Relaxed));
        let answers = AssertUnwindSafe(self.answer(&ticket, params, &request_id)).catch_unwind();
        tokio::select! {
            biased;
            () = ticket.cancelled.cancelled() => {}
            answered = answers => if answered.is_err() {
                tracing::error!(request.id = %request_id, "an operation panicked");
                let fault = Outcome::Refused(masking::fault_answer(&request_id));
                // nobody listens if this fails
                let _ = self.send_last(&ticket, &fault).await;
            },
        }
    }

    async fn answer(&self, ticket: &Ticket, params: Params, request_id: &RequestId) -> Result<(), Closed> {
        let deadline = Instant::now() + self.gql.limits().timeout;
        let transport = LiveTransport::WebSocket;
        let slot = Some(ticket.slot.clone());
        let renewed = match self.gql.inner.renewed(&self.parts, deadline).await {
            Ok(renewed) => renewed,
            Err(lapsed) => return self.send_last(ticket, &Outcome::Refused(lapsed.refusal())).await,
        };
        let parts = renewed.as_ref().unwrap_or(&self.parts);
        let call = Call { parts, request_id, deadline, safe_only: false, transport, slot };
        match Box::pin(self.gql.start(params, &call)).await {
            Started::Once(outcome) => self.send_last(ticket, &outcome).await,
            Started::Many { mut events, .. } => {
                while let Some(outcome) = events.next().await {
                    if let Outcome::Refused(_) = outcome {
                        return self.send_last(ticket, &outcome).await;
                    }
                    self.push(Outgoing::next(ticket, &outcome)).await?;
                }
                self.push(Outgoing::complete(ticket)).await
            }
        }
    }

    /// Sends an answer after which none comes.
    async fn send_last(&self, ticket: &Ticket, outcome: &Outcome) -> Result<(), Closed> {
        match outcome {
            Outcome::Refused(refusal) => self.push(Outgoing::error(ticket, refusal)).await,
            Outcome::Executed(_) => {
                self.push(Outgoing::next(ticket, outcome)).await?;
                self.push(Outgoing::complete(ticket)).await
            }
        }
    }

    async fn push(&self, outgoing: Outgoing) -> Result<(), Closed> {
        let bytes = outgoing.text.len();
        self.outbox.push(outgoing, bytes).await
    }
}
