//! Traces: from HTTP to SQL, Redis and the payment gateway, sent to a collector by OTLP over HTTP.
//!
//! Spans for traces alone have the target `stoa::traces`. Where nothing is traced nobody wants them, and they cost a look at a
//! flag each. Spans are gathered and sent in batches, beside requests; when the collector is away they are dropped.

mod exporter;
mod parent;
mod statements;

pub(crate) use parent::adopt;
pub(crate) use statements::StatementSpans;

use crate::config::TracesConfig;
use anyhow::Context;
use exporter::Reporting;
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    runtime::Tokio,
    trace::{Sampler, SdkTracer, SdkTracerProvider, span_processor_with_async_runtime::BatchSpanProcessor},
};
use std::time::Duration;
use tracing::{Level, Metadata, Subscriber};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

/// The target of spans that are for traces alone.
pub(crate) const TARGET: &str = "stoa::traces";
/// The span of a request in the log, for which traces have one of their own.
const LOGGED_REQUEST: &str = "http.request";
/// How long the collector may take for a batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the last spans may take to be sent at the end.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Sends spans, until it is told that there are no more.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Prepares to send. Needs a Tokio runtime, but no collector.
    pub(super) fn begin(config: &TracesConfig) -> anyhow::Result<Self> {
        let endpoint = format!("{}/v1/traces", config.otlp.as_str().trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_timeout(PATIENCE)
            .build()
            .context("configuration: traces.otlp")?;
        let resource = Resource::builder()
            .with_service_name("stoa")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(BatchSpanProcessor::builder(Reporting::new(exporter), Tokio).build())
            // By the trace's id alone: its spans agree, and so do programs that trace the same part. What a stranger's
            // traceparent wishes does not decide what is kept here.
            .with_sampler(Sampler::TraceIdRatioBased(config.sample))
            .with_resource(resource)
            .build();
        opentelemetry::global::set_tracer_provider(provider.clone());
        Ok(Self(provider))
    }

    /// What hands spans over, and the few events worth keeping with them.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let tracer: SdkTracer = self.0.tracer("stoa");
        OpenTelemetryLayer::new(tracer)
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(is_traced))
    }

    /// Sends what is left.
    pub async fn end(self) {
        // It waits for the answer, and must not do so where requests are served.
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST_WORDS));
        if let Ok(Ok(Err(error))) = tokio::time::timeout(LAST_WORDS, ended).await {
            tracing::debug!(%error, "the last spans were not sent");
        }
    }
}

/// Our own spans: those for traces, and those of use cases. Libraries' are not for the shop's operator.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    if metadata.target() == TARGET {
        return true;
    }
    let most = if metadata.is_span() { Level::INFO } else { Level::WARN };
    metadata.target().starts_with("stoa")
        && *metadata.level() <= most
        && !(metadata.is_span() && metadata.name() == LOGGED_REQUEST)
}
