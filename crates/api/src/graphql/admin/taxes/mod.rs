//! Taxes, as staff see and write them: kinds of goods, and zones with their rates.

mod category;
mod error_code;
mod import;
mod input;
mod queries;
mod zone;

pub use category::{AdminTaxCategory, TaxCategoryKind};
pub use error_code::{TaxErrorCode, TaxUserError};
pub(super) use error_code::{category_refusal, import_refusals, zone_refusal};
pub use import::{TaxRatesImport, TaxRatesImportInput, TaxRatesPreset, TaxRatesSourceInput};
pub(super) use input::Unread;
pub use input::{
    TaxCategoryCreateInput, TaxCategoryUpdateInput, TaxPostalRangeInput, TaxRateInput, TaxZoneCreateInput,
    TaxZoneUpdateInput,
};
pub use queries::TaxReads;
pub use zone::{AdminTaxRate, AdminTaxZone, TaxPostalRange};
