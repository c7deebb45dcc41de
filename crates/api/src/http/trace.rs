//! The span of a request in a trace: where it begins, or goes on from somebody else's.

use super::settings::AppSettings;
use axum::{
    extract::{MatchedPath, Request},
    response::Response,
};
use http::{HeaderMap, HeaderValue};
use std::{fmt, sync::Arc};
use tracing::{Span, field::Empty};

type AdoptFn = dyn Fn(&HeaderMap, &Span) + Send + Sync;

/// Makes a request's span part of the trace that its headers name.
#[derive(Clone)]
pub struct Adopt(Arc<AdoptFn>);

impl Adopt {
    /// How the program reads those headers.
    pub fn new(adopt: impl Fn(&HeaderMap, &Span) + Send + Sync + 'static) -> Self {
        Self(Arc::new(adopt))
    }
}

impl fmt::Debug for Adopt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adopt(…)")
    }
}

/// The span of a request, for those behind who know more about it.
#[derive(Clone, Debug)]
pub(crate) struct RequestSpan(pub(crate) Span);

/// Begins the span; none where nothing is traced. Paths and queries are not in it: they may hold a key.
pub(super) fn begin(settings: &AppSettings, request: &mut Request, id: &HeaderValue) -> Span {
    let Some(Adopt(adopt)) = &settings.traces else { return Span::none() };
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let method = request.method().as_str();
    let name = route.as_ref().map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    let span = tracing::trace_span!(
        target: "stoa::traces",
        "http",
        otel.name = name,
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        "graphql.operation.type" = Empty,
        graphql.operation.name = Empty,
        request.id = id.to_str().unwrap_or_default(),
    );
    adopt(request.headers(), &span);
    request.extensions_mut().insert(RequestSpan(span.clone()));
    span
}

/// Writes down how it was answered.
pub(super) fn end(span: &Span, response: &Response) {
    span.record("http.response.status_code", response.status().as_u16());
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
}
