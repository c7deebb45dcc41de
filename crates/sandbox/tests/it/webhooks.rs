//! Webhooks without faults: what they carry, in which order, and how often they are tried.

use stoa_sandbox::{API_VERSION, WebhookTarget};

use crate::harness::{NOW, SIGNING_SECRET, World};

#[tokio::test]
async fn an_event_tells_what_happened_and_why() {
    let world = World::start().await;
    let form =
        "amount=2000&currency=usd&confirm=true&payment_method_types[]=card&payment_method=pm_card_visa";
    let paid = world.post_with_key("/v1/payment_intents", form, "order-1").await;
    world.sandbox.webhooks_settled().await;
    let event = world.receiver.event("payment_intent.succeeded");
    assert!(event["id"].as_str().unwrap().starts_with("evt_"));
    assert_eq!(event["object"], "event");
    assert_eq!(event["api_version"], API_VERSION);
    assert_eq!((&event["created"], &event["livemode"]), (&NOW.into(), &false.into()));
    assert_eq!(event["pending_webhooks"], 1);
    assert_eq!(event["request"]["id"], paid.header("request-id").unwrap());
    assert_eq!(event["request"]["idempotency_key"], "order-1");
    assert_eq!(event["data"]["object"], paid.json());
    let created = world.receiver.event("payment_intent.created");
    assert_eq!(created["data"]["object"]["status"], "requires_confirmation", "a snapshot of that moment");
}

#[tokio::test]
async fn what_is_not_answered_is_sent_again() {
    let world = World::start().await;
    world.receiver.refuse(2);
    world.post("/v1/payment_intents", "amount=2000&currency=usd").await.ok();
    assert_eq!(world.events().await, ["payment_intent.created"]);
    assert_eq!(world.receiver.refused(), 2);
}

#[tokio::test]
async fn patience_has_an_end() {
    let world = World::start().await;
    world.receiver.refuse(100);
    world.post("/v1/payment_intents", "amount=2000&currency=usd").await.ok();
    assert!(world.events().await.is_empty());
    assert_eq!(world.receiver.refused(), 4, "as often as the policy says");
    let list = world.get("/v1/events?delivery_success=false").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_event_does_not_hold_the_others_up() {
    let world = World::start().await;
    world.receiver.refuse(1);
    world.paid().await;
    assert_eq!(
        world.events().await,
        ["charge.succeeded", "payment_intent.succeeded", "payment_intent.created"]
    );
}

#[tokio::test]
async fn a_target_gets_what_it_asked_for() {
    let receiver = crate::harness::Receiver::start().await;
    let url = receiver.url.parse().unwrap();
    let world = World::start_for(receiver, |config| {
        let mut target = WebhookTarget::new(url, SIGNING_SECRET);
        target.events = vec!["payment_intent.succeeded".into(), "charge.dispute.*".into()];
        config.webhook = Some(target);
    })
    .await;
    world.pay("payment_method=pm_card_createDispute").await.ok();
    assert_eq!(
        world.events().await,
        ["payment_intent.succeeded", "charge.dispute.created", "charge.dispute.funds_withdrawn"]
    );
    assert_eq!(world.get("/v1/events").await.ok()["data"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn hundreds_of_events_arrive_once_and_in_order() {
    let world = World::start().await;
    for amount in 1000..1100 {
        world.post("/v1/payment_intents", &format!("amount={amount}&currency=usd")).await.ok();
    }
    world.sandbox.webhooks_settled().await;
    let amounts: Vec<i64> = world
        .receiver
        .accepted()
        .iter()
        .map(|event| event["data"]["object"]["amount"].as_i64().unwrap())
        .collect();
    assert_eq!(amounts, (1000..1100).collect::<Vec<i64>>());
}

/// Where several may be on their way, one that is not answered yet keeps no other payment's waiting.
#[tokio::test]
async fn events_of_several_payments_are_sent_at_once_where_that_is_asked_for() {
    let (under_way, _) = tokio::sync::watch::channel(0_usize);
    let counted = under_way.clone();
    let hook = axum::routing::post(move || async move {
        counted.send_modify(|count| *count += 1);
        // Nobody is answered before two are there.
        counted.subscribe().wait_for(|count| *count >= 2).await.unwrap();
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap()).parse().unwrap();
    let receiving =
        tokio::spawn(async { axum::serve(listener, axum::Router::new().route("/hook", hook)).await });
    let target = WebhookTarget {
        events: vec!["payment_intent.succeeded".to_owned()],
        ..WebhookTarget::new(url, SIGNING_SECRET)
    };
    let world = World::start_with(|config| {
        config.webhook = Some(target);
        config.deliveries_at_once = 8;
    })
    .await;
    for _ in 0..8 {
        world.paid().await;
    }
    let settled = tokio::time::timeout(std::time::Duration::from_secs(60), world.sandbox.webhooks_settled());
    assert!(settled.await.is_ok(), "one was waited for");
    assert_eq!(*under_way.borrow(), 8, "each once");
    receiving.abort();
}

/// Of one payment they come in the order of their creation all the same.
#[tokio::test]
async fn events_of_one_payment_keep_their_order_beside_others() {
    let world = World::start_with(|config| config.deliveries_at_once = 8).await;
    let payments: Vec<String> = futures_util::future::join_all((0..8).map(|_| world.paid())).await;
    world.sandbox.webhooks_settled().await;
    let came = world.receiver.accepted();
    for payment in payments {
        let is_its = |object: &serde_json::Value| {
            object["id"] == payment.as_str() || object["payment_intent"] == payment.as_str()
        };
        let its = came.iter().filter(|event| is_its(&event["data"]["object"]));
        let kinds: Vec<&str> = its.map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]);
    }
}
