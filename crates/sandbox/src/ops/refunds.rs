//! Refunds.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, page};
use crate::{
    cards::RefundFate,
    error::ApiError,
    form::Params,
    ids,
    model::{Charge, Dispute, Metadata, PaymentIntent, Refund, RefundReason, RefundStatus},
    store::Tx,
    wire::{Object, Show, raw},
    words::Word,
};

/// `POST /v1/refunds`: all of a charge, or a part of what is left.
pub(crate) fn create(tx: &mut Tx<'_>, params: &Params<'_>) -> Answer {
    params.without(&[
        "currency",
        "customer",
        "instructions_email",
        "origin",
        "refund_application_fee",
        "reverse_transfer",
    ])?;
    params.only(&["amount", "charge", "expand", "metadata", "payment_intent", "reason"])?;
    let mut metadata = Metadata::default();
    metadata.apply(params)?;
    let reason = params.choice::<RefundReason>("reason")?;
    let amount = params.integer("amount")?;
    let charge = charge_to_refund(tx, params)?;
    let amount = amount_to_refund(tx, &charge, amount)?;
    let fate = charge.card.test_card().map_or(RefundFate::Succeed, |card| card.behaviour.refunds);
    let status = if fate == RefundFate::Pend { RefundStatus::Pending } else { RefundStatus::Succeeded };
    let refund = give_back(tx, &charge, amount, |refund| {
        let refund = Refund { metadata, reason, status, ..refund };
        if status == RefundStatus::Pending { refund } else { refund.moved() }
    });
    if fate == RefundFate::SucceedThenFail {
        fail(tx, &refund);
    }
    Ok(Object::Refund(refund))
}

/// `GET /v1/refunds/{id}`
pub(crate) fn retrieve(tx: &Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    tx.get::<Refund>(id).map(Object::Refund)
}

/// `GET /v1/refunds`, and `GET /v1/charges/{id}/refunds` with `charge`.
pub(crate) fn list(tx: &Tx<'_>, charge: Option<&str>, params: &Params<'_>) -> Answer {
    page::only(params, &["charge", "payment_intent"])?;
    let url = charge.map_or("/v1/refunds".to_owned(), |id| format!("/v1/charges/{id}/refunds"));
    let asked = params.text("charge")?;
    let charge = charge.or(asked);
    let intent = params.text("payment_intent")?;
    page::page(
        tx,
        params,
        url,
        |refund: &Refund| refund.created,
        Object::Refund,
        |refund| {
            charge.is_none_or(|id| refund.charge == id) && intent.is_none_or(|id| refund.payment_intent == id)
        },
    )
}

/// `POST /v1/refunds/{id}`
pub(crate) fn update(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand", "metadata"])?;
    let old = tx.get::<Refund>(id)?;
    let mut refund = Refund::clone(&old);
    refund.metadata.apply(params)?;
    let previous = json!({ "metadata": old.metadata });
    let refund = tx.put(refund);
    tx.emit("refund.updated", refund.show(tx), Some(raw(&previous)));
    Ok(Object::Refund(refund))
}

/// `POST /v1/refunds/{id}/cancel`: only a refund that waits for the customer can be canceled, and one to a card
/// never does.
pub(crate) fn cancel(tx: &Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    let refund = tx.get::<Refund>(id)?;
    let message = format!(
        "You cannot cancel this refund because it has a status of {}. Only a refund with one of the following \
         statuses may be canceled: requires_action.",
        refund.status.word()
    );
    Err(ApiError::wrong_state("status_transition_invalid", message))
}

/// Ends a refund that is pending, or lets the bank send back one that had succeeded.
pub(crate) fn settle(tx: &mut Tx<'_>, id: &str, succeeds: bool) -> Answer {
    let refund = tx.get::<Refund>(id)?;
    match (refund.status, succeeds) {
        (RefundStatus::Pending, true) => {
            let refund = tx.put(Refund { status: RefundStatus::Succeeded, ..Refund::clone(&refund).moved() });
            let previous = raw(&json!({ "status": "pending" }));
            tx.emit("refund.updated", refund.show(tx), Some(previous.clone()));
            tx.emit("charge.refund.updated", refund.show(tx), Some(previous));
            Ok(Object::Refund(refund))
        }
        (RefundStatus::Pending | RefundStatus::Succeeded, false) => Ok(Object::Refund(fail(tx, &refund))),
        (RefundStatus::Succeeded, true) | (RefundStatus::Failed, _) => {
            Err(ApiError::wrong_state("status_transition_invalid", "This refund has already been settled."))
        }
    }
}

