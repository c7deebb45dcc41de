//! Events of the gateway: applied once, kept raw while they come too early, and then by their name alone.

use super::{
    refund_books,
    settle::{Settled, settle},
    sync,
};
use crate::{Context, meters};
use std::sync::Arc;
use stoa_domain::{
    order::{CancelReason, Order},
    payment::{GatewayError, GatewayEvent, GatewayFact, Payment},
    shared::{Fault, Timestamp},
};
use stoa_persistence::{
    Durability, WriteTx,
    db::retrying,
    order,
    payment::{self, StoredEvent},
};

/// An event whose signature was checked.
#[derive(Clone, Debug)]
pub struct IncomingEvent {
    /// What it says.
    pub event: GatewayEvent,
    /// The body, byte for byte.
    pub body: String,
}

/// What became of an event. Whoever brought it is answered 200 in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyOutcome {
    /// It was applied.
    Applied,
    /// It had been applied before.
    Duplicate,
    /// It is about nothing we know yet, or never will: it is kept as it came, for a while.
    Kept,
    /// It is of a kind we do not act on: that it came is kept.
    Ignored,
    /// It was applied, and a person should look at its order.
    Attention,
}

impl ApplyOutcome {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Applied, Self::Duplicate, Self::Kept, Self::Ignored, Self::Attention];
}

/// Applies events of the gateway.
pub struct ApplyPaymentEvent(pub(crate) Arc<Context>);

impl ApplyPaymentEvent {
    /// Applies an event once. Twice, and twice at once, changes nothing more.
    ///
    /// # Errors
    /// A fault: nothing was applied, and the gateway should send the event again.
    #[tracing::instrument(name = "payment.apply_event", skip_all, fields(event.id = %incoming.event.id, event.kind = %incoming.event.kind))]
    pub async fn run(&self, incoming: IncomingEvent) -> Result<ApplyOutcome, Fault> {
        let became = run(&self.0, &incoming).await;
        meters::payment_event(became.as_ref().copied());
        became
    }
}

async fn run(ctx: &Context, incoming: &IncomingEvent) -> Result<ApplyOutcome, Fault> {
    if incoming.event.intent.is_some() || incoming.event.fact == GatewayFact::Ignored {
        return apply(ctx, incoming).await;
    }
    // It names no payment object: it is written down as it is, and then what it does name is asked for it.
    let kept = apply(ctx, incoming).await?;
    match complete(ctx, incoming).await? {
        Some(whole) => apply(ctx, &whole).await,
        None => Ok(kept),
    }
}

/// The event with its payment object. `None`: it is about no payment, or about somebody else's.
async fn complete(ctx: &Context, incoming: &IncomingEvent) -> Result<Option<IncomingEvent>, Fault> {
    let body = &incoming.body;
    let event = match ctx.ports.gateway.complete_event(incoming.event.clone(), body.as_bytes()).await {
        Ok(event) => event,
        Err(GatewayError::NotFound) => return Ok(None),
        // It will be refused again: the event stays with those that wait, for a person to look at.
        Err(GatewayError::Refused { code, .. }) => {
            tracing::warn!(code, "what the event is about cannot be fetched");
            return Ok(None);
        }
        Err(unknown @ GatewayError::Unknown(_)) => {
            return Err(Fault::unavailable("payment.complete_event", unknown));
        }
    };
    let Some(intent) = &event.intent else { return Ok(None) };
    // So that it is found should the payment become known later only.
    retrying(|| name_intent(ctx, &event.id, intent)).await?;
    Ok(Some(IncomingEvent { event, body: body.clone() }))
}

async fn name_intent(ctx: &Context, event: &str, intent: &str) -> Result<(), Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    payment::name_intent(&tx, event, intent).await?;
    tx.commit().await
}

async fn apply(ctx: &Context, incoming: &IncomingEvent) -> Result<ApplyOutcome, Fault> {
    let (outcome, settled) = retrying(|| once(ctx, incoming)).await?;
    after_commit(ctx, &settled).await;
    if settled.in_doubt {
        // The event alone does not tell. The gateway does, and then the event is done with.
        if let Some(intent) = &incoming.event.intent {
            match incoming.event.fact {
                GatewayFact::Refunded { .. } | GatewayFact::RefundMoved => {
                    refund_books::reconcile(ctx, intent).await?;
                }
                GatewayFact::Intent(_) | GatewayFact::Dispute { .. } | GatewayFact::Ignored => {
                    sync::refresh(ctx, intent).await?;
                }
            }
        }
        return retrying(|| after_refresh(ctx, incoming)).await;
    }
    Ok(outcome)
}

