//! The codes of refusals about delivery.

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
use stoa_services::admin::{DeliveryMethodError, DeliveryZoneError, InputRefusal, Unfit};

/// Why a delivery zone or a way of delivering stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DeliveryErrorCode {
    /// The value is missing.
    Blank,
    /// The rates say nothing of something that the method is on offer for.
    GapInRates,
    /// Another delivery method has the handle.
    HandleTaken,
    /// The value is not valid, or not together with the rest.
    Invalid,
    /// There are ways of delivering to the zone.
    InUse,
    /// There is no such thing, or nothing with an id that it names.
    NotFound,
    /// An end lies before its beginning.
    RangeReversed,
    /// It was changed by somebody else since it was read.
    Stale,
    /// The text is too long.
    TooLong,
    /// There is more of something than there may be.
    TooMany,
}

impl RefusalCode for DeliveryErrorCode {
    const ERROR: &'static str = "DeliveryUserError";
}

/// A refusal about a delivery zone or a way of delivering.
pub type DeliveryUserError = AdminUserError<DeliveryErrorCode>;

use DeliveryErrorCode as Code;

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

fn refused(refusal: &InputRefusal, input: &InputPath) -> DeliveryUserError {
    DeliveryUserError::new(code(refusal.why), within(input, &refusal.at), sentence(refusal))
}

/// A zone that stays as it is. `id` is where it is named, `input` where it stands what it is to be.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn zone_refusal(
    error: DeliveryZoneError,
    (id, input): (&InputPath, &InputPath),
) -> Result<DeliveryUserError, ApiError> {
    let message = sentence(&error);
    let (code, at) = match error {
        DeliveryZoneError::Refused(refusal) => return Ok(refused(&refusal, input)),
        DeliveryZoneError::NotFound => (Code::NotFound, id.clone()),
        DeliveryZoneError::TooMany { most: _ } => (Code::TooMany, input.clone()),
        DeliveryZoneError::InUse => (Code::InUse, id.clone()),
        DeliveryZoneError::Stale => (Code::Stale, id.clone()),
        DeliveryZoneError::Fault(fault) => return Err(fault.into()),
    };
    Ok(DeliveryUserError::new(code, at, message))
}

/// A way of delivering that stays as it is. `id` is where it is named, `input` where it stands what it is to be.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn method_refusal(
    error: DeliveryMethodError,
    (id, input): (&InputPath, &InputPath),
) -> Result<DeliveryUserError, ApiError> {
    let message = sentence(&error);
    let (code, at) = match error {
        DeliveryMethodError::Refused(refusal) => return Ok(refused(&refusal, input)),
        DeliveryMethodError::NotFound => (Code::NotFound, id.clone()),
        DeliveryMethodError::GapInRates { from: _ } => (Code::GapInRates, input.field("rates")),
        DeliveryMethodError::HandleTaken => (Code::HandleTaken, input.field("handle")),
        DeliveryMethodError::TooMany { most: _ } => (Code::TooMany, input.clone()),
        DeliveryMethodError::Stale => (Code::Stale, id.clone()),
        DeliveryMethodError::Fault(fault) => return Err(fault.into()),
    };
    Ok(DeliveryUserError::new(code, at, message))
}
