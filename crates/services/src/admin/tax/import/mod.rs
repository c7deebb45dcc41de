//! Tables of rates: read, and brought into the shop in one go.

mod apply;
mod rows;

pub use rows::CsvProblem;

use chrono::NaiveDate;

/// The rates of the European Union, as they ship with the program.
const EU_VAT: &str = include_str!("../../../../data/tax/eu-vat.csv");

/// Where a table of rates comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxSource {
    /// A text of comma-separated values.
    Csv(String),
    /// The value added taxes of the European Union, as of the day that the program knows.
    EuVat,
}

impl TaxSource {
    fn text(&self) -> &str {
        match self {
            Self::Csv(text) => text,
            Self::EuVat => EU_VAT,
        }
    }
}

/// What came of an import, or would come of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxImport {
    /// The day the table says it is of.
    pub as_of: Option<NaiveDate>,
    /// Categories that were made.
    pub categories_made: u32,
    /// Zones that were made.
    pub zones_made: u32,
    /// Zones that have other rates now.
    pub zones_changed: u32,
    /// Zones that had these rates already.
    pub zones_unchanged: u32,
    /// Rates of the table.
    pub rates: u32,
}

/// The day the shipped table is of.
pub(crate) fn eu_vat_as_of() -> Option<NaiveDate> {
    rows::as_of(EU_VAT)
}
