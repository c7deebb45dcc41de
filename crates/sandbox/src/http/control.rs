//! Control routes: the fault plan, and what people and banks do that no API call does.
//!
//! They take the secret key, as the API does, and JSON.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use super::auth;
use crate::{
    cards::DisputeKind,
    error::ApiError,
    faults::Fault,
    model::{Delivery, DeliveryState, Event},
    ops::{Answer, disputes, disputes::Verdict, payment_intents, refunds},
    shared::Shared,
    store::{Origin, Tx},
    wire::{Object, Show, raw},
};

type App = State<Arc<Shared>>;

/// How a pending payment or refund ends.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Succeeded,
    Failed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settle {
    outcome: Outcome,
}

impl Settle {
    fn succeeds(&self) -> bool {
        matches!(self.outcome, Outcome::Succeeded)
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Won,
    Lost,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CloseDispute {
    outcome: Decision,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reason {
    #[default]
    Fraudulent,
    ProductNotReceived,
    Inquiry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenDispute {
    #[serde(default)]
    reason: Reason,
}

/// `GET /sandbox/faults`
pub(super) async fn faults(State(shared): App, headers: HeaderMap) -> Response {
    respond(allowed(&shared, &headers).map(|()| planned(&shared)))
}

/// `POST /sandbox/faults`
pub(super) async fn add_fault(State(shared): App, headers: HeaderMap, body: Bytes) -> Response {
    let added = allowed(&shared, &headers).and_then(|()| {
        let fault: Fault = read(&headers, &body)?;
        shared.faults.add(fault).map_err(|error| ApiError::invalid(error.to_string()))
    });
    respond(added.map(|()| planned(&shared)))
}

/// `DELETE /sandbox/faults`
pub(super) async fn clear_faults(State(shared): App, headers: HeaderMap) -> Response {
    let cleared = allowed(&shared, &headers).map(|()| shared.faults.clear());
    respond(cleared.map(|()| planned(&shared)))
}

/// `GET /sandbox/webhooks`: how many events wait to be delivered.
pub(super) async fn webhooks(State(shared): App, headers: HeaderMap) -> Response {
    respond(allowed(&shared, &headers).map(|()| json!({ "undelivered": shared.outbox.open() }).to_string()))
}

/// `POST /sandbox/events/{id}/send`: sends an event once more, whatever became of it before.
pub(super) async fn send_event(State(shared): App, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let has_target = shared.config.webhook.is_some();
    control(
        &shared,
        &headers,
        || Ok(()),
        |tx, ()| {
            let event = tx.get::<Event>(&id)?;
            if !has_target {
                return Err(ApiError::invalid("The sandbox has no webhook target to send to."));
            }
            tx.put(Delivery { event: id, state: DeliveryState::Pending });
            Ok(Object::Event(event))
        },
    )
}

/// `POST /sandbox/payment_intents/{id}/authenticate`: the buyer passes or fails 3-D Secure.
pub(super) async fn authenticate(
    State(shared): App,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    control(
        &shared,
        &headers,
        || read(&headers, &body),
        |tx, wish: Settle| payment_intents::authenticate(tx, &id, wish.succeeds()),
    )
}

/// `POST /sandbox/payment_intents/{id}/settle`: a payment that was processing ends.
pub(super) async fn settle_payment(
    State(shared): App,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    control(
        &shared,
        &headers,
        || read(&headers, &body),
        |tx, wish: Settle| payment_intents::settle(tx, &id, wish.succeeds()),
    )
}

/// `POST /sandbox/refunds/{id}/settle`: a pending refund ends, or the bank sends a finished one back.
pub(super) async fn settle_refund(
    State(shared): App,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    control(
        &shared,
        &headers,
        || read(&headers, &body),
        |tx, wish: Settle| refunds::settle(tx, &id, wish.succeeds()),
    )
}

/// `POST /sandbox/payment_intents/{id}/dispute`: the cardholder disputes a payment.
pub(super) async fn dispute(
    State(shared): App,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    control(
        &shared,
        &headers,
        || read(&headers, &body),
        |tx, wish: OpenDispute| {
            let kind = match wish.reason {
                Reason::Fraudulent => DisputeKind::Fraudulent,
                Reason::ProductNotReceived => DisputeKind::ProductNotReceived,
                Reason::Inquiry => DisputeKind::Inquiry,
            };
            disputes::open_for(tx, &id, kind)
        },
    )
}

/// `POST /sandbox/disputes/{id}/close`: the issuer decides a dispute.
pub(super) async fn close_dispute(
    State(shared): App,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    control(
        &shared,
        &headers,
        || read(&headers, &body),
        |tx, wish: CloseDispute| {
            let verdict = match wish.outcome {
                Decision::Won => Verdict::Won,
                Decision::Lost => Verdict::Lost,
            };
            disputes::close_with(tx, &id, verdict)
        },
    )
}

/// Key first, then the wish, then the deed.
fn control<T>(
    shared: &Shared,
    headers: &HeaderMap,
    wish: impl FnOnce() -> Result<T, ApiError>,
    work: impl FnOnce(&mut Tx<'_>, T) -> Answer,
) -> Response {
    let done = allowed(shared, headers).and_then(|()| wish()).and_then(|wish| {
        shared.transact(&Origin::default(), |tx| {
            let object = work(tx, wish)?;
            Ok(Box::<str>::from(object.show(tx)).into_string())
        })
    });
    respond(done)
}

fn allowed(shared: &Shared, headers: &HeaderMap) -> Result<(), ApiError> {
    auth::server_only(headers, &shared.config.keys)
}

/// JSON, declared as such: a form on a foreign page cannot send it.
fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, ApiError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(ApiError::invalid("The control routes take JSON: send content-type application/json."));
    }
    serde_json::from_slice(body).map_err(|error| ApiError::invalid(format!("Invalid JSON body: {error}")))
}

fn planned(shared: &Shared) -> String {
    Box::<str>::from(raw(&json!({ "faults": shared.faults.list() }))).into_string()
}

fn respond(result: Result<String, ApiError>) -> Response {
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => (error.status, Box::<str>::from(error.json()).into_string()),
    };
    let json = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, json)], Body::from(body)).into_response()
}
