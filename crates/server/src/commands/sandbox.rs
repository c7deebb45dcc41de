//! `stoa sandbox`: Stripe's stand-in, without a shop.

use super::serve::StopSignal;
use crate::{app::LoneSandbox, cli::SandboxArgs, config::Config, telemetry};
use std::{io::Write, process::ExitCode};

pub(super) async fn run(config: &Config, args: SandboxArgs) -> anyhow::Result<ExitCode> {
    telemetry::init(config)?;
    let stop = StopSignal::listen()?;
    let webhook = args.webhook.to_string();
    let sandbox = LoneSandbox::start(config, args).await?;
    let mut out = std::io::stdout();
    writeln!(out, "No money moves. Events go to {webhook}. A server uses this sandbox with\n")?;
    for (name, value) in sandbox.settings() {
        writeln!(out, "  {name}={value}")?;
    }
    writeln!(out, "\nCtrl-C stops.")?;
    out.flush()?;
    stop.given().await;
    sandbox.stop().await?;
    Ok(ExitCode::SUCCESS)
}
