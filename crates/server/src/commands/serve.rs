//! `stoa serve`: the server, until it is told to stop.

use crate::{
    app::{App, Options},
    config::Config,
    telemetry::{self, Traces},
};
use std::process::ExitCode;
use tokio::signal::unix::{Signal, SignalKind, signal};

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let traces = telemetry::init_server(&config)?;
    let stop = StopSignal::listen()?;
    let app = Box::pin(App::start(Options::new(config))).await?;
    tracing::info!(address = %app.address(), url = %app.public_url(), "listening");
    if let Some(address) = app.metrics_address() {
        tracing::info!(url = format!("http://{address}/metrics"), "metrics");
    }
    until_told(app, stop, traces).await
}

/// Serves until SIGTERM or Ctrl-C, then lets what is in flight finish.
pub(super) async fn until_told(
    app: App,
    stop: StopSignal,
    traces: Option<Traces>,
) -> anyhow::Result<ExitCode> {
    stop.given().await;
    tracing::info!("stopping: requests and jobs in flight are finished first");
    let stopped = app.stop().await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    stopped.map(|()| ExitCode::SUCCESS)
}

/// SIGTERM and Ctrl-C. Listened for from before the server starts: one that comes while it does is not lost, and does not kill
/// the process half way.
pub(super) struct StopSignal {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignal {
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    pub(super) async fn given(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
