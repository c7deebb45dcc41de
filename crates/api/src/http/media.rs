//! Pictures that this server has of its own: those of the demo shop.

use super::answer;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
};
use stoa_services::catalog::demo;

/// A day: a drawing changes with a new version of this program, if ever.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// A picture that is opened by itself is a document: nothing in it may run or load.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const SVG: HeaderValue = HeaderValue::from_static("image/svg+xml");

/// `/media/demo/{name}`.
pub(super) async fn demo_picture(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(picture) = demo::picture(&name) else { return answer::not_found().await };
    let etag = etag(&picture);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let constants = [(header::CACHE_CONTROL, A_DAY), (header::CONTENT_SECURITY_POLICY, POLICY)];
    if known {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)], constants).into_response();
    }
    ([(header::ETAG, etag)], constants, [(header::CONTENT_TYPE, SVG)], picture).into_response()
}

/// Changes with the content.
fn etag(content: &str) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