/// Writes a refund of `amount` and what it does to the charge, with the events of both.
fn give_back(
    tx: &mut Tx<'_>,
    charge: &Charge,
    amount: i64,
    finish: impl FnOnce(Refund) -> Refund,
) -> Arc<Refund> {
    let refund = tx.put(finish(blank(tx, charge, amount)));
    tx.emit("refund.created", refund.show(tx), None);
    count(tx, charge, amount);
    refund
}

/// Releases money that was held and never captured. Stripe writes it down as a refund, too.
pub(super) fn release(tx: &mut Tx<'_>, charge: &Charge, amount: i64) -> Charge {
    let refund = blank(tx, charge, amount);
    tx.put(refund);
    Charge { amount_refunded: charge.amount_refunded + amount, ..charge.clone() }
}

fn blank(tx: &Tx<'_>, charge: &Charge, amount: i64) -> Refund {
    Refund {
        id: ids::fresh("re_"),
        created: tx.now,
        amount,
        currency: charge.currency,
        charge: charge.id.clone(),
        payment_intent: charge.payment_intent.clone(),
        payment_method: charge.payment_method.clone(),
        metadata: Metadata::default(),
        reason: None,
        balance_transaction: None,
        status: RefundStatus::Succeeded,
    }
}

fn count(tx: &mut Tx<'_>, old: &Charge, amount: i64) {
    let mut previous = json!({ "amount_refunded": old.amount_refunded });
    let charge = tx.put(Charge { amount_refunded: old.amount_refunded + amount, ..old.clone() });
    if charge.refunded() {
        previous["refunded"] = json!(false);
    }
    tx.emit("charge.refunded", charge.show(tx), Some(raw(&previous)));
}

fn fail(tx: &mut Tx<'_>, refund: &Refund) -> Arc<Refund> {
    let previous = raw(&json!({ "status": refund.status }));
    let failed = tx.put(Refund { status: RefundStatus::Failed, ..refund.clone() });
    if let Some(charge) = tx.find::<Charge>(&failed.charge) {
        let before = json!({ "amount_refunded": charge.amount_refunded, "refunded": charge.refunded() });
        let amount_refunded = charge.amount_refunded - failed.amount;
        let charge = tx.put(Charge { amount_refunded, ..Charge::clone(&charge) });
        tx.emit("charge.updated", charge.show(tx), Some(raw(&before)));
    }
    tx.emit("refund.updated", failed.show(tx), Some(previous.clone()));
    tx.emit("charge.refund.updated", failed.show(tx), Some(previous));
    tx.emit("refund.failed", failed.show(tx), None);
    failed
}

fn charge_to_refund(tx: &Tx<'_>, params: &Params<'_>) -> Result<Arc<Charge>, ApiError> {
    params.not_both("charge", "payment_intent")?;
    if let Some(id) = params.text("charge")? {
        return tx.named::<Charge>(id, "charge");
    }
    let Some(id) = params.text("payment_intent")? else {
        return Err(ApiError::invalid(
            "One of the following params should be provided for this request: payment_intent or charge.",
        )
        .code("parameter_missing"));
    };
    let intent = tx.named::<PaymentIntent>(id, "payment_intent")?;
    let charge = intent.latest_charge.as_deref().and_then(|id| tx.find::<Charge>(id));
    charge.filter(|charge| charge.amount_captured > 0).ok_or_else(|| {
        ApiError::wrong_state(
            "charge_not_refundable",
            format!("This PaymentIntent ({id}) does not have a successful charge to refund."),
        )
        .param("payment_intent")
    })
}

fn amount_to_refund(tx: &Tx<'_>, charge: &Charge, asked: Option<i64>) -> Result<i64, ApiError> {
    let disputed =
        tx.table::<Dispute>().rows().any(|dispute| dispute.charge == charge.id && dispute.money_withdrawn());
    if disputed {
        return Err(ApiError::wrong_state(
            "charge_disputed",
            format!("Charge {} has been charged back; cannot issue a refund.", charge.id),
        ));
    }
    let left = charge.refundable();
    if left == 0 {
        let (code, why) = if charge.refunded() {
            ("charge_already_refunded", "has already been refunded")
        } else {
            ("charge_not_refundable", "has not been captured and cannot be refunded")
        };
        return Err(ApiError::wrong_state(code, format!("Charge {} {why}.", charge.id)));
    }
    let amount = asked.unwrap_or(left);
    charge.currency.check_step(amount, "amount")?;
    if amount > left {
        let what = if left == charge.amount { "charge amount" } else { "unrefunded amount on charge" };
        return Err(ApiError::invalid(format!(
            "Refund amount ({}) is greater than {what} ({})",
            charge.currency.show(amount),
            charge.currency.show(left)
        ))
        .param("amount"));
    }
    Ok(amount)
}
