//! The codes of refusals about gift cards.

use crate::graphql::{
    ApiError,
    admin::{
        place::within,
        refusals::sentence,
        user_error::{AdminUserError, RefusalCode},
    },
    cart::InputPath,
    checkout::MoneyInput,
};
use async_graphql::Enum;
use stoa_domain::{gift_card::CardRefusal, shared::Money};
use stoa_services::admin::{GiftCardError, InputRefusal, Unfit};

/// Why a gift card, or store credit, stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum GiftCardErrorCode {
    /// The value is missing.
    Blank,
    /// Another card has the code.
    CodeTaken,
    /// The code could be guessed.
    CodeTooShort,
    /// The card is in another currency, or nothing is sold in it.
    CurrencyMismatch,
    /// The card is over.
    Expired,
    /// The key was used for something else.
    IdempotencyKeyReused,
    /// The value is not valid, or not together with the rest.
    Invalid,
    /// There is no such card or customer.
    NotFound,
    /// There is not so much on the card.
    NotEnoughBalance,
    /// It was changed by somebody else since it was read.
    Stale,
    /// The text is too long.
    TooLong,
}

impl RefusalCode for GiftCardErrorCode {
    const ERROR: &'static str = "GiftCardUserError";
}

/// A refusal about a gift card, or store credit.
pub type GiftCardUserError = AdminUserError<GiftCardErrorCode>;

use GiftCardErrorCode as Code;

const fn code(why: Unfit) -> Code {
    match why {
        Unfit::Blank => Code::Blank,
        Unfit::TooLong { .. } => Code::TooLong,
        Unfit::NotThere(_) => Code::NotFound,
        Unfit::TooMany { .. }
        | Unfit::NothingToDo
        | Unfit::RangeReversed
        | Unfit::OutOfRange { .. }
        | Unfit::Uneven { .. }
        | Unfit::Unlike(_) => Code::Invalid,
    }
}

fn refused(refusal: &InputRefusal, input: &InputPath) -> GiftCardUserError {
    GiftCardUserError::new(code(refusal.why), within(input, &refusal.at), sentence(refusal))
}

/// A card that stays as it is. `id` is where it, or whose it is, is named; `input` where it stands what is to be done.
///
/// # Errors
/// A fault.
pub(in crate::graphql::admin) fn refusal(
    error: GiftCardError,
    (id, input): (&InputPath, &InputPath),
) -> Result<GiftCardUserError, ApiError> {
    let message = sentence(&error);
    let (code, at) = match error {
        GiftCardError::Refused(refusal) => return Ok(refused(&refusal, input)),
        GiftCardError::NotFound | GiftCardError::NoCustomer => (Code::NotFound, id.clone()),
        GiftCardError::CodeTooShort => (Code::CodeTooShort, input.field("code")),
        GiftCardError::Code(_) => (Code::Invalid, input.field("code")),
        GiftCardError::CodeTaken => (Code::CodeTaken, input.field("code")),
        GiftCardError::CurrencyMismatch { card: _ } => (Code::CurrencyMismatch, input.field("amount")),
        GiftCardError::Card(refused) => {
            let code = match refused {
                CardRefusal::NotEnough { left: _ } => Code::NotEnoughBalance,
                CardRefusal::Expired => Code::Expired,
                CardRefusal::OtherCurrency => Code::CurrencyMismatch,
                CardRefusal::Disabled | CardRefusal::NotExpired | CardRefusal::Amount => Code::Invalid,
            };
            (code, input.field("amount"))
        }
        GiftCardError::Key(_) => (Code::Invalid, input.field("idempotencyKey")),
        GiftCardError::KeyReused => (Code::IdempotencyKeyReused, input.field("idempotencyKey")),
        GiftCardError::Stale => (Code::Stale, id.clone()),
        GiftCardError::Fault(fault) => return Err(fault.into()),
    };
    Ok(GiftCardUserError::new(code, at, message))
}

/// An amount as the service takes it.
///
/// # Errors
/// It is none of its currency.
pub(in crate::graphql::admin) fn amount_of(
    amount: &MoneyInput,
    at: &InputPath,
) -> Result<Money, GiftCardUserError> {
    let message = "This is no amount of that currency.";
    amount.money().map_err(|_| GiftCardUserError::new(Code::Invalid, at.field("amount"), message))
}
