//! Events of every version, shape and degree of brokenness.

use super::{HEARD_EVENTS, event::reference, parse_event};
use crate::requests::Kind;
use chrono::DateTime;
use proptest::prelude::*;
use serde_json::{Value, json};
use stoa_domain::{
    payment::{DisputeStatus, GatewayEvent, GatewayFact, IntentFacts, PaymentState},
    shared::PaymentId,
};
use uuid::Uuid;

const PAYMENT: PaymentId = PaymentId::new(Uuid::from_u128(7));

fn event(kind: &str, object: Value) -> Value {
    let mut event = json!({
        "id": "evt_1", "object": "event", "api_version": "2026-09-30.endive", "created": 1_795_132_800,
        "type": kind, "livemode": false, "pending_webhooks": 1, "request": {"id": null}, "data": {},
    });
    event["data"]["object"] = object;
    event
}

fn parse(event: &Value) -> GatewayEvent {
    parse_event(event.to_string().as_bytes()).unwrap()
}

fn intent(status: &str) -> Value {
    json!({
        "id": "pi_1", "object": "payment_intent", "amount": 1099, "amount_received": 1099, "currency": "eur",
        "status": status, "metadata": {"stoa_payment": PAYMENT.to_string(), "stoa_order": "x"},
    })
}

fn facts(event: &GatewayEvent) -> &IntentFacts {
    let GatewayFact::Intent(facts) = &event.fact else { panic!("no intent: {event:?}") };
    facts
}

fn in_doubt(event: &GatewayEvent) -> bool {
    facts(event).state.is_none()
}

#[test]
fn every_movement_of_an_intent_is_read() {
    for (kind, status, state) in [
        ("succeeded", "succeeded", PaymentState::Succeeded),
        ("payment_failed", "requires_payment_method", PaymentState::RequiresPaymentMethod),
        ("canceled", "canceled", PaymentState::Canceled),
        ("processing", "processing", PaymentState::Processing),
        ("requires_action", "requires_action", PaymentState::RequiresAction),
        ("amount_capturable_updated", "requires_capture", PaymentState::RequiresCapture),
    ] {
        let kind = format!("payment_intent.{kind}");
        let event = parse(&event(&kind, intent(status)));
        assert_eq!((event.id.as_str(), event.kind), ("evt_1", kind));
        assert_eq!((event.intent.as_deref(), event.payment), (Some("pi_1"), Some(PAYMENT)));
        assert_eq!(event.occurred_at, DateTime::from_timestamp(1_795_132_800, 0).unwrap());
        let GatewayFact::Intent(facts) = event.fact else { panic!("no intent") };
        assert_eq!((facts.state, facts.amount, facts.currency.as_str()), (Some(state), 1099, "EUR"));
    }
}

#[test]
fn a_failed_attempt_says_why() {
    let mut failed = intent("requires_payment_method");
    failed["last_payment_error"] =
        json!({"code": "card_declined", "payment_method": {"id": "pm_1", "type": "card"}});
    let event = parse(&event("payment_intent.payment_failed", failed));
    assert_eq!(facts(&event).last_error.as_deref(), Some("card_declined"));
}

#[test]
fn amounts_come_back_in_our_unit() {
    for (code, wire, ours) in [("jpy", 500, 500), ("isk", 500, 5), ("kwd", 5120, 5120), ("mga", 3, 300)] {
        let mut paid = intent("succeeded");
        paid["currency"] = json!(code);
        paid["amount"] = json!(wire);
        paid["amount_received"] = json!(wire);
        let paid = parse(&event("payment_intent.succeeded", paid));
        assert_eq!((facts(&paid).amount, facts(&paid).amount_received), (ours, ours), "{code}");
        let charge = json!({"payment_intent": "pi_1", "amount_refunded": wire, "currency": code});
        let refunded = parse(&event("charge.refunded", charge));
        assert_eq!(refunded.fact, GatewayFact::Refunded { total: ours }, "{code}");
    }
}

