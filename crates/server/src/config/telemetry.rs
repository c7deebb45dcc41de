//! `[metrics]` and `[traces]`: who is told how the shop is doing.

use super::{
    raw::{MetricsSection, TracesSection},
    validate::{InvalidConfig, invalid},
};
use std::net::SocketAddr;
use url::Url;

/// Where traces go, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct TracesConfig {
    /// The base URL of the collector.
    pub otlp: Url,
    /// The part of new traces that is kept, from 0 to 1.
    pub sample: f64,
}

/// `None`: nothing is measured.
pub(super) fn metrics(section: &MetricsSection) -> Result<Option<SocketAddr>, InvalidConfig> {
    let listen = section.listen.trim();
    if listen.is_empty() {
        return Ok(None);
    }
    let address = listen.parse().map_err(|_| {
        invalid("metrics.listen", "must be an address and a port, such as 127.0.0.1:9464, or empty")
    })?;
    Ok(Some(address))
}

/// `None`: nothing is traced.
pub(super) fn traces(section: &TracesSection) -> Result<Option<TracesConfig>, InvalidConfig> {
    if !(0.0..=1.0).contains(&section.sample) {
        return Err(invalid("traces.sample", "must be from 0 (none) to 1 (all)"));
    }
    let otlp = section.otlp.trim();
    if otlp.is_empty() {
        return Ok(None);
    }
    let usable = |url: &Url| matches!(url.scheme(), "http" | "https") && url.query().is_none();
    let otlp = Url::parse(otlp).ok().filter(usable).ok_or_else(|| {
        invalid("traces.otlp", "must be the collector's base URL, such as http://127.0.0.1:4318, or empty")
    })?;
    Ok(Some(TracesConfig { otlp, sample: section.sample }))
}
