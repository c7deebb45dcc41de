//! The time a request may take, for routes that keep none of their own.

use super::answer;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::StatusCode;
use std::time::Duration;

/// Ends a request that takes longer.
pub(super) async fn deadline(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!("a request took too long and was ended");
            answer::error(StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT", "The request took too long. Try again.")
        }
    }
}
