//! Giving up an order that nobody has paid, because the staff say so.

use super::{CancelOrderError, subject, told, unpaid};
use crate::{
    Context,
    audit::AuditedTx,
    checkout::{SessionError, find_or_create},
    jobs,
    payment::{apply_snapshot, give_up, settle},
};
use stoa_domain::{
    access::{Permit, grants::OrdersWrite},
    audit::Changes,
    inventory::StockSnapshot,
    order::{CancelReason, Order, OrderState},
    payment::{GatewayError, GatewayFact, IntentSnapshot, PaymentState},
    shared::{Fault, OrderId},
};
use stoa_persistence::{Batch, db::retrying, order, payment};

/// Tells the gateway first, so that nobody can pay any more; then gives the stock back. A payment that won the race confirms the order
/// instead, and whoever wanted it cancelled is told.
pub(super) async fn run(
    ctx: &Context,
    by: &Permit<OrdersWrite>,
    read: &Order,
    reason: CancelReason,
) -> Result<Order, CancelOrderError> {
    let stopped = stop_payment(ctx, read).await?;
    if let Some(snapshot) = &stopped
        && snapshot.facts.state != Some(PaymentState::Canceled)
    {
        apply_snapshot(ctx, snapshot, CancelReason::PaymentCancelled).await?;
        return Err(unpaid("cancelled while its payment is on its way", read.state.legal()).into());
    }
    let stock = retrying(|| end_once(ctx, by, read.id, stopped.as_ref(), reason)).await?;
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

async fn end_once(
    ctx: &Context,
    by: &Permit<OrdersWrite>,
    id: OrderId,
    stopped: Option<&IntentSnapshot>,
    reason: CancelReason,
) -> Result<Vec<StockSnapshot>, CancelOrderError> {
    let now = ctx.now();
    let audited = AuditedTx::begin(ctx, by).await?;
    let tx = audited.tx();
    let before = order::find_for_update(tx, id).await?.ok_or(CancelOrderError::NotFound)?;
    match before.state {
        OrderState::AwaitingPayment { .. } => {}
        // Its time was over, or the gateway's news of the payment was faster.
        OrderState::Cancelled { .. } => return Ok(Vec::new()),
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
    if let Some(odd) = known.filter(|known| known.amount_received > 0) {
        jobs::refund_in_full(ctx, tx, &odd, "it was not what the order costs", now).await?;
    }
    let after = order::find(tx, id).await?.ok_or(CancelOrderError::NotFound)?;
    let mut batch = Batch::new();
    told::note(ctx, &mut batch, &before, by, ("cancel_asked", reason.name()), now);
    batch.write(tx).await?;
    let changes = Changes::of(subject(id)).field("state", before.state.name(), after.state.name()).field(
        "cancelReason",
        None::<&str>,
        reason.name(),
    );
    audited.commit("order.cancel", &changes).await?;
    Ok(stock)
}
