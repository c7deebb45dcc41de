//! The exporter, and one word in the log when it fails: a collector that is away fails every few seconds.

use opentelemetry_otlp::SpanExporter as Otlp;
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};
use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How often failures are told.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// Tells when spans are lost.
#[derive(Debug)]
pub(super) struct Reporting {
    exporter: Otlp,
    told: Mutex<Option<Instant>>,
}

impl Reporting {
    pub(super) const fn new(exporter: Otlp) -> Self {
        Self { exporter, told: Mutex::new(None) }
    }

    /// Whether it is time to tell again.
    fn is_news(&self) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let news = told.is_none_or(|last| last.elapsed() >= TELL_EVERY);
        if news {
            *told = Some(Instant::now());
        }
        news
    }
}

impl SpanExporter for Reporting {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let sent = self.exporter.export(batch).await;
        if let Err(error) = &sent
            && self.is_news()
        {
            tracing::warn!(%error, spans, "traces are not taken; they are dropped until the collector answers");
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
