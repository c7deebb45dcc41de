//! A gift card as it stands.

use crate::shared::{Currency, CustomerId, GiftCardId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The last four characters of a card's code: all of it that anybody is shown again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Last4([u8; 4]);

/// No four letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not four upper-case letters and digits")]
pub struct InvalidLast4;

impl Last4 {
    /// Reads four upper-case letters and digits.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidLast4> {
        let four: [u8; 4] = text.as_bytes().try_into().map_err(|_| InvalidLast4)?;
        let fits = four.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if fits { Ok(Self(four)) } else { Err(InvalidLast4) }
    }

    /// The four characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Display for Last4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Last4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…{}", self.as_str())
    }
}

impl TryFrom<String> for Last4 {
    type Error = InvalidLast4;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Last4> for String {
    fn from(last: Last4) -> Self {
        last.as_str().to_owned()
    }
}

/// Who may spend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiftCardKind {
    /// Whoever knows its code.
    Card {
        /// How the code ends.
        last: Last4,
    },
    /// This customer, without a code.
    Credit {
        /// Whose it is.
        customer: CustomerId,
    },
}

/// Whether it may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiftCardState {
    /// As long as something is on it and it has not expired.
    Enabled,
    /// No more.
    Disabled,
}

/// A gift card, or a customer's store credit. Amounts are in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftCard {
    /// Which.
    pub id: GiftCardId,
    /// Who may spend it.
    pub kind: GiftCardKind,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What was on it at first.
    pub initial: i64,
    /// What is on it: the sum of its ledger. Never negative.
    pub balance: i64,
    /// Whether it may be spent.
    pub state: GiftCardState,
    /// From when on nothing can be paid with it.
    pub expires_at: Option<Timestamp>,
    /// Rises by 1 with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl GiftCard {
    /// Whether something in this currency can be paid with it now.
    pub fn usable(&self, currency: Currency, now: Timestamp) -> bool {
        self.state == GiftCardState::Enabled
            && self.balance > 0
            && self.currency == currency
            && self.expires_at.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn only_four_letters_and_digits_are_the_end_of_a_code() {
        assert_eq!(Last4::parse("7KQ2").unwrap().as_str(), "7KQ2");
        for bad in ["", "7KQ", "7kq2", "7KQ22", "7-Q2", "äQ2"] {
            assert_eq!(Last4::parse(bad), Err(InvalidLast4), "{bad:?}");
        }
        let last: Last4 = serde_json::from_str("\"7KQ2\"").unwrap();
        assert_eq!(serde_json::to_string(&last).unwrap(), "\"7KQ2\"");
        assert!(serde_json::from_str::<Last4>("\"7kq2\"").is_err());
    }

    #[test]
    fn a_card_is_spent_in_its_currency_before_it_expires() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let card = GiftCard {
            id: GiftCardId::NIL,
            kind: GiftCardKind::Card { last: Last4::parse("7KQ2").unwrap() },
            currency: Currency::USD,
            initial: 5_000,
            balance: 1,
            state: GiftCardState::Enabled,
            expires_at: Some(now + TimeDelta::seconds(1)),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        assert!(card.usable(Currency::USD, now));
        assert!(!card.usable(Currency::USD, now + TimeDelta::seconds(1)), "the end is no part of it");
        assert!(!card.usable(Currency::parse("EUR").unwrap(), now));
        assert!(!GiftCard { balance: 0, ..card.clone() }.usable(Currency::USD, now));
        assert!(!GiftCard { state: GiftCardState::Disabled, ..card }.usable(Currency::USD, now));
    }
}
