//! Giving up an order that was not paid in time.

use super::handlers::Done;
use crate::{
    Context,
    checkout::{SessionError, find_or_create},
    jobs, meters,
    payment::{apply_snapshot, give_up},
};
use chrono::TimeDelta;
use stoa_domain::{
    inventory::StockSnapshot,
    order::{CancelReason, Order, OrderState},
    payment::{GatewayError, Payment, PaymentState},
    shared::{Fault, OrderId},
};
use stoa_persistence::{Durability, db::retrying, order, payment};

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
        None => end(ctx, id).await.map(|()| Done::Yes),
    }
}

async fn cancel_payment(ctx: &Context, order: &Order, payment: &Payment) -> Result<Done, Fault> {
    // A payment whose object we have never seen may have one all the same, if the gateway's answer was lost: asking
    // again with the same key finds it.
    let intent = match find_or_create(ctx, order, payment).await {
        Ok(intent) => intent,
        Err(SessionError::Gateway(error)) => return without_intent(ctx, order, payment, error).await,
        Err(SessionError::Fault(fault)) => return Err(fault),
    };
    let snapshot = match ctx.ports.gateway.cancel_intent(&intent.id).await {
        Ok(cancelled) => cancelled,
        Err(GatewayError::Refused { .. }) => ctx
            .ports
            .gateway
            .retrieve_intent(&intent.id)
            .await
            .map_err(|e| Fault::unavailable("order.expire", e))?,
        Err(error) => return without_intent(ctx, order, payment, error).await,
    };
    apply_snapshot(ctx, &snapshot, CancelReason::Expired).await?;
    match snapshot.facts.state {
        Some(PaymentState::Succeeded | PaymentState::Canceled) => {
            end(ctx, order.id).await?;
            Ok(Done::Yes)
        }
        // It can be neither paid by the buyer nor cancelled by us: the bank has it.
        _ => Ok(Done::NotBefore(ctx.now() + BANK_THINKS)),
    }
}

/// The gateway shows no object for the payment.
async fn without_intent(
    ctx: &Context,
    order: &Order,
    payment: &Payment,
    error: GatewayError,
) -> Result<Done, Fault> {
    match error {
        // It will never make one, or knows the one it made no more (other keys, another mode): nobody can pay here.
        GatewayError::Refused { .. } if payment.intent.is_none() => {}
        GatewayError::NotFound => {}
        unknown => return Err(Fault::unavailable("order.expire", unknown)),
    }
    end(ctx, order.id).await?;
    Ok(Done::Yes)
}

/// Ends an order that still waits although its payment cannot come any more, or came wrong: what came in the order's currency
/// goes back, and so does its stock.
async fn end(ctx: &Context, id: OrderId) -> Result<(), Fault> {
    let stock = retrying(|| end_once(ctx, id)).await?;
    if stock.is_empty() {
        return Ok(());
    }
    // The order is given up, and the job done: the next hold brings the newer figure along.
    if let Err(fault) = ctx.ports.holds.learn(ctx.news_of_stock(&stock)).await {
        tracing::warn!(error = %fault, "the reservation store has not learnt of stock that came back");
    }
    ctx.stock_changed(&stock);
    Ok(())
}

/// Gives the stock that came back, as it is then.
async fn end_once(ctx: &Context, id: OrderId) -> Result<Vec<StockSnapshot>, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let Some(order) = order::find_for_update(&tx, id).await? else { return Ok(Vec::new()) };
    if !matches!(order.state, OrderState::AwaitingPayment { .. }) {
        return Ok(Vec::new());
    }
    let odd = match payment::find_by_order(&tx, id).await? {
        Some(odd) => payment::find_for_update(&tx, odd.id).await?,
        None => None,
    };
    let given_up = give_up(ctx, &tx, &order, CancelReason::Expired, now).await?;
    if let Some(odd) = odd {
        jobs::refund_in_full(ctx, &tx, (&order, &odd), "it was not what the order costs", now).await?;
    }
    tx.commit().await?;
    ctx.jobs_waiting.notify_one();
    ctx.order_changed(id);
    if given_up.expired {
        meters::order_expired();
    }
    Ok(given_up.stock)
}
