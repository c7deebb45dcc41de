//! The codes of refusals about taxes.

use crate::graphql::{
    ApiError,
    admin::{
        place::within,
        refusals::sentence,
        user_error::{AdminUserError, RefusalCode},
    },
    cart::InputPath,
};
use async_graphql::Enum;
use stoa_services::admin::{CsvProblem, InputRefusal, TaxCategoryError, TaxImportError, TaxZoneError, Unfit};

/// Why taxes stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TaxErrorCode {
    /// The value is missing.
    Blank,
    /// A line of the table cannot be so: the message says which, and which column.
    Csv,
    /// The value is not valid, or not together with the rest.
    Invalid,
    /// Products, tax rates or delivery methods are of the category.
    InUse,
    /// There is no such thing, or nothing with an id that it names.
    NotFound,
    /// An end lies before its beginning.
    RangeReversed,
    /// The rate is below 0 %, above 100 %, or has more than four decimals.
    RateOutOfRange,
    /// It was changed by somebody else since it was read.
    Stale,
    /// Another category has that code.
    Taken,
    /// The text is too long.
    TooLong,
    /// There is more of something than there may be.
    TooMany,
    /// More rates are charged on other taxes than can be reckoned with exactly.
    TooManyCompound,
}

impl RefusalCode for TaxErrorCode {
    const ERROR: &'static str = "TaxUserError";
}

/// A refusal about taxes.
pub type TaxUserError = AdminUserError<TaxErrorCode>;

use TaxErrorCode as Code;

const fn code(why: Unfit) -> Code {
    match why {
        Unfit::Blank => Code::Blank,
        Unfit::TooLong { .. } => Code::TooLong,
        Unfit::TooMany { .. } => Code::TooMany,
        Unfit::RangeReversed => Code::RangeReversed,
        Unfit::NothingToDo | Unfit::OutOfRange { .. } | Unfit::Uneven { .. } | Unfit::Unlike(_) => {
            Code::Invalid
        }
        Unfit::NotThere(_) => Code::NotFound,
    }
}

fn refused(refusal: &InputRefusal, input: &InputPath) -> TaxUserError {
    TaxUserError::new(code(refusal.why), within(input, &refusal.at), sentence(refusal))
}

/// A category that stays as it is. `id` is where it is named, `input` where it stands what it is to be.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn category_refusal(
    error: TaxCategoryError,
    (id, input): (&InputPath, &InputPath),
) -> Result<TaxUserError, ApiError> {
    let message = sentence(&error);
    let (code, at) = match error {
        TaxCategoryError::Refused(refusal) => return Ok(refused(&refusal, input)),
        TaxCategoryError::NotFound => (Code::NotFound, id.clone()),
        TaxCategoryError::Taken => (Code::Taken, input.field("code")),
        TaxCategoryError::TooMany { most: _ } => (Code::TooMany, input.clone()),
        TaxCategoryError::InUse => (Code::InUse, id.clone()),
        TaxCategoryError::Stale => (Code::Stale, id.clone()),
        TaxCategoryError::Fault(fault) => return Err(fault.into()),
    };
    Ok(TaxUserError::new(code, at, message))
}

/// A zone that stays as it is. `id` is where it is named, `input` where it stands what it is to be.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn zone_refusal(
    error: TaxZoneError,
    (id, input): (&InputPath, &InputPath),
) -> Result<TaxUserError, ApiError> {
    let message = sentence(&error);
    let rate = |index| input.field("rates").entry(index);
    let (code, at) = match error {
        TaxZoneError::Refused(refusal) => return Ok(refused(&refusal, input)),
        TaxZoneError::NotFound => (Code::NotFound, id.clone()),
        TaxZoneError::RateOutOfRange { index } => (Code::RateOutOfRange, rate(index).field("percentage")),
        TaxZoneError::TooManyCompound { index, most: _ } => {
            (Code::TooManyCompound, rate(index).field("compound"))
        }
        TaxZoneError::TooMany { most: _ } => (Code::TooMany, input.clone()),
        TaxZoneError::Stale => (Code::Stale, id.clone()),
        TaxZoneError::Fault(fault) => return Err(fault.into()),
    };
    Ok(TaxUserError::new(code, at, message))
}

/// A table that was not imported: one error a line that cannot be so. `table` is where it stands.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn import_refusals(
    error: TaxImportError,
    table: &InputPath,
) -> Result<Vec<TaxUserError>, ApiError> {
    let message = sentence(&error);
    let line = |problem: CsvProblem| {
        let column = problem.column.map(|column| format!(", column {column}")).unwrap_or_default();
        let message = format!("Line {}{column}: {}.", problem.line, problem.message);
        TaxUserError::new(Code::Csv, table.clone(), message)
    };
    match error {
        TaxImportError::Csv(problems) => Ok(problems.into_iter().map(line).collect()),
        TaxImportError::TooManyZones { most: _ } | TaxImportError::TooManyCategories { most: _ } => {
            Ok(vec![TaxUserError::new(Code::TooMany, table.clone(), message)])
        }
        TaxImportError::Fault(fault) => Err(fault.into()),
    }
}
