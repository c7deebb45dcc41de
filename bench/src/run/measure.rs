//! Round after round: a slice of the plain route, a slice of the shop, and so on through everything shoppers do.
//!
//! Machines are noisy, so what is compared stands side by side in time, and of the rounds the median counts. What was measured while the
//! host gave the processors to others is measured again, a few times at most.

use super::{Bench, server::Shop, yardstick::Yardstick};
use crate::{
    load::{Figures, Measured, Slice, median},
    process::{HostTime, cpu_time},
    report::{Busy, Host, Row},
    scenario::{self, Scenario, Target},
};
use std::time::Duration;

/// How long the crew of one connection sends.
const ALONE: Duration = Duration::from_secs(1);
/// A slice in which the host kept more of the processors' time than this is measured again,
const STOLEN: f64 = 0.02;
/// so often at most,
const AGAIN: u32 = 4;
/// after this.
const REST: Duration = Duration::from_secs(3);

/// What the rounds have shown.
pub(super) struct Rounds {
    pub(super) plain: Row,
    pub(super) rows: Vec<(Scenario, Row)>,
    pub(super) host: Host,
}

/// A slice of the plain route and one of the shop right behind it.
struct Pair {
    plain: Taken,
    shop: Taken,
    /// Statements a unit.
    statements: Option<f64>,
    /// What part of the processors' time the host kept meanwhile.
    stolen: f64,
}

/// A slice, and how much of its core each side used in it.
struct Taken {
    slice: Slice,
    server: f64,
    driver: f64,
}

/// Slices of one thing, and what they cost.
#[derive(Default)]
struct Course {
    slices: Vec<Slice>,
    /// Rate beside the plain route's of the slice before.
    ratios: Vec<f64>,
    /// Statements a unit; nothing where the server does not tell.
    statements: Vec<f64>,
    server: Vec<f64>,
    driver: Vec<f64>,
}

impl Course {
    fn take(&mut self, Taken { slice, server, driver }: Taken) {
        self.slices.push(slice);
        self.server.push(server);
        self.driver.push(driver);
    }

    fn row(self, alone: Duration) -> Row {
        let busy = Busy {
            server: median(self.server.into_iter()).unwrap_or(0.0),
            driver: median(self.driver.into_iter()).unwrap_or(0.0),
        };
        Row {
            figures: Figures::of(&self.slices),
            alone,
            ratio: median(self.ratios.into_iter()).unwrap_or(1.0),
            statements: median(self.statements.into_iter()),
            busy,
        }
    }
}

/// Measures a shop beside the plain route.
///
/// # Errors
/// The shop, or the route, does not answer as it should.
pub(super) fn rounds(bench: &Bench<'_>, target: Target, shop: &Shop) -> anyhow::Result<Rounds> {
    let folder = tempfile::tempdir()?;
    let yardstick = Yardstick::start(bench, folder.path())?;
    let plain_crew = scenario::plain(&bench.runtime, yardstick.address(), target.connections)?;
    let (plain, host) = (Course::default(), Host::default());
    let mut beside = Beside { bench, target, shop, yardstick, plain_crew, plain, host };
    let mut crews = Vec::new();
    for scenario in bench.scenarios.iter().copied().filter(|scenario| scenario.is_shopping()) {
        eprintln!("{} products: getting ready: {}", target.catalogue.ordinary, scenario.title());
        crews.push((scenario, scenario::shopping(&bench.runtime, target, scenario)?, Course::default()));
    }
    for (_, crew, course) in crews.iter_mut().filter(|(scenario, ..)| scenario.is_gone_through_first()) {
        eprintln!("{} products: going through everything once", target.catalogue.ordinary);
        // No second time: what was asked for once is in memory then.
        beside.slices(crew, course, 0)?;
        while !crew.is_through() {
            beside.slices(crew, course, 0)?;
        }
    }
    // The first round only warms up: caches, connections, the allocator, the processor's clock.
    for round in 0..=bench.args.rounds {
        eprintln!("{} products: round {round} of {}", target.catalogue.ordinary, bench.args.rounds);
        let in_rounds = |scenario: Scenario| scenario != Scenario::PageOnce;
        if round == 1 {
            beside.plain = Course::default();
            let measured = crews.iter_mut().filter(|(scenario, ..)| in_rounds(*scenario));
            measured.for_each(|(_, _, course)| *course = Course::default());
        }
        for (_, crew, course) in crews.iter_mut().filter(|(scenario, ..)| in_rounds(*scenario)) {
            beside.slices(crew, course, AGAIN)?;
        }
    }
    let mut rows = Vec::new();
    for (scenario, mut crew, course) in crews {
        let alone = alone(bench, &mut crew)?;
        rows.push((scenario, course.row(alone)));
    }
    let alone = alone(bench, &mut beside.plain_crew)?;
    Ok(Rounds { plain: beside.plain.row(alone), rows, host: beside.host })
}