#[test]
fn a_refund_tells_the_sum_and_whose_it_is() {
    let charge = json!({
        "id": "ch_1", "object": "charge", "amount": 1099, "amount_refunded": 400, "currency": "eur",
        "payment_intent": "pi_1", "metadata": {"stoa_payment": PAYMENT.to_string()}, "refunds": {"data": []},
    });
    let event = parse(&event("charge.refunded", charge));
    assert_eq!(event.fact, GatewayFact::Refunded { total: 400 });
    assert_eq!((event.intent.as_deref(), event.payment), (Some("pi_1"), Some(PAYMENT)));
}

#[test]
fn an_expanded_intent_is_as_good_as_its_id() {
    let expanded = json!({"id": "pi_1", "metadata": {"stoa_payment": PAYMENT.to_string()}});
    for (kind, rest) in [
        ("charge.refunded", json!({"amount_refunded": 1, "currency": "eur"})),
        ("charge.dispute.created", json!({"status": "needs_response"})),
    ] {
        let mut object = rest;
        object["payment_intent"] = expanded.clone();
        let event = parse(&event(kind, object));
        assert_eq!((event.intent.as_deref(), event.payment), (Some("pi_1"), Some(PAYMENT)), "{kind}");
    }
}

#[test]
fn a_dispute_names_its_payment_even_through_the_charge() {
    let charge =
        json!({"id": "ch_1", "payment_intent": "pi_1", "metadata": {"stoa_payment": PAYMENT.to_string()}});
    let dispute = json!({"id": "dp_1", "status": "lost", "payment_intent": null, "charge": charge});
    let event = parse(&event("charge.dispute.closed", dispute));
    assert_eq!((event.intent.as_deref(), event.payment), (Some("pi_1"), Some(PAYMENT)));
    assert_eq!(event.fact, GatewayFact::Dispute { status: DisputeStatus::Lost });
}

#[test]
fn a_dispute_stands_as_its_status_says() {
    for (status, expected) in [
        (json!("needs_response"), DisputeStatus::Open),
        (json!("warning_needs_response"), DisputeStatus::Open),
        (json!("under_review"), DisputeStatus::Open),
        (json!("won"), DisputeStatus::Won),
        (json!("warning_closed"), DisputeStatus::Won),
        (json!("prevented"), DisputeStatus::Won),
        (json!("lost"), DisputeStatus::Lost),
        (json!("a_word_of_2031"), DisputeStatus::Open),
        (json!(null), DisputeStatus::Open),
    ] {
        let dispute = json!({"id": "dp_1", "payment_intent": "pi_1", "status": status});
        let event = parse(&event("charge.dispute.closed", dispute));
        assert_eq!(event.fact, GatewayFact::Dispute { status: expected }, "{status}");
    }
}

#[test]
fn what_we_do_not_act_on_is_kept_by_name() {
    for kind in ["payment_intent.created", "refund.created", "charge.updated", "charge.succeeded", "of.2031"]
    {
        let event = parse(&event(kind, intent("succeeded")));
        assert_eq!((event.id.as_str(), event.kind.as_str()), ("evt_1", kind));
        assert_eq!(event.fact, GatewayFact::Ignored, "{kind}");
    }
}

#[test]
fn a_refund_that_moved_names_its_payment_and_is_asked_for() {
    for kind in ["refund.updated", "refund.failed", "charge.refund.updated"] {
        for status in [json!("failed"), json!("succeeded"), json!("of_2031"), json!(null)] {
            let refund =
                json!({"id": "re_1", "object": "refund", "payment_intent": "pi_1", "status": status});
            let event = parse(&event(kind, refund));
            assert_eq!(
                (event.intent.as_deref(), event.fact),
                (Some("pi_1"), GatewayFact::RefundMoved),
                "{kind}"
            );
        }
    }
}

