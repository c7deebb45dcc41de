//! Logs, to standard error: one line an event, as text for people or as JSON for machines.

use crate::config::{Config, LogFormat};
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, fmt};

/// Libraries that tell at INFO what only their own authors want to know. A directive of the person's comes after it and wins.
const QUIET: &str = "sea_orm_migration=warn";

/// Begins to log. Call once a process.
///
/// # Errors
/// `log.level` cannot be read, or somebody logs already.
pub fn init(config: &Config) -> anyhow::Result<()> {
    let directives = format!("{QUIET},{}", config.log_level);
    let filter = EnvFilter::try_new(directives).map_err(|e| {
        anyhow::anyhow!("configuration: log.level: {e}; try info, or info,stoa_services=debug")
    })?;
    // Colours are for screens: in a file their codes only stand between words.
    let colours = std::io::stderr().is_terminal();
    let logs =
        fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).with_target(false);
    let begun = match config.log_format {
        LogFormat::Text => logs.compact().try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    begun.map_err(|e| anyhow::anyhow!("logs cannot begin: {e}"))
}
