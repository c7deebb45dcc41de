//! Answers of routes that are not GraphQL: JSON, and errors in the one shape that every client of this server knows.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// An error as GraphQL writes it, so that a GraphQL client that came to the wrong address still finds code and message.
pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": code } }] });
    (status, Json(body)).into_response()
}

/// The error of a request that failed through no fault of its own; the id finds it in the log.
pub(super) fn internal(request_id: &str) -> Response {
    let extensions = json!({ "code": "INTERNAL", "requestId": request_id });
    let body = json!({ "errors": [{ "message": "internal error", "extensions": extensions }] });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

/// No such address.
pub(super) async fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing at this address.")
}

/// The address is right and the method is not; axum adds `allow`.
pub(super) async fn method_not_allowed() -> Response {
    error(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "This address does not take that method.")
}

/// An answer that no cache keeps.
pub(super) fn uncached(answer: impl IntoResponse) -> Response {
    let mut answer = answer.into_response();
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
