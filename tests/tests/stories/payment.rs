//! Stories 29, 30 and 32 to 40: money that comes, comes late, comes twice, or does not come.

use crate::harness::{Event, Item, Placed, Setup, Shop, signed};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use stoa_domain::{
    order::{Attention, OrderState},
    payment::PaymentState,
    shared::{Clock, Currency},
};
use stoa_sandbox::{ApiAction, Fault, WebhookAction};

const GOOD: &str = "4242424242424242";
/// How often a call to the gateway is made in all.
const ATTEMPTS: u32 = 5;

/// The gateway's object, as the gateway shows it.
async fn intent(shop: &Shop, placed: &Placed) -> Value {
    let url = format!("{}/v1/payment_intents/{}", shop.base, placed.intent());
    let request = shop.endpoint.http.get(url).bearer_auth("sk_test_sandbox");
    request.send().await.expect("the sandbox answers").json().await.expect("JSON")
}

#[tokio::test]
async fn a_purchase_from_cart_to_paid_order_and_mail() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2), ("bowl", 1)]).await;
    let total = shopper.read_cart().await["cost"]["totalAmount"].clone();
    let placed = shopper.place_order_expecting("k", total).await;
    assert!(shopper.read_cart().await.is_null(), "the cart has become the order");
    assert_eq!(shopper.order(&placed.token()).await["financialStatus"], "PENDING");
    let paid = shopper.pay(&placed, GOOD).await;
    assert_eq!(paid["status"], "succeeded");
    shop.settle().await;

    assert_eq!(shopper.order(&placed.token()).await["financialStatus"], "PAID");
    assert_eq!(shop.history(placed.order_id()).await, ["placed", "paid"]);
    shop.until("the mail is written", || async { shop.mails().len() == 1 }).await;
    let mail = &shop.mails()[0];
    assert!(mail.contains("To: Ada@Example.org") && mail.contains("#1001"), "{mail}");
    shop.books_balance().await;
}

/// Story 32: one event three times at once: one payment, one mail, three 200s.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_three_times_is_applied_once() {
    let setup = Setup::default().sandbox(|s| s.webhook = None);
    let shop = Shop::with(setup).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, GOOD).await;
    let event = Event::intent("evt_thrice", "payment_intent.succeeded", &intent(&shop, &placed).await);
    let statuses = join_all((0..3).map(|_| shop.webhook(&event))).await;
    assert_eq!(statuses, [200, 200, 200]);
    shop.run_jobs().await;
    assert!(shop.is_paid(placed.order_id()).await);
    assert_eq!(shop.history(placed.order_id()).await, ["placed", "paid"]);
    shop.until("the mail is written", || async { !shop.mails().is_empty() }).await;
    assert_eq!(shop.mails().len(), 1);
}

/// Story 33: webhook and browser's return in every order, and at once.
#[tokio::test(flavor = "multi_thread")]
async fn webhook_and_return_come_in_any_order() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    for order in ["webhook first", "return first", "both at once", "no return"] {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let placed = shopper.place_order(order).await;
        shopper.pay(&placed, GOOD).await;
        let id = placed.order_id();
        let object = intent(&shop, &placed).await;
        let event = Event::intent(&format!("evt_{}", placed.intent()), "payment_intent.succeeded", &object);
        let returned =
            || async { shop.app.services().sync_payment.run(id).await.expect("the gateway answers") };
        match order {
            "webhook first" => {
                assert_eq!(shop.webhook(&event).await, 200);
                returned().await;
            }
            "return first" => {
                returned().await;
                assert_eq!(shop.webhook(&event).await, 200);
            }
            "both at once" => {
                let (status, ()) = tokio::join!(shop.webhook(&event), returned());
                assert_eq!(status, 200);
            }
            _ => assert_eq!(shop.webhook(&event).await, 200),
        }
        assert!(shop.is_paid(id).await, "{order}");
        assert_eq!(shop.history(id).await, ["placed", "paid"], "{order}");
    }
    shop.books_balance().await;
}

