//! Taxes, as staff make and change them: kinds of goods, and zones with their rates.

mod category_create;
mod category_delete;
mod category_draft;
mod category_update;
mod error;
mod import;
mod read;
mod told;
mod zone_create;
mod zone_delete;
mod zone_draft;
mod zone_update;

pub use category_draft::{TaxCategoryDraft, TaxCategoryPatch};
pub use error::{TaxCategoryError, TaxImportError, TaxZoneError};
pub(crate) use import::eu_vat_as_of;
pub use import::{CsvProblem, TaxImport, TaxSource};
pub use read::{TaxCategories, TaxZones};
pub use zone_draft::{TaxRateDraft, TaxZoneDraft, TaxZonePatch};

/// Kinds of goods that a shop has at most.
const CATEGORIES: u64 = 250;
/// Zones that a shop has at most: all are read with the rules.
const ZONES: u64 = 1_000;
