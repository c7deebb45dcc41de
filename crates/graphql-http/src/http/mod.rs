//! GraphQL over HTTP (specification of September 2026, and the audits of the npm package `graphql-http`).
//!
//! Where the two disagree the audits win, because they are what clients were written against: refusals of GraphQL
//! are 400, not 422, under `application/graphql-response+json`, and 200 under `application/json`.

mod body;
mod media;
mod params;
mod reply;
mod sse;

use axum::{
    body::Body,
    extract::Request,
    response::Response,
    routing::{MethodRouter, any},
};
use http::{Method, StatusCode, request::Parts};
use tokio::time::Instant;

pub(crate) use self::{
    media::ResponseMedia,
    params::{MapOnly, from_object as params_from_object},
};
use self::{params::Entries, reply::Reply};
use crate::{
    error_code::ErrorCode,
    gql::{Call, Gql, Params},
    live::LiveTransport,
    outcome::Outcome,
    refusal::Refusal,
    request_id::RequestId,
    ws,
};

/// What the endpoint takes. GET must come with HEAD (RFC 9110, 9.1).
const METHODS: &str = "GET, HEAD, POST, OPTIONS";

impl Gql {
    /// The endpoint, to be mounted at any path. It answers every method itself.
    ///
    /// ```no_run
    /// # fn endpoint(gql: stoa_graphql_http::Gql) -> axum::Router {
    /// axum::Router::new()
    ///     .route("/graphql", gql.endpoint())
    ///     .route("/api/{version}/graphql.json", gql.endpoint())
    /// # }
    /// ```
    pub fn endpoint<S>(&self) -> MethodRouter<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let gql = self.clone();
        any(move |request: Request| {
            let gql = gql.clone();
            async move { gql.serve(request).await }
        })
    }

    /// Answers one HTTP request. The answer to the handshake of a WebSocket, if those are switched on, leaves the socket
    /// behind; one of `text/event-stream` has a body that goes on.
    pub async fn serve(&self, request: Request) -> Response {
        self.serve_until(request, Instant::now() + self.limits().timeout).await
    }

    /// The same for a request of which some time is gone, such as for finding out who sent it: [`Limits::timeout`](crate::Limits) began
    /// before.
    pub async fn serve_until(&self, request: Request, deadline: Instant) -> Response {
        let (parts, body) = request.into_parts();
        if let Some(websockets) = self.inner.websockets.as_ref().filter(|_| ws::is_handshake(&parts)) {
            return Box::pin(self.upgrade(websockets, parts)).await;
        }
        let request_id = RequestId::of(&parts.headers);
        let media = match media::negotiate(&parts.headers) {
            Ok(media) => media,
            Err(refusal) => return refused(refusal, ResponseMedia::Json),
        };
        let safe_only = parts.method != Method::POST;
        let entries = match self.entries(&parts, body).await {
            Ok(Some(entries)) => entries,
            Ok(None) => return reply::options(METHODS),
            Err(refusal) => {
                return Reply::refused(refusal, media.of_refusals()).allowing(METHODS).into_response();
            }
        };
        let transport = LiveTransport::EventStream;
        let call =
            Call { parts: &parts, request_id: &request_id, deadline, safe_only, transport, slot: None };
        if media == ResponseMedia::EventStream {
            return Box::pin(self.serve_events(entries, &call)).await;
        }
        let reply = match entries {
            Entries::One(params) => Reply::single(&self.run(params, &call).await, media).allowing("POST"),
            Entries::Batch(batch) => Reply::batch(&self.run_batch(batch, &call).await, media),
        };
        reply.into_response()
    }

    /// Runs the entries of a batch one after the other, each for whom it is by then: a mutation before it may have ended the sign-in.
    async fn run_batch(&self, batch: Vec<Params>, call: &Call<'_>) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(batch.len());
        for params in batch {
            let renewed = match outcomes.is_empty() {
                true => Ok(None),
                false => self.inner.renewed(call.parts, call.deadline).await,
            };
            outcomes.push(match renewed {
                Ok(renewed) => {
                    let parts = renewed.as_ref().unwrap_or(call.parts);
                    let &Call { request_id, deadline, safe_only, transport, .. } = call;
                    let call = Call { parts, request_id, deadline, safe_only, transport, slot: None };
                    self.run(params, &call).await
                }
                Err(lapsed) => Outcome::Refused(lapsed.refusal()),
            });
        }
        outcomes
    }

    /// The GraphQL requests inside an HTTP request; `None` for OPTIONS.
    async fn entries(&self, parts: &Parts, body: Body) -> Result<Option<Entries>, Refusal> {
        let limits = self.limits();
        match parts.method {
            Method::GET | Method::HEAD => {
                params::from_query(parts.uri.query().unwrap_or_default()).map(|one| Some(Entries::One(one)))
            }
            Method::POST => {
                media::check_request(&parts.headers)?;
                let bytes = body::read(body, &parts.headers, limits).await?;
                params::from_json(&bytes, limits.batch_entries).map(Some)
            }
            Method::OPTIONS => Ok(None),
            _ => {
                let message = format!("This endpoint takes {METHODS}.");
                Err(Refusal::new(ErrorCode::MethodNotAllowed, message))
            }
        }
    }
}

/// The answer to a request that is not served.
pub(crate) fn refused(refusal: Refusal, media: ResponseMedia) -> Response {
    Reply::refused(refusal, media.of_refusals()).allowing("POST").into_response()
}

/// "Partial Success", the status that the GraphQL-over-HTTP specification (5.4) asks for when there are data and errors.
fn partial_success() -> StatusCode {
    StatusCode::from_u16(294).unwrap_or(StatusCode::OK)
}
