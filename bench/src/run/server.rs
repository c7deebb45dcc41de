//! The shop that is measured: the release binary, started as anybody would start it.

use super::{Bench, gateway::Gateway, place::Place};
use crate::{
    client::{Connection, Document, check, write_request},
    process::{Memory, Running, cpu_time, free_address, memory},
    scenario::PRODUCT_LIST,
};
use anyhow::{Context, bail};
use std::{
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// Lets the server tell how many SQL statements it has run.
const COUNT_STATEMENTS: &str = "STOA_DEBUG_STATEMENTS";
const STATEMENTS: &str = "GET /debug/statements";
/// Whom the server believes about where clients are.
const PROXY: (&str, &str) = ("STOA_SERVER__TRUSTED_PROXIES", "127.0.0.1");
/// A server that has not answered after so long never will.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a server that starts is asked whether it is there.
const ASK_EVERY: Duration = Duration::from_micros(500);

/// A shop that is running.
pub(super) struct Shop {
    running: Running,
    address: SocketAddr,
    gateway: Option<Gateway>,
    first_answer: Duration,
}

impl Shop {
    /// Starts a shop and waits for its first answer to a query.
    ///
    /// # Errors
    /// It does not start, or does not answer.
    pub(super) fn start(bench: &Bench<'_>, words: &[&str], place: &Place) -> anyhow::Result<Self> {
        Self::start_at(bench, words, place, (free_address()?, None), &[])
    }

    /// The same, believing us when we name clients, as it would a proxy in front of it.
    ///
    /// # Errors
    /// The same.
    pub(super) fn start_behind_proxy(
        bench: &Bench<'_>,
        words: &[&str],
        place: &Place,
    ) -> anyhow::Result<Self> {
        Self::start_at(bench, words, place, (free_address()?, None), &[PROXY])
    }

    /// The same, with a gateway outside.
    ///
    /// # Errors
    /// The same.
    pub(super) fn start_with_gateway(
        bench: &Bench<'_>,
        words: &[&str],
        place: &Place,
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        let gateway = Gateway::start(bench, address, place)?;
        Self::start_at(bench, words, place, (address, Some(gateway)), &[])
    }

    fn start_at(
        bench: &Bench<'_>,
        words: &[&str],
        place: &Place,
        (address, gateway): (SocketAddr, Option<Gateway>),
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let data = &place.data;
        fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
        let mut command = place.given_to(bench.cores.on_server_core(&bench.stoa));
        command.args(words).args(["--listen", &address.to_string()]).env(COUNT_STATEMENTS, "true");
        command.envs(settings.iter().copied());
        gateway.iter().for_each(|gateway| gateway.given_to(&mut command));
        let began = Instant::now();
        let mut running = Running::start(command, &data.join("bench.log"))?;
        loop {
            running.must_run()?;
            if bench.runtime.block_on(asked(address))? {
                return Ok(Self { running, address, gateway, first_answer: began.elapsed() });
            }
            if began.elapsed() > PATIENCE {
                bail!("the server does not answer. It said:\n{}", running.said());
            }
            std::thread::sleep(ASK_EVERY);
        }
    }

    /// From the start of the process to the first answered query.
    pub(super) const fn first_answer(&self) -> Duration {
        self.first_answer
    }

    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where buyers pay: at the gateway, or at the sandbox that the shop itself has.
    pub(super) fn pays_at(&self) -> SocketAddr {
        self.gateway.as_ref().map_or(self.address, Gateway::address)
    }

    /// Its memory.
    ///
    /// # Errors
    /// It has ended.
    pub(super) fn memory(&self) -> anyhow::Result<Memory> {
        memory(self.running.pid())
    }

    /// The processor time it has used.
    ///
    /// # Errors
    /// It has ended.
    pub(super) fn cpu_time(&self) -> anyhow::Result<Duration> {
        cpu_time(self.running.pid())
    }

    /// SQL statements it has run so far; `None` if it does not tell.
    ///
    /// # Errors
    /// It does not answer.
    pub(super) fn statements(&self, runtime: &Runtime) -> anyhow::Result<Option<u64>> {
        runtime.block_on(async {
            let mut connection = Connection::open(self.address).await?;
            let host = self.address.to_string();
            let answer = connection.ask(|out| write_request(out, STATEMENTS, &host, "", b"")).await?;
            match answer.status {
                200 => Ok(Some(std::str::from_utf8(answer.body)?.trim().parse()?)),
                _ => Ok(None),
            }
        })
    }

    /// Ends it as a service manager would.
    ///
    /// # Errors
    /// It does not end well.
    pub(super) fn stop(self) -> anyhow::Result<()> {
        self.running.stop()?;
        self.gateway.map_or(Ok(()), Gateway::stop)
    }
}

/// Whether a query is answered; not yet, if nobody listens.
async fn asked(address: SocketAddr) -> anyhow::Result<bool> {
    let Ok(mut connection) = Connection::open(address).await else { return Ok(false) };
    let list = Document::new(address, PRODUCT_LIST);
    let answer = connection.ask(|out| list.write("{\"first\":20}", out)).await?;
    check(answer).context("the first query")?;
    Ok(true)
}
