//! Giving up an order that was not paid in time.

use super::handlers::Done;
use crate::{
    Context,
    checkout::{SessionError, find_or_create},
    payment::{apply_snapshot, give_up},
};
use chrono::TimeDelta;
use stoa_domain::{
    order::{CancelReason, Order, OrderState},
    payment::{GatewayError, Payment, PaymentState},
    shared::{Fault, OrderId},
};
use stoa_persistence::{Durability, order, payment};

/// How long a bank may think before we ask again.
const BANK_THINKS: TimeDelta = TimeDelta::minutes(10);

/// Cancels at the gateway first, so that nobody can pay any more; then gives the stock back. A payment that won the race
/// confirms the order instead.
pub(super) async fn expire_order(ctx: &Context, id: OrderId) -> Result<Done, Fault> {
    let read = ctx.db().read();
    let Some(order) = order::find(read, id).await? else { return Ok(Done::Yes) };
    let OrderState::AwaitingPayment { expires_at } = order.state else { return Ok(Done::Yes) };
    if ctx.now() < expires_at {
        return Ok(Done::NotBefore(expires_at));
    }
    match payment::find_by_order(read, id).await? {
        Some(payment) => cancel_payment(ctx, &order, &payment).await,
        None => give_up_unpayable(ctx, id).await.map(|()| Done::Yes),
    }
}

async fn cancel_payment(ctx: &Context, order: &Order, payment: &Payment) -> Result<Done, Fault> {
    // A payment whose object we have never seen may have one all the same, if the gateway's answer was lost: asking
    // again with the same key finds it.
    let intent = match find_or_create(ctx, order, payment).await {
        Ok(intent) => intent,
        // It will never make one: nobody can have paid, and nobody will.
        Err(SessionError::Gateway(GatewayError::Refused { .. })) if payment.intent.is_none() => {
            return give_up_unpayable(ctx, order.id).await.map(|()| Done::Yes);
        }
        Err(SessionError::Gateway(e)) => return Err(Fault::unavailable("order.expire", e)),
        Err(SessionError::Fault(fault)) => return Err(fault),
    };
    match ctx.ports.gateway.cancel_intent(&intent.id).await {
        Ok(cancelled) => {
            apply_snapshot(ctx, &cancelled, CancelReason::Expired).await?;
            Ok(Done::Yes)
        }
        Err(GatewayError::Refused { .. }) => {
            let now = ctx.ports.gateway.retrieve_intent(&intent.id).await;
            let snapshot = now.map_err(|e| Fault::unavailable("order.expire", e))?;
            apply_snapshot(ctx, &snapshot, CancelReason::Expired).await?;
            match snapshot.facts.state {
                Some(PaymentState::Succeeded | PaymentState::Canceled) => Ok(Done::Yes),
                // It can be neither paid by the buyer nor cancelled by us: the bank has it.
                _ => Ok(Done::NotBefore(ctx.now() + BANK_THINKS)),
            }
        }
        Err(e) => Err(Fault::unavailable("order.expire", e)),
    }
}

/// For an order whose payment the gateway refuses to make.
async fn give_up_unpayable(ctx: &Context, id: OrderId) -> Result<(), Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    let Some(order) = order::find_for_update(&tx, id).await? else { return Ok(()) };
    let stock = give_up(ctx, &tx, &order, CancelReason::Expired, ctx.now()).await?;
    tx.commit().await?;
    ctx.ports.holds.learn(&stock).await
}
