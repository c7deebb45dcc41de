//! The import of a catalogue: seconds, and the most memory it took.

use super::{Bench, place::Place};
use crate::{
    catalogue::{self, Catalogue},
    process::{Running, memory},
    report::Import,
};
use anyhow::{Context, bail};
use std::{
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

/// How often the process's memory is looked at. The peak that Linux keeps only grows, so nothing between is missed but what
/// happens right at the end.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Imports a catalogue, and once more, which must change nothing.
///
/// # Errors
/// The import fails, or does not create every product.
pub(super) fn measure(
    bench: &Bench<'_>,
    catalogue: Catalogue,
    place: &Place,
    scratch: &Path,
) -> anyhow::Result<Import> {
    let count = catalogue.ordinary + catalogue.deep;
    let file = scratch.join("catalogue.csv");
    let file_bytes = catalogue::write(catalogue, &file)?;
    fs::create_dir_all(&place.data).with_context(|| format!("{} cannot be made", place.data.display()))?;
    eprintln!("{}: importing {count} products", place.title());
    let first = import(bench, place, &file, &format!("{count} created, 0 updated, 0 unchanged, 0 refused"))?;
    let again = import(bench, place, &file, &format!("0 created, 0 updated, {count} unchanged, 0 refused"))?;
    fs::remove_file(&file).context("removing the catalogue's file")?;
    let database = place.file().and_then(|file| fs::metadata(file).ok()).map_or(0, |file| file.len());
    Ok(Import { catalogue, file_bytes, time: first.time, peak: first.peak, again: again.time, database })
}

struct Run {
    time: Duration,
    /// In KiB.
    peak: u64,
}

fn import(bench: &Bench<'_>, place: &Place, file: &Path, expected: &str) -> anyhow::Result<Run> {
    // Reading and writing go side by side: an import may use every core, as a merchant's would.
    let mut command = place.given_to(bench.cores.on_every_core(&bench.stoa));
    command.arg("import").arg(file);
    let began = Instant::now();
    let mut running = Running::start(command, &place.data.join("import.log"))?;
    let mut peak = 0;
    let well = loop {
        match running.ended()? {
            Some(well) => break well,
            // It may end between the question and the look.
            None => peak = memory(running.pid()).map_or(peak, |memory| memory.peak.max(peak)),
        }
        sleep(LOOK_EVERY);
    };
    let time = began.elapsed();
    let said = running.said();
    if !well || !said.contains(expected) {
        bail!("the import should have said \"{expected}\", but it said:\n{said}");
    }
    Ok(Run { time, peak })
}
