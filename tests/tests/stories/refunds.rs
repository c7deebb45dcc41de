//! Money on its way back: refunds that fail after they were made, and disputes that name no payment.

use crate::harness::{Event, Placed, Setup, Shop, Shopper};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use stoa_domain::{order::Attention, shared::OrderId};
use stoa_persistence::payment::{self, Refund, RefundState};
use stoa_sandbox::{ApiAction, Fault, WebhookAction};

const GOOD: &str = "4242424242424242";
const REFUND_FAILS: &str = "4000000000005126";

/// A shop that hears only what a story tells it.
async fn deaf() -> Shop {
    Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await
}

async fn pay(shop: &Shop, key: &str) -> (Shopper, Placed) {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order(key).await;
    shopper.pay(&placed, GOOD).await;
    (shopper, placed)
}

/// A payment whose order was given up before its money came: it was refunded by itself.
async fn refunded_by_itself(shop: &Shop) -> (Shopper, Placed) {
    let (shopper, placed) = pay(shop, "k").await;
    let object = shop.gateway_get(&format!("/v1/payment_intents/{}", placed.intent())).await;
    let mut cancelled = object.clone();
    cancelled["status"] = json!("canceled");
    assert_eq!(shop.webhook(&Event::intent("evt_1", "payment_intent.canceled", &cancelled)).await, 200);
    assert_eq!(shop.webhook(&Event::intent("evt_2", "payment_intent.succeeded", &object)).await, 200);
    shop.run_jobs().await;
    let id = placed.order_id();
    shop.until("the refund is made", || async { count(shop, id, "refund_sent").await == 1 }).await;
    (shopper, placed)
}

async fn refunds(shop: &Shop, order: OrderId) -> Vec<Refund> {
    let payment = shop.payment(order).await;
    payment::refunds_of(shop.db().read(), payment.id).await.expect("SQL answers")
}

async fn states(shop: &Shop, order: OrderId) -> Vec<RefundState> {
    refunds(shop, order).await.into_iter().map(|refund| refund.state).collect()
}

async fn count(shop: &Shop, order: OrderId, kind: &str) -> usize {
    shop.history(order).await.iter().filter(|entry| *entry == kind).count()
}

/// The charge of a payment, as the gateway shows it.
async fn charge(shop: &Shop, placed: &Placed) -> Value {
    let intent = format!("/v1/payment_intents/{}?expand[]=latest_charge", placed.intent());
    shop.gateway_get(&intent).await["latest_charge"].clone()
}

/// The one refund of a payment, as the gateway shows it.
async fn listed(shop: &Shop, placed: &Placed) -> Value {
    let list = shop.gateway_get(&format!("/v1/refunds?payment_intent={}", placed.intent())).await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
    list["data"][0].clone()
}

/// Lets the bank send a refund back; gives the gateway's three events about it.
async fn bank_sends_back(shop: &Shop, refund: &Value) -> Vec<Event> {
    let path = format!("/sandbox/refunds/{}/settle", refund["id"].as_str().expect("an id"));
    let failed = shop.outside(&path, &json!({ "outcome": "failed" })).await;
    let event = |kind: &str| Event::intent(&format!("evt_{kind}"), kind, &failed);
    ["refund.updated", "charge.refund.updated", "refund.failed"].map(event).into()
}

/// The gateway makes the refund, and its answer never comes: it is asked for again, and made once.
#[tokio::test]
async fn a_refund_whose_answer_never_comes_is_made_once() {
    let deaf = Setup::default().sandbox(|s| s.webhook = None);
    let shop = Shop::with(deaf.attempts_take(Duration::from_secs(1))).await;
    let silence = ApiAction::TimeOut { hold_ms: None };
    shop.sandbox().faults().add(Fault::api("POST", "/v1/refunds", silence).times(2)).expect("a fault");
    let (_shopper, placed) = refunded_by_itself(&shop).await;
    assert_eq!(shop.sandbox().faults().list(), [], "both of them were met");
    assert_eq!(listed(&shop, &placed).await["amount"], 1750);
    let told = Event::intent("evt_refunded", "charge.refunded", &charge(&shop, &placed).await);
    assert_eq!(shop.webhook(&told).await, 200);
    assert_eq!(shop.payment(placed.order_id()).await.amount_refunded, 1750);
    shop.books_balance_with_the_gateway().await;
}

