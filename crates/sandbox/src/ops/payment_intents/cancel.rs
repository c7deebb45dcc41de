//! `POST /v1/payment_intents/{id}/cancel`

use serde_json::json;

use super::{emit, existing, unexpected_state};
use crate::{
    form::Params,
    model::{CancellationReason, Charge, PaymentIntent, State},
    ops::{Answer, refunds},
    store::Tx,
    wire::{Object, Show, raw},
};

/// Gives a PaymentIntent up; held money is released.
pub(crate) fn cancel(tx: &mut Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["cancellation_reason", "expand"])?;
    let reason = params.choice::<CancellationReason>("cancellation_reason")?;
    let old = existing(tx, id)?;
    match &old.state {
        State::RequiresPaymentMethod | State::RequiresConfirmation { .. } | State::RequiresAction(_) => {}
        State::RequiresCapture { capturable } => release(tx, &old, *capturable),
        // A card payment under way cannot be called back.
        State::Processing | State::Succeeded { .. } | State::Canceled { .. } => {
            let message = format!(
                "You cannot cancel this PaymentIntent because it has a status of {}. Only a PaymentIntent with one of \
                 the following statuses may be canceled: requires_payment_method, requires_capture, \
                 requires_confirmation, requires_action.",
                old.state.name()
            );
            return Err(unexpected_state(tx, &old, message));
        }
    }
    let state = State::Canceled { at: tx.now, reason };
    let intent = tx.put(PaymentIntent { state, ..PaymentIntent::clone(&old) });
    emit(tx, "payment_intent.canceled", &intent);
    Ok(Object::PaymentIntent(intent))
}

fn release(tx: &mut Tx<'_>, intent: &PaymentIntent, held: i64) {
    let Some(charge) = intent.latest_charge.as_deref().and_then(|id| tx.find::<Charge>(id)) else { return };
    let released = refunds::release(tx, &charge, held);
    let released = tx.put(released);
    let previous = json!({ "amount_refunded": charge.amount_refunded, "refunded": false });
    tx.emit("charge.refunded", released.show(tx), Some(raw(&previous)));
}