async fn once(ctx: &Context, incoming: &IncomingEvent) -> Result<(ApplyOutcome, Settled), Fault> {
    let now = ctx.now();
    let event = &incoming.event;
    let tx = ctx.db().write(Durability::Full).await?;
    // Whoever comes second, at the same time too, waits here for the first and then does nothing.
    let raw = stored(ctx, incoming, now);
    let first = payment::take_event(&tx, &raw, now).await?;
    if event.fact == GatewayFact::Ignored {
        tx.commit().await?;
        return Ok((ApplyOutcome::Ignored, Settled::default()));
    }
    if !first {
        return Ok((ApplyOutcome::Duplicate, Settled::default()));
    }
    let Some((order, known)) = locate(ctx, &tx, event, now).await? else {
        payment::wait(&tx, &raw).await?;
        tx.commit().await?;
        return Ok((ApplyOutcome::Kept, Settled::default()));
    };
    let reason = CancelReason::PaymentCancelled;
    let settled = settle(ctx, &tx, &order, &known, (&event.fact, event.occurred_at), reason, now).await?;
    if settled.in_doubt {
        // It waits, written down, until the object has been fetched.
        payment::wait(&tx, &raw).await?;
        tx.commit().await?;
        return Ok((ApplyOutcome::Kept, settled));
    }
    tx.commit().await?;
    let outcome = if settled.attention { ApplyOutcome::Attention } else { ApplyOutcome::Applied };
    Ok((outcome, settled))
}

/// Applies an event that was in doubt, now that the payment says what the gateway says. What is in doubt even now has
/// nothing to add to it.
async fn after_refresh(ctx: &Context, incoming: &IncomingEvent) -> Result<ApplyOutcome, Fault> {
    let (outcome, settled) = once(ctx, incoming).await?;
    after_commit(ctx, &settled).await;
    if settled.in_doubt {
        let turn = ctx.db().write_one(Durability::Full).await?;
        payment::mark_applied(&turn, &incoming.event.id, ctx.now()).await?;
        return Ok(ApplyOutcome::Applied);
    }
    Ok(outcome)
}

/// The order and the payment an event is about, both locked, the order first. An object we have made but not yet
/// written down is known by our payment's id in its metadata.
async fn locate(
    ctx: &Context,
    tx: &WriteTx,
    event: &GatewayEvent,
    now: Timestamp,
) -> Result<Option<(Order, Payment)>, Fault> {
    let Some(intent) = &event.intent else { return Ok(None) };
    let gateway = ctx.ports.gateway.name();
    if let Some(both) = locked_by_intent(tx, gateway, intent).await? {
        return Ok(Some(both));
    }
    let Some(id) = event.payment else { return Ok(None) };
    // Not a payment that has another object already: metadata can be copied by hand. That it has this one may have been written down
    // since it was looked for.
    let is_its_object = |p: &Payment| p.intent.as_ref().is_none_or(|known| known == intent);
    let found = payment::find(tx, id).await?.filter(|p| p.gateway == gateway && is_its_object(p));
    let Some(found) = found else { return Ok(None) };
    let both = locked(tx, &found).await?.filter(|(_, payment)| is_its_object(payment));
    let Some((order, mut payment)) = both else { return Ok(None) };
    if payment.intent.is_none() {
        if !payment::set_intent(tx, payment.id, intent, now).await? {
            return Ok(None);
        }
        payment.intent = Some(intent.clone());
    }
    Ok(Some((order, payment)))
}

/// The payment with this object at its gateway, and its order; both locked, the order first.
pub(super) async fn locked_by_intent(
    tx: &WriteTx,
    gateway: &str,
    intent: &str,
) -> Result<Option<(Order, Payment)>, Fault> {
    let Some(order) = order::find_by_intent_for_update(tx, gateway, intent).await? else { return Ok(None) };
    let payment = payment::find_by_intent_for_update(tx, gateway, intent).await?;
    Ok(payment.map(|payment| (order, payment)))
}

pub(super) async fn locked(tx: &WriteTx, found: &Payment) -> Result<Option<(Order, Payment)>, Fault> {
    let order = order::find_for_update(tx, found.order).await?;
    let payment = payment::find_for_update(tx, found.id).await?;
    Ok(order.zip(payment))
}

/// Applies the events that came before their payment object was written down.
pub(crate) async fn apply_early(ctx: &Context, intent: &str) -> Result<(), Fault> {
    let waiting = payment::early_events(ctx.db().read(), ctx.ports.gateway.name(), intent).await?;
    for early in waiting {
        match ctx.ports.gateway.read_event(early.body.as_bytes()) {
            Ok(event) => {
                Box::pin(run(ctx, &IncomingEvent { event, body: early.body })).await?;
            }
            Err(_) => tracing::warn!(event.id = %early.id, "a kept event can no longer be read"),
        }
    }
    Ok(())
}

pub(super) async fn after_commit(ctx: &Context, settled: &Settled) {
    ctx.jobs_waiting.notify_one();
    if settled.expired {
        meters::order_expired();
    }
    if !settled.stock.is_empty()
        && let Err(fault) = ctx.ports.holds.learn(ctx.news_of_stock(&settled.stock)).await
    {
        tracing::warn!(error = %fault, "the reservation store has not learnt of stock that came back");
    }
    if let Some(order) = settled.moved {
        ctx.order_changed(order);
    }
    ctx.stock_changed(&settled.stock);
}

fn stored(ctx: &Context, incoming: &IncomingEvent, now: Timestamp) -> StoredEvent {
    StoredEvent {
        id: incoming.event.id.clone(),
        gateway: ctx.ports.gateway.name().to_owned(),
        kind: incoming.event.kind.clone(),
        intent: incoming.event.intent.clone(),
        body: incoming.body.clone(),
        occurred_at: incoming.event.occurred_at,
        received_at: now,
    }
}
