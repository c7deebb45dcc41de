//! `stoa migrate`: the database's tables.

use crate::{
    app::{connect, open_database},
    cli::MigrateArgs,
    config::Config,
};
use anyhow::Context;
use std::{io::Write, process::ExitCode};
use stoa_persistence::{DbTarget, db::UndoError};

pub(super) async fn run(config: &Config, args: &MigrateArgs) -> anyhow::Result<ExitCode> {
    if let Some(refused) = (args.check || args.down.is_some()).then(|| there_is_none(config)).flatten() {
        writeln!(std::io::stdout(), "{refused}")?;
        return Ok(ExitCode::FAILURE);
    }
    if args.check {
        return check(config).await;
    }
    if let Some(steps) = args.down {
        return down(config, steps, args.lose_data).await;
    }
    open_database(config).await?.close().await?;
    writeln!(std::io::stdout(), "The database is up to date.")?;
    Ok(ExitCode::SUCCESS)
}

/// Not even an empty file is made by who only looks, or undoes.
fn there_is_none(config: &Config) -> Option<String> {
    match &config.database.target {
        DbTarget::Sqlite(file) if !file.exists() => {
            Some(format!("There is no database at {} yet; `stoa migrate` makes it.", file.display()))
        }
        _ => None,
    }
}

/// What a deployment asks before it lets new instances in: changes nothing.
async fn check(config: &Config) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let db = connect(config).await?;
    let pending = db.pending_migrations().await.context("this program cannot use the database")?;
    let ahead = db.compare_migrations().await.context("the database cannot be compared")?.ahead;
    db.close().await?;
    if pending.is_empty() {
        match ahead.len() {
            0 => writeln!(out, "The database is up to date.")?,
            steps => writeln!(
                out,
                "The database is {steps} steps ahead of this program, which can live with them: {}.",
                ahead.join(", ")
            )?,
        }
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

/// Takes back what this program, or an older one, has applied.
async fn down(config: &Config, steps: u32, lose: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    let db = connect(config).await?;
    let undone = db.undo_migrations(steps, lose).await;
    db.close().await?;
    match undone {
        Ok(undone) => {
            writeln!(out, "Undone, the last first:")?;
            for step in undone {
                writeln!(out, "  {step}")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(UndoError::Fault(fault)) => Err(fault).context("the steps cannot be undone; nothing was changed"),
        Err(refusal) => {
            writeln!(out, "Nothing was undone: {refusal}.")?;
            if matches!(refusal, UndoError::Loses(_)) {
                writeln!(out, "With a backup at hand, --lose-data undoes it all the same.")?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
