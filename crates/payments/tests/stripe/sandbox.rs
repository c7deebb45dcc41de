//! The gateway against the sandbox: Stripe's wire format at both ends of a real socket.

use crate::{
    script::{code, money, order},
    till::Till,
};
use serde_json::{Value, json};
use stoa_domain::{
    payment::{
        CreateIntent, DisputeStatus, GatewayError, GatewayFact, IntentSnapshot, ListedRefund, PaymentGateway,
        PaymentState,
    },
    shared::PaymentId,
};
use stoa_sandbox::{ApiAction, Fault};
use uuid::Uuid;

const UNEXPECTED: &str = "payment_intent_unexpected_state";

async fn paid(till: &Till, minor: i64, currency: &str) -> IntentSnapshot {
    let made = till.gateway.create_intent(&order(minor, currency)).await.unwrap();
    till.pay(&made.id, "pm_card_visa").await;
    till.gateway.retrieve_intent(&made.id).await.unwrap()
}

#[tokio::test]
async fn an_intent_is_made_once_for_a_payment() {
    let till = Till::open().await;
    let made = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
    assert_eq!(made.facts.state, Some(PaymentState::RequiresPaymentMethod));
    assert_eq!((made.facts.amount, made.facts.currency.as_str()), (1099, "EUR"));
    assert!(made.client_secret.as_ref().unwrap().starts_with(&made.id));
    assert_eq!(till.gateway.create_intent(&order(1099, "EUR")).await.unwrap(), made);
    assert_eq!(till.intents().await, 1);
    // The same payment for another price is a mistake of ours, and is told as one.
    assert_eq!(code(till.gateway.create_intent(&order(1100, "EUR")).await), "idempotency_error");
    assert_eq!(till.intents().await, 1);
}

#[tokio::test]
async fn a_repeated_call_shows_what_has_become_of_the_intent() {
    let till = Till::open().await;
    let made = paid(&till, 1099, "EUR").await;
    let again = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
    assert_eq!((again.id, again.facts.state), (made.id, Some(PaymentState::Succeeded)));
}

#[tokio::test]
async fn a_card_pays_and_the_webhook_says_whose_payment_it_is() {
    let till = Till::open().await;
    let read = paid(&till, 1099, "EUR").await;
    assert_eq!((read.facts.state, read.facts.amount_received), (Some(PaymentState::Succeeded), 1099));
    assert_eq!(read.amount_refunded, Some(0));

    let events = till.events().await;
    let event = events.iter().find(|event| event.kind == "payment_intent.succeeded").unwrap();
    assert_eq!(event.payment, Some(PaymentId::new(Uuid::from_u128(1))));
    assert_eq!(event.intent.as_deref(), Some(read.id.as_str()));
    assert_eq!(event.fact, GatewayFact::Intent(read.facts));
}

#[tokio::test]
async fn a_declined_card_leaves_the_intent_open_and_says_why() {
    let till = Till::open().await;
    let made = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
    till.pay(&made.id, "pm_card_visa_chargeDeclinedInsufficientFunds").await;
    let read = till.gateway.retrieve_intent(&made.id).await.unwrap();
    assert_eq!(read.facts.state, Some(PaymentState::RequiresPaymentMethod));
    assert_eq!(read.facts.last_error.as_deref(), Some("card_declined"));
    let told = till.facts("payment_intent.payment_failed").await;
    assert_eq!(told, [GatewayFact::Intent(read.facts)]);
}

#[tokio::test]
async fn an_intent_is_cancelled_once_or_twice_but_not_when_it_is_paid() {
    let till = Till::open().await;
    let made = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
    for _ in 0..2 {
        let gone = till.gateway.cancel_intent(&made.id).await.unwrap();
        assert_eq!((gone.id.as_str(), gone.facts.state), (made.id.as_str(), Some(PaymentState::Canceled)));
    }
    assert_eq!(till.facts("payment_intent.canceled").await.len(), 1);

    let till = Till::open().await;
    let won = paid(&till, 1099, "EUR").await;
    assert_eq!(code(till.gateway.cancel_intent(&won.id).await), UNEXPECTED);
    let nobody = till.gateway.cancel_intent("pi_nobody").await;
    assert!(matches!(nobody, Err(GatewayError::NotFound)));
}

