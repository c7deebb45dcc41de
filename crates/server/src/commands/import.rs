//! `stoa import FILE…`: products from Shopify product CSV files.

use super::staff::operator;
use crate::{
    app::{Unlocked, open_shop, unlock},
    config::Config,
};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use stoa_services::{
    audit::Witness,
    catalog::import::{ImportProducts, ImportReport, Progress, Refusal},
    system::{SystemClock, SystemIds},
};

/// What SQLite may keep in memory of the indexes that an import fills in no order.
const CACHE_KIB: u32 = 32_000;

pub(super) async fn run(config: &Config, files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut config = config.clone();
    config.database.writer_cache_kib = CACHE_KIB;
    // The log is signed by the root keys.
    let Unlocked { db, roots } = unlock(&config, open_shop(&config).await?, &SystemClock).await?;
    let currency = config.settings.currency;
    let import = ImportProducts::new(db.clone(), Arc::new(SystemClock), Arc::new(SystemIds), currency)
        .witnessed(Witness::new(&operator(), &roots)?);
    let mut total = ImportReport::default();
    let mut broken = 0;
    for file in files {
        let bar = Bar::new(file);
        match import.run(file, &bar).await {
            Ok(report) => total.add(report),
            Err(error) => {
                broken += 1;
                bar.say(&format!("{}: {error}", file.display()));
            }
        }
        bar.0.finish_and_clear();
    }
    let ImportReport { created, updated, unchanged, refused } = total;
    let mut out = std::io::stdout();
    writeln!(out, "{created} created, {updated} updated, {unchanged} unchanged, {refused} refused")?;
    db.close().await?;
    Ok(if refused == 0 && broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A bar over the bytes of a file. Nothing is drawn where nobody watches: indicatif sees that standard error is no terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(file: &Path) -> Self {
        let bytes = std::fs::metadata(file).map_or(0, |m| m.len());
        let style = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes}, {eta} left");
        let bar = ProgressBar::new(bytes)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_message(file.display().to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// A line that stays, above the bar.
    fn say(&self, line: &str) {
        self.0.suspend(|| eprintln!("{line}"));
    }
}

impl Progress for Bar {
    fn at(&self, bytes: u64) {
        self.0.set_position(bytes);
    }

    fn refused(&self, refusal: &Refusal) {
        let Refusal { file, line, handle, reason } = refusal;
        self.say(&format!("{}:{line}: {handle}: {reason}", file.display()));
    }
}
