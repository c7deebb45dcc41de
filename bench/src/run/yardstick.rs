//! The plain route, served by another process of this program on the server's core.

use super::Bench;
use crate::process::{Running, cpu_time};
use anyhow::{Context, bail};
use std::{
    net::SocketAddr,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

/// A server of one route that has not started after so long never will.
const PATIENCE: Duration = Duration::from_secs(10);

/// The plain route, being served.
pub(super) struct Yardstick {
    running: Running,
    address: SocketAddr,
}

impl Yardstick {
    /// Starts it.
    ///
    /// # Errors
    /// It does not start.
    pub(super) fn start(bench: &Bench<'_>, folder: &Path) -> anyhow::Result<Self> {
        let own = std::env::current_exe().context("this program cannot find itself")?;
        let mut command = bench.cores.on_server_core(own);
        command.args(["plain", "--listen", "127.0.0.1:0"]);
        let mut running = Running::start(command, &folder.join("plain.log"))?;
        let began = Instant::now();
        loop {
            running.must_run()?;
            if let Some(address) = running.said().strip_suffix('\n') {
                let address = address.parse().with_context(|| format!("not an address: {address}"))?;
                return Ok(Self { running, address });
            }
            if began.elapsed() > PATIENCE {
                bail!("the plain route does not start");
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The processor time it has used.
    ///
    /// # Errors
    /// It has ended.
    pub(super) fn cpu_time(&self) -> anyhow::Result<Duration> {
        cpu_time(self.running.pid())
    }
}
