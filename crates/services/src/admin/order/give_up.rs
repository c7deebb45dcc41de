//! Giving up an order that nobody has paid, because the staff say so.

use super::{
    CancelOrderError, Cancellation,
    cancel::{all_back, memo, paid_by, undone},
    parts,
    refund::{changes, left_of},
    subject, told, unpaid,
};
use crate::{
    Context,
    audit::AuditedTx,
    checkout::{SessionError, find_or_create},
    payment::{apply_snapshot, give_up, settle},
};
use stoa_domain::{
    access::{Permit, grants::OrdersWrite},
    audit::Changes,
    inventory::StockSnapshot,
    order::{CancelReason, Order, OrderState},
    payment::{GatewayError, GatewayFact, IntentSnapshot, PaymentState},
    shared::{Fault, RefundId},
};
use stoa_persistence::{Batch, db::retrying, order, payment};

/// Writes down who asks for it and why; then tells the gateway, so that nobody can pay any more; then gives the stock back, and with
/// `refund` what has come by a wrong amount. A payment that won the race confirms the order instead, and whoever wanted it cancelled is told.
pub(super) async fn run(
    ctx: &Context,
    by: &Permit<OrdersWrite>,
    refund: bool,
    (read, asked): (&Order, &Cancellation),
) -> Result<Order, CancelOrderError> {
    // The gateway's own news of the payment's end may be faster than what follows, or this process may end there.
    retrying(|| ask_once(ctx, by, asked)).await?;
    let stopped = stop_payment(ctx, read).await?;
    if let Some(snapshot) = &stopped
        && snapshot.facts.state != Some(PaymentState::Canceled)
    {
        apply_snapshot(ctx, snapshot, CancelReason::PaymentCancelled).await?;
        return Err(unpaid("cancelled while its payment is on its way", read.state.legal()).into());
    }
    let refund = refund.then(|| RefundId::new(ctx.ports.ids.id()));
    let stock = retrying(|| end_once(ctx, by, refund, (asked, stopped.as_ref()))).await?;
    ctx.jobs_waiting.notify_one();
    ctx.stock_moved(&stock).await;
    ctx.order_changed(read.id);
    order::find(ctx.db().read(), read.id).await?.ok_or(CancelOrderError::NotFound)
}

/// The payment's object at the gateway, cancelled if it could be. `None`: there is none that anybody could pay.
async fn stop_payment(ctx: &Context, order: &Order) -> Result<Option<IntentSnapshot>, Fault> {
    let Some(known) = payment::find_by_order(ctx.db().read(), order.id).await? else { return Ok(None) };
    // It has come to its end, and not as the order's price: there is nothing left to stop.
    if known.state.is_final() {
        return Ok(None);
    }
    let gateway = &ctx.ports.gateway;
    // One that we have never seen may be there all the same, if the gateway's answer was lost.
    let intent = match find_or_create(ctx, order, &known).await {
        Ok(intent) => intent,
        Err(SessionError::Gateway(GatewayError::NotFound)) => return Ok(None),
        Err(SessionError::Gateway(GatewayError::Refused { .. })) if known.intent.is_none() => {
            return Ok(None);
        }
        Err(SessionError::Gateway(error)) => return Err(Fault::unavailable("order.cancel", error)),
        Err(SessionError::Fault(fault)) => return Err(fault),
    };
    match gateway.cancel_intent(&intent.id).await {
        Ok(cancelled) => Ok(Some(cancelled)),
        Err(GatewayError::NotFound) => Ok(None),
        // It is paid, or its bank is thinking.
        Err(GatewayError::Refused { .. }) => {
            let now = gateway.retrieve_intent(&intent.id).await;
            now.map(Some).map_err(|error| Fault::unavailable("order.cancel", error))
        }
        Err(error @ GatewayError::Unknown(_)) => Err(Fault::unavailable("order.cancel", error)),
    }
}

async fn ask_once(
    ctx: &Context,
    by: &Permit<OrdersWrite>,
    asked: &Cancellation,
) -> Result<(), CancelOrderError> {
    let (now, reason) = (ctx.now(), asked.reason.name());
    let audited = AuditedTx::begin(ctx, by).await?;
    let order = order::find_for_update(audited.tx(), asked.order).await?.ok_or(CancelOrderError::NotFound)?;
    if !matches!(order.state, OrderState::AwaitingPayment { .. }) {
        return Ok(());
    }
    let mut batch = Batch::new();
    told::note(ctx, &mut batch, &order, by, ("cancel_asked", reason), now);
    batch.write(audited.tx()).await?;
    let changes = Changes::of(subject(order.id)).field("cancelAsked", None::<&str>, reason);
    audited.commit("order.ask_cancel", &changes).await?;
    Ok(())
}

/// `refund` is the id of the one that gives back what has come, if it may.
async fn end_once(
    ctx: &Context,
    by: &Permit<OrdersWrite>,
    refund: Option<RefundId>,
    (asked, stopped): (&Cancellation, Option<&IntentSnapshot>),
) -> Result<Vec<StockSnapshot>, CancelOrderError> {
    let (now, id, reason) = (ctx.now(), asked.order, asked.reason);
    let audited = AuditedTx::begin(ctx, by).await?;
    let tx = audited.tx();
    let before = order::find_for_update(tx, id).await?.ok_or(CancelOrderError::NotFound)?;
    match before.state {
        OrderState::AwaitingPayment { .. } => {}
        // Its time was over, or the gateway's news of the payment was faster.
        OrderState::Cancelled { .. } => {
            undone(tx, &before, refund.is_some(), asked.restock).await?;
            return Ok(Vec::new());
        }
        OrderState::Paid { .. } => {
            return Err(unpaid("cancelled while it is being paid", before.state.legal()).into());
        }
    }
    let known = match payment::find_by_order(tx, id).await? {
        Some(known) => payment::find_for_update(tx, known.id).await?,
        None => None,
    };
    let stock = match (stopped, &known) {
        (Some(snapshot), Some(known)) if !known.state.is_final() => {
            let fact = GatewayFact::Intent(snapshot.facts.clone());
            settle(ctx, tx, &before, known, (&fact, now), reason, now).await?.stock
        }
        _ => give_up(ctx, tx, &before, reason, now).await?.stock,
    };
    let after = order::find(tx, id).await?.ok_or(CancelOrderError::NotFound)?;
    let (mut batch, mut changed) = (Batch::new(), Changes::of(subject(id)));
    // It was not what the order costs. Without the permit for it the money stays, and the order marked. Gift cards have theirs by now, as
    // whenever an order comes to nothing: nothing is left of their payments.
    if let Some(id) = refund
        && let Some(paid) = paid_by(tx, &before).await?
    {
        let (memo, left) = (memo(by, &[], asked.restock), left_of(&paid));
        let refunds = all_back(tx, id, (&before, &paid), &memo, now).await?;
        changed = changes(&before, (&refunds, &memo), left);
        parts::follow(ctx, &mut batch, &refunds, asked.notify, now);
    }
    batch.write(tx).await?;
    let changed = changed.field("state", before.state.name(), after.state.name()).field(
        "cancelReason",
        None::<&str>,
        reason.name(),
    );
    audited.commit("order.cancel", &changed).await?;
    Ok(stock)
}
