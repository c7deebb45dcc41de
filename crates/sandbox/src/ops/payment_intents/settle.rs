//! The end of a payment that was processing.

use super::{
    attempt::{Attempted, fail_charge, finish},
    existing, unexpected_state,
};
use crate::{
    cards::Decline,
    model::{Charge, PaymentIntent, PaymentMethod, State},
    ops::Answer,
    store::Tx,
    wire::Object,
};

/// The network answers at last.
pub(crate) fn settle(tx: &mut Tx<'_>, id: &str, succeeds: bool) -> Answer {
    let intent = existing(tx, id)?;
    let charge = intent.latest_charge.as_deref().and_then(|id| tx.find::<Charge>(id));
    let method = intent.payment_method.as_deref().and_then(|id| tx.find::<PaymentMethod>(id));
    let (State::Processing, Some(charge), Some(method)) = (&intent.state, charge, method) else {
        let message = format!("This PaymentIntent has a status of {}, not processing.", intent.state.name());
        return Err(unexpected_state(tx, &intent, message));
    };
    let (intent, charge) = (PaymentIntent::clone(&intent), Charge::clone(&charge));
    if succeeds {
        return Ok(Object::PaymentIntent(finish(tx, intent, charge, &method)));
    }
    match fail_charge(tx, intent, charge, Decline::Generic) {
        Attempted::Went(intent) | Attempted::Failed(intent, _) => Ok(Object::PaymentIntent(intent)),
    }
}
