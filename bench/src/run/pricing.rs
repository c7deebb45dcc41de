//! What pricing a cart costs, as criterion has measured it: no server is asked, and no statement runs.

use super::Bench;
use crate::report::{Pricing, PricingCase};
use anyhow::{Context, ensure};
use serde::Deserialize;
use std::{fs, path::Path, time::Duration};

/// What each of the bench's carts is called begins with this; other benches may lie beside them.
const CARTS: &str = "100 lines";

/// What criterion writes of a bench.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

/// In nanoseconds.
#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Reads what the bench of `stoa-domain` has written.
///
/// # Errors
/// It has not run.
pub(super) fn pricing(bench: &Bench<'_>) -> anyhow::Result<Pricing> {
    let folder = bench.args.pricing.as_path();
    let missing = || {
        let folder = folder.display();
        format!("nothing is in {folder}: run `cargo bench -p stoa-domain --bench pricing` first")
    };
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).with_context(missing)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(CARTS) {
            cases.push(PricingCase { time: median(&folder.join(&name))?, name });
        }
    }
    ensure!(!cases.is_empty(), missing());
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Pricing { cases })
}

fn median(case: &Path) -> anyhow::Result<Duration> {
    let path = case.join("new/estimates.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let estimates: Estimates = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    Ok(Duration::from_secs_f64(estimates.median.point_estimate / 1e9))
}
