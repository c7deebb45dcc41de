//! One request, one action.

use futures_util::future::join_all;

use crate::harness::{SECRET, World};

const INTENTS: &str = "/v1/payment_intents";
const FORM: &str = "amount=2000&currency=usd&metadata[a]=1&metadata[b]=2";

async fn intents(world: &World) -> usize {
    world.get("/v1/payment_intents?limit=100").await.ok()["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let world = World::start().await;
    let first = world.post_with_key(INTENTS, FORM, "order-1").await;
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(first.header("idempotency-key"), Some("order-1"));
    let reordered = "metadata[b]=2&metadata[a]=1&currency=usd&amount=2000";
    for form in [FORM, reordered] {
        let again = world.post_with_key(INTENTS, form, "order-1").await;
        assert_eq!(again.status, 200);
        assert_eq!(again.text, first.text);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.header("original-request"), first.header("request-id"));
        assert_ne!(again.header("request-id"), first.header("request-id"));
    }
    assert_eq!(intents(&world).await, 1);
    assert_eq!(world.events().await, ["payment_intent.created"]);
    assert_eq!(world.receiver.event("payment_intent.created")["request"]["idempotency_key"], "order-1");
}

#[tokio::test]
async fn a_key_is_good_for_one_request_only() {
    let world = World::start().await;
    let first = world.post_with_key(INTENTS, FORM, "order-1").await.ok();
    let other = world.post_with_key(INTENTS, "amount=2001&currency=usd", "order-1").await;
    assert_eq!(other.error(), (400, "idempotency_error".to_owned()));
    let path = format!("{INTENTS}/{}/cancel", first["id"].as_str().unwrap());
    assert_eq!(
        world.post_with_key(&path, "", "order-1").await.error(),
        (400, "idempotency_error".to_owned())
    );
    assert_eq!(world.post_with_key(INTENTS, FORM, &"k".repeat(256)).await.status, 400);
    assert_eq!(intents(&world).await, 1);
}

#[tokio::test]
async fn a_decline_is_remembered_and_a_mistake_is_not() {
    let world = World::start().await;
    let form = "amount=2000&currency=usd&confirm=true&payment_method_types[]=card\
                &payment_method=pm_card_visa_chargeDeclined";
    let first = world.post_with_key(INTENTS, form, "order-1").await;
    let again = world.post_with_key(INTENTS, form, "order-1").await;
    assert_eq!((first.status, again.status), (402, 402));
    assert_eq!(again.text, first.text);
    assert_eq!(intents(&world).await, 1);

    assert_eq!(world.post_with_key(INTENTS, "amount=1&currency=usd", "order-2").await.status, 400);
    assert_eq!(
        world.post_with_key(INTENTS, FORM, "order-2").await.status,
        200,
        "corrected under the same key"
    );
}

#[tokio::test]
async fn twenty_at_once_act_once() {
    let world = World::start().await;
    let mut ids = Vec::new();
    for reply in join_all((0..20).map(|_| world.post_with_key(INTENTS, FORM, "order-1"))).await {
        match reply.status {
            200 => ids.push(reply.text_at("/id")),
            409 => assert_eq!(reply.error().1, "idempotency_key_in_use"),
            other => panic!("{other}: {}", reply.text),
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(intents(&world).await, 1);
}

#[tokio::test]
async fn a_request_that_is_still_running_holds_its_key() {
    let world = World::start().await;
    world
        .control(
            "/sandbox/faults",
            r#"{"api":{"path":"/v1/payment_intents","action":{"slow":{"by_ms":3000}}}}"#,
        )
        .await
        .ok();
    // Which of the two comes first is not said; that one is slow, and the other comes in its middle.
    let (one, other) = tokio::join!(
        world.post_with_key(INTENTS, FORM, "order-1"),
        world.post_with_key(INTENTS, FORM, "order-1"),
    );
    let (slow, second) = if one.status == 200 { (one, other) } else { (other, one) };
    assert_eq!(slow.status, 200);
    assert_eq!(second.error(), (409, "idempotency_key_in_use".to_owned()));
    let third = world.post_with_key(INTENTS, FORM, "order-1").await;
    assert_eq!(third.text, slow.text);
}

#[tokio::test]
async fn keys_mean_nothing_on_reads() {
    let world = World::start().await;
    let key = [("idempotency-key", "k")];
    world.post(INTENTS, FORM).await.ok();
    assert_eq!(world.send("GET", INTENTS, "", SECRET, &key).await.ok()["data"].as_array().unwrap().len(), 1);
    world.post(INTENTS, FORM).await.ok();
    assert_eq!(world.send("GET", INTENTS, "", SECRET, &key).await.ok()["data"].as_array().unwrap().len(), 2);
}
