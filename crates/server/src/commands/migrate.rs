//! `stoa migrate`: the database's tables.

use crate::{app::open_database, config::Config};
use std::{io::Write, process::ExitCode};

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    open_database(config).await?.close().await?;
    writeln!(std::io::stdout(), "The database is up to date.")?;
    Ok(ExitCode::SUCCESS)
}
