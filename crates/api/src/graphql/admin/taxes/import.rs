//! Tables of rates on their way in, and what came of them.

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};
use stoa_services::admin::{TaxImport, TaxSource};

/// A table of rates that ships with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TaxRatesPreset {
    /// The value added taxes of the 27 member states of the European Union: standard rates, and reduced ones for the categories `reduced`, `reduced-2` and
    /// `super-reduced`. Which goods those are for, each state says for itself.
    EuVat,
}

/// Where a table of rates comes from.
#[derive(Clone, Debug, OneofObject)]
pub enum TaxRatesSourceInput {
    /// Comma-separated values, 1 MiB and 20,000 lines at most, with a header of `country`, `name` and `percent`, and of any of `province`, `postal_from`, `postal_to`,
    /// `level`, `category`, `compound`, `on_delivery`, `from` and `until` (days, in UTC). Lines that begin with `#` are left out; one such as `# as of 2026-11-01` says of
    /// which day the table is. An empty category, or `standard`, is all goods that no other rate of the place is for.
    Csv(String),
    /// One that ships with the server.
    Preset(TaxRatesPreset),
}

/// A table of rates to be imported.
#[derive(Clone, Debug, InputObject)]
pub struct TaxRatesImportInput {
    /// Whether nothing is to be written, and only told what would come of it.
    #[graphql(default)]
    pub dry_run: bool,
    /// The table.
    pub source: TaxRatesSourceInput,
}

impl From<TaxRatesSourceInput> for TaxSource {
    fn from(source: TaxRatesSourceInput) -> Self {
        match source {
            TaxRatesSourceInput::Csv(text) => Self::Csv(text),
            TaxRatesSourceInput::Preset(TaxRatesPreset::EuVat) => Self::EuVat,
        }
    }
}

/// What came of an import of rates, or would come of it.
#[derive(Clone, Debug, SimpleObject)]
pub struct TaxRatesImport {
    /// The day the table says it is of, such as `2026-11-01`; null where it says none.
    pub as_of: Option<String>,
    /// Categories that were made, since the table names them.
    pub categories_made: u32,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Rates of the table.
    pub rates: u32,
    /// Zones that have other rates than before.
    pub zones_changed: u32,
    /// Zones that were made.
    pub zones_made: u32,
    /// Zones that had just these rates already.
    pub zones_unchanged: u32,
}

impl TaxRatesImport {
    /// As the service tells it.
    pub(in crate::graphql::admin) fn new(of: &TaxImport, dry_run: bool) -> Self {
        Self {
            as_of: of.as_of.map(|day| day.to_string()),
            categories_made: of.categories_made,
            dry_run,
            rates: of.rates,
            zones_changed: of.zones_changed,
            zones_made: of.zones_made,
            zones_unchanged: of.zones_unchanged,
        }
    }
}
