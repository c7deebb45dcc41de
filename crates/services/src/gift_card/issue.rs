//! Gift cards that were sold: made once their order is paid, each once, whatever is repeated or dies.

use super::codes::sold_code;
use crate::{
    Context, jobs,
    pricing::{LookupKeys, Purpose, card_hash},
};
use stoa_domain::{
    gift_card::{GiftCard, GiftCardKind, GiftCardState},
    order::{LineItem, Order, OrderState},
    shared::{Fault, GiftCardId, OrderId, Timestamp},
};
use stoa_persistence::{
    Batch, Durability,
    db::retrying,
    gift_card::{self, NewGiftCard},
    order, payment,
};

/// Cards of one transaction.
const AT_ONCE: usize = 500;

/// A unit that was sold as a card.
#[derive(Clone, Copy)]
struct Unit<'o> {
    line: &'o LineItem,
    unit: u32,
}

/// Makes the cards of an order from the `from`th on: those that are there already stay as they are, and none is made of units that were refunded
/// meanwhile, nor of an order that was cancelled. Gives where to go on; `None`: all are there, and the buyer is written to.
pub(crate) async fn issue(ctx: &Context, id: OrderId, from: u64) -> Result<Option<u64>, Fault> {
    // Made at the first use, in a transaction of their own: not inside another.
    LookupKeys::of(ctx, Purpose::GiftCardCode).await?;
    LookupKeys::of(ctx, Purpose::GiftCard).await?;
    retrying(|| issue_once(ctx, id, from)).await
}

async fn issue_once(ctx: &Context, id: OrderId, from: u64) -> Result<Option<u64>, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let Some(order) = order::find_for_update(&tx, id).await? else { return Ok(None) };
    if !matches!(order.state, OrderState::Paid { .. }) {
        return Ok(None);
    }
    let skipped = usize::try_from(from).unwrap_or(usize::MAX);
    let some: Vec<Unit<'_>> = units(&order).skip(skipped).take(AT_ONCE).collect();
    let refunded = payment::units_refunded(&tx, id).await?;
    let is_owed = |of: &&Unit<'_>| {
        let gone = refunded.get(&of.line.id).copied().unwrap_or(0);
        of.unit < of.line.quantity.saturating_sub(gone)
    };
    let mut new = Vec::with_capacity(some.len());
    for of in some.iter().filter(is_owed) {
        new.push(card(ctx, &order, *of, now).await?);
    }
    gift_card::issue(&tx, &new).await?;
    let next = from.saturating_add(u64::try_from(some.len()).unwrap_or(u64::MAX));
    let is_all = some.len() < AT_ONCE;
    if is_all {
        let mut batch = Batch::new();
        jobs::tell_of_gift_cards(ctx, &mut batch, id, now);
        batch.write(&tx).await?;
    }
    tx.commit().await?;
    Ok((!is_all).then_some(next))
}

/// Every unit that was sold as a card, refunded or not: so that a turn goes on where the last one ended, whatever was refunded between them.
fn units(order: &Order) -> impl Iterator<Item = Unit<'_>> {
    let cards = order.lines.iter().filter(|line| line.gift_card);
    cards.flat_map(|line| (0..line.quantity).map(move |unit| Unit { line, unit }))
}

/// A card with what its unit was sold for before promotions, which never lower it.
async fn card(
    ctx: &Context,
    order: &Order,
    Unit { line, unit }: Unit<'_>,
    now: Timestamp,
) -> Result<NewGiftCard, Fault> {
    let code = sold_code(ctx, line.id, unit).await?;
    let last = code.last().ok_or(Fault::bug("gift_card.issue: a code without an end"))?;
    let card = GiftCard {
        id: GiftCardId::new(ctx.ports.ids.id()),
        kind: GiftCardKind::Card { last },
        currency: order.figures.currency,
        initial: line.unit_price,
        balance: line.unit_price,
        state: GiftCardState::Enabled,
        expires_at: ctx.settings.gift_cards.expires_at(now),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    Ok(NewGiftCard {
        card,
        code_hash: Some(card_hash(ctx, &code).await?),
        sold_as: Some((line.id, unit)),
        note: None,
        created_by: order.name(),
        entry: ctx.ports.ids.id(),
    })
}
