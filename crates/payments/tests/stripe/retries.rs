//! Passing troubles: the same call again, under the same key, until it is answered or the patience ends.

use crate::script::{INTENT_KEY, Script, code, error, gateway, intent, money, ok, order, unknown};
use std::time::{Duration, Instant};
use stoa_domain::payment::{GatewayError, PaymentGateway, PaymentState};
use wiremock::ResponseTemplate;

fn made() -> ResponseTemplate {
    ok(&intent("requires_payment_method"))
}

fn failure(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

#[tokio::test]
async fn every_attempt_carries_the_same_key_and_the_same_body() {
    let troubles = [failure(500), failure(503), error(409, "idempotency_key_in_use"), made()];
    let script = Script::of(troubles).await;
    let intent = script.gateway().create_intent(&order(1099, "EUR")).await.unwrap();
    assert_eq!(intent.id, "pi_1");
    assert_eq!(script.keys().await, vec![Some(INTENT_KEY.to_owned()); 4]);
    let bodies: Vec<_> = script.requests().await.into_iter().map(|r| r.body).collect();
    assert!(bodies.iter().all(|body| !body.is_empty() && *body == bodies[0]));
}

#[tokio::test]
async fn another_call_for_the_same_payment_makes_the_same_request() {
    let script = Script::of([made(), made()]).await;
    for _ in 0..2 {
        // Two processes: the builder's hash maps are ordered otherwise.
        script.gateway().create_intent(&order(1099, "EUR")).await.unwrap();
    }
    let requests = script.requests().await;
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(script.keys().await, vec![Some(INTENT_KEY.to_owned()); 2]);
}

#[tokio::test]
async fn a_gateway_that_acted_but_was_too_slow_is_asked_again() {
    let slow = made().set_delay(Duration::from_secs(5));
    let replayed = made().insert_header("idempotent-replayed", "true");
    let script = Script::of([slow, replayed, ok(&intent("processing"))]).await;
    let mut config = script.config();
    config.attempt_timeout = Duration::from_secs(1);
    let found = gateway(&config).create_intent(&order(1099, "EUR")).await.unwrap();
    // The repeated answer is as old as the object: what it has become since is read.
    assert_eq!(found.facts.state, Some(PaymentState::Processing));
    assert_eq!(
        script.lines().await,
        ["POST /v1/payment_intents", "POST /v1/payment_intents", "GET /v1/payment_intents/pi_1"]
    );
    assert_eq!(script.keys().await[..2], vec![Some(INTENT_KEY.to_owned()); 2]);
}

#[tokio::test]
async fn a_limit_is_waited_out_as_long_as_stripe_asks() {
    let script = Script::of([error(429, "rate_limit").insert_header("retry-after", "1"), made()]).await;
    let begun = Instant::now();
    script.gateway().create_intent(&order(1099, "EUR")).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(script.requests().await.len(), 2);
}

#[tokio::test]
async fn a_wait_beyond_the_budget_is_not_begun() {
    let script = Script::of([error(429, "rate_limit").insert_header("retry-after", "3600"), made()]).await;
    let begun = Instant::now();
    let answer = script.gateway().create_intent(&order(1099, "EUR")).await;
    assert!(unknown(&answer) && begun.elapsed() < Duration::from_secs(600));
    assert_eq!(script.requests().await.len(), 1);
}

#[tokio::test]
async fn after_the_last_attempt_the_outcome_is_not_known() {
    let script = Script::of((0..9).map(|_| failure(500))).await;
    let answer = script.gateway().create_intent(&order(1099, "EUR")).await;
    let Err(GatewayError::Unknown(why)) = answer else { panic!("{answer:?}") };
    assert!(why.contains("status 500") && why.contains("attempts: 4"), "{why}");
    assert_eq!(script.keys().await, vec![Some(INTENT_KEY.to_owned()); 4]);
}

#[tokio::test]
async fn the_budget_bounds_all_attempts_together() {
    let script = Script::of((0..9).map(|_| made().set_delay(Duration::from_secs(30)))).await;
    let mut config = script.config();
    config.attempt_timeout = Duration::from_millis(400);
    config.retry.attempts = 100;
    config.budget = Duration::from_millis(900);
    let begun = Instant::now();
    let answer = gateway(&config).create_intent(&order(1099, "EUR")).await;
    assert!(unknown(&answer) && begun.elapsed() < Duration::from_secs(25));
    assert!((2..=4).contains(&script.requests().await.len()));
}

#[tokio::test]
async fn the_budget_bounds_all_requests_of_a_call_together() {
    let late = |answer: ResponseTemplate| answer.set_delay(Duration::from_millis(700));
    let kept = || failure(500).insert_header("idempotent-replayed", "true");
    let impatient = |script: &Script| {
        let mut config = script.config();
        config.budget = Duration::from_secs(1);
        gateway(&config)
    };
    // Each request alone would be answered in time; both together are not.
    let script = Script::of([late(kept()), late(made())]).await;
    assert!(unknown(&impatient(&script).create_intent(&order(1099, "EUR")).await));
    let script = Script::of([late(made().insert_header("idempotent-replayed", "true")), late(made())]).await;
    assert!(unknown(&impatient(&script).create_intent(&order(1099, "EUR")).await));
    let none = ok(&serde_json::json!({"object": "list", "data": [], "has_more": false}));
    let refund = ok(&serde_json::json!({"id": "re_1", "object": "refund", "status": "succeeded"}));
    let script = Script::of([late(none), late(refund)]).await;
    assert!(unknown(&impatient(&script).refund("pi_1", money(100, "EUR"), "refund-1").await));
}

#[tokio::test]
async fn stripes_word_on_retrying_is_heeded() {
    let never = failure(500).insert_header("stripe-should-retry", "false");
    let script = Script::of([never, made()]).await;
    assert!(unknown(&script.gateway().create_intent(&order(1099, "EUR")).await));
    assert_eq!(script.requests().await.len(), 1);

    let again = error(400, "lock_timeout").insert_header("stripe-should-retry", "true");
    let script = Script::of([again, made()]).await;
    assert!(script.gateway().create_intent(&order(1099, "EUR")).await.is_ok());
}

#[tokio::test]
async fn a_failure_kept_under_the_key_is_asked_for_once_more_under_a_second_one() {
    let kept = || failure(500).insert_header("idempotent-replayed", "true");
    let script = Script::of([failure(500), kept(), made()]).await;
    let second = Some(format!("{INTENT_KEY}-2"));
    let first = Some(INTENT_KEY.to_owned());
    script.gateway().create_intent(&order(1099, "EUR")).await.unwrap();
    assert_eq!(script.keys().await, [first.clone(), first.clone(), second.clone()]);
    let bodies: Vec<_> = script.requests().await.into_iter().map(|r| r.body).collect();
    assert_eq!(bodies[0], bodies[2]);

    let script = Script::of([kept(), kept(), made()]).await;
    assert!(unknown(&script.gateway().create_intent(&order(1099, "EUR")).await), "there is no third key");
    assert_eq!(script.keys().await, [first, second]);
}

#[tokio::test]
async fn a_failure_kept_for_a_refund_is_not_asked_for_again() {
    let none = ok(&serde_json::json!({"object": "list", "data": [], "has_more": false}));
    let kept = failure(500).insert_header("idempotent-replayed", "true");
    let script = Script::of([none, kept, made()]).await;
    assert!(unknown(&script.gateway().refund("pi_1", money(100, "EUR"), "refund-1").await));
    assert_eq!(script.requests().await.len(), 2, "money may have gone back already");
}

#[tokio::test]
async fn a_no_is_not_asked_for_again() {
    let script = Script::of([error(400, "amount_too_small"), made()]).await;
    let answer = script.gateway().create_intent(&order(1, "EUR")).await;
    assert_eq!(code(answer), "amount_too_small");
    assert_eq!(script.requests().await.len(), 1);
}

#[tokio::test]
async fn reading_is_tried_again_too() {
    let script = Script::of([failure(502), ok(&intent("succeeded"))]).await;
    let read = script.gateway().retrieve_intent("pi_1").await.unwrap();
    assert_eq!(read.facts.state, Some(PaymentState::Succeeded));
}
