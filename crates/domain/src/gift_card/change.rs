//! How a gift card changes: what is asked for, and the entries of its ledger that it makes.

use super::{EntryKind, GiftCard, GiftCardState, LedgerEntry};
use crate::shared::{Currency, OrderId, RefundId, Timestamp};

/// What is to happen to a card. Amounts are in minor units of its currency, and above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardChange {
    /// It pays for an order.
    Spend {
        /// Which.
        order: OrderId,
        /// How much of it.
        amount: i64,
        /// The order's currency.
        currency: Currency,
    },
    /// The order came to nothing before it was paid in full.
    GiveBack {
        /// Which.
        order: OrderId,
        /// What the card had paid of it.
        amount: i64,
    },
    /// A part of what it had paid is refunded.
    Refund {
        /// By which refund.
        refund: RefundId,
        /// How much.
        amount: i64,
    },
    /// Staff put something on it or take something off.
    Adjust {
        /// How much; negative: off.
        delta: i64,
    },
    /// What is on a card that is over is written off.
    Expire,
}

/// Why a card does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardRefusal {
    /// There is not so much on it.
    #[error("{left} minor units are on the card")]
    NotEnough {
        /// What is.
        left: i64,
    },
    /// It was switched off.
    #[error("the card is switched off")]
    Disabled,
    /// It is over.
    #[error("the card has expired")]
    Expired,
    /// It is not over yet.
    #[error("the card has not expired")]
    NotExpired,
    /// It is of another currency.
    #[error("the card is of another currency")]
    OtherCurrency,
    /// No amount, one on the wrong side, or more than 64 bits hold.
    #[error("this is no amount for a card")]
    Amount,
}

impl GiftCard {
    /// What becomes of it, and what its ledger says of that, in order.
    ///
    /// What comes back to a card that is over is good without an end: else a refund would be worth nothing. What was left on it when it ended is written
    /// off first, and does not come back with it. A card that was switched off is switched on again by a refund, since what comes back is its
    /// owner's; not by an order that came to nothing, of which nobody has decided anything.
    ///
    /// # Errors
    /// It cannot be; nothing has changed then.
    pub fn change(
        &self,
        change: CardChange,
        now: Timestamp,
    ) -> Result<(Self, Vec<LedgerEntry>), CardRefusal> {
        let entry = |kind, delta| LedgerEntry { kind, delta, at: now };
        let mut card = Self { version: self.version.saturating_add(1), updated_at: now, ..self.clone() };
        let entries = match change {
            CardChange::Spend { order, amount, currency } => {
                self.may_pay(currency, now)?;
                vec![entry(EntryKind::Spent(order), -positive(amount)?)]
            }
            CardChange::GiveBack { order, amount } => {
                vec![entry(EntryKind::GivenBack(order), positive(amount)?)]
            }
            CardChange::Refund { refund, amount } => {
                let mut entries = Vec::new();
                if self.is_over(now) {
                    entries.extend((self.balance > 0).then(|| entry(EntryKind::Expired, -self.balance)));
                    card.expires_at = None;
                }
                card.state = GiftCardState::Enabled;
                entries.push(entry(EntryKind::Refunded(refund), positive(amount)?));
                entries
            }
            CardChange::Adjust { delta: 0 } => return Err(CardRefusal::Amount),
            CardChange::Adjust { delta } if self.is_over(now) && delta > 0 => {
                return Err(CardRefusal::Expired);
            }
            CardChange::Adjust { delta } => vec![entry(EntryKind::Adjusted, delta)],
            CardChange::Expire if !self.is_over(now) => return Err(CardRefusal::NotExpired),
            CardChange::Expire if self.balance == 0 => return Ok((self.clone(), Vec::new())),
            CardChange::Expire => vec![entry(EntryKind::Expired, -self.balance)],
        };
        for entry in &entries {
            let balance = card.balance.checked_add(entry.delta).ok_or(CardRefusal::Amount)?;
            if balance < 0 {
                return Err(CardRefusal::NotEnough { left: card.balance });
            }
            card.balance = balance;
        }
        Ok((card, entries))
    }

    /// Whether anything could be paid with it, were there something on it.
    fn may_pay(&self, currency: Currency, now: Timestamp) -> Result<(), CardRefusal> {
        match self {
            card if card.currency != currency => Err(CardRefusal::OtherCurrency),
            Self { state: GiftCardState::Disabled, .. } => Err(CardRefusal::Disabled),
            card if card.is_over(now) => Err(CardRefusal::Expired),
            _ => Ok(()),
        }
    }

    /// Whether its end has come.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

const fn positive(amount: i64) -> Result<i64, CardRefusal> {
    if amount > 0 { Ok(amount) } else { Err(CardRefusal::Amount) }
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
