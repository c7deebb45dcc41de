//! The control routes: who may use them, and what they do beside the fault plan.

use serde_json::json;

use crate::harness::{PUBLISHABLE, SECRET, World};

#[tokio::test]
async fn only_the_secret_key_controls() {
    let world = World::start().await;
    let json = [("content-type", "application/json")];
    for (method, path) in [
        ("GET", "/sandbox/faults"),
        ("POST", "/sandbox/faults"),
        ("DELETE", "/sandbox/faults"),
        ("GET", "/sandbox/webhooks"),
        ("POST", "/sandbox/events/evt_1/send"),
        ("POST", "/sandbox/payment_intents/pi_1/authenticate"),
        ("POST", "/sandbox/payment_intents/pi_1/settle"),
        ("POST", "/sandbox/payment_intents/pi_1/dispute"),
        ("POST", "/sandbox/disputes/dp_1/close"),
        ("POST", "/sandbox/refunds/re_1/settle"),
    ] {
        for key in ["", PUBLISHABLE, "sk_test_wrong"] {
            let reply = world.send(method, path, "", key, &json).await;
            assert_eq!(reply.status, 401, "{method} {path} with {key:?}");
        }
    }
}

#[tokio::test]
async fn bad_wishes_are_refused() {
    let world = World::start().await;
    let form = [("content-type", "text/plain")];
    let fault = r#"{"webhook":{"events":"*","action":"drop"}}"#;
    assert_eq!(world.send("POST", "/sandbox/faults", fault, SECRET, &form).await.status, 400);
    for json in ["", "{", "{}", r#"{"webhook":{}}"#, r#"{"api":{"path":"/x","action":{"slow":{"by_ms":1}}}}"#]
    {
        assert_eq!(world.control("/sandbox/faults", json).await.status, 400, "{json}");
    }
    assert_eq!(world.control("/sandbox/disputes/dp_1/close", r#"{"outcome":"draw"}"#).await.status, 400);
    assert_eq!(world.control("/sandbox/disputes/dp_1/close", r#"{"outcome":"won"}"#).await.status, 404);
    assert_eq!(world.control("/sandbox/refunds/re_1/settle", r#"{"outcome":"failed"}"#).await.status, 404);
    assert!(world.sandbox.faults().list().is_empty());
}

#[tokio::test]
async fn the_plan_is_seen_and_cleared() {
    let world = World::start().await;
    let fault =
        json!({ "webhook": { "events": "charge.*", "times": 3, "action": { "delay": { "by_ms": 5 } } } });
    let added = world.control("/sandbox/faults", &fault.to_string()).await.ok();
    assert_eq!(added, json!({ "faults": [fault] }));
    assert_eq!(world.get("/sandbox/faults").await.ok(), added);
    assert_eq!(world.delete("/sandbox/faults").await.ok(), json!({ "faults": [] }));
}

#[tokio::test]
async fn any_payment_can_be_disputed_and_the_dispute_decided() {
    let world = World::start().await;
    let id = world.paid().await;
    let path = format!("/sandbox/payment_intents/{id}/dispute");
    let dispute = world.control(&path, r#"{"reason":"product_not_received"}"#).await.ok();
    assert_eq!(dispute["reason"], "product_not_received");
    assert_eq!(world.control(&path, "{}").await.error(), (400, "charge_disputed".to_owned()));
    let close = format!("/sandbox/disputes/{}/close", dispute["id"].as_str().unwrap());
    assert_eq!(world.control(&close, r#"{"outcome":"won"}"#).await.ok()["status"], "won");
    assert_eq!(world.control(&close, r#"{"outcome":"lost"}"#).await.status, 400);
    let refund = world.post("/v1/refunds", &format!("payment_intent={id}")).await.ok();
    assert_eq!(refund["amount"], 2000, "a won dispute leaves the money refundable");

    let open = world.post("/v1/payment_intents", "amount=2000&currency=usd").await.ok();
    let path = format!("/sandbox/payment_intents/{}/dispute", open["id"].as_str().unwrap());
    assert_eq!(world.control(&path, "{}").await.status, 400);
}

#[tokio::test]
async fn an_event_can_be_sent_again() {
    let world = World::start().await;
    world.paid().await;
    world.sandbox.webhooks_settled().await;
    let event = world.receiver.event("payment_intent.succeeded");
    world.control(&format!("/sandbox/events/{}/send", event["id"].as_str().unwrap()), "").await.ok();
    world.sandbox.webhooks_settled().await;
    let accepted = world.receiver.accepted();
    assert_eq!(accepted.len(), 4);
    assert_eq!(accepted[3], event, "the very same event, byte for byte");
    assert_eq!(world.control("/sandbox/events/evt_none/send", "").await.status, 404);
    assert_eq!(world.get("/sandbox/webhooks").await.ok(), json!({ "undelivered": 0 }));
}
