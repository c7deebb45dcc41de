//! Logs, to standard error: one line an event, as text for people or as JSON for machines.

use super::traces::{self, Traces};
use crate::config::{Config, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Libraries that tell at INFO what only their own authors want to know, and two that at TRACE tell what opens something: every message of
/// a WebSocket, with whatever passwords and tokens are in it, and the path of every page, where orders have their tokens and carts their
/// ids. A directive of the person's for the very same library comes after it and wins.
const QUIET: &str = "sea_orm_migration=warn,tungstenite=info,tower_http::csrf=info";

/// Begins to log. Call once a process.
///
/// # Errors
/// `log.level` cannot be read, or somebody logs already.
pub fn init(config: &Config) -> anyhow::Result<()> {
    // One filter before everything, which is cheaper than one of the log alone.
    let begun = match config.log_format {
        LogFormat::Text => tracing_subscriber::registry().with(filter(config)?).with(text()).try_init(),
        LogFormat::Json => tracing_subscriber::registry().with(filter(config)?).with(json()).try_init(),
    };
    begun.map_err(|e| anyhow::anyhow!("logs cannot begin: {e}"))
}

/// The same beside traces, which have a filter of their own.
pub(super) fn init_beside(config: &Config, traces: &Traces) -> anyhow::Result<()> {
    let logs = match config.log_format {
        LogFormat::Text => text().with_filter(filter(config)?).boxed(),
        LogFormat::Json => json().with_filter(filter(config)?).boxed(),
    };
    let begun = tracing_subscriber::registry().with(logs).with(traces.layer()).try_init();
    begun.map_err(|e| anyhow::anyhow!("logs cannot begin: {e}"))
}

/// What is logged: `log.level`, but for what nobody wants to read and what nobody should.
///
/// # Errors
/// `log.level` cannot be read.
pub fn filter(config: &Config) -> anyhow::Result<EnvFilter> {
    // Spans of traces say nothing that the log does not say.
    let directives = format!("{QUIET},{},{}=off", config.log_level, traces::TARGET);
    EnvFilter::try_new(directives)
        .map_err(|e| anyhow::anyhow!("configuration: log.level: {e}; try info, or info,stoa_services=debug"))
}

type Lines<S, N, E> = fmt::Layer<S, N, E, fn() -> std::io::Stderr>;

fn lines<S>() -> Lines<S, fmt::format::DefaultFields, fmt::format::Format> {
    // Colours are for screens: in a file their codes only stand between words.
    let colours = std::io::stderr().is_terminal();
    fmt::layer().with_writer(std::io::stderr as fn() -> std::io::Stderr).with_ansi(colours).with_target(false)
}

fn text<S>() -> Lines<S, fmt::format::DefaultFields, fmt::format::Format<fmt::format::Compact>> {
    lines().compact()
}

fn json<S>() -> Lines<S, fmt::format::JsonFields, fmt::format::Format<fmt::format::Json>> {
    lines().json().flatten_event(true)
}
