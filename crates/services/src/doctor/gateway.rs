//! Payments: our mirror of each is what the gateway has, and nobody has paid twice.

use super::{
    Finding, Treatment, examples,
    noted::{Treated, note},
};
use crate::{Context, payment::refresh};
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use std::collections::HashMap;
use stoa_domain::{
    audit::AuditActor,
    payment::{GatewayError, Payment, PaymentState},
    shared::{Fault, PaymentId},
};
use stoa_persistence::payment;

/// Questions to the gateway at once.
const AT_ONCE: usize = 4;

/// By how much the gateway's clock may be behind ours.
const CLOCKS: TimeDelta = TimeDelta::minutes(10);

/// What one comparison has shown.
enum Compared {
    Same,
    /// How they differ.
    Differs(Payment, String),
    /// The gateway does not know it.
    Unknown(Payment),
    /// The gateway did not answer.
    NoAnswer(String),
}

pub(super) async fn payments(
    ctx: &Context,
    by: &AuditActor,
    treatment: Treatment,
) -> Result<Vec<Finding>, Fault> {
    let latest = payment::latest(ctx.db().read(), treatment.payments).await?;
    let ours: Vec<Payment> =
        latest.into_iter().filter(|known| known.gateway == ctx.ports.gateway.name()).collect();
    let twice = paid_twice(ctx, &ours).await?;
    let compared: Vec<Compared> =
        stream::iter(ours).map(|known| compare(ctx, known)).buffered(AT_ONCE).collect().await;
    let (mut differ, mut unknown, mut silent) = (Vec::new(), Vec::new(), Vec::new());
    let mut findings: Vec<Finding> = match twice {
        Ok(finding) => finding.into_iter().collect(),
        Err(why) => {
            silent.push(why.to_string());
            Vec::new()
        }
    };
    for one in compared {
        match one {
            Compared::Same => {}
            Compared::Differs(payment, how) => differ.push((payment, how)),
            Compared::Unknown(payment) => unknown.push(payment.id),
            Compared::NoAnswer(why) => silent.push(why),
        }
    }
    if let Some(why) = silent.first() {
        findings.push(Finding::new(
            "gateway.reachable",
            format!("{} questions about payments got no answer from the gateway: {why}", silent.len()),
            "Check the keys (stripe.secret_key), stripe.api_base and the network; then examine again.",
        ));
    }
    if !unknown.is_empty() {
        findings.push(Finding::new(
            "gateway.known",
            format!("{} payments the gateway knows nothing of: {}", unknown.len(), examples(&unknown)),
            "Were they made with other keys, or in test mode? Then nothing is to be done; otherwise ask the gateway.",
        ));
    }
    if !differ.is_empty() {
        findings.push(differences(ctx, by, treatment, &differ).await?);
    }
    Ok(findings)
}

async fn differences(
    ctx: &Context,
    by: &AuditActor,
    treatment: Treatment,
    differ: &[(Payment, String)],
) -> Result<Finding, Fault> {
    let texts: Vec<String> = differ.iter().map(|(payment, how)| format!("{}: {how}", payment.id)).collect();
    let mut finding = Finding::new(
        "gateway.payments",
        format!("{} payments differ from the gateway's: {}", differ.len(), examples(&texts)),
        "`stoa doctor --fix` reads them anew and applies what the gateway says, as its webhook would have. If they differ again \
         soon, its webhooks do not get through: check the endpoint and the signing secret.",
    );
    if treatment.fix {
        let mut mended = Vec::new();
        for (payment, _) in differ {
            if mend(ctx, payment).await {
                mended.push(payment.id.to_string());
            }
        }
        let left = differ.len() - mended.len();
        let (kind, figure, before) = ("Payment", "differing", differ.len());
        note(ctx, by, &Treated { kind, figure, before, after: left, mended: &mended }).await?;
        finding.mended = left == 0;
    }
    Ok(finding)
}