/// A shop, and the plain route beside it.
struct Beside<'a, 'b> {
    bench: &'a Bench<'b>,
    target: Target,
    shop: &'a Shop,
    yardstick: Yardstick,
    plain_crew: Box<dyn Measured>,
    plain: Course,
    host: Host,
}

impl Beside<'_, '_> {
    /// A pair of slices. Where the host has disturbed it, another is taken, so often at most, and the calmest of them counts.
    fn slices(
        &mut self,
        crew: &mut Box<dyn Measured>,
        course: &mut Course,
        again: u32,
    ) -> anyhow::Result<()> {
        let mut pair = self.pair(crew)?;
        for _ in 0..again {
            if pair.stolen <= STOLEN {
                break;
            }
            self.host.repeated += 1;
            std::thread::sleep(REST);
            let other = self.pair(crew)?;
            if other.stolen < pair.stolen {
                pair = other;
            }
        }
        self.host.pairs += 1;
        self.host.stolen += pair.stolen;
        course.ratios.push(pair.shop.slice.rate() / pair.plain.slice.rate());
        course.statements.extend(pair.statements);
        course.take(pair.shop);
        self.plain.take(pair.plain);
        Ok(())
    }

    /// A slice of the plain route, and right behind it one of the shop.
    fn pair(&mut self, crew: &mut Box<dyn Measured>) -> anyhow::Result<Pair> {
        let (bench, connections) = (self.bench, self.target.connections);
        let runtime = &bench.runtime;
        let whole = Duration::from_secs_f64(bench.args.seconds);
        self.plain_crew.prepare(runtime, connections)?;
        let begun = HostTime::now();
        let plain = slice(bench, &mut self.plain_crew, connections, whole / 2, || self.yardstick.cpu_time())?;
        let stolen_from_plain = stolen_since(begun);
        crew.prepare(runtime, connections)?;
        let before = self.shop.statements(runtime)?;
        let begun = HostTime::now();
        let shop = slice(bench, crew, connections, whole, || self.shop.cpu_time())?;
        let stolen = stolen_since(begun).max(stolen_from_plain);
        let after = self.shop.statements(runtime)?;
        let a_unit = |(before, after): (u64, u64)| (after - before) as f64 / shop.slice.units().max(1) as f64;
        let statements = before.zip(after).map(a_unit);
        Ok(Pair { plain, shop, statements, stolen })
    }
}

/// What part of the processors' time was stolen since; none where the system does not tell.
fn stolen_since(begun: Option<HostTime>) -> f64 {
    begun.zip(HostTime::now()).map_or(0.0, |(before, now)| now.stolen_since(before))
}

/// Sends for a while.
fn slice(
    bench: &Bench<'_>,
    crew: &mut Box<dyn Measured>,
    connections: usize,
    length: Duration,
    server_time: impl Fn() -> anyhow::Result<Duration>,
) -> anyhow::Result<Taken> {
    let own = std::process::id();
    let before = (server_time()?, cpu_time(own)?);
    let slice = crew.slice(&bench.runtime, connections, length)?;
    let share = |used: Duration| used.as_secs_f64() / slice.elapsed.as_secs_f64();
    let server = share(server_time()? - before.0);
    let driver = share(cpu_time(own)? - before.1);
    Ok(Taken { slice, server, driver })
}

/// The median latency on one connection, with nobody else there.
fn alone(bench: &Bench<'_>, crew: &mut Box<dyn Measured>) -> anyhow::Result<Duration> {
    crew.prepare(&bench.runtime, 1)?;
    Ok(crew.slice(&bench.runtime, 1, ALONE)?.quantile(0.5))
}
