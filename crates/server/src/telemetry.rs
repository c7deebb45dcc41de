//! What the program tells of itself: logs, metrics and traces.

mod logs;
pub(crate) mod process;
pub(crate) mod recorder;
pub(crate) mod traces;

pub use logs::{filter, init};
pub use traces::Traces;

use crate::config::Config;

/// Begins to log and, where that is configured, to trace. Call once a process, within a Tokio runtime; [`Traces::end`] is
/// for the very end.
///
/// # Errors
/// `log.level` or `traces.otlp` cannot be used, or somebody logs already.
pub fn init_server(config: &Config) -> anyhow::Result<Option<Traces>> {
    let Some(wanted) = &config.traces else {
        init(config)?;
        return Ok(None);
    };
    let traces = Traces::begin(wanted)?;
    logs::init_beside(config, &traces)?;
    Ok(Some(traces))
}
