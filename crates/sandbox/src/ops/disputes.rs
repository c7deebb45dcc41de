//! Disputes: made by the issuer (a test card, or the control route), answered by the merchant.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, page};
use crate::{
    cards::DisputeKind,
    error::ApiError,
    form::Params,
    ids,
    model::{Charge, Dispute, DisputeStatus, Metadata, PaymentIntent},
    store::Tx,
    wire::{Object, Show, raw},
};

/// How a dispute ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The merchant keeps the money.
    Won,
    /// The cardholder gets it.
    Lost,
}

/// `GET /v1/disputes/{id}`
pub(crate) fn retrieve(tx: &Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    tx.get::<Dispute>(id).map(Object::Dispute)
}

/// `GET /v1/disputes`
pub(crate) fn list(tx: &Tx<'_>, params: &Params<'_>) -> Answer {
    page::only(params, &["charge", "payment_intent"])?;
    let charge = params.text("charge")?;
    let intent = params.text("payment_intent")?;
    page::page(
        tx,
        params,
        "/v1/disputes",
        |dispute: &Dispute| dispute.created,
        Object::Dispute,
        |dispute| {
            charge.is_none_or(|id| dispute.charge == id)
                && intent.is_none_or(|id| dispute.payment_intent == id)
        },
    )
}

/// `POST /v1/disputes/{id}`: evidence. As in Stripe's test mode, the text `winning_evidence` or `losing_evidence`
/// decides the dispute.
pub(crate) fn update(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["evidence", "expand", "metadata", "submit"])?;
    let old = tx.get::<Dispute>(id)?;
    let mut dispute = Dispute::clone(&old);
    dispute.metadata.apply(params)?;
    let submit = params.boolean("submit")?.unwrap_or(true);
    let evidence = params.group("evidence")?;
    if let Some(evidence) = &evidence {
        if dispute.is_closed() {
            return Err(already_closed());
        }
        evidence.only(&["uncategorized_text"]).map_err(|error| {
            ApiError::invalid(format!(
                "The sandbox takes evidence as evidence[uncategorized_text] only. {}",
                error.message()
            ))
            .param("evidence")
        })?;
        evidence.assign("uncategorized_text", &mut dispute.evidence_text)?;
    }
    let handed_in = evidence.is_some() && submit;
    if handed_in {
        dispute.submissions += 1;
        dispute.status = DisputeStatus::UnderReview;
    }
    let previous = json!({ "status": old.status, "metadata": old.metadata });
    let dispute = tx.put(dispute);
    tx.emit("charge.dispute.updated", dispute.show(tx), Some(raw(&previous)));
    let verdict = match dispute.evidence_text.as_deref() {
        Some("winning_evidence") if handed_in => Some(Verdict::Won),
        Some("losing_evidence") if handed_in => Some(Verdict::Lost),
        _ => None,
    };
    match verdict {
        Some(verdict) => decide(tx, &dispute, verdict).map(Object::Dispute),
        None => Ok(Object::Dispute(dispute)),
    }
}

/// `POST /v1/disputes/{id}/close`: the merchant gives in.
pub(crate) fn close(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    let dispute = tx.get::<Dispute>(id)?;
    decide(tx, &dispute, Verdict::Lost).map(Object::Dispute)
}

/// The issuer decides.
pub(crate) fn close_with(tx: &mut Tx<'_>, id: &str, verdict: Verdict) -> Answer {
    let dispute = tx.get::<Dispute>(id)?;
    decide(tx, &dispute, verdict).map(Object::Dispute)
}

/// The cardholder disputes what a PaymentIntent charged.
pub(crate) fn open_for(tx: &mut Tx<'_>, intent: &str, kind: DisputeKind) -> Answer {
    let intent = tx.get::<PaymentIntent>(intent)?;
    let charge = intent.latest_charge.as_deref().and_then(|id| tx.find::<Charge>(id));
    let Some(charge) = charge.filter(|charge| charge.amount_captured > 0) else {
        return Err(ApiError::wrong_state(
            "charge_not_refundable",
            "Nothing has been charged that could be disputed.",
        ));
    };
    if charge.disputed {
        return Err(ApiError::wrong_state("charge_disputed", "This charge is disputed already."));
    }
    Ok(Object::Dispute(open(tx, &charge, kind)))
}

/// Writes a dispute over a charge, with its events.
pub(super) fn open(tx: &mut Tx<'_>, charge: &Charge, kind: DisputeKind) -> Arc<Dispute> {
    let inquiry = kind == DisputeKind::Inquiry;
    let charge = tx.put(Charge { disputed: true, ..charge.clone() });
    let dispute = tx.put(Dispute {
        id: ids::fresh("dp_"),
        created: tx.now,
        amount: charge.amount_captured,
        currency: charge.currency,
        charge: charge.id.clone(),
        payment_intent: charge.payment_intent.clone(),
        brand: charge.card.brand,
        reason: match kind {
            DisputeKind::ProductNotReceived => "product_not_received",
            DisputeKind::Fraudulent | DisputeKind::Inquiry => "fraudulent",
        }
        .to_owned(),
        metadata: Metadata::default(),
        evidence_text: None,
        submissions: 0,
        inquiry,
        status: if inquiry { DisputeStatus::WarningNeedsResponse } else { DisputeStatus::NeedsResponse },
    });
    tx.emit("charge.dispute.created", dispute.show(tx), None);
    if !inquiry {
        tx.emit("charge.dispute.funds_withdrawn", dispute.show(tx), None);
    }
    dispute
}

fn decide(tx: &mut Tx<'_>, dispute: &Dispute, verdict: Verdict) -> Result<Arc<Dispute>, ApiError> {
    if dispute.is_closed() {
        return Err(already_closed());
    }
    let status = match (dispute.inquiry, verdict) {
        (true, _) => DisputeStatus::WarningClosed,
        (false, Verdict::Won) => DisputeStatus::Won,
        (false, Verdict::Lost) => DisputeStatus::Lost,
    };
    let previous = raw(&json!({ "status": dispute.status }));
    let closed = tx.put(Dispute { status, ..dispute.clone() });
    if status == DisputeStatus::Won {
        tx.emit("charge.dispute.funds_reinstated", closed.show(tx), None);
    }
    tx.emit("charge.dispute.closed", closed.show(tx), Some(previous));
    Ok(closed)
}

fn already_closed() -> ApiError {
    ApiError::wrong_state("status_transition_invalid", "This dispute is already closed.")
}
