//! The trace that a request says it belongs to (W3C Trace Context).

use http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

/// The one header whose ids are taken over. `tracestate` is other people's, and of any length.
struct Traceparent<'a>(&'a HeaderMap);

impl Extractor for Traceparent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then(|| self.0.get(TRACEPARENT)?.to_str().ok()).flatten()
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

/// Makes the span part of the trace that the request names, if it names one. Before the span is entered.
pub(crate) fn adopt(headers: &HeaderMap, span: &Span) {
    if headers.contains_key(TRACEPARENT) {
        let parent = TraceContextPropagator::new().extract(&Traceparent(headers));
        // It fails where nobody traces.
        let _ = span.set_parent(parent);
    }
}
