//! Where the payment gateway tells what happened.
//!
//! | answer | when | what the gateway does |
//! |---|---|---|
//! | 200 | the event was applied, now or before; or it is kept; or it is none of ours | nothing more |
//! | 400 | the call is not believed: signature, age or body | sends it again, to no avail |
//! | 413 | the body is larger than any event | the same |
//! | 500, 503 | we failed: nothing was applied | sends it again, for days |

use super::{answer, meters, state::AppState};
use axum::{
    Json,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use stoa_domain::{
    payment::WebhookRefusal,
    shared::{Fault, FaultKind},
};
use stoa_services::payment::{ApplyOutcome, IncomingEvent};

/// Bytes an event may have. Stripe's largest are some tens of kilobytes.
const MOST: usize = 1024 * 1024;
/// Where Stripe puts its signature.
const SIGNATURE: &str = "stripe-signature";

pub(super) async fn stripe(State(app): State<AppState>, headers: HeaderMap, body: Body) -> Response {
    let body = match axum::body::to_bytes(body, MOST).await {
        Ok(body) => body,
        Err(error) => return unread(&error),
    };
    match believed(&app, &headers, &body) {
        Ok(incoming) => {
            let applied = app.services().apply_payment_event.run(incoming).await;
            applied.map_or_else(|fault| failed(&fault), received)
        }
        Err(refusal) => refused(refusal),
    }
}

/// The event, once its signature is checked over the raw body.
fn believed(app: &AppState, headers: &HeaderMap, body: &Bytes) -> Result<IncomingEvent, WebhookRefusal> {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    let event = app.services().receive_webhook(signature.ok_or(WebhookRefusal::BadSignature)?, body)?;
    // What was read as JSON is UTF-8.
    let body = str::from_utf8(body).map_err(|_| WebhookRefusal::Malformed)?.to_owned();
    Ok(IncomingEvent { event, body })
}

fn received(outcome: ApplyOutcome) -> Response {
    meters::webhook("accepted");
    tracing::debug!(?outcome, "webhook received");
    Json(json!({ "received": true })).into_response()
}

fn refused(refusal: WebhookRefusal) -> Response {
    meters::webhook("refused");
    tracing::warn!(reason = %refusal, "webhook refused");
    let code = match refusal {
        WebhookRefusal::BadSignature => "BAD_SIGNATURE",
        WebhookRefusal::Stale => "STALE_SIGNATURE",
        WebhookRefusal::Malformed => "MALFORMED_EVENT",
    };
    answer::error(StatusCode::BAD_REQUEST, code, &format!("The event is refused: {refusal}."))
}

fn failed(fault: &Fault) -> Response {
    meters::webhook("failed");
    stoa_services::meters::fault(fault);
    tracing::error!(error = %fault, "a webhook event could not be applied");
    let status = match fault.kind() {
        FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    answer::error(status, "NOT_APPLIED", "The event was not applied. Send it again.")
}

fn unread(error: &axum::Error) -> Response {
    meters::webhook("refused");
    if too_long(error) {
        let message = format!("The body has more than {MOST} bytes.");
        return answer::error(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", &message);
    }
    answer::error(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body did not arrive in full.")
}

fn too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>())
}
