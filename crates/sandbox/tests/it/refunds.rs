//! Refunds and disputes: money on its way back.

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::World;

#[tokio::test]
async fn a_payment_is_refunded_in_parts_and_not_beyond() {
    let world = World::start().await;
    let id = world.paid().await;
    let refund = async |form: &str| world.post("/v1/refunds", &format!("payment_intent={id}{form}")).await;

    let first = refund("&amount=500&reason=requested_by_customer&metadata[line]=1").await.ok();
    assert_eq!(
        (&first["object"], &first["status"], &first["amount"]),
        (&json!("refund"), &json!("succeeded"), &json!(500))
    );
    assert!(first["id"].as_str().unwrap().starts_with("re_"));
    assert_eq!(first["reason"], "requested_by_customer");
    let too_much = refund("&amount=1501").await;
    assert_eq!((too_much.status, too_much.text_at("/error/param").as_str()), (400, "amount"));
    for bad in ["&amount=0", "&amount=-1", "&reason=whim", "&amount=x"] {
        assert_eq!(refund(bad).await.status, 400, "{bad}");
    }
    assert_eq!(refund("").await.ok()["amount"], 1500, "without an amount: all that is left");
    assert_eq!(refund("").await.error(), (400, "charge_already_refunded".to_owned()));

    let list = world.get(&format!("/v1/refunds?payment_intent={id}")).await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    world.sandbox.webhooks_settled().await;
    let refunded: Vec<_> =
        world.receiver.accepted().into_iter().filter(|event| event["type"] == "charge.refunded").collect();
    assert_eq!(refunded.len(), 2);
    let of = |at: usize| {
        (&refunded[at]["data"]["object"]["amount_refunded"], &refunded[at]["data"]["object"]["refunded"])
    };
    assert_eq!(of(0), (&json!(500), &json!(false)));
    assert_eq!(of(1), (&json!(2000), &json!(true)));
    assert_eq!(
        refunded[1]["data"]["previous_attributes"],
        json!({ "amount_refunded": 500, "refunded": false })
    );
}

#[tokio::test]
async fn two_partial_refunds_at_once_never_exceed_the_charge() {
    let world = World::start().await;
    let id = world.paid().await;
    let form = format!("payment_intent={id}&amount=700");
    let replies = join_all((0..8).map(|_| world.post("/v1/refunds", &form))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 2);
    let charges = world.get(&format!("/v1/charges?payment_intent={id}")).await.ok();
    assert_eq!(charges["data"][0]["amount_refunded"], 1400);
}

#[tokio::test]
async fn what_was_not_charged_cannot_be_refunded() {
    let world = World::start().await;
    assert_eq!(world.post("/v1/refunds", "").await.error(), (400, "parameter_missing".to_owned()));
    assert_eq!(
        world.post("/v1/refunds", "payment_intent=pi_none").await.error(),
        (400, "resource_missing".to_owned())
    );
    let open = world.post("/v1/payment_intents", "amount=2000&currency=usd").await.ok();
    let held = world.pay("payment_method=pm_card_visa&capture_method=manual").await.ok();
    for intent in [open, held] {
        let form = format!("payment_intent={}", intent["id"].as_str().unwrap());
        assert_eq!(world.post("/v1/refunds", &form).await.error(), (400, "charge_not_refundable".to_owned()));
    }
}

