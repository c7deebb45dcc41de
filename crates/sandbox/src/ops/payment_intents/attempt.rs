//! One attempt to charge: the network's answer, and what it does to charge, PaymentIntent and card.

use std::sync::Arc;

use super::emit;
use crate::{
    cards::{After, Attempt, Decline},
    error::PaymentError,
    ids,
    model::{
        CaptureMethod, Charge, ChargeState, Customer, FutureUsage, Outcome, PaymentIntent, PaymentMethod,
        State,
    },
    ops::{disputes, payment_methods},
    store::Tx,
    wire::Show,
};

/// How an attempt went.
pub(super) enum Attempted {
    /// Paid, held, or under way.
    Went(Arc<PaymentIntent>),
    /// Refused; the PaymentIntent waits for another payment method.
    Failed(Arc<PaymentIntent>, PaymentError),
}

/// Charges `method` for `intent`. `refused` is a decline that is known before the network is asked.
pub(super) fn attempt(
    tx: &mut Tx<'_>,
    intent: PaymentIntent,
    method: &PaymentMethod,
    authenticated: bool,
    refused: Option<Decline>,
) -> Attempted {
    let verdict = match (refused, method.card.test_card()) {
        (Some(decline), _) => Some(decline),
        (None, None) => Some(Decline::LiveCard),
        (None, Some(card)) => match card.behaviour.attempt {
            Attempt::Approve => None,
            Attempt::Decline(decline) => Some(decline),
        },
    };
    match verdict {
        Some(decline) => fail(tx, intent, method, authenticated, decline),
        None if tx.network_is_slow() => Attempted::Went(wait(tx, intent, method, authenticated)),
        None => Attempted::Went(approve(tx, intent, method, authenticated)),
    }
}

/// The money moves or is held: charge and PaymentIntent say so.
fn approve(
    tx: &mut Tx<'_>,
    intent: PaymentIntent,
    method: &PaymentMethod,
    authenticated: bool,
) -> Arc<PaymentIntent> {
    let charge = charge(tx, &intent, method, authenticated);
    finish(tx, intent, charge, method)
}

/// The network takes its time.
fn wait(
    tx: &mut Tx<'_>,
    intent: PaymentIntent,
    method: &PaymentMethod,
    authenticated: bool,
) -> Arc<PaymentIntent> {
    let charge = Charge { state: ChargeState::Pending, ..charge(tx, &intent, method, authenticated) };
    let charge = tx.put(charge);
    tx.emit("charge.pending", charge.show(tx), None);
    let intent = tx.put(PaymentIntent {
        latest_charge: Some(charge.id.clone()),
        last_payment_error: None,
        state: State::Processing,
        ..intent
    });
    emit(tx, "payment_intent.processing", &intent);
    intent
}

/// Writes a successful charge, new or pending until now, and all that follows from it.
pub(super) fn finish(
    tx: &mut Tx<'_>,
    intent: PaymentIntent,
    charge: Charge,
    method: &PaymentMethod,
) -> Arc<PaymentIntent> {
    let amount = charge.amount;
    let held = intent.capture_method == CaptureMethod::Manual;
    let charge = tx.put(Charge {
        captured_at: (!held).then_some(tx.now),
        amount_captured: if held { 0 } else { amount },
        state: ChargeState::Succeeded { captured: !held },
        ..charge
    });
    tx.emit("charge.succeeded", charge.show(tx), None);
    let (state, event) = if held {
        (State::RequiresCapture { capturable: amount }, "payment_intent.amount_capturable_updated")
    } else {
        (State::Succeeded { received: amount }, "payment_intent.succeeded")
    };
    let intent = tx.put(PaymentIntent {
        latest_charge: Some(charge.id.clone()),
        last_payment_error: None,
        state,
        ..intent
    });
    emit(tx, event, &intent);
    keep_method(tx, &intent, method, charge.authenticated);
    if !held {
        after_capture(tx, &charge);
    }
    intent
}

/// What the cardholder does once the money has moved.
pub(super) fn after_capture(tx: &mut Tx<'_>, charge: &Charge) {
    match charge.card.test_card().map(|card| card.behaviour.after) {
        Some(After::Dispute(kind)) => {
            disputes::open(tx, charge, kind);
        }
        Some(After::Nothing) | None => {}
    }
}