#[tokio::test]
async fn parts_are_given_back_up_to_the_whole_and_each_once() {
    let till = Till::open().await;
    let intent = paid(&till, 1099, "EUR").await.id;
    let refund = async |minor, key| till.gateway.refund(&intent, money(minor, "EUR"), key).await;

    let first = refund(400, "refund-1").await.unwrap();
    assert!(!first.failed);
    assert_eq!(refund(400, "refund-1").await.unwrap(), first);
    assert_eq!(code(refund(401, "refund-1").await), "idempotency_error");
    assert!(matches!(refund(700, "refund-2").await, Err(GatewayError::Refused { .. })));
    let rest = refund(699, "refund-3").await.unwrap();
    assert_ne!(rest.id, first.id);
    assert_eq!(code(refund(1, "refund-4").await), "charge_already_refunded");

    let read = till.gateway.retrieve_intent(&intent).await.unwrap();
    assert_eq!(read.amount_refunded, Some(1099));
    let totals = till.facts("charge.refunded").await;
    assert_eq!(totals, [GatewayFact::Refunded { total: 400 }, GatewayFact::Refunded { total: 1099 }]);
}

#[tokio::test]
async fn of_two_refunds_at_once_that_together_exceed_the_payment_one_is_made() {
    let till = Till::open().await;
    let intent = paid(&till, 1000, "EUR").await.id;
    let (one, other) = tokio::join!(
        till.gateway.refund(&intent, money(600, "EUR"), "refund-1"),
        till.gateway.refund(&intent, money(600, "EUR"), "refund-2"),
    );
    assert!(one.is_ok() != other.is_ok());
    assert_eq!(till.gateway.retrieve_intent(&intent).await.unwrap().amount_refunded, Some(600));
}

#[tokio::test]
async fn the_same_refund_twice_at_once_is_made_once() {
    let till = Till::open().await;
    let intent = paid(&till, 1000, "EUR").await.id;
    let (one, other) = tokio::join!(
        till.gateway.refund(&intent, money(600, "EUR"), "refund-1"),
        till.gateway.refund(&intent, money(600, "EUR"), "refund-1"),
    );
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(till.gateway.retrieve_intent(&intent).await.unwrap().amount_refunded, Some(600));
}

/// Scenario 39.
#[tokio::test]
async fn whatever_happens_to_the_answer_there_is_one_intent() {
    for action in [
        ApiAction::TimeOut { hold_ms: None },
        ApiAction::Answer { status: 500, acted: true },
        ApiAction::Answer { status: 503, acted: false },
        ApiAction::Answer { status: 429, acted: false },
    ] {
        let till = Till::open().await;
        till.sandbox.faults().add(Fault::api("POST", "/v1/payment_intents", action)).unwrap();
        let made = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
        assert_eq!(made.facts.state, Some(PaymentState::RequiresPaymentMethod), "{action:?}");
        assert_eq!(till.intents().await, 1, "{action:?}");
    }
}

/// Whether or not the first intent was made before Stripe broke: there is one that can be paid, and it is found again.
#[tokio::test]
async fn a_failure_that_stripe_keeps_does_not_keep_the_buyer_from_paying() {
    for acted in [false, true] {
        let till = Till::open().await;
        let breaks = ApiAction::Break { status: 500, acted };
        till.sandbox.faults().add(Fault::api("POST", "/v1/payment_intents", breaks)).unwrap();
        let made = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
        for _ in 0..3 {
            assert_eq!(till.gateway.create_intent(&order(1099, "EUR")).await.unwrap().id, made.id);
        }
        assert_eq!(till.intents().await, 1 + usize::from(acted));
        till.pay(&made.id, "pm_card_visa").await;
        let paid = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
        assert_eq!((paid.id, paid.facts.state), (made.id, Some(PaymentState::Succeeded)));
        let all = till.get("/v1/payment_intents").await;
        let paid = all["data"].as_array().unwrap().iter().filter(|i| i["status"] == "succeeded").count();
        assert_eq!(paid, 1);
    }
}

