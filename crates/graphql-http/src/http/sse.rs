//! GraphQL over server-sent events, in the "distinct connections mode" of PROTOCOL.md of the npm package `graphql-sse`: each
//! operation is a request, its answers are `next` events, and `complete` ends them.
//!
//! What an operation is refused for is an event as well, since a browser's `EventSource` shows its page nothing of an answer
//! that is not 200. Requests that hold no operation, and mutations by GET, are refused as everywhere.

use std::{convert::Infallible, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream, stream::BoxStream};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{ResponseMedia, params::Entries, refused, reply::headers_of};
use crate::{
    error_code::ErrorCode,
    gql::{Call, Gql},
    live::{Admission, Closed, LiveLimits, LiveTransport, Outbox, outbox},
    outcome::Outcome,
    refusal::Refusal,
    subscribe::Started,
};

/// A comment; it keeps proxies from thinking that the connection is dead.
const KEEP_ALIVE: Bytes = Bytes::from_static(b":\n\n");
/// `data` must be there, or browsers drop the event.
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata:\n\n");
/// Tells nginx not to gather the events before it passes them on.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

impl Gql {
    /// Answers one operation by a stream of events.
    pub(super) async fn serve_events(&self, entries: Entries, call: &Call<'_>) -> Response {
        let Entries::One(params) = entries else {
            let message = "A batch cannot be answered by one stream of events.";
            return refused(Refusal::new(ErrorCode::BadRequest, message), ResponseMedia::Json);
        };
        match self.start(params, call).await {
            Started::Once(Outcome::Refused(refusal)) if refusal.code() == ErrorCode::MethodNotAllowed => {
                refused(refusal, ResponseMedia::Json)
            }
            Started::Once(outcome) => {
                let headers = headers_of(std::slice::from_ref(&outcome));
                let events = [&next(&outcome)[..], &COMPLETE[..]].concat();
                response(Body::from(events), headers)
            }
            Started::Many { events, headers } => {
                let client = (self.inner.client_of)(call.parts);
                match self.inner.live.admit(LiveTransport::EventStream, client) {
                    Ok(admission) => {
                        let events = self.stream(events, admission);
                        response(events, headers.into_iter().collect())
                    }
                    Err(refusal) => refused(refusal, ResponseMedia::Json),
                }
            }
        }
    }

    /// A body of events. A task of its own gives up on a client that takes nothing, which the body could not: it is only
    /// asked when the client takes something.
    fn stream(&self, outcomes: BoxStream<'static, Outcome>, admission: Admission) -> Body {
        let limits = self.limits().live.clone();
        let (outbox, inbox) = outbox(limits.queue_bytes);
        tokio::spawn(async move {
            tokio::select! {
                biased;
                // ends without `complete`, so that the client comes back elsewhere
                () = admission.revoked() => {}
                () = outbox.closed() => {}
                _ = send(outcomes, &outbox, &limits) => {}
            }
        });
        let chunks = stream::unfold(inbox, |mut inbox| async move {
            let queued = inbox.recv().await?;
            Some((Ok::<_, Infallible>(queued.item), inbox))
        });
        Body::from_stream(chunks)
    }
}

async fn send(
    mut outcomes: BoxStream<'static, Outcome>,
    outbox: &Outbox<Bytes>,
    limits: &LiveLimits,
) -> Result<(), Closed> {
    let period = limits.keep_alive.max(Duration::from_millis(1));
    let mut comments = interval_at(Instant::now() + period, period);
    comments.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let event = tokio::select! {
            outcome = outcomes.next() => match outcome {
                Some(outcome) => {
                    comments.reset();
                    next(&outcome).into()
                }
                None => return push(outbox, COMPLETE, limits).await,
            },
            _ = comments.tick() => KEEP_ALIVE,
        };
        push(outbox, event, limits).await?;
    }
}

async fn push(outbox: &Outbox<Bytes>, event: Bytes, limits: &LiveLimits) -> Result<(), Closed> {
    let bytes = event.len();
    timeout(limits.write_timeout, outbox.push(event, bytes)).await.unwrap_or(Err(Closed))
}

/// One answer as an event.
fn next(outcome: &Outcome) -> Vec<u8> {
    let mut event = b"event: next\ndata: ".to_vec();
    let start = event.len();
    if let Err(error) = outcome.write(&mut event) {
        tracing::error!(error.message = %error, "an answer could not be serialised");
        event.truncate(start);
        event.extend_from_slice(
            br#"{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL"}}]}"#,
        );
    }
    // between its tokens, where JSON may have them, line ends would end the event
    for byte in &mut event[start..] {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    event.extend_from_slice(b"\n\n");
    event
}

fn response(body: Body, mut headers: HeaderMap) -> Response {
    headers.insert(header::CONTENT_TYPE, ResponseMedia::EventStream.header());
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(UNBUFFERED, HeaderValue::from_static("no"));
    let mut response = Response::new(body);
    *response.headers_mut() = headers;
    response
}