#[test]
fn what_names_no_payment_says_what_to_fetch() {
    let of = |event: &Value| reference(event.to_string().as_bytes());
    let found = |kind, id: &str| Some((kind, id.to_owned()));
    for (kind, object, expected) in [
        ("charge.dispute.created", json!({"id": "dp_1", "charge": "ch_1"}), found(Kind::Charge, "ch_1")),
        ("charge.dispute.closed", json!({"charge": {"id": "ch_1"}}), found(Kind::Charge, "ch_1")),
        ("refund.failed", json!({"id": "re_1", "charge": "ch_1"}), found(Kind::Charge, "ch_1")),
        ("charge.refunded", json!({"id": "ch_1"}), found(Kind::Charge, "ch_1")),
        ("charge.dispute.created", json!({"id": "dp_1"}), None),
        ("payment_intent.succeeded", json!({"latest_charge": "ch_1"}), None),
        ("of.2031", json!({"charge": "ch_1"}), None),
    ] {
        assert_eq!(of(&event(kind, object)), expected, "{kind}");
    }
    for (kind, expected) in [
        ("v1.charge.refunded", Kind::Charge),
        ("v1.charge.dispute.closed", Kind::Dispute),
        ("v1.refund.failed", Kind::Refund),
    ] {
        let thin =
            json!({"id": "evt_1", "object": "v2.core.event", "type": kind, "related_object": {"id": "x_1"}});
        assert_eq!(of(&thin), found(expected, "x_1"), "{kind}");
    }
}

#[test]
fn somebody_elses_object_is_read_without_a_payment_of_ours() {
    for metadata in
        [json!({}), json!(null), json!({"stoa_payment": "not-a-uuid"}), json!([]), json!({"order": "7"})]
    {
        let mut paid = intent("succeeded");
        paid["metadata"] = metadata;
        let event = parse(&event("payment_intent.succeeded", paid));
        assert_eq!((event.payment, event.intent.as_deref()), (None, Some("pi_1")));
    }
}

#[test]
fn an_object_that_lacks_what_decides_is_in_doubt() {
    for missing in ["status", "amount", "amount_received", "currency"] {
        let mut part = intent("succeeded");
        part.as_object_mut().unwrap().remove(missing);
        let event = parse(&event("payment_intent.succeeded", part));
        assert!(in_doubt(&event) && event.intent.as_deref() == Some("pi_1"), "{missing}");
    }
    assert!(in_doubt(&parse(&event("payment_intent.succeeded", intent("of_2031")))));
    let charge = json!({"payment_intent": "pi_1", "currency": "eur"});
    let event = parse(&event("charge.refunded", charge));
    assert!(in_doubt(&event) && event.intent.as_deref() == Some("pi_1"));
}

#[test]
fn an_odd_or_missing_object_spoils_nothing() {
    for data in [
        json!(null),
        json!("text"),
        json!([]),
        json!({}),
        json!({"object": null}),
        json!({"object": "pi_1"}),
        json!({"object": [intent("succeeded")]}),
    ] {
        let mut odd = event("payment_intent.succeeded", json!(null));
        odd["data"] = data.clone();
        assert!(in_doubt(&parse(&odd)), "{data}");
        odd["type"] = json!("charge.dispute.created");
        assert_eq!(parse(&odd).fact, GatewayFact::Dispute { status: DisputeStatus::Open }, "{data}");
    }
}

#[test]
fn an_event_of_api_version_2015_is_read() {
    let old = json!({
        "id": "evt_1", "created": 1_400_000_000, "livemode": false, "type": "charge.refunded", "object": "event",
        "request": "iar_1", "data": {"object": {"id": "ch_1", "object": "charge", "amount_refunded": 5, "currency": "usd"}},
    });
    let event = parse(&old);
    assert_eq!((event.intent, event.fact), (None, GatewayFact::Refunded { total: 5 }));
}

#[test]
fn a_thin_event_is_kept_and_its_object_fetched() {
    let thin = |kind: &str| {
        parse(&json!({
            "id": "evt_test_1", "object": "v2.core.event", "type": kind, "created": "2026-11-20T00:00:00.250Z",
            "related_object": {"id": "pi_1", "type": "payment_intent", "url": "/v1/payment_intents/pi_1"},
        }))
    };
    let meter = thin("v1.billing.meter.error_report_triggered");
    assert_eq!(
        (meter.kind.as_str(), meter.fact),
        ("v1.billing.meter.error_report_triggered", GatewayFact::Ignored)
    );
    assert_eq!(meter.occurred_at.timestamp_millis(), 1_795_132_800_250);
    let paid = thin("v1.payment_intent.succeeded");
    assert!(in_doubt(&paid));
    assert_eq!(paid.intent.as_deref(), Some("pi_1"));
}

