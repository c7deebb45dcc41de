//! Why a gift card stays as it is.

use crate::admin::{BadKey, InputRefusal};
use stoa_domain::{
    gift_card::{CardRefusal, GiftCardCode, InvalidCode},
    shared::{Currency, Fault},
};

/// Why a gift card, or store credit, stays as it is. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum GiftCardError {
    /// There is none.
    #[error("there is no such gift card")]
    NotFound,
    /// There is nobody with that id, or they were erased.
    #[error("there is no such customer")]
    NoCustomer,
    /// Something of it cannot be so.
    #[error(transparent)]
    Refused(#[from] InputRefusal),
    /// The code that was thought of could be guessed.
    #[error("a gift card's code has at least {} letters and digits", GiftCardCode::LEAST)]
    CodeTooShort,
    /// The code that was thought of can be no card's.
    #[error(transparent)]
    Code(InvalidCode),
    /// Another card has the code that was thought of.
    #[error("another gift card has that code")]
    CodeTaken,
    /// Nothing is sold in the currency, or the card is of another one.
    #[error("{}", unlike(*.card))]
    CurrencyMismatch {
        /// What the card is of; `None`: there is no card yet, and nothing is sold in the currency.
        card: Option<Currency>,
    },
    /// What is to be done to it cannot be.
    #[error(transparent)]
    Card(CardRefusal),
    /// The key is none.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The key was used for something else.
    #[error("the key was used for something else")]
    KeyReused,
    /// Somebody else has changed it since it was read.
    #[error("it was changed by somebody else; look again")]
    Stale,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
crate::staff::may_fault!(GiftCardError);

impl From<InvalidCode> for GiftCardError {
    fn from(error: InvalidCode) -> Self {
        match error {
            InvalidCode::TooShort => Self::CodeTooShort,
            InvalidCode::TooLong | InvalidCode::Characters | InvalidCode::Mistyped => Self::Code(error),
        }
    }
}

fn unlike(card: Option<Currency>) -> String {
    match card {
        Some(currency) => format!("the card is in {}", currency.code()),
        None => "nothing is sold in that currency".to_owned(),
    }
}
