//! Gift cards and store credit on their way in.

use super::{GiftCardUserError, amount_of};
use crate::graphql::{
    admin::{moment::Moment, products::given},
    cart::InputPath,
    checkout::MoneyInput,
};
use async_graphql::{ID, InputObject, MaybeUndefined};
use std::fmt;
use stoa_services::admin::{GiftCardDraft, GiftCardPatch};

/// A gift card to be.
#[derive(Clone, InputObject)]
pub struct GiftCardCreateInput {
    /// What is on it, in a currency in which something is sold.
    pub amount: MoneyInput,
    /// A code that staff thought of: 8 to 32 letters and digits, in any letter case, with spaces and dashes anywhere; null: one is made that nobody
    /// guesses.
    pub code: Option<String>,
    /// From when on nothing can be paid with it; null: it stays good.
    pub expires_at: Option<Moment>,
    /// Makes it safe to ask again: the same key of the same member of staff, or API key, makes one card. At most 255 characters. A repeat gives the
    /// card, and not its code.
    pub idempotency_key: String,
    /// What staff note of it, 5,000 characters at most; nobody else reads it.
    pub note: Option<String>,
}

/// What is to be other of a gift card; what is left out stays as it is.
#[derive(Clone, InputObject)]
pub struct GiftCardUpdateInput {
    /// From when on nothing can be paid with it; null: it stays good.
    pub expires_at: MaybeUndefined<Moment>,
    /// The global id.
    pub id: ID,
    /// What staff note of it; null, or an empty text: nothing.
    pub note: MaybeUndefined<String>,
    /// The version that was read; left out: whichever it is.
    pub version: Option<i64>,
}

/// What is to go onto a gift card, or off it.
#[derive(Clone, Debug, InputObject)]
pub struct GiftCardAdjustInput {
    /// How much, in the card's currency; below zero: off it, and at most what is on it.
    pub amount: MoneyInput,
    /// The card's global id.
    pub id: ID,
    /// Makes it safe to ask again: the same key for the same card counts once. At most 255 characters.
    pub idempotency_key: String,
}

/// What a customer is to have more, or less, to spend.
#[derive(Clone, Debug, InputObject)]
pub struct StoreCreditAdjustInput {
    /// How much, in a currency in which something is sold; below zero: less, and at most what is left of it.
    pub amount: MoneyInput,
    /// The customer's global id.
    pub customer_id: ID,
    /// Makes it safe to ask again: the same key for the same customer counts once. At most 255 characters.
    pub idempotency_key: String,
}

/// Hides the code, and what is noted.
impl fmt::Debug for GiftCardCreateInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GiftCardCreateInput({:?})", self.amount)
    }
}

/// Hides what is noted.
impl fmt::Debug for GiftCardUpdateInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GiftCardUpdateInput({:?})", self.id)
    }
}

impl GiftCardCreateInput {
    /// As the service takes it.
    ///
    /// # Errors
    /// The amount is none of its currency.
    pub fn read(self, at: &InputPath) -> Result<GiftCardDraft, GiftCardUserError> {
        Ok(GiftCardDraft {
            amount: amount_of(&self.amount, at)?,
            code: self.code,
            expires_at: self.expires_at.map(|moment| moment.0),
            note: self.note,
            key: self.idempotency_key,
        })
    }
}

impl GiftCardUpdateInput {
    /// As the service takes it.
    pub fn read(self) -> GiftCardPatch {
        GiftCardPatch {
            expires_at: given(self.expires_at).map(|end| end.map(|moment| moment.0)),
            note: given(self.note),
        }
    }
}
