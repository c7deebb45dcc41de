//! The keys that other services check customers' access tokens with, where they look for them.

use super::{answer, state::AppState};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

/// Keys are shown a day before they sign, so that nobody who keeps this for an hour is late.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// `/.well-known/jwks.json`, as RFC 7517 writes keys.
pub(super) async fn keys(State(app): State<AppState>) -> Response {
    match app.services().public_keys.run().await {
        Ok(keys) => {
            let mut response = Json(keys).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, KEPT);
            response
        }
        Err(fault) => {
            tracing::error!(error = %fault, "the public keys cannot be read");
            let message = "The shop cannot answer right now. Try again in a moment.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            answer::uncached(answer::error(status, "SERVICE_UNAVAILABLE", message))
        }
    }
}
