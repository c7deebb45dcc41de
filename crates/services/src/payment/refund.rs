//! Sending a refund that was asked for in SQL.

use super::{events::locked, settle::note};
use crate::Context;
use stoa_domain::{
    order::{Attention, Order},
    payment::{GatewayError, Payment},
    shared::{Fault, Money, RefundId},
};
use stoa_persistence::{
    Durability,
    db::retrying,
    order,
    payment::{self, Refund, RefundState},
};

/// The name of a refund at the gateway: its idempotency key, also written on it.
pub(super) fn key(id: RefundId) -> String {
    format!("refund-{id}")
}

/// Sends the refund to the gateway, whose idempotency key is the refund's id, and writes its answer down. May run twice.
pub(crate) async fn send_refund(ctx: &Context, id: RefundId) -> Result<(), Fault> {
    let read = ctx.db().read();
    let Some(refund) = payment::find_refund(read, id).await? else { return Ok(()) };
    if refund.state != RefundState::Requested {
        return Ok(());
    }
    let of = payment::find(read, refund.payment).await?.ok_or(Fault::bug("refund.send: no such payment"))?;
    if of.is_stored_value() {
        return Err(Fault::bug("refund.send: no gateway knows of gift cards"));
    }
    let intent = of.intent.as_deref().ok_or(Fault::bug("refund.send: nothing was ever paid"))?;
    let amount = Money::new(refund.amount, of.currency);
    let (gateway_refund, state, detail) = match ctx.ports.gateway.refund(intent, amount, &key(id)).await {
        Ok(made) if made.failed => {
            (Some(made.id), RefundState::Failed, "the gateway could not make it".to_owned())
        }
        Ok(made) => (Some(made.id), RefundState::Accepted, format!("{amount:?}")),
        // It has gone back already, by hand or by an answer we lost.
        Err(GatewayError::Refused { code, .. }) if code == "charge_already_refunded" => {
            (None, RefundState::Accepted, "it had gone back already".to_owned())
        }
        Err(GatewayError::Refused { code, .. }) => (None, RefundState::Failed, code),
        Err(GatewayError::NotFound) => (None, RefundState::Failed, "no such payment there".to_owned()),
        Err(unknown @ GatewayError::Unknown(_)) => return Err(Fault::unavailable("refund.send", unknown)),
    };

    let answer = Answer { gateway_refund, state, detail };
    let of_order = retrying(|| write_down(ctx, &refund, &of, &answer)).await?;
    ctx.order_changed(of_order.id);
    if answer.state == RefundState::Failed {
        // Not tried again: see `refund_books`.
        tracing::error!(
            order.id = %of_order.id, order.number = of_order.number, payment.id = %of.id, refund.id = %id,
            detail = answer.detail, "a refund cannot be made: the buyer must be paid in another way",
        );
    }
    Ok(())
}

/// What the gateway has said of a refund.
struct Answer {
    gateway_refund: Option<String>,
    state: RefundState,
    detail: String,
}

async fn write_down(ctx: &Context, refund: &Refund, of: &Payment, answer: &Answer) -> Result<Order, Fault> {
    let now = ctx.now();
    let Answer { gateway_refund, state, detail } = answer;
    let tx = ctx.db().write(Durability::Full).await?;
    let Some((of_order, _)) = locked(&tx, of).await? else {
        return Err(Fault::bug("refund.send: no such order"));
    };
    if payment::settle_refund(&tx, refund, gateway_refund.as_deref(), *state, now).await? {
        let kind = match state {
            RefundState::Failed => "refund_failed",
            RefundState::Requested | RefundState::Accepted => "refund_sent",
        };
        note(ctx, &tx, &of_order, "system", kind, detail, now).await?;
        if *state == RefundState::Failed {
            order::set_attention(&tx, of_order.id, Some(Attention::RefundFailed), now).await?;
        }
    }
    tx.commit().await?;
    Ok(of_order)
}