#[tokio::test]
async fn pending_refunds_settle_and_failed_ones_give_the_money_back_to_the_charge() {
    let world = World::start().await;
    let paid = world.pay("payment_method=pm_card_pendingRefund").await.ok();
    let charge = format!("/v1/charges/{}", paid["latest_charge"].as_str().unwrap());
    let form = format!("charge={}&amount=300", paid["latest_charge"].as_str().unwrap());
    let mut refunds = Vec::new();
    for _ in 0..2 {
        let refund = world.post("/v1/refunds", &form).await.ok();
        assert_eq!(refund["status"], "pending");
        refunds.push(format!("/sandbox/refunds/{}/settle", refund["id"].as_str().unwrap()));
    }
    assert_eq!(world.get(&charge).await.ok()["amount_refunded"], 600);
    assert_eq!(world.control(&refunds[0], r#"{"outcome":"succeeded"}"#).await.ok()["status"], "succeeded");
    assert_eq!(world.control(&refunds[1], r#"{"outcome":"failed"}"#).await.ok()["status"], "failed");
    assert_eq!(world.control(&refunds[1], r#"{"outcome":"failed"}"#).await.status, 400);
    assert_eq!(world.get(&charge).await.ok()["amount_refunded"], 300);
    let events = world.events().await;
    assert!(events.contains(&"refund.updated".to_owned()) && events.contains(&"refund.failed".to_owned()));

    let paid = world.pay("payment_method=pm_card_refundFail").await.ok();
    let refund =
        world.post("/v1/refunds", &format!("payment_intent={}", paid["id"].as_str().unwrap())).await.ok();
    assert_eq!(refund["status"], "succeeded");
    let later = world.get(&format!("/v1/refunds/{}", refund["id"].as_str().unwrap())).await.ok();
    assert_eq!((&later["status"], later["failure_reason"].is_string()), (&json!("failed"), true));
}

#[tokio::test]
async fn a_refund_to_a_card_cannot_be_canceled() {
    let world = World::start().await;
    for (card, status) in [("pm_card_visa", "succeeded"), ("pm_card_pendingRefund", "pending")] {
        let paid = world.pay(&format!("payment_method={card}")).await.ok();
        let form = format!("payment_intent={}", paid["id"].as_str().unwrap());
        let refund = world.post("/v1/refunds", &form).await.ok();
        let path = format!("/v1/refunds/{}", refund["id"].as_str().unwrap());
        let refused = world.post(&format!("{path}/cancel"), "").await;
        assert_eq!((refused.status, refused.text_at("/error/type").as_str()), (400, "invalid_request_error"));
        assert!(refused.text_at("/error/message").contains(&format!("a status of {status}.")));
        assert_eq!(world.get(&path).await.ok(), refund, "and nothing changed");
    }
    let unknown = world.post("/v1/refunds/re_none/cancel", "").await;
    assert_eq!(unknown.error(), (404, "resource_missing".to_owned()));
}

#[tokio::test]
async fn a_dispute_follows_the_payment_and_is_won_or_lost() {
    let world = World::start().await;
    for (evidence, status, last) in [
        ("winning_evidence", "won", "charge.dispute.closed"),
        ("losing_evidence", "lost", "charge.dispute.closed"),
    ] {
        let paid = world.pay("payment_method=pm_card_createDispute").await.ok();
        assert_eq!(paid["status"], "succeeded");
        let intent = paid["id"].as_str().unwrap();
        let list =
            world.get(&format!("/v1/disputes?payment_intent={intent}&expand[]=data.charge")).await.ok();
        let dispute = &list["data"][0];
        assert_eq!(
            (&dispute["status"], &dispute["reason"], &dispute["amount"]),
            (&json!("needs_response"), &json!("fraudulent"), &json!(2000))
        );
        assert_eq!(dispute["charge"]["disputed"], true);
        let refund = world.post("/v1/refunds", &format!("payment_intent={intent}")).await;
        assert_eq!(refund.error(), (400, "charge_disputed".to_owned()));

        let path = format!("/v1/disputes/{}", dispute["id"].as_str().unwrap());
        let closed = world.post(&path, &format!("evidence[uncategorized_text]={evidence}")).await.ok();
        assert_eq!(closed["status"], status);
        assert_eq!(world.events().await.last().unwrap(), last);
        assert_eq!(world.post(&format!("{path}/close"), "").await.status, 400);
    }
    let events = world.events().await;
    let first: Vec<&str> = events.iter().take(5).map(String::as_str).collect();
    assert_eq!(
        first,
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn"
        ]
    );
    assert_eq!(events.iter().filter(|kind| *kind == "charge.dispute.funds_reinstated").count(), 1);
}