/// Story 34: events out of order end in the right place.
#[tokio::test]
async fn a_refund_that_overtakes_its_payment_is_understood() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, GOOD).await;
    let object = intent(&shop, &placed).await;
    shop.gateway_post("/v1/refunds", &[("payment_intent", &placed.intent()), ("amount", "500")]).await;
    let charge = format!("/v1/charges/{}", object["latest_charge"].as_str().expect("a charge"));
    let charge = shop.gateway_get(&charge).await;
    assert_eq!(shop.webhook(&Event::intent("evt_refund", "charge.refunded", &charge)).await, 200);
    assert!(shop.is_paid(placed.order_id()).await, "the object was fetched, and says that it was paid");
    let payment = shop.payment(placed.order_id()).await;
    assert_eq!((payment.state, payment.amount_refunded), (PaymentState::Succeeded, 500));
    let late = Event::intent("evt_late", "payment_intent.succeeded", &object);
    assert_eq!(shop.webhook(&late).await, 200);
    assert_eq!(shop.payment(placed.order_id()).await.amount_refunded, 500);
    let processing = json!({ "id": placed.intent(), "object": "payment_intent", "status": "processing", "amount": object["amount"], "currency": "usd" });
    assert_eq!(shop.webhook(&Event::intent("evt_old", "payment_intent.processing", &processing)).await, 200);
    assert_eq!(shop.payment(placed.order_id()).await.state, PaymentState::Succeeded);
    assert_eq!(shopper.order(&placed.token()).await["financialStatus"], "PARTIALLY_REFUNDED");
}

/// Story 35: money for an order that was given up is recorded, and goes back by itself.
#[tokio::test]
async fn money_that_comes_too_late_goes_back() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let id = placed.order_id();
    let object = intent(&shop, &placed).await;
    // Somebody cancels at the dashboard, says one event; but the money came, says the next: the worst of both.
    shopper.pay(&placed, GOOD).await;
    let mut cancelled = object.clone();
    cancelled["status"] = json!("canceled");
    assert_eq!(shop.webhook(&Event::intent("evt_1", "payment_intent.canceled", &cancelled)).await, 200);
    assert_eq!(shop.order(id).await.state.name(), "cancelled");
    assert_eq!(shop.stock("mug").await.allocated, 0);
    let paid = Event::intent("evt_2", "payment_intent.succeeded", &intent(&shop, &placed).await);
    for _ in 0..2 {
        assert_eq!(shop.webhook(&paid).await, 200);
    }
    shop.run_jobs().await;
    let order = shop.order(id).await;
    assert_eq!((order.state.name(), order.attention), ("cancelled", Some(Attention::PaidAfterCancel)));
    shop.until("the money is back", || async { shop.history(id).await.iter().any(|k| k == "refund_sent") })
        .await;
    let charge = intent(&shop, &placed).await["latest_charge"].as_str().expect("a charge").to_owned();
    let url = format!("{}/v1/charges/{charge}", shop.base);
    let charge: Value = shop
        .endpoint
        .http
        .get(url)
        .bearer_auth("sk_test_sandbox")
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    assert_eq!(charge["amount_refunded"], charge["amount"], "all of it, once");
    // The buyer has paid and has no order: of that they hear, once.
    shop.clock.advance(TimeDelta::minutes(2));
    shop.has_mailed("ada@example.org", 1).await;
    let mails = shop.mails();
    assert!(mails.len() == 1 && mails[0].contains("efunded"), "{mails:?}");
    shop.books_balance().await;
}

/// Story 36: what is not signed by the gateway is not believed; what is not ours changes nothing.
#[tokio::test]
async fn only_what_the_gateway_signed_is_believed() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let mut object = intent(&shop, &placed).await;
    object["status"] = json!("succeeded");
    object["amount_received"] = object["amount"].clone();
    let body = Event::intent("evt_forged", "payment_intent.succeeded", &object).0.to_string();
    let now = shop.clock.now().timestamp();
    let secret = shop.webhook_secret().to_owned();
    let forged = [
        None,
        Some(String::new()),
        Some("t=1,v1=00".to_owned()),
        Some(signed("whsec_another", now, &body)),
        Some(signed(&secret, now - 600, &body)),
        Some(signed(&secret, now + 600, &body)),
        Some(signed(&secret, now, "another body")),
    ];
    for signature in forged {
        assert_eq!(shop.webhook_raw(&body, signature.as_deref()).await, 400, "{signature:?}");
    }
    for malformed in ["", "{", "[]", "{\"id\": 1}", "null"] {
        let signature = signed(&secret, now, malformed);
        assert_eq!(shop.webhook_raw(malformed, Some(&signature)).await, 400, "{malformed:?}");
    }
    let someone_else = json!({ "id": "pi_somebody_else", "object": "payment_intent", "status": "succeeded", "amount": 1, "amount_received": 1, "currency": "usd" });
    assert_eq!(
        shop.webhook(&Event::intent("evt_else", "payment_intent.succeeded", &someone_else)).await,
        200
    );
    assert_eq!(shop.webhook(&Event::intent("evt_unknown", "galaxy.exploded", &json!({}))).await, 200);
    assert_eq!(shop.order(placed.order_id()).await.state.name(), "awaiting_payment");
    assert_eq!(shop.history(placed.order_id()).await, ["placed"]);
}

