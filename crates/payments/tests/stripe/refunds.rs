//! Giving money back, once.

use crate::script::{Script, code, error, money, ok, unknown};
use serde_json::{Value, json};
use stoa_domain::payment::{GatewayError, PaymentGateway};
use wiremock::ResponseTemplate;

fn refund(id: &str, key: &str, status: &str) -> Value {
    json!({"id": id, "object": "refund", "amount": 400, "status": status, "metadata": {"stoa_refund": key}})
}

fn page(refunds: &[Value], has_more: bool) -> ResponseTemplate {
    ok(&json!({"object": "list", "data": refunds, "has_more": has_more}))
}

#[tokio::test]
async fn a_refund_carries_the_callers_key_twice() {
    let script = Script::of([page(&[], false), ok(&refund("re_1", "refund-1", "succeeded"))]).await;
    let made = script.gateway().refund("pi_1", money(400, "EUR"), "refund-1").await.unwrap();
    assert_eq!((made.id.as_str(), made.failed), ("re_1", false));
    assert_eq!(script.lines().await, ["GET /v1/refunds", "POST /v1/refunds"]);
    assert_eq!(script.keys().await, [None, Some("refund-1".to_owned())]);
    let requests = script.requests().await;
    let form: Vec<_> = url::form_urlencoded::parse(&requests[1].body).into_owned().collect();
    let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    assert_eq!(
        form,
        [pair("amount", "400"), pair("metadata[stoa_refund]", "refund-1"), pair("payment_intent", "pi_1")]
    );
}

#[tokio::test]
async fn retries_of_a_refund_keep_its_key() {
    let made = ok(&refund("re_1", "refund-1", "pending"));
    let script = Script::of([page(&[], false), ResponseTemplate::new(500), made]).await;
    assert!(!script.gateway().refund("pi_1", money(400, "EUR"), "refund-1").await.unwrap().failed);
    assert_eq!(script.keys().await[1..], [Some("refund-1".to_owned()), Some("refund-1".to_owned())]);
}

/// Stripe forgets keys after a day; a job may be started again after a week.
#[tokio::test]
async fn a_refund_that_was_made_long_ago_is_found_and_not_made_again() {
    let others = [refund("re_9", "refund-9", "succeeded"), json!({"id": "re_8"})];
    let ours = [refund("re_1", "refund-1", "succeeded")];
    let script = Script::of([page(&others, true), page(&ours, true)]).await;
    let found = script.gateway().refund("pi_1", money(400, "EUR"), "refund-1").await.unwrap();
    assert_eq!(found.id, "re_1");
    assert_eq!(script.lines().await, ["GET /v1/refunds", "GET /v1/refunds"]);
    let after = |request: &wiremock::Request| {
        request.url.query_pairs().find(|(k, _)| k == "starting_after").map(|(_, v)| v.into_owned())
    };
    let requests = script.requests().await;
    assert_eq!((after(&requests[0]), after(&requests[1])), (None, Some("re_8".to_owned())));
}

#[tokio::test]
async fn the_same_key_for_another_amount_is_refused() {
    let script = Script::of([page(&[refund("re_1", "refund-1", "succeeded")], false)]).await;
    let answer = script.gateway().refund("pi_1", money(500, "EUR"), "refund-1").await;
    assert_eq!(code(answer), "idempotency_error");
    assert_eq!(script.requests().await.len(), 1);
}

#[tokio::test]
async fn when_it_cannot_be_known_whether_it_was_made_it_is_not_made() {
    for odd in [ResponseTemplate::new(401), ok(&json!({"object": "list"})), ok(&json!({"data": "many"}))] {
        let script = Script::of([odd]).await;
        assert!(unknown(&script.gateway().refund("pi_1", money(400, "EUR"), "refund-1").await));
        assert_eq!(script.requests().await.len(), 1);
    }
}

#[tokio::test]
async fn a_refund_that_failed_says_so() {
    for (status, failed) in [
        ("failed", true),
        ("canceled", true),
        ("pending", false),
        ("requires_action", false),
        ("new_word", false),
    ] {
        let script = Script::of([page(&[], false), ok(&refund("re_1", "refund-1", status))]).await;
        let made = script.gateway().refund("pi_1", money(400, "EUR"), "refund-1").await.unwrap();
        assert_eq!(made.failed, failed, "{status}");
    }
}

#[tokio::test]
async fn more_than_was_paid_is_refused_by_stripe() {
    let script = Script::of([page(&[], false), error(400, "charge_already_refunded")]).await;
    let answer = script.gateway().refund("pi_1", money(400, "EUR"), "refund-1").await;
    assert_eq!(code(answer), "charge_already_refunded");
}

#[tokio::test]
async fn nothing_is_sent_for_a_refund_that_cannot_be() {
    let script = Script::of([]).await;
    let gateway = script.gateway();
    let long = "k".repeat(256);
    assert_eq!(code(gateway.refund("pi_1", money(0, "EUR"), "k").await), "parameter_invalid_integer");
    assert_eq!(code(gateway.refund("pi_1", money(-1, "EUR"), "k").await), "parameter_invalid_integer");
    assert_eq!(code(gateway.refund("pi_1", money(5124, "KWD"), "k").await), "invalid_charge_amount");
    for key in ["", "a b", "clé", "a\nb", &long] {
        assert_eq!(code(gateway.refund("pi_1", money(1, "EUR"), key).await), "idempotency_key_invalid");
    }
    let elsewhere = gateway.refund("../charges", money(1, "EUR"), "k").await;
    assert!(matches!(elsewhere, Err(GatewayError::NotFound)));
    assert!(script.requests().await.is_empty());
}
