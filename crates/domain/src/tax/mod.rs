//! Taxes: where which rate is charged on what, and the port of services that know better.

mod category;
mod rate;
mod service;
mod set;
mod vat_number;
mod zone;

pub use category::{CategoryKind, TaxCategory};
pub use rate::TaxRate;
pub use service::{
    QuotedDelivery, QuotedLine, QuotedPart, QuotedTax, TaxBuyer, TaxRequest, TaxService, TaxedDelivery,
    TaxedLine,
};
pub use set::{RateSet, SetRate};
pub use vat_number::{VatNumber, VatNumberError, is_member_state};
pub use zone::{PostalRange, TaxZone, ZoneFit};
