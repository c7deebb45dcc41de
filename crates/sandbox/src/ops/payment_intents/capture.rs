//! `POST /v1/payment_intents/{id}/capture`

use serde_json::json;

use super::{UNMODELLED, attempt::after_capture, create::describe, emit, existing, unexpected_state};
use crate::{
    error::ApiError,
    form::Params,
    model::{Charge, ChargeState, PaymentIntent, State},
    ops::{Answer, refunds},
    store::Tx,
    wire::{Object, Show, raw},
};

/// Takes the held money, or a part of it; the rest is released.
pub(crate) fn capture(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.without(UNMODELLED)?;
    params.only(&[
        "amount_to_capture",
        "expand",
        "final_capture",
        "metadata",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ])?;
    if params.boolean("final_capture")? == Some(false) {
        return Err(ApiError::invalid("The sandbox captures a payment once: multicapture is not available.")
            .param("final_capture"));
    }
    let old = existing(tx, id)?;
    let charge = old.latest_charge.as_deref().and_then(|id| tx.find::<Charge>(id));
    let (State::RequiresCapture { capturable }, Some(charge)) = (&old.state, charge) else {
        let message = format!(
            "This PaymentIntent could not be captured because it has a status of {}. Only a PaymentIntent with one of \
             the following statuses may be captured: requires_capture.",
            old.state.name()
        );
        return Err(unexpected_state(tx, &old, message));
    };
    let amount = amount_to_capture(&old, *capturable, params)?;
    let mut intent = PaymentIntent::clone(&old);
    describe(&mut intent, params)?;

    let mut captured = Charge::clone(&charge);
    let released = capturable - amount;
    if released > 0 {
        captured = refunds::release(tx, &captured, released);
    }
    let captured = tx.put(Charge {
        captured_at: Some(tx.now),
        amount_captured: amount,
        state: ChargeState::Succeeded { captured: true },
        ..captured
    });
    let previous =
        json!({ "amount_captured": 0, "amount_refunded": charge.amount_refunded, "captured": false });
    tx.emit("charge.captured", captured.show(tx), Some(raw(&previous)));
    let intent = tx.put(PaymentIntent { state: State::Succeeded { received: amount }, ..intent });
    emit(tx, "payment_intent.succeeded", &intent);
    after_capture(tx, &captured);
    Ok(Object::PaymentIntent(intent))
}

fn amount_to_capture(intent: &PaymentIntent, capturable: i64, params: &Params<'_>) -> Result<i64, ApiError> {
    let Some(amount) = params.integer("amount_to_capture")? else { return Ok(capturable) };
    intent.currency.check_step(amount, "amount_to_capture")?;
    if amount > capturable {
        return Err(ApiError::invalid(
            "The payment could not be captured because the requested capture amount is greater than the amount you \
             can capture for this charge.",
        )
        .code("amount_too_large")
        .param("amount_to_capture"));
    }
    Ok(amount)
}
