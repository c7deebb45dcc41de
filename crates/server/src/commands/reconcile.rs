//! `stoa reconcile`: what the gateway knows and we do not.

use crate::{
    app::{Beside, open_current_shop},
    config::Config,
    telemetry,
};
use std::{io::Write, process::ExitCode};

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    telemetry::init(config)?;
    let beside = Beside::open(config, open_current_shop(config).await?).await?;
    let done = beside.services.reconcile.run().await;
    beside.close().await?;
    let done = done?;
    let mut out = std::io::stdout();
    let (read, moved, failed) = (done.read, done.moved, done.failed);
    writeln!(
        out,
        "{read} open payments were read from the gateway: {moved} had moved, {failed} could not be read."
    )?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
