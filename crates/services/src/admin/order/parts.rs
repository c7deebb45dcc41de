//! One act of giving money back, over however many payments the order has: a refund for each, of which the first says what it is for.

use super::refund::RefundOrderError;
use crate::{
    Context,
    gift_card::CardRefund,
    jobs,
    payment::{GivenBack, Paid},
};
use sha2::{Digest, Sha256};
use stoa_domain::{
    order::{Order, RefundPart},
    shared::{Fault, Money, RefundId, Timestamp},
};
use stoa_persistence::{
    Batch, WriteTx,
    payment::{self, Refund, RefundMemo, RefundState},
};
use uuid::Builder;

/// Why the gateway is asked, as our books say it.
const REASON: &str = "given by the staff";

/// What goes back of an order whose payments are locked.
pub(super) struct GivingBack<'a> {
    pub(super) order: &'a Order,
    /// All payments of it.
    pub(super) paid: &'a [Paid],
    /// How much over which; at least one.
    pub(super) parts: &'a [RefundPart],
    /// What it is for.
    pub(super) memo: &'a RefundMemo,
}

/// Writes the refunds down, the first of them under `id`, if so much is left of each payment. What goes to gift cards is there by the end of the
/// transaction: cards are locked behind the stock, so that whoever calls this puts it onto them then, see [`to_cards`].
///
/// # Errors
/// Less is left than was thought; nothing may be committed then.
pub(super) async fn write(
    tx: &WriteTx,
    id: RefundId,
    giving: &GivingBack<'_>,
    now: Timestamp,
) -> Result<Vec<Refund>, RefundOrderError> {
    let mut written: Vec<Refund> = Vec::with_capacity(giving.parts.len());
    // What is in the shop's currency is counted over all refunds together.
    let mut given = GivenBack::of(tx, giving.order).await?;
    let mut delivery = giving.memo.delivery;
    for (n, part) in giving.parts.iter().enumerate() {
        let paid = giving.paid.iter().find(|paid| paid.payment.id == part.payment);
        let paid = paid.ok_or(Fault::bug("order.refund: a part of a payment that the order has not"))?;
        let is_first = n == 0;
        let stored = paid.payment.is_stored_value();
        let refund = Refund {
            id: if is_first { id } else { part_id(id, n) },
            payment: part.payment,
            amount: part.amount,
            reason: REASON.to_owned(),
            gateway_refund: None,
            state: if stored { RefundState::Accepted } else { RefundState::Requested },
            shop_amount: given.take(giving.order, part.amount),
            parent: (!is_first).then_some(id),
        };
        // No part is for more of the delivery than it is.
        let of_delivery = delivery.min(part.amount);
        delivery -= of_delivery;
        let memo = match is_first {
            true => RefundMemo { delivery: of_delivery, ..giving.memo.clone() },
            false => RefundMemo {
                delivery: of_delivery,
                created_by: giving.memo.created_by.clone(),
                ..RefundMemo::default()
            },
        };
        if !payment::request_refund_for(tx, &refund, &memo, now).await? {
            return Err(RefundOrderError::TooMuch { left: Money::new(paid.left, paid.payment.currency) });
        }
        if stored {
            let mut back = paid.payment.clone();
            back.amount_refunded = back.amount_refunded.saturating_add(part.amount);
            back.updated_at = now;
            payment::save(tx, &back).await?;
        }
        written.push(refund);
    }
    Ok(written)
}

/// What of these refunds goes to gift cards.
pub(super) fn to_cards(paid: &[Paid], refunds: &[Refund]) -> Vec<CardRefund> {
    let to_card = |refund: &Refund| {
        let of = paid.iter().find(|paid| paid.payment.id == refund.payment)?;
        Some(CardRefund { card: of.payment.card()?, refund: refund.id, amount: refund.amount })
    };
    refunds.iter().filter_map(to_card).collect()
}

/// Has the gateway asked for what goes over it, and the buyer told if that is wanted.
pub(super) fn follow(ctx: &Context, batch: &mut Batch, refunds: &[Refund], notify: bool, now: Timestamp) {
    for refund in refunds {
        if refund.state == RefundState::Requested {
            jobs::send_refund(ctx, batch, refund.id, now);
        }
        if notify {
            jobs::tell_of_refund(ctx, batch, refund.id, now);
        }
    }
}

/// The id of a further refund of one act: the same whenever the act is asked for again.
pub(super) fn part_id(first: RefundId, n: usize) -> RefundId {
    let mut hash = Sha256::new_with_prefix("order.refund.part");
    hash.update(first.uuid().as_bytes());
    hash.update(u64::try_from(n).unwrap_or(u64::MAX).to_be_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    RefundId::new(Builder::from_custom_bytes(bytes).into_uuid())
}
