//! `stoa migrate`: the database's tables.

use crate::{app::open_database, cli::MigrateArgs, config::Config};
use anyhow::Context;
use std::{io::Write, process::ExitCode};
use stoa_persistence::{Db, DbTarget};

pub(super) async fn run(config: &Config, args: &MigrateArgs) -> anyhow::Result<ExitCode> {
    if args.check {
        return check(config).await;
    }
    open_database(config).await?.close().await?;
    writeln!(std::io::stdout(), "The database is up to date.")?;
    Ok(ExitCode::SUCCESS)
}

/// What a deployment asks before it lets new instances in: changes nothing, not even an empty file.
async fn check(config: &Config) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    if let DbTarget::Sqlite(file) = &config.database.target
        && !file.exists()
    {
        writeln!(out, "There is no database at {} yet; `stoa migrate` makes it.", file.display())?;
        return Ok(ExitCode::FAILURE);
    }
    let db = Db::connect(&config.database).await.context("the database cannot be opened")?;
    let pending = db.pending_migrations().await.context("the database cannot be compared")?;
    db.close().await?;
    if pending.is_empty() {
        writeln!(out, "The database is up to date.")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "The database lacks {} of this version's steps; `stoa migrate` applies them:",
        pending.len()
    )?;
    for step in pending {
        writeln!(out, "  {step}")?;
    }
    Ok(ExitCode::FAILURE)
}
