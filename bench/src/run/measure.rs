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
    let runtime = &bench.runtime;
    let mut plain_crew = scenario::plain(runtime, yardstick.address(), target.connections)?;
    let mut crews = Vec::new();
    for scenario in bench.scenarios.iter().copied() {
        eprintln!("{} products: getting ready: {}", target.catalogue.ordinary, scenario.title());
        crews.push((scenario, scenario::shopping(runtime, target, scenario)?, Course::default()));
    }
    let whole = Duration::from_secs_f64(bench.args.seconds);
    let plain_slice = |crew: &mut Box<dyn Measured>, course: &mut Course| {
        crew.prepare(runtime, target.connections)?;
        slice(bench, crew, course, target.connections, whole / 2, || yardstick.cpu_time())
    };

    let mut plain = Course::default();
    // The first round only warms up: caches, connections, the allocator, the processor's clock.
    for round in 0..=bench.args.rounds {
        eprintln!("{} products: round {round} of {}", target.catalogue.ordinary, bench.args.rounds);
        if round == 1 {
            plain = Course::default();
            crews.iter_mut().for_each(|(_, _, course)| *course = Course::default());
        }
        for (_, crew, course) in &mut crews {
            let beside = plain_slice(&mut plain_crew, &mut plain)?;
            crew.prepare(runtime, target.connections)?;
            let before = shop.statements(runtime)?;
            let rate = slice(bench, crew, course, target.connections, whole, || shop.cpu_time())?;
            let after = shop.statements(runtime)?;
            course.ratios.push(rate / beside);
            if let (Some(before), Some(after), Some(slice)) = (before, after, course.slices.last()) {
                course.statements.push((after - before) as f64 / slice.units().max(1) as f64);
            }
        }
    }
    let mut rows = Vec::new();
    for (scenario, mut crew, course) in crews {
        let alone = alone(bench, &mut crew)?;
        rows.push((scenario, course.row(alone)));
    }
    let alone = alone(bench, &mut plain_crew)?;
    Ok(Rounds { plain: plain.row(alone), rows })
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
