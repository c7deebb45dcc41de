//! `stoa jobs`: what was given up.

use crate::{app::open_current, config::Config};
use std::{io::Write, process::ExitCode};
use stoa_persistence::outbox;

/// How many are listed.
const MOST: u64 = 100;

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let db = open_current(config).await?;
    let dead = outbox::dead_jobs(db.read(), MOST).await?;
    let waiting = outbox::pending(db.read()).await?;
    let mut out = std::io::stdout().lock();
    for job in &dead {
        let (at, kind, payload) = (job.dead_at.format("%Y-%m-%d %H:%M:%S"), &job.kind, &job.payload);
        writeln!(out, "{at}  {kind} {payload}  after {} attempts: {}", job.attempts, job.last_error)?;
    }
    writeln!(out, "{} given up, {waiting} waiting", dead.len())?;
    db.close().await?;
    Ok(ExitCode::SUCCESS)
}