/// Keeps the card for the customer if the caller wants that; a card that is nobody's has paid for the last time.
fn keep_method(tx: &mut Tx<'_>, intent: &PaymentIntent, method: &PaymentMethod, authenticated: bool) {
    let customer = intent.customer.as_deref().and_then(|id| tx.find::<Customer>(id));
    match (intent.setup_future_usage, customer) {
        (Some(usage), Some(customer)) => {
            let set_up = method.set_up || (authenticated && usage == FutureUsage::OffSession);
            let method = tx.put(PaymentMethod { set_up, ..method.clone() });
            // The card has just paid, so the issuer does not refuse to keep it.
            if payment_methods::attach_to(tx, &method, &customer).is_err() {
                tracing::warn!(payment_method = %method.id, "sandbox.payment_method.not_attached");
            }
        }
        _ if method.customer.is_none() => {
            tx.put(PaymentMethod { used_up: true, ..method.clone() });
        }
        _ => {}
    }
}

/// The issuer refused: charge and PaymentIntent say why.
pub(super) fn fail(
    tx: &mut Tx<'_>,
    intent: PaymentIntent,
    method: &PaymentMethod,
    authenticated: bool,
    decline: Decline,
) -> Attempted {
    let charge = charge(tx, &intent, method, authenticated);
    fail_charge(tx, intent, charge, decline)
}

/// Writes a failed charge, new or pending until now, and what follows from it.
pub(super) fn fail_charge(
    tx: &mut Tx<'_>,
    intent: PaymentIntent,
    charge: Charge,
    decline: Decline,
) -> Attempted {
    let charge = tx.put(Charge {
        outcome: declined(decline),
        state: ChargeState::Failed { code: decline.code().to_owned(), message: decline.message().to_owned() },
        ..charge
    });
    tx.emit("charge.failed", charge.show(tx), None);
    let error = PaymentError {
        charge: Some(charge.id.clone()),
        payment_method: Some(charge.payment_method.clone()),
        ..PaymentError::declined(decline)
    };
    let intent = tx.put(PaymentIntent {
        payment_method: None,
        latest_charge: Some(charge.id.clone()),
        last_payment_error: Some(error.clone()),
        state: State::RequiresPaymentMethod,
        ..intent
    });
    emit(tx, "payment_intent.payment_failed", &intent);
    Attempted::Failed(intent, error)
}

/// A new charge for a PaymentIntent, approved as far as the network is concerned.
fn charge(tx: &Tx<'_>, intent: &PaymentIntent, method: &PaymentMethod, authenticated: bool) -> Charge {
    let elevated = method.card.test_card().is_some_and(|card| card.behaviour.elevated_risk);
    Charge {
        id: ids::fresh("ch_"),
        created: tx.now,
        amount: intent.amount,
        captured_at: None,
        amount_captured: 0,
        amount_refunded: 0,
        currency: intent.currency,
        payment_intent: intent.id.clone(),
        payment_method: method.id.clone(),
        card: method.card.clone(),
        billing_details: method.billing_details.clone(),
        customer: intent.customer.clone(),
        description: intent.description.clone(),
        metadata: intent.metadata.clone(),
        receipt_email: intent.receipt_email.clone(),
        shipping: intent.shipping.clone(),
        statement_descriptor: intent.statement_descriptor.clone(),
        statement_descriptor_suffix: intent.statement_descriptor_suffix.clone(),
        disputed: false,
        fraud_report: None,
        authenticated,
        outcome: Outcome {
            network_status: "approved_by_network".to_owned(),
            reason: elevated.then(|| "elevated_risk_level".to_owned()),
            risk_level: if elevated { "elevated" } else { "normal" }.to_owned(),
            seller_message: "Payment complete.".to_owned(),
            kind: "authorized".to_owned(),
            advice_code: None,
            network_decline_code: None,
        },
        state: ChargeState::Pending,
    }
}

fn declined(decline: Decline) -> Outcome {
    let (network_status, kind, risk_level, seller_message) = match decline {
        Decline::LiveCard => ("not_sent_to_network", "invalid", "normal", "This is not a test card."),
        _ if decline.blocked() => {
            ("not_sent_to_network", "blocked", "highest", "Stripe blocked this payment as too risky.")
        }
        _ => (
            "declined_by_network",
            "issuer_declined",
            "normal",
            "The bank did not return any further details with this decline.",
        ),
    };
    Outcome {
        network_status: network_status.to_owned(),
        reason: Some(
            if risk_level == "highest" { "highest_risk_level" } else { decline.decline_code() }.to_owned(),
        ),
        risk_level: risk_level.to_owned(),
        seller_message: seller_message.to_owned(),
        kind: kind.to_owned(),
        advice_code: decline.advice_code().map(str::to_owned),
        network_decline_code: decline.network_code().map(str::to_owned),
    }
}
