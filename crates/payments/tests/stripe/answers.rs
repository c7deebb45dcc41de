//! Answers of every version and quality.

use crate::script::{Script, code, error, intent, money, ok, order, unknown};
use serde_json::json;
use stoa_domain::payment::{GatewayError, PaymentGateway, PaymentState};
use wiremock::ResponseTemplate;

#[tokio::test]
async fn a_paid_intent_is_read_with_what_was_refunded() {
    let mut paid = intent("succeeded");
    paid["latest_charge"] = json!({"id": "ch_1", "amount_refunded": 400, "brand_new": [1, {"x": null}]});
    let script = Script::of([ok(&paid)]).await;
    let read = script.gateway().retrieve_intent("pi_1").await.unwrap();
    assert_eq!(read.facts.state, Some(PaymentState::Succeeded));
    assert_eq!((read.facts.amount, read.facts.amount_received), (1099, 1099));
    assert_eq!((read.facts.currency.as_str(), read.amount_refunded), ("EUR", Some(400)));
}

#[tokio::test]
async fn an_answer_with_next_to_nothing_in_it_still_names_the_charge() {
    let script =
        Script::of([ok(&json!({"id": "pi_1"})), ok(&json!({"id": "pi_1", "latest_charge": "ch_1"}))]).await;
    let made = script.gateway().create_intent(&order(1099, "EUR")).await.unwrap();
    assert_eq!((made.id.as_str(), made.client_secret, made.facts.state), ("pi_1", None, None));
    let read = script.gateway().retrieve_intent("pi_1").await.unwrap();
    assert_eq!(read.amount_refunded, None);
}

#[tokio::test]
async fn a_state_that_did_not_exist_when_this_was_written_is_no_state() {
    let script = Script::of([ok(&intent("requires_a_dance"))]).await;
    let read = script.gateway().retrieve_intent("pi_1").await.unwrap();
    assert_eq!((read.facts.state, read.facts.amount), (None, 1099));
}

#[tokio::test]
async fn an_answer_that_names_nothing_is_unknown() {
    for body in ["{}", "[]", "null", "", "<html></html>", r#"{"id":7}"#] {
        let script = Script::of([ResponseTemplate::new(200).set_body_string(body)]).await;
        assert!(unknown(&script.gateway().create_intent(&order(1099, "EUR")).await), "{body}");
    }
}

#[tokio::test]
async fn a_refusal_keeps_its_code_even_with_an_odd_intent_inside() {
    let body = json!({"error": {
        "type": "card_error", "code": "card_declined", "decline_code": "stolen_card", "message": "No.",
        "payment_intent": {"id": 7, "status": []},
    }});
    let answer = ResponseTemplate::new(402).insert_header("request-id", "req_7").set_body_json(body);
    let script = Script::of([answer]).await;
    let refused = script.gateway().create_intent(&order(1099, "EUR")).await.unwrap_err();
    let GatewayError::Refused { code, message } = refused else { panic!("{refused:?}") };
    assert_eq!((code.as_str(), message.as_str()), ("card_declined", "No. (status 402, request req_7)"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let script = Script::of([error(404, "resource_missing"), error(404, "resource_missing")]).await;
    let gateway = script.gateway();
    assert!(matches!(gateway.retrieve_intent("pi_9").await, Err(GatewayError::NotFound)));
    assert!(matches!(gateway.cancel_intent("pi_9").await, Err(GatewayError::NotFound)));
}

#[tokio::test]
async fn a_key_that_is_not_accepted_says_nothing_about_the_payment() {
    let script = Script::of([error(401, "api_key_expired"), error(403, "secret_key_required")]).await;
    let gateway = script.gateway();
    assert!(unknown(&gateway.retrieve_intent("pi_1").await));
    assert!(unknown(&gateway.retrieve_intent("pi_1").await));
    assert_eq!(script.requests().await.len(), 2);
}

#[tokio::test]
async fn the_same_key_with_another_request_is_refused() {
    let body = json!({"error": {"type": "idempotency_error", "message": "Keys for idempotent requests …"}});
    let script = Script::of([ResponseTemplate::new(400).set_body_json(body)]).await;
    assert_eq!(code(script.gateway().create_intent(&order(1099, "EUR")).await), "idempotency_error");
}

#[tokio::test]
async fn no_error_shows_the_secret_key() {
    let script = Script::of([error(401, "api_key_expired"), error(400, "parameter_unknown")]).await;
    let gateway = script.gateway();
    for _ in 0..2 {
        let error = gateway.refund("pi_1", money(1, "EUR"), "key").await.unwrap_err();
        assert!(!format!("{error:?}").contains("sk_test_secret"));
    }
    assert!(!format!("{gateway:?}").contains("sk_test_secret"));
}
