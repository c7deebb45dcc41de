//! Scenario 29: amounts of every kind of currency reach the gateway and come back in the right unit, refunds
//! too.

use crate::script::{Script, code, money, ok, order};
use serde_json::json;
use stoa_domain::payment::PaymentGateway;
use stoa_payments::parse_event;
use wiremock::Request;

/// Ours, currency, Stripe's, and the same for a refund of a part.
const TABLE: [(i64, &str, i64, i64, i64); 9] = [
    (1099, "EUR", 1099, 99, 99),
    (500, "JPY", 500, 100, 100),
    (70_000, "VND", 70_000, 1, 1),
    (5, "ISK", 500, 2, 200),
    (5, "UGX", 500, 3, 300),
    (5120, "KWD", 5120, 10, 10),
    (12_340, "TND", 12_340, 340, 340),
    (700, "MGA", 7, 100, 1),
    (50_045, "HUF", 50_045, 45, 45),
];

fn field(request: &Request, name: &str) -> String {
    let mut form = url::form_urlencoded::parse(&request.body);
    form.find(|(k, _)| k == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn amounts_travel_in_stripes_unit_and_come_home_in_ours() {
    for (ours, code, wire, part, wire_part) in TABLE {
        let lower = code.to_lowercase();
        let intent = json!({
            "id": "pi_1", "status": "succeeded", "amount": wire, "amount_received": wire, "currency": lower,
            "latest_charge": {"id": "ch_1", "amount_refunded": wire_part, "currency": lower},
        });
        let none = json!({"object": "list", "data": []});
        let script = Script::of([ok(&intent), ok(&none), ok(&json!({"id": "re_1"})), ok(&intent)]).await;
        let gateway = script.gateway();

        let made = gateway.create_intent(&order(ours, code)).await.unwrap();
        assert_eq!((made.facts.amount, made.facts.amount_received), (ours, ours), "{code}");
        assert_eq!(made.facts.currency, code);
        gateway.refund("pi_1", money(part, code), "refund-1").await.unwrap();
        let read = gateway.retrieve_intent("pi_1").await.unwrap();
        assert_eq!(read.amount_refunded, Some(part), "{code}");

        let requests = script.requests().await;
        assert_eq!(field(&requests[0], "amount"), wire.to_string(), "{code}");
        assert_eq!(field(&requests[0], "currency"), lower);
        assert_eq!(field(&requests[2], "amount"), wire_part.to_string(), "{code}");
    }
}

#[test]
fn webhooks_bring_the_same_units() {
    for (ours, code, wire, part, wire_part) in TABLE {
        let event = |kind: &str, object: serde_json::Value| {
            let body = json!({"id": "evt_1", "type": kind, "data": {"object": object}});
            format!("{:?}", parse_event(body.to_string().as_bytes()).unwrap().fact)
        };
        let currency = code.to_lowercase();
        let paid =
            json!({"status": "succeeded", "amount": wire, "amount_received": wire, "currency": currency});
        let told = event("payment_intent.succeeded", paid);
        assert!(told.contains(&format!("amount: {ours}, amount_received: {ours},")), "{told}");
        let charge = json!({"amount_refunded": wire_part, "currency": currency});
        assert_eq!(event("charge.refunded", charge), format!("Refunded {{ total: {part} }}"));
    }
}

#[tokio::test]
async fn amounts_that_stripe_cannot_charge_are_refused_before_it_is_asked() {
    let script = Script::of([]).await;
    let gateway = script.gateway();
    for (minor, currency, expected) in [
        (5124, "KWD", "invalid_charge_amount"),
        (150, "MGA", "invalid_charge_amount"),
        (0, "EUR", "parameter_invalid_integer"),
        (i64::MAX, "ISK", "amount_too_large"),
    ] {
        assert_eq!(code(gateway.create_intent(&order(minor, currency)).await), expected, "{currency}");
    }
    assert!(script.requests().await.is_empty());
}
