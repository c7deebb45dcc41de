//! What is refunded and was paid with gift cards goes back onto them; gift cards that were sold with what is refunded are worth nothing more.

use super::spend::written;
use crate::Context;
use std::collections::{BTreeMap, HashMap};
use stoa_domain::{
    gift_card::{CardChange, GiftCard, GiftCardState},
    order::{Order, PlannedRefund},
    shared::{Fault, GiftCardId, LineItemId, RefundId, Timestamp},
};
use stoa_persistence::{WriteTx, gift_card};

/// What goes back onto a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CardRefund {
    pub(crate) card: GiftCardId,
    pub(crate) refund: RefundId,
    /// In minor units of the card's currency, which is the order's.
    pub(crate) amount: i64,
}

/// Something was paid with a card that was sold with this line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GiftCardUsed {
    pub(crate) line: LineItemId,
}

/// Puts what is refunded onto the cards, and disables those that were sold with the units that are refunded; `before` is how many units of each
/// line were refunded earlier. All of them are locked first, in the order of their ids. Behind the order's lock, and behind the stock.
///
/// # Errors
/// The inner one: a card that would have to be disabled was used.
pub(crate) async fn refund(
    ctx: &Context,
    tx: &WriteTx,
    (order, planned, before): (&Order, &[PlannedRefund], &HashMap<LineItemId, u32>),
    back: &[CardRefund],
    actor: &str,
    now: Timestamp,
) -> Result<Result<(), GiftCardUsed>, Fault> {
    let is_card = |line: LineItemId| order.lines.iter().any(|of| of.id == line && of.gift_card);
    let refunded: Vec<&PlannedRefund> = planned.iter().filter(|units| is_card(units.units.line)).collect();
    if back.is_empty() && refunded.is_empty() {
        return Ok(Ok(()));
    }
    let lines: Vec<LineItemId> = refunded.iter().map(|units| units.units.line).collect();
    let sold = gift_card::sold_with(tx, &lines).await?;
    let mut ids: Vec<GiftCardId> = sold.iter().map(|sold| sold.card).collect();
    ids.extend(back.iter().map(|back| back.card));
    let locked = gift_card::lock(tx, &ids).await?;
    let mut cards: BTreeMap<GiftCardId, GiftCard> = locked.into_iter().map(|card| (card.id, card)).collect();
    for units in refunded {
        let Some(line) = order.lines.iter().find(|line| line.id == units.units.line) else { continue };
        let gone = before.get(&line.id).copied().unwrap_or(0).saturating_add(units.units.quantity);
        let of_line: Vec<GiftCardId> =
            sold.iter().filter(|sold| sold.line == line.id).map(|sold| sold.card).collect();
        let Some(ended) = to_end(&cards, &of_line, line.quantity.saturating_sub(gone)) else {
            return Ok(Err(GiftCardUsed { line: line.id }));
        };
        for id in ended {
            if let Some(card) = cards.get_mut(&id) {
                card.state = GiftCardState::Disabled;
                card.version += 1;
                card.updated_at = now;
                gift_card::save(tx, card, &[]).await?;
            }
        }
    }
    for CardRefund { card, refund, amount } in back {
        let known = cards.get(card).ok_or(Fault::bug("gift_card.refund: a payment of a card that is not"))?;
        let change = CardChange::Refund { refund: *refund, amount: *amount };
        let (changed, entries) = known
            .change(change, now)
            .map_err(|refused| Fault::internal("gift_card.refund: it cannot take it back", refused))?;
        let entries: Vec<_> = entries.into_iter().map(|entry| written(ctx, *card, entry, actor)).collect();
        gift_card::save(tx, &changed, &entries).await?;
        cards.insert(*card, changed);
    }
    Ok(Ok(()))
}

/// Which of the cards that were sold with a line are to end, so that no more are left of them than units that were not refunded; `None`: too
/// few of them are as they were sold. The last ones end first: those that are not made yet are never made then.
fn to_end(cards: &BTreeMap<GiftCardId, GiftCard>, sold: &[GiftCardId], left: u32) -> Option<Vec<GiftCardId>> {
    let sold: Vec<&GiftCard> = sold.iter().filter_map(|id| cards.get(id)).collect();
    let is_untouched = |card: &GiftCard| card.balance == card.initial;
    let has_ended = |card: &GiftCard| card.state == GiftCardState::Disabled && is_untouched(card);
    let alive: Vec<&GiftCard> = sold.into_iter().filter(|card| !has_ended(card)).collect();
    let excess = alive.len().saturating_sub(usize::try_from(left).unwrap_or(usize::MAX));
    let ended: Vec<GiftCardId> =
        alive.iter().rev().filter(|card| is_untouched(card)).take(excess).map(|card| card.id).collect();
    (ended.len() == excess).then_some(ended)
}
