//! The import of a catalogue: seconds, and the most memory it took.

use super::{Bench, server::on_folder};
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

/// Imports a catalogue into a data folder, and once more, which must change nothing.
///
/// # Errors
/// The import fails, or does not create every product.
pub(super) fn measure(
    bench: &Bench<'_>,
    catalogue: Catalogue,
    data: &Path,
    scratch: &Path,
) -> anyhow::Result<Import> {
    let count = catalogue.ordinary + catalogue.deep;
    let file = scratch.join("catalogue.csv");
    let file_bytes = catalogue::write(catalogue, &file)?;
    fs::create_dir_all(data).with_context(|| format!("{} cannot be made", data.display()))?;
    eprintln!("{}: importing {count} products", data.display());
    let first = import(bench, data, &file, &format!("{count} created, 0 updated, 0 unchanged, 0 refused"))?;
    let again = import(bench, data, &file, &format!("0 created, 0 updated, {count} unchanged, 0 refused"))?;
    fs::remove_file(&file).context("removing the catalogue's file")?;
    let database = fs::metadata(data.join("stoa.db")).map_or(0, |file| file.len());
    Ok(Import { catalogue, file_bytes, time: first.time, peak: first.peak, again: again.time, database })
}

struct Run {
    time: Duration,
    /// In KiB.
    peak: u64,
}

fn import(bench: &Bench<'_>, data: &Path, file: &Path, expected: &str) -> anyhow::Result<Run> {
    // Reading and writing go side by side: an import may use every core, as a merchant's would.
    let mut command = on_folder(bench.cores.on_every_core(&bench.stoa), data);
    command.arg("import").arg(file);
    let began = Instant::now();
    let mut running = Running::start(command, &data.join("import.log"))?;
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
