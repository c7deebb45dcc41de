//! Stripe's stand-in, which is not the shop: a process of its own, on the driver's core.

use super::{Bench, place::Place};
use crate::process::{Running, free_address};
use anyhow::bail;
use std::{
    net::{SocketAddr, TcpStream},
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

/// A sandbox that has not started after so long never will.
const PATIENCE: Duration = Duration::from_secs(10);
/// What it signs its events with: play money needs no secret.
const SIGNED_WITH: &str = "whsec_bench";

/// The sandbox, for one shop.
pub(super) struct Gateway {
    address: SocketAddr,
    running: Running,
}

impl Gateway {
    /// Starts it for a shop that will listen there.
    ///
    /// # Errors
    /// It does not start.
    pub(super) fn start(bench: &Bench<'_>, shop: SocketAddr, place: &Place) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = place.folder_of(bench.cores.on_driver_core(&bench.stoa));
        command.args(["sandbox", "--listen", &address.to_string()]);
        command.args(["--webhook", &format!("http://{shop}/webhooks/stripe")]);
        command.args(["--webhook-secret", SIGNED_WITH]);
        let mut running = Running::start(command, &place.data.join("sandbox.log"))?;
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            running.must_run()?;
            if began.elapsed() > PATIENCE {
                bail!("the sandbox does not start. It said:\n{}", running.said());
            }
            sleep(Duration::from_millis(5));
        }
        Ok(Self { address, running })
    }

    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Points a shop's command at it.
    pub(super) fn given_to(&self, command: &mut Command) {
        command.env("STOA_STRIPE__SECRET_KEY", "sk_test_sandbox");
        command.env("STOA_STRIPE__PUBLISHABLE_KEY", "pk_test_sandbox");
        command.env("STOA_STRIPE__WEBHOOK_SECRETS", SIGNED_WITH);
        command.env("STOA_STRIPE__API_BASE", format!("http://{}", self.address));
    }

    /// Ends it.
    ///
    /// # Errors
    /// It does not end well.
    pub(super) fn stop(self) -> anyhow::Result<()> {
        self.running.stop()
    }
}
