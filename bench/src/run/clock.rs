//! How long a server takes to be there, and how much memory it then has.

use super::{Bench, place::Place, server::Shop};
use crate::{load::median, process::Memory, report::ColdStart};
use std::{path::Path, time::Duration};

/// Starts of each kind.
const STARTS: usize = 5;

/// Starts where the catalogue is in already.
///
/// # Errors
/// The server does not start.
pub(super) fn starts(bench: &Bench<'_>, place: &Place) -> anyhow::Result<ColdStart> {
    eprintln!("{}: cold starts", place.title());
    cold(bench, (0..STARTS).map(|_| (["serve"], place.clone())))
}

/// Starts of the demo on folders that are not there yet: the database is made, migrated and filled before the first answer.
///
/// # Errors
/// The server does not start.
pub(super) fn demo(bench: &Bench<'_>, scratch: &Path) -> anyhow::Result<ColdStart> {
    eprintln!("demo: first starts");
    cold(bench, (0..STARTS).map(|at| (["demo"], Place::embedded(scratch.join(format!("demo-{at}"))))))
}

fn cold<'w>(
    bench: &Bench<'_>,
    starts: impl Iterator<Item = ([&'w str; 1], Place)>,
) -> anyhow::Result<ColdStart> {
    let mut times = Vec::new();
    let mut memory = Memory::default();
    for (words, place) in starts {
        let shop = Shop::start(bench, &words, &place)?;
        times.push(shop.first_answer().as_secs_f64());
        memory = shop.memory()?;
        shop.stop()?;
    }
    let slowest = times.iter().copied().fold(0.0, f64::max);
    let time = Duration::from_secs_f64(median(times.into_iter()).unwrap_or(0.0));
    Ok(ColdStart { time, slowest: Duration::from_secs_f64(slowest), memory })
}
