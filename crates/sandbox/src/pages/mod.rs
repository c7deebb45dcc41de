//! The page on which a person pays by hand: card form, 3-D Secure challenge, result.
//!
//! Rendered on the server, without script. What lets somebody act on a payment is its client secret, which every form
//! carries: a foreign page that does not know it can do nothing.

mod pay;
mod return_url;
mod templates;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use url::Url;

pub(crate) use pay::{show, submit};
pub(crate) use templates::Pages;

/// `GET /sandbox/style.css`
pub(crate) async fn style() -> Response {
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    let kept = HeaderValue::from_static("public, max-age=3600");
    let headers = [(header::CONTENT_TYPE, css), (header::CACHE_CONTROL, kept)];
    (headers, include_str!("style.css")).into_response()
}

/// A page, with headers that let it load its style sheet and send its form, and nothing else. Browsers apply
/// `form-action` to the redirect after a form, too, so the origin of the return address stands there.
fn html(status: StatusCode, body: String, return_to: Option<&Url>) -> Response {
    let origin = return_to.map(|url| format!(" {}", url.origin().ascii_serialization())).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self'{origin}; base-uri 'none'; frame-ancestors 'none'"
    );
    let mut response = (status, Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = HeaderValue::from_str(&policy)
        .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Sends the browser on with GET (303).
fn see_other(url: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(url) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let none = HeaderValue::from_static("no-referrer");
    (StatusCode::SEE_OTHER, [(header::LOCATION, location), (header::REFERRER_POLICY, none)]).into_response()
}
