//! Stage 9: what gift cards and store credit pay.

use super::{PricingError, Source, Step, StepKind, StoredPart, working::Working};
use std::sync::Arc;

/// Lets each card in turn pay what it can of what is left. What gift cards cost is not paid with gift cards, and what is paid is a multiple of
/// what can be charged: else the rest could not be.
pub(super) fn run(w: &mut Working<'_>) -> Result<(), PricingError> {
    let cards: i64 = w.lines.iter().filter(|line| line.sold.goods.gift_card).map(|line| line.net()).sum();
    let (mut charge, mut payable) = (w.totals.total, w.totals.total - cards);
    for card in w.input.stored_value {
        let most = if card.usable { card.balance.min(payable).max(0) } else { 0 };
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
