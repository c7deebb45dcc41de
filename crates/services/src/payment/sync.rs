//! Reading a payment from the gateway and applying what it says: after a browser's return, in doubt, before expiry.

use super::{
    events::{after_commit, locked},
    settle::{Settled, settle},
};
use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    order::CancelReason,
    payment::{GatewayError, GatewayFact, IntentSnapshot},
    shared::{Fault, OrderId},
};
use stoa_persistence::{Durability, db::retrying, payment};

/// Brings our payment up to date with the gateway's.
pub struct SyncPayment(pub(crate) Arc<Context>);

impl SyncPayment {
    /// Re-reads the payment of an order and applies it: what a webhook would have done, should it be late or lost.
    /// Does nothing for an order without one, or whose payment has come to its end.
    ///
    /// # Errors
    /// The gateway or a store does not answer.
    pub async fn run(&self, order: OrderId) -> Result<(), Fault> {
        let ctx = &self.0;
        let Some(known) = payment::find_by_order(ctx.db().read(), order).await? else { return Ok(()) };
        match known.intent {
            Some(intent) if !known.state.is_final() => refresh(ctx, &intent).await,
            _ => Ok(()),
        }
    }
}

/// Fetches an object and applies it.
pub(crate) async fn refresh(ctx: &Context, intent: &str) -> Result<(), Fault> {
    match ctx.ports.gateway.retrieve_intent(intent).await {
        Ok(snapshot) => apply_snapshot(ctx, &snapshot, CancelReason::PaymentCancelled).await,
        // Somebody else's object, or one of another mode: nothing to learn.
        Err(GatewayError::NotFound) => Ok(()),
        Err(e) => Err(Fault::unavailable("payment.refresh", e)),
    }
}

/// Applies an object as it is now. Safe to repeat: a payment only moves forwards.
pub(crate) async fn apply_snapshot(
    ctx: &Context,
    snapshot: &IntentSnapshot,
    cancelled_because: CancelReason,
) -> Result<(), Fault> {
    let settled = retrying(|| snapshot_once(ctx, snapshot, cancelled_because)).await?;
    after_commit(ctx, &settled).await;
    Ok(())
}

async fn snapshot_once(
    ctx: &Context,
    snapshot: &IntentSnapshot,
    cancelled_because: CancelReason,
) -> Result<Settled, Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let gateway = ctx.ports.gateway.name();
    let Some(found) = payment::find_by_intent(&tx, gateway, &snapshot.id).await? else {
        return Ok(Settled::default());
    };
    let Some((order, known)) = locked(&tx, &found).await? else { return Ok(Settled::default()) };
    let fact = GatewayFact::Intent(snapshot.facts.clone());
    let mut settled = settle(ctx, &tx, &order, &known, (&fact, now), cancelled_because, now).await?;
    if let Some(total) = snapshot.amount_refunded.filter(|total| *total > 0) {
        // What has gone back of it, should the event that told so have been lost.
        let Some((order, known)) = locked(&tx, &found).await? else { return Ok(settled) };
        let fact = GatewayFact::Refunded { total };
        let refunded = settle(ctx, &tx, &order, &known, (&fact, now), cancelled_because, now).await?;
        settled.stock.extend(refunded.stock);
    }
    tx.commit().await?;
    Ok(settled)
}