/// Story 37: another amount or currency is flagged, never paid.
#[tokio::test]
async fn another_amount_is_flagged_and_not_paid() {
    let shop = Shop::with(Setup::default().sandbox(|s| s.webhook = None)).await;
    for (n, (received, currency)) in [(1, "usd"), (1750, "eur"), (1751, "usd")].into_iter().enumerate() {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let placed = shopper.place_order(&format!("k{n}")).await;
        let mut object = intent(&shop, &placed).await;
        object["status"] = json!("succeeded");
        object["amount_received"] = json!(received);
        object["currency"] = json!(currency);
        let event = Event::intent(&format!("evt_{n}"), "payment_intent.succeeded", &object);
        assert_eq!(shop.webhook(&event).await, 200);
        let order = shop.order(placed.order_id()).await;
        assert!(matches!(order.state, OrderState::AwaitingPayment { .. }), "{received} {currency}");
        assert_eq!(order.attention, Some(Attention::AmountDiffers));
        assert_eq!(shopper.order(&placed.token()).await["financialStatus"], "PENDING", "nobody ships this");
    }
}

/// Story 39: the gateway acts, and its answer is lost or never comes; the retry finds what it did. Where every attempt has met
/// silence the buyer is told, and the same request again finds it still.
#[tokio::test]
async fn a_gateway_that_times_out_after_acting_is_asked_again() {
    let silence = ApiAction::TimeOut { hold_ms: None };
    let failure = ApiAction::Answer { status: 500, acted: true };
    let shop = Shop::with(Setup::default().attempts_take(Duration::from_secs(1))).await;
    let faults = shop.sandbox().faults();
    for (n, (action, times)) in [(silence, 2), (failure, 2), (silence, ATTEMPTS)].into_iter().enumerate() {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let key = format!("k{n}");
        faults.add(Fault::api("POST", "/v1/payment_intents", action).times(times)).expect("a fault");
        let mut placed = shopper.place_order(&key).await;
        assert!(placed.is_placed());
        if times == ATTEMPTS {
            assert_eq!(placed.refusals(), ["PAYMENT_UNAVAILABLE"]);
            let order = placed.order_id();
            placed = shopper.place_order(&key).await;
            assert_eq!(placed.order_id(), order);
        }
        assert_eq!(placed.refusals(), Vec::<String>::new());
        assert_eq!(faults.list(), [], "all of them were met");
        let all = shop.gateway_get("/v1/payment_intents?limit=100").await;
        let made = all["data"].as_array().map(Vec::len);
        assert_eq!(made, Some(n + 1), "one payment object for each order, however often it was asked for");
        shopper.pay(&placed, GOOD).await;
        shop.settle().await;
        assert!(shop.is_paid(placed.order_id()).await);
    }
    shop.books_balance_with_the_gateway().await;
}

/// Story 39: a gateway that is away. The order stands, the buyer is told, and the same request again brings the session.
#[tokio::test]
async fn an_order_stands_though_the_gateway_is_away() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let faults = shop.sandbox().faults();
    faults
        .add(
            Fault::api("POST", "/v1/payment_intents", ApiAction::Answer { status: 503, acted: false })
                .times(100),
        )
        .expect("a fault");
    let placed = shopper.place_order("k").await;
    assert!(placed.is_placed());
    assert_eq!(placed.refusals(), ["PAYMENT_UNAVAILABLE"]);
    assert_eq!(shop.stock("mug").await.allocated, 1);
    faults.clear();
    let again = shopper.place_order("k").await;
    assert_eq!(again.order_id(), placed.order_id());
    assert_eq!(again.refusals(), Vec::<String>::new());
    shopper.pay(&again, GOOD).await;
    shop.settle().await;
    assert!(shop.is_paid(again.order_id()).await);
    shop.books_balance_with_the_gateway().await;
}

