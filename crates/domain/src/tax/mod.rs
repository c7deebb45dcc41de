//! Taxes: where which rate is charged on what, and the port of services that know better.

mod service;
mod vat_number;

pub use service::{
    QuotedDelivery, QuotedLine, QuotedPart, QuotedTax, TaxBuyer, TaxRequest, TaxService, TaxedDelivery,
    TaxedLine,
};
pub use vat_number::{VatNumber, VatNumberError, is_member_state};
