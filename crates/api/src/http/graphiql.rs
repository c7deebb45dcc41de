//! GraphiQL, embedded: the page and its files.

use super::{answer, compression};
use axum::{
    extract::Path,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::sync::LazyLock;
use stoa_graphiql::{Asset, CSP, PageOptions};

/// The page's address; its files lie below it.
pub(super) const BASE: &str = "/graphiql";
/// The page asks for each file with its version, so what it gets never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

pub(super) async fn page() -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(|| {
        stoa_graphiql::page(&PageOptions { base: BASE, endpoint: "/graphql", ..Default::default() })
    });
    let headers = [(header::CONTENT_SECURITY_POLICY, CSP), (header::CACHE_CONTROL, "no-cache")];
    (headers, Html(PAGE.as_str())).into_response()
}

pub(super) async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = stoa_graphiql::asset(&path) else { return answer::not_found().await };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|etag| etag == asset.etag) {
        return (StatusCode::NOT_MODIFIED, constants(asset)).into_response();
    }
    let content_type = (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    match asset.gzip.filter(|_| compression::accepts(&headers, "gzip")) {
        Some(gzip) => {
            let encoding = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            (constants(asset), [content_type, encoding], gzip).into_response()
        }
        None => (constants(asset), [content_type], asset.bytes).into_response(),
    }
}

fn constants(asset: Asset) -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CACHE_CONTROL, FOR_EVER),
        (header::ETAG, HeaderValue::from_static(asset.etag)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP)),
    ]
}
