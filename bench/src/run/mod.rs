//! A run: import, cold start, load, memory; for each size of the catalogue, beside the plain route.

mod accounts;
mod clock;
mod gateway;
mod import;
mod measure;
mod place;
mod pricing;
mod server;
mod yardstick;

use crate::{
    catalogue::{Catalogue, DEEP},
    cli::{LoadArgs, RunArgs},
    load::Figures,
    process::{Cores, Machine},
    report::{Report, Setup, SizeReport},
    scenario::{self, Scenario, Target},
};
use anyhow::{Context, bail};
use place::Place;
use server::Shop;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::runtime::Runtime;

/// What every part of a run needs.
struct Bench<'a> {
    args: &'a RunArgs,
    stoa: PathBuf,
    cores: Cores,
    runtime: Runtime,
    scenarios: Vec<Scenario>,
}

/// Measures everything and writes the report.
///
/// # Errors
/// Something does not run as it should; nothing is written then.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<()> {
    let stoa = args.stoa.canonicalize().with_context(|| {
        format!("{} is not there: build it with `cargo build --release`", args.stoa.display())
    })?;
    let cores = Cores::find()?;
    let machine = Machine::look(&stoa);
    cores.pin_driver()?;
    let scenarios = if args.only.is_empty() { Scenario::ALL.to_vec() } else { args.only.clone() };
    let bench = Bench { args, stoa, cores, runtime: runtime()?, scenarios };
    let report = bench.report(machine)?;
    let text = report.markdown();
    match &args.out {
        Some(file) => write_whole(file, &text),
        None => {
            use std::io::Write as _;
            Ok(std::io::stdout().write_all(text.as_bytes())?)
        }
    }
}

/// Sends one kind of request to a server that runs already.
///
/// # Errors
/// The server does not answer as it should.
pub(crate) fn load(args: &LoadArgs) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let catalogue = Catalogue { ordinary: args.products, deep: args.deep };
    let pays_at = args.pays_at.unwrap_or(args.address);
    let target = Target { address: args.address, pays_at, catalogue, connections: args.connections };
    let mut crew = match &args.mails {
        Some(mails) => scenario::signing_in(&runtime, args.address, mails, args.connections)?,
        None => scenario::shopping(&runtime, target, args.scenario)?,
    };
    crew.prepare(&runtime, args.connections)?;
    crew.slice(&runtime, args.connections, Duration::from_secs(1))?;
    crew.prepare(&runtime, args.connections)?;
    let slice = crew.slice(&runtime, args.connections, Duration::from_secs_f64(args.seconds))?;
    let Figures { rate, p50, p95, p99, requests } = Figures::of(&[slice]);
    eprintln!(
        "{}: {rate:.0} a second, {requests:.1} requests each; p50 {p50:?}, p95 {p95:?}, p99 {p99:?}",
        args.scenario.title()
    );
    Ok(())
}

fn runtime() -> anyhow::Result<Runtime> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().context("the runtime does not start")
}

/// Writes a file in one step, so that a run that is broken off leaves the old one.
fn write_whole(file: &Path, text: &str) -> anyhow::Result<()> {
    let unfinished = file.with_extension("unfinished");
    fs::write(&unfinished, text).with_context(|| format!("{} cannot be written", unfinished.display()))?;
    fs::rename(&unfinished, file).with_context(|| format!("{} cannot be written", file.display()))
}

/// Has everything that was written put on the disk: an import leaves a gigabyte to be written while the next shop is measured, and a
/// Postgres that waits for its disk would wait for that. Where there is no such command, it is measured as it is.
fn let_the_disk_rest() {
    if let Err(error) = std::process::Command::new("sync").status() {
        eprintln!("sync: {error}");
    }
}

impl Bench<'_> {
    fn report(&self, machine: Machine) -> anyhow::Result<Report> {
        let scratch = tempfile::tempdir().context("no folder for the data")?;
        let folder = self.args.keep.as_deref().unwrap_or(scratch.path());
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let largest = self.args.sizes.iter().copied().max().context("no size is given")?;
        // For what is measured by itself no catalogue is needed.
        let shopping = self.scenarios.iter().any(|scenario| scenario.is_shopping());
        let counts: &[u32] = if shopping { &self.args.sizes } else { &[] };
        let demo = clock::demo(self, scratch.path())?;
        let mut import = None;
        let mut sizes = Vec::new();
        for ordinary in counts.iter().copied() {
            let catalogue = Catalogue { ordinary, deep: DEEP };
            let place = Place::embedded(folder.join(format!("products-{ordinary}")));
            let imported = self.stock(catalogue, &place, scratch.path())?;
            if ordinary == largest {
                import = imported;
            }
            sizes.push(self.size(catalogue, &place)?);
        }
        for ordinary in counts.iter().copied() {
            let catalogue = Catalogue { ordinary, deep: DEEP };
            let folder = scratch.path().join(format!("scaled-{ordinary}"));
            if let Some(place) = Place::scaled(self.args, folder, ordinary) {
                self.stock(catalogue, &place, scratch.path())?;
                sizes.push(self.size(catalogue, &place)?);
            }
        }
        let sign_ins = self.wants(Scenario::SignIn).then(|| accounts::sign_ins(self, scratch.path()));
        let sign_ins = sign_ins.transpose()?;
        let token_check =
            self.wants(Scenario::TokenCheck).then(|| accounts::token_check(self)).transpose()?;
        let pricing = self.wants(Scenario::Pricing).then(|| pricing::pricing(self)).transpose()?;
        let setup = Setup {
            cores: self.cores.pair(),
            connections: self.args.connections,
            rounds: self.args.rounds,
            seconds: self.args.seconds,
        };
        Ok(Report { machine, setup, demo, sizes, sign_ins, token_check, pricing, import })
    }

    fn wants(&self, scenario: Scenario) -> bool {
        self.scenarios.contains(&scenario)
    }

    /// Imports the catalogue, unless that was done before.
    fn stock(
        &self,
        catalogue: Catalogue,
        place: &Place,
        scratch: &Path,
    ) -> anyhow::Result<Option<crate::report::Import>> {
        let data = &place.data;
        let done = data.join("imported");
        if done.exists() {
            eprintln!("{}: imported before", data.display());
            return Ok(None);
        }
        if data.exists() {
            bail!("{} is there but not whole: remove it", data.display());
        }
        let imported = import::measure(self, Catalogue { deep: 0, ..catalogue }, place, scratch)?;
        // Afterwards, so that they are the newest and stand together in every order by age.
        import::measure(self, Catalogue { ordinary: 0, ..catalogue }, place, scratch)?;
        fs::write(done, "").context("marking the data folder")?;
        Ok(Some(imported))
    }

    fn size(&self, catalogue: Catalogue, place: &Place) -> anyhow::Result<SizeReport> {
        let_the_disk_rest();
        let cold = clock::starts(self, place)?;
        let shop = Shop::start_with_gateway(self, &["serve"], place)?;
        let target = Target {
            address: shop.address(),
            pays_at: shop.pays_at(),
            catalogue,
            connections: self.args.connections,
        };
        let measured = measure::rounds(self, target, &shop)?;
        let loaded = shop.memory()?;
        shop.stop()?;
        let on = place.title();
        Ok(SizeReport {
            on,
            catalogue,
            cold,
            loaded,
            plain: measured.plain,
            rows: measured.rows,
            host: measured.host,
        })
    }
}
