//! Logs, to standard error: one line an event, as text for people or as JSON for machines.

use crate::config::{Config, LogFormat};
use tracing_subscriber::{EnvFilter, fmt};

/// Begins to log. Call once a process.
///
/// # Errors
/// `log.level` cannot be read, or somebody logs already.
pub fn init(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log_level).map_err(|e| {
        anyhow::anyhow!("configuration: log.level: {e}; try info, or info,stoa_services=debug")
    })?;
    let logs = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let begun = match config.log_format {
        LogFormat::Text => logs.compact().try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    begun.map_err(|e| anyhow::anyhow!("logs cannot begin: {e}"))
}
