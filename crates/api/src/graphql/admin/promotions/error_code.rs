//! The codes of refusals about promotions.

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
use stoa_services::admin::{CodesError, InputRefusal, PromotionError, Unfit};

/// Why a promotion or its codes stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionErrorCode {
    /// The value is missing.
    Blank,
    /// There is such a code already, of this promotion or another, or it is in the list twice.
    CodeTaken,
    /// The value is not valid, or not together with the rest.
    Invalid,
    /// There is no such promotion, or nothing with an id that it names.
    NotFound,
    /// It would change nothing, or is about nothing.
    NothingToDo,
    /// An end lies before its beginning, or a most below its least.
    RangeReversed,
    /// It was changed by somebody else since it was read.
    Stale,
    /// The text is too long.
    TooLong,
    /// There is more of something than there may be.
    TooMany,
    /// 1,000 promotions are in use.
    TooManyActive,
}

impl RefusalCode for PromotionErrorCode {
    const ERROR: &'static str = "PromotionUserError";
}

/// A refusal about a promotion or its codes.
pub type PromotionUserError = AdminUserError<PromotionErrorCode>;

use PromotionErrorCode as Code;

const fn code(why: Unfit) -> Code {
    match why {
        Unfit::Blank => Code::Blank,
        Unfit::TooLong { .. } => Code::TooLong,
        Unfit::TooMany { .. } => Code::TooMany,
        Unfit::NothingToDo => Code::NothingToDo,
        Unfit::RangeReversed => Code::RangeReversed,
        Unfit::OutOfRange { .. } | Unfit::Uneven { .. } | Unfit::Unlike(_) => Code::Invalid,
        Unfit::NotThere(_) => Code::NotFound,
    }
}

fn refused(refusal: &InputRefusal, input: &InputPath) -> PromotionUserError {
    PromotionUserError::new(code(refusal.why), within(input, &refusal.at), sentence(refusal))
}

/// A promotion that stays as it is. What it is to be stands at `input`.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn promotion_refusal(
    error: PromotionError,
    input: &InputPath,
) -> Result<PromotionUserError, ApiError> {
    let message = sentence(&error);
    let (code, at) = match error {
        PromotionError::Refused(refusal) => return Ok(refused(&refusal, input)),
        PromotionError::NotFound => (Code::NotFound, "id"),
        PromotionError::Archived => (Code::Invalid, "id"),
        PromotionError::TooManyActive { most: _ } => (Code::TooManyActive, "id"),
        PromotionError::Stale => (Code::Stale, "version"),
        PromotionError::Fault(fault) => return Err(fault.into()),
    };
    Ok(PromotionUserError::new(code, InputPath::argument(at), message))
}

/// Codes that stay as they are. What is asked for stands at `input`: the arguments themselves, or one of them.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn codes_refusal(
    error: CodesError,
    input: &InputPath,
) -> Result<PromotionUserError, ApiError> {
    let message = sentence(&error);
    let promotion = InputPath::argument("promotionId");
    let (code, at) = match error {
        CodesError::Refused(refusal) => return Ok(refused(&refusal, input)),
        CodesError::NotFound => (Code::NotFound, promotion),
        CodesError::Archived | CodesError::Automatic => (Code::Invalid, promotion),
        CodesError::Taken { index } => {
            (Code::CodeTaken, InputPath::argument("codes").entry(index).field("code"))
        }
        CodesError::NoBatch => (Code::NotFound, InputPath::argument("batchId")),
        CodesError::Key(_) | CodesError::KeyUsed => (Code::Invalid, input.field("idempotencyKey")),
        CodesError::Stale => (Code::Stale, InputPath::argument("codes")),
        CodesError::Fault(fault) => return Err(fault.into()),
    };
    Ok(PromotionUserError::new(code, at, message))
}
