//! Answers of the API, and their headers.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::value::RawValue;

use crate::{error::ApiError, wire::API_VERSION};

/// A status, a JSON body and, for a replayed answer, the request that it was first given to.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Box<RawValue>,
    pub(super) original_request: Option<String>,
}

impl Answer {
    /// 200.
    pub(super) fn ok(body: Box<RawValue>) -> Self {
        Self { status: StatusCode::OK, body, original_request: None }
    }
}

impl From<ApiError> for Answer {
    fn from(error: ApiError) -> Self {
        Self { status: error.status, body: error.json(), original_request: None }
    }
}

/// What every answer tells about its request.
pub(super) struct Envelope {
    pub(super) request_id: String,
    pub(super) version: Option<HeaderValue>,
    pub(super) idempotency_key: Option<HeaderValue>,
}

impl Envelope {
    /// Writes an answer with Stripe's headers.
    pub(super) fn close(self, answer: Answer) -> Response {
        let mut response = Response::new(Body::from(Box::<str>::from(answer.body).into_string()));
        *response.status_mut() = answer.status;
        let headers = response.headers_mut();
        put(headers, header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        put(headers, header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
        text(headers, HeaderName::from_static("request-id"), &self.request_id);
        let version = self.version.unwrap_or(HeaderValue::from_static(API_VERSION));
        put(headers, HeaderName::from_static("stripe-version"), version);
        if let Some(key) = self.idempotency_key {
            put(headers, HeaderName::from_static("idempotency-key"), key);
            let original = answer.original_request.as_deref().unwrap_or(&self.request_id);
            text(headers, HeaderName::from_static("original-request"), original);
        }
        if answer.original_request.is_some() {
            put(headers, HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));
        }
        if answer.status == StatusCode::UNAUTHORIZED {
            put(headers, header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Stripe\""));
        }
        allow_browsers(headers);
        response
    }
}

/// Stripe's API may be called from any page: what it gives depends on the key alone.
pub(super) fn allow_browsers(headers: &mut HeaderMap) {
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD, PUT, PATCH, POST, DELETE"),
        ("access-control-allow-headers", "Authorization, Content-Type, Idempotency-Key, Stripe-Version"),
        ("access-control-expose-headers", "Request-Id, Idempotent-Replayed"),
        ("access-control-max-age", "300"),
    ] {
        put(headers, HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

fn text(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