/// The bank sends an accepted refund back: nothing has gone back then, and somebody is told, once.
#[tokio::test]
async fn a_refund_that_fails_later_is_taken_back() {
    let shop = deaf().await;
    let (shopper, placed) = refunded_by_itself(&shop).await;
    let id = placed.order_id();
    let told = Event::intent("evt_refunded", "charge.refunded", &charge(&shop, &placed).await);
    assert_eq!(shop.webhook(&told).await, 200);
    assert_eq!(shop.payment(id).await.amount_refunded, 1750);
    assert_eq!(shopper.order(&placed.token()).await["financialStatus"], "REFUNDED");

    for event in bank_sends_back(&shop, &listed(&shop, &placed).await).await {
        for _ in 0..2 {
            assert_eq!(shop.webhook(&event).await, 200);
        }
    }
    assert_eq!(shop.webhook(&told).await, 200);
    let late = Event::intent("evt_refunded_again", "charge.refunded", &told.0["data"]["object"]);
    assert_eq!(shop.webhook(&late).await, 200, "the old sum under another id");
    assert_eq!(shop.payment(id).await.amount_refunded, 0);
    assert_eq!(states(&shop, id).await, [RefundState::Failed]);
    assert_eq!(shop.order(id).await.attention, Some(Attention::RefundFailed));
    assert_eq!((count(&shop, id, "refund_failed").await, count(&shop, id, "refunded").await), (1, 1));
    assert_ne!(shopper.order(&placed.token()).await["financialStatus"], "REFUNDED");
    shop.run_jobs().await;
    assert_eq!(states(&shop, id).await, [RefundState::Failed], "the card is gone: no second try");

    // What was not given back can be given back in another way: by hand, say.
    shop.gateway_post("/v1/refunds", &[("payment_intent", &placed.intent())]).await;
    let again = Event::intent("evt_by_hand", "charge.refunded", &charge(&shop, &placed).await);
    assert_eq!(shop.webhook(&again).await, 200);
    assert_eq!(shop.payment(id).await.amount_refunded, 1750);
    assert_eq!(states(&shop, id).await, [RefundState::Failed, RefundState::Accepted]);
    shop.books_balance().await;
}

/// The news of the failure comes before the news of the refund.
#[tokio::test]
async fn a_failure_that_overtakes_its_refund_is_not_undone_by_it() {
    let shop = deaf().await;
    let (_shopper, placed) = refunded_by_itself(&shop).await;
    let id = placed.order_id();
    let told = Event::intent("evt_refunded", "charge.refunded", &charge(&shop, &placed).await);
    let failed = bank_sends_back(&shop, &listed(&shop, &placed).await).await;
    assert_eq!(shop.webhook(&failed[2]).await, 200);
    assert_eq!(shop.webhook(&told).await, 200);
    assert_eq!(shop.payment(id).await.amount_refunded, 0);
    assert_eq!(states(&shop, id).await, [RefundState::Failed]);
    assert_eq!((count(&shop, id, "refund_failed").await, count(&shop, id, "refunded").await), (1, 0));
}

/// All of it at once, several times over.
#[tokio::test(flavor = "multi_thread")]
async fn refunds_and_their_failures_at_once_end_in_the_same_place() {
    let shop = deaf().await;
    let (_shopper, placed) = pay(&shop, "k").await;
    let id = placed.order_id();
    let intent = placed.intent();
    let part = shop.gateway_post("/v1/refunds", &[("payment_intent", &intent), ("amount", "500")]).await;
    let first = Event::intent("evt_first", "charge.refunded", &charge(&shop, &placed).await);
    let failed = bank_sends_back(&shop, &part).await;
    shop.gateway_post("/v1/refunds", &[("payment_intent", &intent), ("amount", "300")]).await;
    let second = Event::intent("evt_second", "charge.refunded", &charge(&shop, &placed).await);
    let all: Vec<&Event> = failed.iter().chain([&first, &second]).collect();
    let statuses = join_all(all.iter().chain(&all).map(|event| shop.webhook(event))).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert!(shop.is_paid(id).await, "a refund that overtook its payment told of it");
    assert_eq!(shop.payment(id).await.amount_refunded, 300);
    let mut amounts: Vec<_> =
        refunds(&shop, id).await.into_iter().map(|refund| (refund.amount, refund.state)).collect();
    amounts.sort_by_key(|(amount, _)| *amount);
    assert_eq!(amounts, [(300, RefundState::Accepted), (500, RefundState::Failed)]);
    assert_eq!((count(&shop, id, "refund_failed").await, count(&shop, id, "refunded").await), (1, 1));
}

/// The same over the sandbox's own webhooks, each sent three times.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_whose_refunds_fail_leaves_nothing_refunded() {
    let shop = Shop::open().await;
    let faults = shop.sandbox().faults();
    faults
        .add(Fault::webhook("*", WebhookAction::Duplicate { extra: 2, at_once: true }).times(100))
        .expect("a fault");
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, REFUND_FAILS).await;
    shop.settle().await;
    shop.gateway_post("/v1/refunds", &[("payment_intent", &placed.intent())]).await;
    shop.settle().await;
    let id = placed.order_id();
    assert_eq!(shop.payment(id).await.amount_refunded, 0);
    assert_eq!(states(&shop, id).await, [RefundState::Failed]);
    assert_eq!(shop.order(id).await.attention, Some(Attention::RefundFailed));
    assert_eq!(count(&shop, id, "refund_failed").await, 1);
    assert_eq!(shopper.order(&placed.token()).await["financialStatus"], "PAID");
}

