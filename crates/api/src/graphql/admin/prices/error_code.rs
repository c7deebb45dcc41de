//! The codes of refusals about prices.

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
use stoa_services::admin::{InputRefusal, MarketError, PriceListError, RatesError, Unfit};

/// Why a price list, a market or exchange rates stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PriceErrorCode {
    /// The value is missing.
    Blank,
    /// Another market has one of the countries.
    CountryTaken,
    /// Prices are in another currency than they can be.
    CurrencyMismatch,
    /// The value is not valid, or not together with the rest.
    Invalid,
    /// Something else needs it.
    InUse,
    /// There is no such thing, or nothing with an id that it names.
    NotFound,
    /// An end lies before its beginning.
    RangeReversed,
    /// There is no exchange rate of the currency.
    RateMissing,
    /// It was changed by somebody else since it was read.
    Stale,
    /// Another one has that name.
    Taken,
    /// The text is too long.
    TooLong,
    /// There is more of something than there may be.
    TooMany,
}

impl RefusalCode for PriceErrorCode {
    const ERROR: &'static str = "PriceUserError";
}

/// A refusal about a price list, a market or exchange rates.
pub type PriceUserError = AdminUserError<PriceErrorCode>;

use PriceErrorCode as Code;

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

fn refused(refusal: &InputRefusal, input: &InputPath) -> PriceUserError {
    PriceUserError::new(code(refusal.why), within(input, &refusal.at), sentence(refusal))
}

/// A price list that stays as it is. `id` is where it is named, `input` where it stands what it is to be.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn price_list_refusal(
    error: PriceListError,
    (id, input): (&InputPath, &InputPath),
) -> Result<PriceUserError, ApiError> {
    let message = sentence(&error);
    let price = |index| InputPath::argument("prices").entry(index);
    let (code, at) = match error {
        PriceListError::Refused(refusal) => return Ok(refused(&refusal, input)),
        PriceListError::NotFound => (Code::NotFound, id.clone()),
        PriceListError::Taken => (Code::Taken, input.field("name")),
        PriceListError::InUse => (Code::InUse, id.clone()),
        PriceListError::NoVariant { index, variant: _ } => (Code::NotFound, price(index).field("variantId")),
        PriceListError::CurrencyMismatch { index, currency: _ } => (Code::CurrencyMismatch, price(index)),
        PriceListError::TooMany { most: _ } => (Code::TooMany, InputPath::argument("prices")),
        PriceListError::Stale => (Code::Stale, id.clone()),
        PriceListError::Fault(fault) => return Err(fault.into()),
    };
    Ok(PriceUserError::new(code, at, message))
}

/// A market that stays as it is. `id` is where it is named, `input` where it stands what it is to be.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn market_refusal(
    error: MarketError,
    (id, input): (&InputPath, &InputPath),
) -> Result<PriceUserError, ApiError> {
    let message = sentence(&error);
    let (code, at) = match error {
        MarketError::Refused(refusal) => return Ok(refused(&refusal, input)),
        MarketError::NotFound => (Code::NotFound, id.clone()),
        MarketError::Taken => (Code::Taken, input.field("name")),
        MarketError::CountryTaken => (Code::CountryTaken, input.field("countries")),
        MarketError::CurrencyMismatch(_) => (Code::CurrencyMismatch, input.field("priceListId")),
        MarketError::RateMissing(_) => (Code::RateMissing, input.field("currencyCode")),
        MarketError::InUse => (Code::InUse, id.clone()),
        MarketError::Stale => (Code::Stale, id.clone()),
        MarketError::Fault(fault) => return Err(fault.into()),
    };
    Ok(PriceUserError::new(code, at, message))
}

/// Rates that stay as they are.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn rates_refusal(error: RatesError) -> Result<PriceUserError, ApiError> {
    let message = sentence(&error);
    match error {
        RatesError::Refused(refusal) => Ok(refused(&refusal, &InputPath::default())),
        RatesError::InUse { index, currency: _ } => {
            let at = InputPath::argument("rates").entry(index).field("rate");
            Ok(PriceUserError::new(Code::InUse, at, message))
        }
        RatesError::Fault(fault) => Err(fault.into()),
    }
}
