//! Reading a payment from the gateway and applying what it says: after a browser's return, in doubt, before expiry.

use super::{
    events::{after_commit, locked_by_intent},
    refund_books,
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

/// Fetches an object and applies it, with what has gone back of it.
pub(crate) async fn refresh(ctx: &Context, intent: &str) -> Result<(), Fault> {
    match fetch(ctx, intent).await? {
        Some(Refunds::Differ) => refund_books::reconcile(ctx, intent).await,
        Some(Refunds::Agree) | None => Ok(()),
    }
}

/// Fetches an object and applies it, but for its refunds. `None`: there is no such object.
pub(super) async fn fetch(ctx: &Context, intent: &str) -> Result<Option<Refunds>, Fault> {
    match ctx.ports.gateway.retrieve_intent(intent).await {
        Ok(snapshot) => apply(ctx, &snapshot, CancelReason::PaymentCancelled).await.map(Some),
        // Somebody else's object, or one of another mode: nothing to learn.
        Err(GatewayError::NotFound) => Ok(None),
        Err(e) => Err(Fault::unavailable("payment.refresh", e)),
    }
}

/// Whether the object's sum of refunds is the one in our books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refunds {
    Agree,
    Differ,
}

/// Applies an object as it is now. Safe to repeat: a payment only moves forwards.
pub(crate) async fn apply_snapshot(
    ctx: &Context,
    snapshot: &IntentSnapshot,
    cancelled_because: CancelReason,
) -> Result<(), Fault> {
    match apply(ctx, snapshot, cancelled_because).await? {
        Refunds::Agree => Ok(()),
        // Should the event that told of a refund have been lost.
        Refunds::Differ => refund_books::reconcile(ctx, &snapshot.id).await,
    }
}

async fn apply(
    ctx: &Context,
    snapshot: &IntentSnapshot,
    cancelled_because: CancelReason,
) -> Result<Refunds, Fault> {
    let (settled, refunds) = retrying(|| snapshot_once(ctx, snapshot, cancelled_because)).await?;
    after_commit(ctx, &settled).await;
    Ok(refunds)
}

async fn snapshot_once(
    ctx: &Context,
    snapshot: &IntentSnapshot,
    cancelled_because: CancelReason,
) -> Result<(Settled, Refunds), Fault> {
    let now = ctx.now();
    let tx = ctx.db().write(Durability::Full).await?;
    let gateway = ctx.ports.gateway.name();
    let nothing = (Settled::default(), Refunds::Agree);
    let Some((order, known)) = locked_by_intent(&tx, gateway, &snapshot.id).await? else {
        return Ok(nothing);
    };
    let fact = GatewayFact::Intent(snapshot.facts.clone());
    let settled = settle(ctx, &tx, &order, &known, (&fact, now), cancelled_because, now).await?;
    tx.commit().await?;
    let differ = snapshot.amount_refunded.is_some_and(|total| total != known.amount_refunded);
    Ok((settled, if differ { Refunds::Differ } else { Refunds::Agree }))
}
