//! What outlives the process.

use serde_json::json;

use crate::harness::World;

#[tokio::test]
async fn everything_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::start_in(folder.path()).await;
    let customer = world.post("/v1/customers", "email=a@b.c").await.ok();
    let form = format!("amount=2000&currency=eur&customer={}", customer["id"].as_str().unwrap());
    let first = world.post_with_key("/v1/payment_intents", &form, "order-1").await;
    let intent = first.text_at("/id");
    let paid = world.paid().await;
    let refund = world.post("/v1/refunds", &format!("payment_intent={paid}&amount=100")).await.ok();
    world.sandbox.webhooks_settled().await;
    world.stop().await;

    let world = World::start_in(folder.path()).await;
    assert_eq!(world.get(&format!("/v1/payment_intents/{intent}")).await.text, first.text);
    assert_eq!(world.get(&format!("/v1/refunds/{}", refund["id"].as_str().unwrap())).await.ok(), refund);
    let again = world.post_with_key("/v1/payment_intents", &form, "order-1").await;
    assert_eq!((again.text, again.status), (first.text, 200), "idempotency keys are kept, too");
    let form = "payment_method=pm_card_visa&return_url=http://localhost/";
    let confirmed = world.post(&format!("/v1/payment_intents/{intent}/confirm"), form).await.ok();
    assert_eq!(confirmed["status"], "succeeded");
    let list = world.get("/v1/payment_intents").await.ok();
    assert_eq!(list["data"][0]["id"], json!(paid), "and the order of their creation");
    assert_eq!(
        world.events().await,
        ["charge.succeeded", "payment_intent.succeeded"],
        "what was delivered is not sent again"
    );
}

#[tokio::test]
async fn what_was_not_delivered_is_sent_after_the_restart() {
    let folder = tempfile::tempdir().unwrap();
    let patient = |config: &mut stoa_sandbox::SandboxConfig| {
        config.data_dir = Some(folder.path().to_owned());
        config.retry.first = std::time::Duration::from_secs(60);
        config.retry.ceiling = std::time::Duration::from_secs(60);
    };
    let world = World::start_with(patient).await;
    world.receiver.refuse(100);
    world.paid().await;
    let receiver = world.receiver.clone();
    while receiver.refused() < 3 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(world.sandbox.undelivered(), 3);
    let receiver = world.stop().await;

    receiver.refuse(0);
    let world = World::start_for(receiver, patient).await;
    assert_eq!(
        world.events().await,
        ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    );
}