/// A gateway that is away when a refund has failed: the event is refused, so that it comes again, and is applied then.
#[tokio::test]
async fn the_list_of_refunds_is_asked_for_until_it_comes() {
    let shop = deaf().await;
    let (_shopper, placed) = refunded_by_itself(&shop).await;
    let id = placed.order_id();
    let failed = bank_sends_back(&shop, &listed(&shop, &placed).await).await;
    let away = stoa_sandbox::ApiAction::Answer { status: 503, acted: false };
    let faults = shop.sandbox().faults();
    faults.add(Fault::api("GET", "/v1/refunds", away).times(100)).expect("a fault");
    assert_ne!(shop.webhook(&failed[2]).await, 200);
    assert_eq!(states(&shop, id).await, [RefundState::Accepted]);
    faults.clear();
    assert_eq!(shop.webhook(&failed[2]).await, 200);
    assert_eq!(states(&shop, id).await, [RefundState::Failed]);
}

/// A dispute as old API versions tell it, by its charge alone, and as a thin event does, by its id alone.
#[tokio::test]
async fn a_dispute_that_names_no_payment_finds_it() {
    let shop = deaf().await;
    for form in ["charge", "thin"] {
        let (_shopper, placed) = pay(&shop, form).await;
        let id = placed.order_id();
        shop.app.services().sync_payment.run(id).await.expect("the gateway answers");
        let dispute =
            shop.outside(&format!("/sandbox/payment_intents/{}/dispute", placed.intent()), &json!({})).await;
        let event = |at: i64, kind: &str, dispute: &Value| match form {
            "thin" => Event(json!({
                "id": format!("evt_{kind}_{form}"), "object": "v2.core.event", "type": format!("v1.{kind}"), "created": at,
                "related_object": { "id": dispute["id"], "type": "dispute", "url": "/v1/disputes/x" },
            })),
            _ => {
                let mut old = dispute.clone();
                old.as_object_mut().expect("an object").remove("payment_intent");
                Event::dated(at, &format!("evt_{kind}_{form}"), kind, &old)
            }
        };
        for _ in 0..2 {
            assert_eq!(shop.webhook(&event(100, "charge.dispute.created", &dispute)).await, 200);
        }
        assert!(shop.payment(id).await.disputed, "{form}");
        assert_eq!(count(&shop, id, "dispute_opened").await, 1, "{form}");

        let path = format!("/sandbox/disputes/{}/close", dispute["id"].as_str().expect("an id"));
        let won = shop.outside(&path, &json!({ "outcome": "won" })).await;
        assert_eq!(shop.webhook(&event(200, "charge.dispute.closed", &won)).await, 200);
        assert!(!shop.payment(id).await.disputed, "{form}");
        assert_eq!(shop.order(id).await.attention, None, "{form}");
    }
    // Somebody else's charge is nobody's business here; the event is kept.
    let other =
        json!({ "id": "dp_9", "object": "dispute", "charge": "ch_of_somebody", "status": "needs_response" });
    let event = Event::intent("evt_other", "charge.dispute.created", &other);
    assert_eq!(shop.webhook(&event).await, 200);
    let waiting = payment::waiting_events(shop.db().read(), 10).await.expect("SQL answers");
    assert_eq!(waiting.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["evt_other"]);
}

/// A refund that failed, told by its charge alone.
#[tokio::test]
async fn a_refund_that_names_no_payment_finds_it() {
    let shop = deaf().await;
    let (_shopper, placed) = refunded_by_itself(&shop).await;
    let failed = bank_sends_back(&shop, &listed(&shop, &placed).await).await;
    let mut old = failed[1].0.clone();
    old["data"]["object"].as_object_mut().expect("an object").remove("payment_intent");
    assert_eq!(shop.webhook(&Event(old)).await, 200);
    assert_eq!(states(&shop, placed.order_id()).await, [RefundState::Failed]);
}

/// The end of a dispute overtakes its beginning.
#[tokio::test]
async fn a_dispute_that_is_closed_before_it_was_opened_stays_closed() {
    let shop = deaf().await;
    let (_shopper, placed) = pay(&shop, "k").await;
    let id = placed.order_id();
    shop.app.services().sync_payment.run(id).await.expect("the gateway answers");
    let dispute = |status: &str| json!({ "id": "dp_1", "object": "dispute", "status": status, "payment_intent": placed.intent() });
    for (at_won, at_opened) in [(200, 100), (300, 300)] {
        let won =
            Event::dated(at_won, &format!("evt_won_{at_won}"), "charge.dispute.closed", &dispute("won"));
        let kind = "charge.dispute.created";
        let opened =
            Event::dated(at_opened, &format!("evt_opened_{at_opened}"), kind, &dispute("needs_response"));
        assert_eq!(shop.webhook(&won).await, 200);
        assert_eq!(shop.webhook(&opened).await, 200);
        assert!(!shop.payment(id).await.disputed);
        assert_eq!(shop.order(id).await.attention, None);
    }
}
