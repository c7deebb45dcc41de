//! What has gone back of a payment: our books brought in line with the gateway's list of its refunds.
//!
//! A refund that was accepted may fail days later, when the buyer's bank sends it back; then the buyer has nothing, and
//! the money is on the merchant's account again. The events about it come twice, late, and in any order, and none of them
//! tells the whole. So none is believed: whatever moves a refund makes us ask for the list, and the list is written down
//! as one, provided that nobody has changed the payment since before it was asked for.
//!
//! A refund that failed is not tried again. Stripe tries no second time either, for good reason: the card is gone or its
//! bank refuses the money, and the same card is all that a refund can go to. The buyer must be paid in another way, which
//! only a person can do; so the order is marked, its history tells, the log has an error, and the amount is free again.

use super::{GivenBack, events::locked, refund::key, settle::note, sync};
use crate::Context;
use chrono::TimeDelta;
use stoa_domain::{
    order::{Attention, Order},
    payment::{GatewayError, ListedRefund, Payment},
    shared::{Fault, Money, PaymentId, RefundId, Timestamp},
};
use stoa_persistence::{
    Durability, WriteTx,
    db::retrying,
    order,
    payment::{self, Refund, RefundState},
};

/// How often the list is asked for again because the payment moved meanwhile.
const TRIES: u32 = 10;

/// Asks for the refunds of a payment object and writes them down. Safe to repeat at any time.
pub(super) async fn reconcile(ctx: &Context, intent: &str) -> Result<(), Fault> {
    let gateway = &ctx.ports.gateway;
    let known = || payment::find_by_intent(ctx.db().read(), gateway.name(), intent);
    if known().await?.is_some_and(|payment| payment.amount_received == 0) {
        // A refund that overtook its payment: no more can go back than has come.
        sync::fetch(ctx, intent).await?;
    }
    for _ in 0..TRIES {
        let Some(before) = known().await? else { return Ok(()) };
        let listed = match gateway.refunds(intent).await {
            Ok(listed) => listed,
            // Somebody else's object, or one of another mode: nothing to learn.
            Err(GatewayError::NotFound) => return Ok(()),
            Err(error) => return Err(Fault::unavailable("payment.refunds", error)),
        };
        if retrying(|| book(ctx, &before, &listed)).await? {
            return Ok(());
        }
    }
    Err(Fault::bug("payment.refunds: the payment never stood still while its refunds were asked for"))
}

/// Writes the list down. False, and nothing changed, if the payment is not as it was before the list was asked for:
/// then another, newer list may have been written down.
async fn book(ctx: &Context, before: &Payment, listed: &[ListedRefund]) -> Result<bool, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let Some((order, known)) = locked(&tx, before).await? else { return Ok(true) };
    if known != *before {
        return Ok(false);
    }
    let listed: Vec<_> = listed.iter().filter(|refund| refund.currency == known.currency.code()).collect();
    let mut ours = payment::refunds_of(&tx, known.id).await?;
    let mut failed = Vec::new();
    for refund in &listed {
        if enter(ctx, &tx, (&order, known.id), &mut ours, refund, now).await? {
            tell(ctx, &tx, &order, refund, now).await?;
            if refund.failed {
                failed.push(refund.id.as_str());
            }
        }
    }
    let given = listed.iter().filter(|refund| !refund.failed).fold(0_i64, |sum, refund| {
        // However odd a list: no more has gone back than came.
        sum.saturating_add(refund.amount.max(0))
    });
    let amount_refunded = given.min(known.amount_received);
    if amount_refunded > known.amount_refunded {
        let total = Money::new(amount_refunded, known.currency);
        note(ctx, &tx, &order, "gateway", "refunded", &format!("{total:?} in all"), now).await?;
    }
    // Later than before in any case, though nothing else has changed: so an older list, still on its way, is noticed.
    let updated_at = now.max(known.updated_at + TimeDelta::microseconds(1));
    payment::save(&tx, &Payment { amount_refunded, updated_at, ..known.clone() }).await?;
    tx.commit().await?;
    ctx.order_changed(order.id);
    for refund in failed {
        tracing::error!(
            order.id = %order.id, order.number = order.number, payment.id = %known.id, refund.id = refund,
            "a refund has failed: the buyer does not have the money and must be paid in another way",
        );
    }
    Ok(true)
}

/// Enters one refund of the list. True if that is news: of one that we asked for, what became of it; of one made by hand,
/// that it has failed.
async fn enter(
    ctx: &Context,
    tx: &WriteTx,
    (order, of): (&Order, PaymentId),
    ours: &mut Vec<Refund>,
    listed: &ListedRefund,
    now: Timestamp,
) -> Result<bool, Fault> {
    let state = if listed.failed { RefundState::Failed } else { RefundState::Accepted };
    if let Some(at) = place(ours, listed) {
        let row = ours.swap_remove(at);
        if row.state == state && row.gateway_refund.as_deref() == Some(&listed.id) {
            return Ok(false);
        }
        let written = payment::settle_refund(tx, &row, Some(&listed.id), state, now).await?;
        return Ok(written && row.state != state);
    }
    if listed.amount <= 0 {
        return Ok(false);
    }
    let by_hand = Refund {
        id: RefundId::new(ctx.ports.ids.id()),
        payment: of,
        amount: listed.amount,
        reason: "made at the gateway".to_owned(),
        gateway_refund: Some(listed.id.clone()),
        state,
        shop_amount: if listed.failed {
            None
        } else {
            GivenBack::of(tx, order).await?.take(order, listed.amount)
        },
        parent: None,
    };
    payment::record_refund(tx, &by_hand, now).await?;
    Ok(listed.failed)
}

/// Which of our rows a listed refund is: by the gateway's id, or by the key we asked for it with. One of ours that the
/// gateway refused because the money had gone back already stands for the one that somebody had made by hand.
fn place(ours: &[Refund], listed: &ListedRefund) -> Option<usize> {
    let is_it = |row: &Refund| {
        row.gateway_refund.as_deref() == Some(&listed.id)
            || listed.key.as_ref().is_some_and(|asked| *asked == key(row.id))
    };
    let stands_for_it = |row: &Refund| {
        row.gateway_refund.is_none() && row.state == RefundState::Accepted && row.amount == listed.amount
    };
    ours.iter().position(is_it).or_else(|| ours.iter().position(stands_for_it))
}

async fn tell(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    refund: &ListedRefund,
    now: Timestamp,
) -> Result<(), Fault> {
    let kind = if refund.failed { "refund_failed" } else { "refund_sent" };
    note(ctx, tx, order, "gateway", kind, &refund.id, now).await?;
    if refund.failed {
        order::set_attention(tx, order.id, Some(Attention::RefundFailed), now).await?;
    }
    Ok(())
}
