//! The fault plan at work.

use std::time::{Duration, Instant};

use stoa_sandbox::{ApiAction, Fault, WebhookAction};

use crate::harness::{SECRET, World};

const INTENTS: &str = "/v1/payment_intents";
const FORM: &str = "amount=2000&currency=usd";

async fn intents(world: &World) -> usize {
    world.get("/v1/payment_intents?limit=100").await.ok()["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_call_that_times_out_after_having_acted_is_found_again_by_its_key() {
    let world = World::start().await;
    world.sandbox.faults().add(Fault::api("POST", INTENTS, ApiAction::TimeOut { hold_ms: None })).unwrap();
    let call = world.post_with_key(INTENTS, FORM, "order-1");
    let acted = async { while intents(&world).await == 0 {} };
    tokio::select! {
        answer = call => panic!("no answer comes, but {}", answer.status),
        () = acted => {}
    }
    let retry = world.post_with_key(INTENTS, FORM, "order-1").await;
    assert_eq!((retry.status, retry.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(intents(&world).await, 1);
    world.stop().await;
}

#[tokio::test]
async fn a_held_answer_comes_late() {
    let world = World::start().await;
    let action = ApiAction::TimeOut { hold_ms: Some(150) };
    world.sandbox.faults().add(Fault::api("POST", "/v1/payment_intents/*/confirm", action)).unwrap();
    let intent = world.post(INTENTS, FORM).await.ok();
    let started = Instant::now();
    let path = format!("{INTENTS}/{}/confirm", intent["id"].as_str().unwrap());
    let paid = world.post(&path, "payment_method=pm_card_visa&return_url=http://localhost").await.ok();
    assert_eq!(paid["status"], "succeeded");
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_caller_who_hangs_up_does_not_stop_a_slow_call() {
    let world = World::start().await;
    world.sandbox.faults().add(Fault::api("POST", INTENTS, ApiAction::Slow { by_ms: 2000 })).unwrap();
    let call = world.post_with_key(INTENTS, FORM, "order-1");
    assert!(tokio::time::timeout(Duration::from_millis(500), call).await.is_err());
    assert_eq!(intents(&world).await, 0);
    while intents(&world).await == 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(world.post_with_key(INTENTS, FORM, "order-1").await.status, 200, "the key is free again");
    assert_eq!(intents(&world).await, 1);
}

#[tokio::test]
async fn errors_of_the_server_come_before_or_after_acting() {
    let world = World::start().await;
    let faults = world.sandbox.faults();
    for (status, acted, code) in [
        (429, false, "rate_limit"),
        (500, false, "api_error"),
        (503, false, "api_error"),
        (500, true, "api_error"),
    ] {
        let before = intents(&world).await;
        faults.add(Fault::api("POST", INTENTS, ApiAction::Answer { status, acted })).unwrap();
        let key = format!("order-{status}-{acted}");
        let broken = world.post_with_key(INTENTS, FORM, &key).await;
        assert_eq!(broken.error(), (status, code.to_owned()));
        assert_eq!(intents(&world).await, before + usize::from(acted));
        let retry = world.post_with_key(INTENTS, FORM, &key).await;
        assert_eq!(retry.status, 200);
        assert_eq!(retry.header("idempotent-replayed").is_some(), acted);
        assert_eq!(intents(&world).await, before + 1);
    }
}

#[tokio::test]
async fn a_server_that_breaks_inside_a_call_repeats_that_for_its_key() {
    let world = World::start().await;
    for acted in [false, true] {
        let before = intents(&world).await;
        let key = format!("order-{acted}");
        let breaks = ApiAction::Break { status: 500, acted };
        world.sandbox.faults().add(Fault::api("POST", INTENTS, breaks)).unwrap();
        let broken = world.post_with_key(INTENTS, FORM, &key).await;
        assert_eq!(broken.error(), (500, "api_error".to_owned()));
        assert_eq!(broken.header("idempotent-replayed"), None);
        for _ in 0..2 {
            let again = world.post_with_key(INTENTS, FORM, &key).await;
            assert_eq!((again.status, again.header("idempotent-replayed")), (500, Some("true")));
        }
        assert_eq!(intents(&world).await, before + usize::from(acted));
        assert_eq!(world.post_with_key(INTENTS, FORM, &format!("{key}-2")).await.status, 200);
    }
}

#[tokio::test]
async fn an_event_is_duplicated_one_after_the_other_or_at_once() {
    let world = World::start().await;
    for at_once in [false, true] {
        let action = WebhookAction::Duplicate { extra: 2, at_once };
        world.sandbox.faults().add(Fault::webhook("payment_intent.succeeded", action)).unwrap();
        let before = world.receiver.types().len();
        world.paid().await;
        let events = world.events().await;
        let copies: Vec<_> = world
            .receiver
            .accepted()
            .into_iter()
            .skip(before)
            .filter(|event| event["type"] == "payment_intent.succeeded")
            .collect();
        assert_eq!(copies.len(), 3);
        assert!(copies.iter().all(|copy| *copy == copies[0]), "one event, three times");
        assert_eq!(events.len() - before, 5);
        assert_eq!(world.receiver.most_at_once() > 1, at_once);
    }
}

#[tokio::test]
async fn an_event_is_dropped_delayed_or_overtaken() {
    let world = World::start().await;
    let faults = world.sandbox.faults();
    faults.add(Fault::webhook("charge.succeeded", WebhookAction::Drop)).unwrap();
    world.paid().await;
    assert_eq!(world.events().await, ["payment_intent.created", "payment_intent.succeeded"]);

    faults.add(Fault::webhook("payment_intent.created", WebhookAction::Delay { by_ms: 200 })).unwrap();
    world.paid().await;
    let after: Vec<String> = world.events().await.split_off(2);
    assert_eq!(after, ["charge.succeeded", "payment_intent.succeeded", "payment_intent.created"]);

    let action = WebhookAction::Reorder { behind: 1, at_most_ms: 5_000 };
    faults.add(Fault::webhook("charge.succeeded", action)).unwrap();
    world.paid().await;
    let after: Vec<String> = world.events().await.split_off(5);
    assert_eq!(after, ["payment_intent.created", "payment_intent.succeeded", "charge.succeeded"]);
}

#[tokio::test]
async fn faults_by_http_do_the_same() {
    let world = World::start().await;
    let fault = r#"{"api":{"method":"GET","path":"/v1/**","times":2,"action":{"answer":{"status":503}}}}"#;
    world.control("/sandbox/faults", fault).await.ok();
    assert_eq!(world.get(INTENTS).await.status, 503);
    assert_eq!(world.send("GET", "/v1/events", "", SECRET, &[]).await.status, 503);
    assert_eq!(world.get(INTENTS).await.status, 200);
}
