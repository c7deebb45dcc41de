//! Why taxes stay as they are.

use super::CsvProblem;
use crate::admin::InputRefusal;
use stoa_domain::shared::Fault;

/// Why a kind of goods stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum TaxCategoryError {
    /// There is none.
    #[error("there is no such tax category")]
    NotFound,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// Another one has its code.
    #[error("another tax category has that code")]
    Taken,
    /// There are as many as there may be.
    #[error("a shop has at most {most} tax categories")]
    TooMany {
        /// How many there may be.
        most: u64,
    },
    /// Goods, rates or ways of delivering are of it.
    #[error("products, tax rates or delivery methods are of that category")]
    InUse,
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(TaxCategoryError);

/// Why a zone stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum TaxZoneError {
    /// There is none.
    #[error("there is no such tax zone")]
    NotFound,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// A rate is below nothing, or more than the price.
    #[error("a rate is from 0 to 100 %, with at most four decimals")]
    RateOutOfRange {
        /// Which of its rates, counted from 0.
        index: usize,
    },
    /// More of its rates are charged on one another than can be reckoned with exactly.
    #[error("on the same goods at the same time a zone charges at most {most} rates on other taxes")]
    TooManyCompound {
        /// Which of its rates is one too many, counted from 0.
        index: usize,
        /// How many there may be.
        most: usize,
    },
    /// There are as many as there may be.
    #[error("a shop has at most {most} tax zones")]
    TooMany {
        /// How many there may be.
        most: u64,
    },
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(TaxZoneError);

/// Why a table of rates was not imported. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum TaxImportError {
    /// Lines of it cannot be read, or say what cannot be. The first of them, at least one.
    #[error("the table has {} line(s) that cannot be so", .0.len())]
    Csv(Vec<CsvProblem>),
    /// With it there would be more zones than there may be.
    #[error("a shop has at most {most} tax zones")]
    TooManyZones {
        /// How many there may be.
        most: u64,
    },
    /// With it there would be more categories than there may be.
    #[error("a shop has at most {most} tax categories")]
    TooManyCategories {
        /// How many there may be.
        most: u64,
    },
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(TaxImportError);
