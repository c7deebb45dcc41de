//! What a PaymentIntent of Stripe says, in the domain's words and units.

use crate::{amount::from_wire, lean};
use stoa_domain::{
    payment::{IntentFacts, PaymentState},
    shared::PaymentId,
};

/// The facts of an intent. The state is only given when everything that must be believed with it is there
/// (amount and currency, and of a paid one what came); otherwise `None`, so that the object is fetched rather
/// than guessed at.
pub(crate) fn intent_facts(intent: &lean::Intent) -> IntentFacts {
    let currency = intent.currency.as_deref().unwrap_or_default();
    let amount = |wire: Option<i64>| from_wire(wire.unwrap_or_default(), currency);
    let state = intent.status.as_deref().and_then(PaymentState::from_name);
    let complete = intent.amount.is_some()
        && !currency.is_empty()
        && (state != Some(PaymentState::Succeeded) || intent.amount_received.is_some());
    IntentFacts {
        state: state.filter(|_| complete),
        amount: amount(intent.amount),
        amount_received: amount(intent.amount_received),
        currency: currency.to_ascii_uppercase(),
        last_error: intent.last_payment_error.as_ref().and_then(error_code),
    }
}

/// Facts that say nothing but "fetch it".
pub(crate) fn unknown_facts() -> IntentFacts {
    intent_facts(&lean::Intent::default())
}

/// Our payment, where the object carries its id.
pub(crate) fn our_payment(metadata: Option<&lean::Metadata>) -> Option<PaymentId> {
    metadata?.stoa_payment.as_deref()?.parse().ok()
}

/// The code of a failed attempt, or the nearest thing to one.
fn error_code(problem: &lean::Problem) -> Option<String> {
    let code = problem.code.as_ref().or(problem.decline_code.as_ref()).or(problem.kind.as_ref());
    code.map(|code| lean::kept(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn facts(value: Value) -> IntentFacts {
        intent_facts(&serde_json::from_value(value).unwrap())
    }

    #[test]
    fn a_paid_intent_is_read_in_our_units() {
        let paid =
            facts(json!({"status": "succeeded", "amount": 500, "amount_received": 500, "currency": "isk"}));
        assert_eq!(paid.state, Some(PaymentState::Succeeded));
        assert_eq!((paid.amount, paid.amount_received, paid.currency.as_str()), (5, 5, "ISK"));
    }

    #[test]
    fn a_failed_attempt_is_named_by_its_code() {
        let of = |error| facts(json!({"last_payment_error": error})).last_error;
        let declined =
            json!({"code": "card_declined", "decline_code": "insufficient_funds", "type": "card_error"});
        assert_eq!(of(declined).as_deref(), Some("card_declined"));
        assert_eq!(of(json!({"type": "api_error"})).as_deref(), Some("api_error"));
        assert_eq!(of(json!(null)), None);
    }

    #[test]
    fn an_unknown_word_or_a_missing_figure_is_no_state() {
        let whole = json!({"status": "succeeded", "amount": 5, "amount_received": 5, "currency": "usd"});
        assert!(facts(whole.clone()).state.is_some());
        for missing in ["status", "amount", "amount_received", "currency"] {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(missing);
            assert_eq!(facts(part).state, None, "{missing}");
        }
        let mut new = whole;
        new["status"] = json!("requires_incantation");
        assert_eq!(facts(new).state, None);
        assert_eq!(unknown_facts().state, None);
    }
}
