//! Cancelling, which is asked for more than once and races with payment.

use crate::script::{Script, code, error, intent, ok, unknown};
use stoa_domain::payment::{PaymentGateway, PaymentState};
use wiremock::ResponseTemplate;

const REFUSED: &str = "payment_intent_unexpected_state";

#[tokio::test]
async fn an_open_intent_is_cancelled() {
    let script = Script::of([ok(&intent("canceled"))]).await;
    let gone = script.gateway().cancel_intent("pi_1").await.unwrap();
    assert_eq!(gone.facts.state, Some(PaymentState::Canceled));
    assert_eq!(script.lines().await, ["POST /v1/payment_intents/pi_1/cancel"]);
}

#[tokio::test]
async fn one_that_is_cancelled_already_answers_as_if_it_had_just_been() {
    let script = Script::of([error(400, REFUSED), ok(&intent("canceled"))]).await;
    let gone = script.gateway().cancel_intent("pi_1").await.unwrap();
    assert_eq!(gone.facts.state, Some(PaymentState::Canceled));
    assert_eq!(
        script.lines().await,
        ["POST /v1/payment_intents/pi_1/cancel", "GET /v1/payment_intents/pi_1"]
    );
}

#[tokio::test]
async fn a_cancellation_whose_answer_was_lost_is_found() {
    let script = Script::of([ResponseTemplate::new(502), error(400, REFUSED), ok(&intent("canceled"))]).await;
    let gone = script.gateway().cancel_intent("pi_1").await.unwrap();
    assert_eq!(gone.facts.state, Some(PaymentState::Canceled));
}

#[tokio::test]
async fn one_that_is_paid_or_being_paid_is_refused() {
    for status in ["succeeded", "processing", "requires_a_dance"] {
        let script = Script::of([error(400, REFUSED), ok(&intent(status))]).await;
        assert_eq!(code(script.gateway().cancel_intent("pi_1").await), REFUSED, "{status}");
    }
}

#[tokio::test]
async fn another_refusal_is_passed_on_without_a_look() {
    let script = Script::of([error(400, "parameter_unknown")]).await;
    assert_eq!(code(script.gateway().cancel_intent("pi_1").await), "parameter_unknown");
    assert_eq!(script.requests().await.len(), 1);
}

#[tokio::test]
async fn when_the_second_look_fails_nothing_is_claimed() {
    let script = Script::of([error(400, REFUSED), error(401, "api_key_expired")]).await;
    assert!(unknown(&script.gateway().cancel_intent("pi_1").await));
}

/// Under a key, Stripe would repeat the first refusal for a day.
#[tokio::test]
async fn a_refused_cancellation_can_be_tried_again_later() {
    let script = Script::of([error(400, REFUSED), ok(&intent("processing")), ok(&intent("canceled"))]).await;
    let gateway = script.gateway();
    assert_eq!(code(gateway.cancel_intent("pi_1").await), REFUSED);
    assert!(gateway.cancel_intent("pi_1").await.is_ok());
    assert_eq!(script.keys().await, vec![None; 3]);
}
