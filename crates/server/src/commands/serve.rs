//! `stoa serve`: the server, until it is told to stop.

use crate::{
    app::{App, Options},
    config::Config,
    telemetry,
};
use std::process::ExitCode;

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    telemetry::init(&config)?;
    let app = App::start(Options::new(config)).await?;
    tracing::info!(address = %app.address(), url = %app.public_url(), "listening");
    until_told(app).await
}

/// Serves until SIGTERM or Ctrl-C, then lets what is in flight finish.
pub(super) async fn until_told(app: App) -> anyhow::Result<ExitCode> {
    stop_signal().await?;
    tracing::info!("stopping: requests and jobs in flight are finished first");
    app.stop().await?;
    Ok(ExitCode::SUCCESS)
}

async fn stop_signal() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
