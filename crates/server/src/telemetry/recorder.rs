//! The recorder of metrics: one a process, behind the `metrics` facade, rendered for Prometheus.

use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::{Mutex, PoisonError};

/// The bounds of all durations, in seconds: from an answer out of memory to one that has been waited for too long.
const SECONDS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);

/// Begins to record, or goes on: a second server of the same process shares the figures of the first.
///
/// # Errors
/// Somebody else records already.
pub(crate) fn install() -> anyhow::Result<PrometheusHandle> {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*installed {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_duration_seconds".to_owned()), &SECONDS)
        .context("the buckets of the metrics")?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder)
        .map_err(|_| anyhow::anyhow!("somebody records metrics already"))?;
    stoa_services::meters::register();
    stoa_api::meters::register();
    Ok(installed.insert(handle).clone())
}