/// Money that came for our payments by other objects than theirs, and is still there; nothing, where there is nothing to compare.
async fn paid_twice(ctx: &Context, ours: &[Payment]) -> Result<Result<Option<Finding>, GatewayError>, Fault> {
    let Some(oldest) = ours.iter().map(|payment| payment.created_at).min() else { return Ok(Ok(None)) };
    let paid = match ctx.ports.gateway.paid_since(oldest - CLOCKS).await {
        Ok(paid) => paid,
        Err(error) => return Ok(Err(error)),
    };
    let known: HashMap<PaymentId, &Payment> = ours.iter().map(|payment| (payment.id, payment)).collect();
    let mut twice = Vec::new();
    for intent in paid.into_iter().filter(|intent| intent.amount_received > intent.amount_refunded) {
        let theirs = match known.get(&intent.payment) {
            Some(payment) => Some((*payment).clone()),
            // An older one, or another shop's with the same keys.
            None => payment::find(ctx.db().read(), intent.payment).await?,
        };
        let Some(theirs) = theirs.filter(|theirs| theirs.intent.as_ref() != Some(&intent.id)) else {
            continue;
        };
        twice.push(format!(
            "{} ({} {} in minor units) for order {}, whose payment is {}",
            intent.id,
            intent.amount_received - intent.amount_refunded,
            intent.currency,
            theirs.order,
            theirs.intent.as_deref().unwrap_or("not yet made"),
        ));
    }
    if twice.is_empty() {
        return Ok(Ok(None));
    }
    Ok(Ok(Some(Finding::new(
        "gateway.twice",
        format!("{} payments were taken beside those of their orders: {}", twice.len(), examples(&twice)),
        "The buyer has paid twice, or by an object that the shop did not make: these are in no books of the shop's, and --fix leaves \
         them alone. Look at both in the gateway's dashboard and refund there the one that is not the order's own. If it comes \
         again, somebody makes payments with the shop's keys and metadata.",
    ))))
}

async fn mend(ctx: &Context, known: &Payment) -> bool {
    let Some(intent) = &known.intent else { return false };
    if let Err(fault) = refresh(ctx, intent).await {
        tracing::warn!(payment = %known.id, error = %fault, "a payment could not be mended");
        return false;
    }
    match payment::find(ctx.db().read(), known.id).await {
        Ok(Some(now)) => matches!(compare(ctx, now).await, Compared::Same),
        Ok(None) | Err(_) => false,
    }
}

async fn compare(ctx: &Context, ours: Payment) -> Compared {
    let Some(intent) = &ours.intent else { return Compared::Same };
    let theirs = match ctx.ports.gateway.retrieve_intent(intent).await {
        Ok(theirs) => theirs,
        Err(GatewayError::NotFound) => return Compared::Unknown(ours),
        Err(error) => return Compared::NoAnswer(error.to_string()),
    };
    let ends = |state: PaymentState| matches!(state, PaymentState::Succeeded | PaymentState::Canceled);
    let state = theirs.facts.state.unwrap_or(ours.state);
    let mut how = Vec::new();
    // Between open states it is the gateway that moves; nothing of ours depends on which it is.
    if state != ours.state && (ends(state) || ends(ours.state)) {
        how.push(format!("{} here, {} there", ours.state.name(), state.name()));
    }
    // Money in another currency is not counted here; the order is marked instead.
    let same_currency = theirs.facts.currency == ours.currency.code();
    if same_currency && state == ours.state && theirs.facts.amount_received != ours.amount_received {
        how.push(format!("received {} here, {} there", ours.amount_received, theirs.facts.amount_received));
    }
    if let Some(refunded) = theirs.amount_refunded.filter(|refunded| *refunded != ours.amount_refunded) {
        how.push(format!("refunded {} here, {refunded} there", ours.amount_refunded));
    }
    if how.is_empty() { Compared::Same } else { Compared::Differs(ours, how.join("; ")) }
}
