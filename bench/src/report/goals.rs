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
        Scenario::List | Scenario::Page => Some(Goal { minimum: 0.10, aim: 0.25 }),
        Scenario::Deep => Some(Goal { minimum: 0.01, aim: 0.05 }),
        Scenario::AddLine => Some(Goal { minimum: 0.03, aim: 0.05 }),
        // Ten times what Vendure 3.7 places on such a machine.
        Scenario::Purchase => Some(Goal { minimum: 0.002, aim: 0.004 }),
        Scenario::PageOnce | Scenario::SignIn | Scenario::TokenCheck | Scenario::Pricing => None,
    }
}

/// The p99 of a server that is kept busy is at most so many times its p50.
pub(super) const TAIL: f64 = 4.0;
/// A server has at most this much memory, in KiB, whatever the catalogue.
pub(super) const MEMORY: u64 = 150_000_000 / 1024;
/// Lists and pages of the largest catalogue are served at this part of the smallest one's rate, at least.
pub(super) const LARGE: f64 = 0.7;
/// A server answers its first query within this.
pub(super) const COLD_START: Duration = Duration::from_secs(1);
/// 100,000 products of 3 variants are imported within this, on two cores.
pub(super) const IMPORT: Duration = Duration::from_secs(60);
/// And within this memory, in KiB.
pub(super) const IMPORT_PEAK: u64 = 250_000_000 / 1024;

/// Two hundred who sign in at once take no more than this beyond what any load may take, in KiB.
pub(super) const SIGN_INS: u64 = MEMORY + 64 * 1024;
/// An access token is checked within this: in the mean of a hundred uses, of which the first is the dearest.
pub(super) const TOKEN_CHECK: Duration = Duration::from_micros(20);
/// A cart of 100 lines is priced within this, with 200 promotions.
pub(super) const PRICING: Duration = Duration::from_millis(1);

/// How a figure stands to its bound.
pub(super) const fn verdict(kept: bool) -> &'static str {
    if kept { "kept" } else { "**missed**" }
}
