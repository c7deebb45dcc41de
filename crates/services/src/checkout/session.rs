//! The gateway's payment object of an order, and what a browser needs of it.

use crate::{Context, payment::events};
use stoa_domain::{
    order::Order,
    payment::{CreateIntent, GatewayError, IntentSnapshot, Payment, PaymentSession},
    shared::{Fault, Money, PaymentId},
};
use stoa_persistence::{Durability, db::retrying, payment};

/// Why there is no payment object to show.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The gateway does not answer, or not so that we understand it.
    #[error("the payment gateway does not answer: {0}")]
    Gateway(#[from] GatewayError),
    /// Something of ours broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Makes or finds the gateway's object and writes its id down. Safe to repeat at any point: the gateway knows our
/// payment's id as idempotency key.
pub(crate) async fn open_session(
    ctx: &Context,
    order: &Order,
    payment: &Payment,
) -> Result<PaymentSession, SessionError> {
    let intent = find_or_create(ctx, order, payment).await?;
    let client_secret = intent.client_secret.clone().unwrap_or_default();
    let return_url = ctx.settings.link(&format!("orders/{}", order.token));
    Ok(PaymentSession {
        gateway: payment.gateway.clone(),
        payment_url: ctx.ports.gateway.payment_url(&intent, &return_url),
        intent: intent.id,
        client_secret,
        publishable_key: ctx.ports.gateway.publishable_key().to_owned(),
    })
}

/// The gateway's object of a payment, made if there is none yet.
pub(crate) async fn find_or_create(
    ctx: &Context,
    order: &Order,
    known: &Payment,
) -> Result<IntentSnapshot, SessionError> {
    if known.is_stored_value() {
        return Err(Fault::bug("payment.session: no gateway knows of gift cards").into());
    }
    if let Some(intent) = &known.intent {
        return Ok(ctx.ports.gateway.retrieve_intent(intent).await?);
    }
    let request = CreateIntent {
        payment: known.id,
        order: order.id,
        order_name: order.name(),
        amount: Money::new(known.amount, known.currency),
        // The shop writes to the buyer itself; an address the gateway dislikes must not cost the sale.
        email: None,
    };
    let intent = ctx.ports.gateway.create_intent(&request).await?;
    retrying(|| write_down(ctx, known.id, &intent.id)).await?;
    // Its first events may have overtaken us. They wait, and whoever sends them does so again.
    if let Err(fault) = events::apply_early(ctx, &intent.id).await {
        tracing::warn!(error = %fault, "early events were not applied");
    }
    Ok(intent)
}

async fn write_down(ctx: &Context, payment: PaymentId, intent: &str) -> Result<(), Fault> {
    let turn = ctx.db().write_one(Durability::Full).await?;
    if !payment::set_intent(&turn, payment, intent, ctx.now()).await? {
        return Err(Fault::bug("payment.set_intent: the payment has another object at the gateway"));
    }
    Ok(())
}
