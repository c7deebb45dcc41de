//! The end of a 3-D Secure challenge.

use super::{
    attempt::{Attempted, attempt},
    emit, existing, unexpected_state,
};
use crate::{
    error::PaymentError,
    model::{ConfirmationMethod, PaymentIntent, PaymentMethod, State},
    ops::Answer,
    store::Tx,
    wire::Object,
};

/// The buyer passed the challenge, or failed it. A decline after a passed challenge is part of the answer, not an
/// error: nobody's API call is waiting for it.
pub(crate) fn authenticate(tx: &mut Tx<'_>, id: &str, passed: bool) -> Answer {
    let old = existing(tx, id)?;
    if !matches!(old.state, State::RequiresAction(_)) {
        let message = format!(
            "This PaymentIntent has a status of {} and waits for no authentication.",
            old.state.name()
        );
        return Err(unexpected_state(tx, &old, message));
    }
    let method = old.payment_method.as_deref().and_then(|id| tx.find::<PaymentMethod>(id));
    let (true, Some(method)) = (passed, method) else { return Ok(refuse(tx, &old)) };
    let intent = PaymentIntent::clone(&old);
    if intent.confirmation_method == ConfirmationMethod::Manual {
        let state = State::RequiresConfirmation { authenticated: true };
        return Ok(Object::PaymentIntent(tx.put(PaymentIntent { state, ..intent })));
    }
    match attempt(tx, intent, &method, true, None) {
        Attempted::Went(intent) | Attempted::Failed(intent, _) => Ok(Object::PaymentIntent(intent)),
    }
}

fn refuse(tx: &mut Tx<'_>, intent: &PaymentIntent) -> Object {
    let error = PaymentError {
        payment_method: intent.payment_method.clone(),
        ..PaymentError::authentication_failed()
    };
    let intent = tx.put(PaymentIntent {
        payment_method: None,
        last_payment_error: Some(error),
        state: State::RequiresPaymentMethod,
        ..intent.clone()
    });
    emit(tx, "payment_intent.payment_failed", &intent);
    Object::PaymentIntent(intent)
}
