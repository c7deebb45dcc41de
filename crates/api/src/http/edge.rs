//! What every request passes first and last: its id, its span and log line, the secure headers, and the net under panics.
//!
//! One function instead of a layer for each, because each layer costs every request an allocation.

use super::{answer, compression, request_id, state::AppState, trace};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use futures_util::FutureExt;
use http::HeaderValue;
use std::{
    any::Any,
    borrow::Cow,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};
use stoa_domain::shared::FaultKind;
use tracing::Instrument;

/// From here on a request is worth a line in the log even if all went well.
const SLOW: Duration = Duration::from_secs(1);
/// How much of an unknown path goes into the log, in characters.
const EXCERPT: usize = 128;

/// Serves a request inside its span.
pub(super) async fn edge(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = app.request_ids().settle(request.headers_mut());
    compression::drop_foreign_encodings(request.headers_mut());
    let trace = trace::begin(app.settings(), &mut request, &id);
    let span = span(&request, &id);
    let place = app.meters().map(|meters| meters.place(&request));
    let traced = trace.clone();
    async move {
        let served = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        let mut response = served.unwrap_or_else(|panic| {
            stoa_services::meters::faults(FaultKind::Internal, 1);
            tracing::error!(panic = reason(&*panic), "a handler panicked");
            answer::internal(text(&id))
        });
        let latency = started.elapsed();
        log(&response, latency);
        trace::end(&traced, &response);
        if let (Some(meters), Some(place)) = (app.meters(), place) {
            meters.answered(place, response.status(), latency);
        }
        let headers = response.headers_mut();
        app.secure_headers().apply(headers);
        headers.insert(request_id::HEADER, id);
        response
    }
    .instrument(span)
    .instrument(trace)
    .await
}

/// The span of a request. A route stands for its path: the path itself may hold a key (`/orders/{token}`), as may a query.
fn span(request: &Request, id: &HeaderValue) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>();
    let path = route.map_or_else(|| unknown(request.uri().path()), |route| route.as_str().into());
    tracing::info_span!("http.request", http.method = %request.method(), http.path = &*path, request.id = text(id))
}

/// What is told of a path that is no route: its first part. The rest may be a key with a slip of the hand beside it.
fn unknown(path: &str) -> Cow<'_, str> {
    let end = path.char_indices().nth(EXCERPT).map_or(path.len(), |(end, _)| end);
    match path[..end].char_indices().skip(1).find(|(_, letter)| *letter == '/') {
        Some((slash, _)) => format!("{}/…", &path[..slash]).into(),
        None => path[..end].into(),
    }
}

/// The one line of a request. Quick successes are told at `debug`: at tens of thousands a second nobody reads them.
fn log(response: &Response, latency: Duration) {
    let http_status = response.status().as_u16();
    let http_latency_us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(http.status = http_status, http.latency_us = http_latency_us, "answered")
        };
    }
    match http_status {
        500.. => line!(warn),
        400.. => line!(info),
        _ if latency >= SLOW => line!(info),
        _ => line!(debug),
    }
}

/// What a panic said.
fn reason(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("of an unknown kind")
}

/// An id that [`request_id`] has settled is plain text.
fn text(id: &HeaderValue) -> &str {
    id.to_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_unknown_path_the_first_part_is_told() {
        for (path, told) in [
            ("/", "/"),
            ("/orderz", "/orderz"),
            ("/orders/SeCr3t/pay/x", "/orders/…"),
            ("/orders/SeCr3t%20", "/orders/…"),
            ("//orders/SeCr3t", "//…"),
        ] {
            assert_eq!(unknown(path), told);
        }
        assert_eq!(unknown(&format!("/{}", "ä".repeat(500))).chars().count(), EXCERPT);
    }
}
