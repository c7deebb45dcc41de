//! Taxes: where which rate is charged on what, and the port of services that know better.

mod service;

pub use service::{
    QuotedDelivery, QuotedLine, QuotedPart, QuotedTax, TaxBuyer, TaxRequest, TaxService, TaxedDelivery,
    TaxedLine,
};
