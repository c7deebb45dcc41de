//! The figures of a run, and how they are shown.

mod goals;
mod markdown;
mod numbers;
#[cfg(test)]
mod tests;

use crate::{
    catalogue::Catalogue,
    load::Figures,
    process::{Machine, Memory},
    scenario::Scenario,
};
use std::time::Duration;

/// Everything that a run has shown.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) setup: Setup,
    /// First starts of the demo.
    pub(crate) demo: ColdStart,
    pub(crate) sizes: Vec<SizeReport>,
    /// Customers signing in; `None` if that was not to be measured.
    pub(crate) sign_ins: Option<SignIns>,
    /// Checks of tokens; `None` if that was not to be measured.
    pub(crate) token_check: Option<TokenCheck>,
    /// What pricing a cart costs; `None` if that was not to be measured.
    pub(crate) pricing: Option<Pricing>,
    /// The import of the largest catalogue; `None` if it had been imported before.
    pub(crate) import: Option<Import>,
}

/// How it was measured.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// The server's core and the driver's, if each had its own.
    pub(crate) cores: Option<(usize, usize)>,
    pub(crate) connections: usize,
    pub(crate) rounds: usize,
    /// Of a slice.
    pub(crate) seconds: f64,
}

/// Starting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColdStart {
    /// From the start of the process to the first answered query: the median.
    pub(crate) time: Duration,
    /// The slowest of them.
    pub(crate) slowest: Duration,
    /// After that first answer.
    pub(crate) memory: Memory,
}

/// A size of the catalogue.
#[derive(Clone, Debug)]
pub(crate) struct SizeReport {
    /// Where the shop keeps its things.
    pub(crate) on: &'static str,
    pub(crate) catalogue: Catalogue,
    pub(crate) cold: ColdStart,
    /// After all the load.
    pub(crate) loaded: Memory,
    pub(crate) plain: Row,
    pub(crate) rows: Vec<(Scenario, Row)>,
    pub(crate) host: Host,
}

/// What the host of the machine has kept to itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Host {
    /// Pairs of slices that count.
    pub(crate) pairs: u32,
    /// Pairs that were measured again since it had kept too much.
    pub(crate) repeated: u32,
    /// What part of the processors' time it kept, added up over those that count.
    pub(crate) stolen: f64,
}

/// A line of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) figures: Figures,
    /// The median latency with one connection and nobody else.
    pub(crate) alone: Duration,
    /// The rate as a part of the plain route's.
    pub(crate) ratio: f64,
    /// SQL statements a unit, if the server tells.
    pub(crate) statements: Option<f64>,
    pub(crate) busy: Busy,
}

/// How much of its core each side used, from 0 to 1; more where it had more than one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Busy {
    pub(crate) server: f64,
    pub(crate) driver: f64,
}

/// Customers signing in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignIns {
    pub(crate) at_once: usize,
    pub(crate) figures: Figures,
    /// Resident memory before anybody came, in KiB.
    pub(crate) before: u64,
    /// The most memory there was, in KiB.
    pub(crate) peak: u64,
}

/// The check of an access token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenCheck {
    /// When its signature is verified.
    pub(crate) first: Duration,
    /// When it is remembered.
    pub(crate) again: Duration,
    /// The mean of a hundred uses of each.
    pub(crate) mixed: Duration,
}

/// What it costs to price a cart.
#[derive(Clone, Debug)]
pub(crate) struct Pricing {
    pub(crate) cases: Vec<PricingCase>,
}

/// A cart.
#[derive(Clone, Debug)]
pub(crate) struct PricingCase {
    /// What it consists of.
    pub(crate) name: String,
    /// The median.
    pub(crate) time: Duration,
}

/// An import.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Import {
    pub(crate) catalogue: Catalogue,
    /// Of the CSV file.
    pub(crate) file_bytes: u64,
    pub(crate) time: Duration,
    /// The most memory it had, in KiB.
    pub(crate) peak: u64,
    /// The same file once more, when nothing changes.
    pub(crate) again: Duration,
    /// Bytes of the database afterwards.
    pub(crate) database: u64,
}
