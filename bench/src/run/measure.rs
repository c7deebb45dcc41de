//! Round after round: a slice of the plain route, a slice of the shop, and so on through everything shoppers do.
//!
//! Machines are noisy, so what is compared stands side by side in time, and of the rounds the median counts.

use super::{Bench, server::Shop, yardstick::Yardstick};
use crate::{
    load::{Figures, Measured, Slice, median},
    process::cpu_time,
    report::{Busy, Row},
    scenario::{self, Scenario, Target},
};
use std::time::Duration;

/// How long the crew of one connection sends.
const ALONE: Duration = Duration::from_secs(1);

/// What the rounds have shown.
pub(super) struct Rounds {
    pub(super) plain: Row,
    pub(super) rows: Vec<(Scenario, Row)>,
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
    let mut beside = Beside { bench, target, shop, yardstick, plain_crew, plain: Course::default() };
    let mut crews = Vec::new();
    for scenario in bench.scenarios.iter().copied().filter(|scenario| scenario.is_shopping()) {
        eprintln!("{} products: getting ready: {}", target.catalogue.ordinary, scenario.title());
        crews.push((scenario, scenario::shopping(&bench.runtime, target, scenario)?, Course::default()));
    }
    for (_, crew, course) in crews.iter_mut().filter(|(scenario, ..)| scenario.is_gone_through_first()) {
        eprintln!("{} products: going through everything once", target.catalogue.ordinary);
        beside.slices(crew, course)?;
        while !crew.is_through() {
            beside.slices(crew, course)?;
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
            beside.slices(crew, course)?;
        }
    }
    let mut rows = Vec::new();
    for (scenario, mut crew, course) in crews {
        let alone = alone(bench, &mut crew)?;
        rows.push((scenario, course.row(alone)));
    }
    let alone = alone(bench, &mut beside.plain_crew)?;
    Ok(Rounds { plain: beside.plain.row(alone), rows })
}

/// A shop, and the plain route beside it.
struct Beside<'a, 'b> {
    bench: &'a Bench<'b>,
    target: Target,
    shop: &'a Shop,
    yardstick: Yardstick,
    plain_crew: Box<dyn Measured>,
    plain: Course,
}

impl Beside<'_, '_> {
    /// A slice of the plain route, and right behind it one of the shop.
    fn slices(&mut self, crew: &mut Box<dyn Measured>, course: &mut Course) -> anyhow::Result<()> {
        let (bench, connections) = (self.bench, self.target.connections);
        let runtime = &bench.runtime;
        let whole = Duration::from_secs_f64(bench.args.seconds);
        self.plain_crew.prepare(runtime, connections)?;
        let plain = slice(bench, &mut self.plain_crew, &mut self.plain, connections, whole / 2, || {
            self.yardstick.cpu_time()
        })?;
        crew.prepare(runtime, connections)?;
        let before = self.shop.statements(runtime)?;
        let rate = slice(bench, crew, course, connections, whole, || self.shop.cpu_time())?;
        let after = self.shop.statements(runtime)?;
        course.ratios.push(rate / plain);
        if let (Some(before), Some(after), Some(slice)) = (before, after, course.slices.last()) {
            course.statements.push((after - before) as f64 / slice.units().max(1) as f64);
        }
        Ok(())
    }
}

/// Sends for a while, keeps what came of it, and gives the rate.
fn slice(
    bench: &Bench<'_>,
    crew: &mut Box<dyn Measured>,
    course: &mut Course,
    connections: usize,
    length: Duration,
    server_time: impl Fn() -> anyhow::Result<Duration>,
) -> anyhow::Result<f64> {
    let own = std::process::id();
    let before = (server_time()?, cpu_time(own)?);
    let slice = crew.slice(&bench.runtime, connections, length)?;
    let share = |used: Duration| used.as_secs_f64() / slice.elapsed.as_secs_f64();
    course.server.push(share(server_time()? - before.0));
    course.driver.push(share(cpu_time(own)? - before.1));
    let rate = slice.rate();
    course.slices.push(slice);
    Ok(rate)
}

/// The median latency on one connection, with nobody else there.
fn alone(bench: &Bench<'_>, crew: &mut Box<dyn Measured>) -> anyhow::Result<Duration> {
    crew.prepare(&bench.runtime, 1)?;
    Ok(crew.slice(&bench.runtime, 1, ALONE)?.quantile(0.5))
}