/// Webhooks duplicated and reordered by the network.
#[tokio::test(flavor = "multi_thread")]
async fn duplicated_and_reordered_webhooks_change_nothing() {
    let shop = Shop::open().await;
    let faults = shop.sandbox().faults();
    faults
        .add(Fault::webhook("*", WebhookAction::Duplicate { extra: 4, at_once: true }).times(100))
        .expect("a fault");
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    assert_eq!(shopper.pay(&placed, "4000000000000002").await["error"]["decline_code"], "generic_decline");
    assert_eq!(shopper.pay(&placed, GOOD).await["status"], "succeeded");
    shop.settle().await;
    assert_eq!(shop.history(placed.order_id()).await, ["placed", "paid"]);
    shop.until("the mail is written", || async { !shop.mails().is_empty() }).await;
    assert_eq!(shop.mails().len(), 1);
    shop.books_balance_with_the_gateway().await;
}

/// A card that is declined leaves the order open for another one.
#[tokio::test]
async fn a_declined_card_can_be_replaced() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, "4000000000009995").await;
    shop.settle().await;
    let payment = shop.payment(placed.order_id()).await;
    assert_eq!(payment.state, PaymentState::RequiresPaymentMethod);
    assert!(payment.last_error.is_some());
    assert_eq!(shop.history(placed.order_id()).await, ["placed"]);
    shopper.pay(&placed, GOOD).await;
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
}

/// Story 40: a dispute marks the order, and its end unmarks it.
#[tokio::test]
async fn a_dispute_moves_order_and_payment() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    shopper.pay(&placed, "4000000000000259").await;
    let id = placed.order_id();
    shop.until("the dispute is known", || async { shop.payment(id).await.disputed }).await;
    let order = shop.order(id).await;
    assert_eq!((order.state.name(), order.attention), ("paid", Some(Attention::Disputed)));
    let won = json!({ "id": "dp_1", "object": "dispute", "status": "won", "payment_intent": placed.intent(), "charge": "ch_1" });
    assert_eq!(
        shop.webhook(&Event::dated(
            shop.clock.now().timestamp() + 1,
            "evt_won",
            "charge.dispute.closed",
            &won
        ))
        .await,
        200
    );
    assert!(!shop.payment(id).await.disputed);
    assert_eq!(shop.order(id).await.attention, None);
}

/// Story 29: currencies without decimals, and with three.
#[tokio::test]
async fn every_currency_reaches_the_gateway_in_its_own_unit() {
    for (code, price, delivery, minor) in [("JPY", "1980", 500, 2480), ("KWD", "1.250", 500, 1750)] {
        let setup = Setup::selling([Item::new("mug", price, 9)]).config(move |c| {
            c.settings.currency = Currency::parse(code).expect("a currency");
            c.settings.pricing.delivery.price = delivery;
        });
        let shop = Shop::with(setup).await;
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let placed = shopper.place_order("k").await;
        let paid = shopper.pay(&placed, GOOD).await;
        assert_eq!(
            (paid["amount"].as_i64(), paid["currency"].as_str()),
            (Some(minor), Some(code.to_lowercase().as_str()))
        );
        shop.settle().await;
        assert!(shop.is_paid(placed.order_id()).await, "{code}");
        assert_eq!(shop.payment(placed.order_id()).await.amount_received, minor);
    }
}

/// Story 30: nothing to pay: placed and paid, and the gateway never hears of it.
#[tokio::test]
async fn an_order_that_costs_nothing_is_paid_without_the_gateway() {
    let free = Item { ships: false, ..Item::new("sample", "0.00", 5) };
    let shop = Shop::with(Setup::selling([free])).await;
    let shopper = shop.shopper_with_cart([("sample", 1)]).await;
    let placed = shopper.place_order("k").await;
    assert!(placed.answer.at("/orderPlace/paymentSession").is_null());
    assert!(shop.is_paid(placed.order_id()).await);
    assert_eq!(shop.history(placed.order_id()).await, ["placed", "paid"]);
    shop.until("the mail is written", || async { shop.mails().len() == 1 }).await;
    let url = format!("{}/v1/payment_intents", shop.base);
    let all: Value = shop
        .endpoint
        .http
        .get(url)
        .bearer_auth("sk_test_sandbox")
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    assert_eq!(all["data"], json!([]));
}

/// 3-D Secure: nothing is paid until the buyer has proved who they are.
#[tokio::test]
async fn a_card_that_wants_proof_waits_for_it() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let placed = shopper.place_order("k").await;
    let waiting = shopper.pay(&placed, "4000002500003155").await;
    assert_eq!(waiting["status"], "requires_action");
    shop.settle().await;
    let id = placed.order_id();
    shop.until("we hear of it", || async { shop.payment(id).await.state == PaymentState::RequiresAction })
        .await;
    assert_eq!(shop.history(id).await, ["placed"]);
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(!shop.is_paid(id).await);
}
