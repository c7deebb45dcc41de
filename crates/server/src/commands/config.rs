//! `stoa config`: every setting with its default.

use crate::config::DEFAULTS;
use std::{io::Write, process::ExitCode};

pub(super) fn run() -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(DEFAULTS.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
