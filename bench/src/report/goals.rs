//! What the figures are held against.

use crate::scenario::Scenario;
use std::time::Duration;

/// Parts of the plain route's rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Goal {
    /// What there must be at least.
    pub(super) minimum: f64,
    /// What the project aims at.
    pub(super) aim: f64,
}

/// The goal of a scenario, if it has one.
pub(super) const fn goal(scenario: Scenario) -> Option<Goal> {
    match scenario {
        Scenario::List | Scenario::Page => Some(Goal { minimum: 0.05, aim: 0.25 }),
        Scenario::Deep => Some(Goal { minimum: 0.005, aim: 0.05 }),
        Scenario::AddLine => Some(Goal { minimum: 0.02, aim: 0.05 }),
        Scenario::PageOnce | Scenario::Purchase => None,
    }
}

/// A server answers its first query within this.
pub(super) const COLD_START: Duration = Duration::from_secs(1);
/// 100,000 products of 3 variants are imported within this, on two cores.
pub(super) const IMPORT: Duration = Duration::from_secs(60);
/// And within this memory, in KiB.
pub(super) const IMPORT_PEAK: u64 = 250_000_000 / 1024;

/// How a figure stands to its bound.
pub(super) const fn verdict(kept: bool) -> &'static str {
    if kept { "kept" } else { "**missed**" }
}
