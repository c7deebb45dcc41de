//! Stage 9: what gift cards and store credit pay.

use super::{PricingError, Source, Step, StepKind, StoredPart, StoredValue, working::Working};
use crate::{
    gift_card::{GiftCard, GiftCardKind},
    shared::{Currency, Timestamp},
};
use std::sync::Arc;

impl StoredValue {
    /// A gift card or store credit, in a cart of this currency, now.
    pub fn of(card: &GiftCard, currency: Currency, now: Timestamp) -> Self {
        let last = match card.kind {
            GiftCardKind::Card { last } => Some(last),
            GiftCardKind::Credit { .. } => None,
        };
        Self { id: card.id, last, balance: card.balance, usable: card.usable(currency, now) }
    }

    /// What pays for a cart, in the order in which it does: the gift cards in the order in which they were entered, each once; then the customer's
    /// store credit, which is theirs for good and needs not be spent first.
    pub fn in_turn<'c>(
        cards: impl IntoIterator<Item = &'c GiftCard>,
        credit: Option<&'c GiftCard>,
        (currency, now): (Currency, Timestamp),
    ) -> Vec<Self> {
        let mut in_turn: Vec<Self> = Vec::new();
        for card in cards.into_iter().chain(credit) {
            if in_turn.iter().all(|known| known.id != card.id) {
                in_turn.push(Self::of(card, currency, now));
            }
        }
        in_turn
    }
}

/// Lets each card in turn pay what it can of what is left. What gift cards cost is not paid with gift cards, and what is paid is a multiple of
/// what can be charged: else the rest could not be.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let cards = w.lines.iter().filter(|line| line.sold.goods.gift_card);
    let cards =
        cards.map(|line| line.net()).try_fold(0_i64, i64::checked_add).ok_or(PricingError::OutOfRange)?;
    let mut charge = w.totals.total;
    let mut payable = charge.checked_sub(cards).ok_or(PricingError::OutOfRange)?;
    for card in w.input.stored_value {
        // What is on a card is there once, however often it is named.
        let is_named = w.stored.iter().any(|part| part.id == card.id);
        let most = if card.usable && !is_named { card.balance.min(payable).max(0) } else { 0 };
        let amount = most - most % w.step;
        if amount > 0 {
            let ends = card.last.map_or_else(|| Arc::from(""), |last| Arc::from(last.as_str()));
            w.steps.push(Step {
                source: Some(Source::GiftCard(card.id)),
                ..Step::new(StepKind::GiftCard, ends, -amount)
            });
        }
        charge -= amount;
        payable -= amount;
        w.stored.push(StoredPart { id: card.id, amount });
    }
    w.charge = charge;
    Ok(())
}