#[tokio::test]
async fn refunds_are_listed_as_they_stand() {
    let till = Till::open().await;
    let intent = paid(&till, 5120, "KWD").await.id;
    till.gateway.refund(&intent, money(120, "KWD"), "refund-1").await.unwrap();
    let by_hand = till.post("/v1/refunds", &[("payment_intent", &intent), ("amount", "1000")]).await;
    let id = by_hand["id"].as_str().unwrap();
    let find = |listed: &[ListedRefund], amount: i64| {
        let found = listed.iter().find(|refund| refund.amount == amount).unwrap();
        (found.key.clone(), found.currency.clone(), found.failed)
    };
    let listed = till.gateway.refunds(&intent).await.unwrap();
    assert_eq!(find(&listed, 120), (Some("refund-1".to_owned()), "KWD".to_owned(), false));
    assert_eq!(find(&listed, 1000), (None, "KWD".to_owned(), false));
    till.outside(&format!("/sandbox/refunds/{id}/settle"), r#"{"outcome":"failed"}"#).await;
    let listed = till.gateway.refunds(&intent).await.unwrap();
    assert_eq!(find(&listed, 1000), (None, "KWD".to_owned(), true));
    assert_eq!(listed.len(), 2);
    assert_eq!(till.facts("refund.failed").await, [GatewayFact::RefundMoved]);
}

/// More than one page of them: those that were paid and are ours, whoever made them.
#[tokio::test]
async fn what_was_paid_is_listed_page_by_page() {
    let till = Till::open().await;
    let ours = order(1099, "EUR");
    let first = till.gateway.create_intent(&ours).await.unwrap();
    till.pay(&first.id, "pm_card_visa").await;
    let about_ours = ours.payment.to_string();
    let second = till
        .post(
            "/v1/payment_intents",
            &[
                ("amount", "700"),
                ("currency", "eur"),
                ("automatic_payment_methods[enabled]", "true"),
                ("metadata[stoa_payment]", &about_ours),
            ],
        )
        .await;
    let second = second["id"].as_str().unwrap();
    till.pay(second, "pm_card_visa").await;
    till.post("/v1/refunds", &[("payment_intent", second), ("amount", "100")]).await;
    // Neither these, which nobody pays, nor one that is none of ours.
    for n in 0..101 {
        let other = CreateIntent { payment: PaymentId::new(Uuid::from_u128(100 + n)), ..order(1099, "EUR") };
        till.gateway.create_intent(&other).await.unwrap();
    }
    let foreign = till.post("/v1/payment_intents", &[("amount", "700"), ("currency", "eur")]).await;
    till.pay(foreign["id"].as_str().unwrap(), "pm_card_visa").await;

    let long_ago = chrono::DateTime::UNIX_EPOCH;
    let mut paid = till.gateway.paid_since(long_ago).await.unwrap();
    paid.sort_by_key(|intent| intent.amount_received);
    let told: Vec<_> =
        paid.iter().map(|i| (i.id.as_str(), i.payment, i.amount_received, i.amount_refunded)).collect();
    assert_eq!(told, [(second, ours.payment, 700, 100), (&*first.id, ours.payment, 1099, 0)]);
    assert!(paid.iter().all(|intent| intent.currency == "EUR"));
    let far_ahead = chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap();
    assert_eq!(till.gateway.paid_since(far_ahead).await.unwrap(), []);
}

/// What an event leaves out is fetched from whatever it does name.
#[tokio::test]
async fn an_event_that_names_no_payment_is_completed() {
    let till = Till::open().await;
    let made = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
    till.pay(&made.id, "pm_card_createDispute").await;
    let listed = till.get("/v1/disputes").await;
    let (dispute, charge) = (listed["data"][0]["id"].clone(), listed["data"][0]["charge"].clone());
    let opened = GatewayFact::Dispute { status: DisputeStatus::Open };
    let old = |kind: &str, object: Value| json!({"id": "evt_1", "type": kind, "data": {"object": object}});
    let thin = |kind: &str, id: &Value| json!({"id": "evt_1", "type": kind, "related_object": {"id": id}});
    for (body, fact) in [
        (
            old("charge.dispute.created", json!({"charge": charge, "status": "needs_response"})),
            opened.clone(),
        ),
        (thin("v1.charge.dispute.created", &dispute), opened),
        (old("refund.failed", json!({"charge": charge})), GatewayFact::RefundMoved),
        (thin("v1.charge.refunded", &charge), GatewayFact::Refunded { total: 0 }),
    ] {
        let body = body.to_string().into_bytes();
        let event = till.gateway.read_event(&body).unwrap();
        assert_eq!(event.intent, None);
        let whole = till.gateway.complete_event(event, &body).await.unwrap();
        assert_eq!((whole.intent.as_deref(), whole.fact), (Some(made.id.as_str()), fact));
    }
    let elsewhere = old("charge.dispute.created", json!({"charge": "ch_nobodys"})).to_string().into_bytes();
    let event = till.gateway.read_event(&elsewhere).unwrap();
    let nobodys = till.gateway.complete_event(event, &elsewhere).await;
    assert!(matches!(nobodys, Err(GatewayError::NotFound)), "{nobodys:?}");
}

#[tokio::test]
async fn whatever_happens_to_the_answer_there_is_one_refund() {
    for action in [ApiAction::TimeOut { hold_ms: None }, ApiAction::Answer { status: 500, acted: true }] {
        let till = Till::open().await;
        let intent = paid(&till, 1000, "EUR").await.id;
        till.sandbox.faults().add(Fault::api("POST", "/v1/refunds", action)).unwrap();
        till.gateway.refund(&intent, money(300, "EUR"), "refund-1").await.unwrap();
        let read = till.gateway.retrieve_intent(&intent).await.unwrap();
        assert_eq!(read.amount_refunded, Some(300), "{action:?}");
    }
}

#[tokio::test]
async fn a_call_that_meets_itself_in_progress_waits_for_it() {
    let till = Till::open().await;
    till.sandbox
        .faults()
        .add(Fault::api("POST", "/v1/payment_intents", ApiAction::Slow { by_ms: 30 }))
        .unwrap();
    let order = order(1099, "EUR");
    let (one, other) = tokio::join!(till.gateway.create_intent(&order), till.gateway.create_intent(&order));
    assert_eq!(one.unwrap().id, other.unwrap().id);
    assert_eq!(till.intents().await, 1);
}

/// Scenario 40, the gateway's half.
#[tokio::test]
async fn a_dispute_is_told_when_it_opens_and_when_it_ends() {
    let till = Till::open().await;
    let made = till.gateway.create_intent(&order(1099, "EUR")).await.unwrap();
    till.pay(&made.id, "pm_card_createDispute").await;
    let opened = till.facts("charge.dispute.created").await;
    assert_eq!(opened, [GatewayFact::Dispute { status: DisputeStatus::Open }]);

    let events = till.events().await;
    let dispute = events.iter().find(|event| event.kind == "charge.dispute.created").unwrap();
    assert_eq!(dispute.intent.as_deref(), Some(made.id.as_str()));
    let listed = till.get("/v1/disputes").await;
    let id = listed["data"][0]["id"].as_str().unwrap();
    till.post(&format!("/v1/disputes/{id}/close"), &[]).await;
    let closed = till.facts("charge.dispute.closed").await;
    assert_eq!(closed, [GatewayFact::Dispute { status: DisputeStatus::Lost }]);
}

/// Scenario 29, end to end.
#[tokio::test]
async fn every_kind_of_currency_is_paid_and_given_back_in_its_own_unit() {
    for (minor, currency, part) in [
        (1500, "JPY", 500),
        (50_000, "KRW", 1),
        (990, "ISK", 90),
        (99_000, "UGX", 1000),
        (5120, "KWD", 120),
        (900_000, "MGA", 100),
        (1_000_045, "HUF", 45),
    ] {
        let till = Till::open().await;
        let read = paid(&till, minor, currency).await;
        assert_eq!((read.facts.amount, read.facts.amount_received), (minor, minor), "{currency}");
        assert_eq!(read.facts.currency, currency);
        till.gateway.refund(&read.id, money(part, currency), "refund-1").await.unwrap();
        let after = till.gateway.retrieve_intent(&read.id).await.unwrap();
        assert_eq!(after.amount_refunded, Some(part), "{currency}");
        let told = till.facts("charge.refunded").await;
        assert_eq!(told, [GatewayFact::Refunded { total: part }], "{currency}");
    }
}

#[tokio::test]
async fn what_stripe_would_not_charge_is_refused_with_its_code() {
    let till = Till::open().await;
    assert_eq!(code(till.gateway.create_intent(&order(49, "USD")).await), "amount_too_small");
    assert_eq!(till.intents().await, 0);
    let nobody = till.gateway.retrieve_intent("pi_nobody").await;
    assert!(matches!(nobody, Err(GatewayError::NotFound)));
    let of_nobody = till.gateway.refund("pi_nobody", money(100, "EUR"), "refund-1").await;
    assert!(matches!(of_nobody, Err(GatewayError::NotFound)), "{of_nobody:?}");
}