#[test]
fn an_event_without_a_readable_time_is_still_an_event() {
    for created in [json!(null), json!("soon"), json!({}), json!(i64::MAX), json!(1.5)] {
        let mut odd = event("payment_intent.succeeded", intent("succeeded"));
        odd["created"] = created;
        assert_eq!(parse(&odd).occurred_at, DateTime::UNIX_EPOCH);
    }
}

/// What is kept of an event fits its columns, whoever made it up.
#[test]
fn no_text_is_kept_beyond_its_bound() {
    let long = "x".repeat(256);
    let mut failed = intent("requires_payment_method");
    failed["id"] = json!(long);
    failed["last_payment_error"] = json!({"code": format!("a\0{long}")});
    let read = parse(&event("payment_intent.payment_failed", failed));
    assert_eq!(read.intent, None);
    let error = facts(&read).last_error.clone().unwrap();
    assert_eq!(error.chars().count(), 255);
    assert!(error.starts_with("ax"), "{error}");

    let mut odd = event(&format!("é\0{}", "é".repeat(300)), json!({}));
    assert_eq!(parse(&odd).kind, "é".repeat(255));
    odd["id"] = json!(long);
    assert!(parse_event(odd.to_string().as_bytes()).is_err());
    odd["id"] = json!("evt_1\0");
    assert!(parse_event(odd.to_string().as_bytes()).is_err());
    for id in ["pi 1", "", "pi_é"] {
        let mut paid = intent("succeeded");
        paid["id"] = json!(id);
        assert_eq!(parse(&event("payment_intent.succeeded", paid)).intent, None, "{id:?}");
    }
}

#[test]
fn what_is_no_event_is_malformed() {
    for body in [
        "",
        "{",
        "null",
        "[]",
        "12",
        "\"evt_1\"",
        "{}",
        r#"{"id":"evt_1"}"#,
        r#"{"type":"payment_intent.succeeded"}"#,
        r#"{"id":"","type":"payment_intent.succeeded"}"#,
        r#"{"id":"evt_1","type":""}"#,
        r#"{"id":7,"type":"payment_intent.succeeded"}"#,
        r#"{"id":"ch_1","type":"card","object":"charge"}"#,
        r#"{"id":"evt_1","type":"x"} trailing"#,
    ] {
        assert!(parse_event(body.as_bytes()).is_err(), "{body}");
    }
    assert!(parse_event(b"{\"id\":\"evt_\xff\",\"type\":\"x\"}").is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["succeeded", "pi_1", "eur", "isk", "won"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let name = prop::sample::select(vec![
            "id",
            "object",
            "status",
            "amount",
            "amount_received",
            "amount_refunded",
            "currency",
            "metadata",
            "payment_intent",
            "charge",
            "last_payment_error",
            "latest_charge",
            "stoa_payment",
            "code",
            "x",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body: Vec<u8>) {
        let _ = parse_event(&body);
    }

    #[test]
    fn no_cut_or_changed_byte_makes_it_panic(cut in 0usize..400, at in 0usize..400, byte: u8) {
        let mut body = event("payment_intent.succeeded", intent("succeeded")).to_string().into_bytes();
        body.truncate(cut);
        if let Some(changed) = body.get_mut(at) {
            *changed = byte;
        }
        let _ = parse_event(&body);
    }

    /// Whatever stands where the object should be: the event is kept, under its own id and type.
    #[test]
    fn every_object_makes_an_event(
        object in any_json(),
        created in any_json(),
        kind in prop::sample::select(vec![
            "payment_intent.succeeded", "payment_intent.canceled", "charge.refunded", "charge.dispute.closed", "x",
        ]),
    ) {
        let mut odd = event(kind, object);
        odd["created"] = created;
        let read = parse_event(odd.to_string().as_bytes());
        prop_assert!(read.is_ok_and(|e| e.id == "evt_1" && e.kind == kind));
    }
}

#[test]
fn what_an_endpoint_is_to_be_subscribed_to_is_acted_upon() {
    for kind in HEARD_EVENTS {
        assert_ne!(parse(&event(kind, json!({}))).fact, GatewayFact::Ignored, "{kind}");
    }
}
