//! The states of a PaymentIntent and the ways between them.

use serde_json::json;

use crate::harness::{PUBLISHABLE, World};

#[tokio::test]
async fn created_then_confirmed_by_the_server() {
    let world = World::start().await;
    let intent = world.post("/v1/payment_intents", "amount=1999&currency=EUR&metadata[order]=7").await.ok();
    assert_eq!(intent["object"], "payment_intent");
    assert_eq!(intent["status"], "requires_payment_method");
    assert_eq!(intent["currency"], "eur");
    assert_eq!(intent["metadata"], json!({ "order": "7" }));
    assert_eq!(intent["capture_method"], "automatic_async");
    assert_eq!(intent["livemode"], false);
    let id = intent["id"].as_str().unwrap();
    assert!(id.starts_with("pi_") && id.len() == 27, "{id}");
    assert!(intent["client_secret"].as_str().unwrap().starts_with(&format!("{id}_secret_")));

    let confirm = format!("/v1/payment_intents/{id}/confirm");
    let form = "payment_method=pm_card_visa&return_url=http://localhost/done&expand[]=latest_charge";
    let paid = world.post(&confirm, form).await.ok();
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["amount_received"], 1999);
    let charge = &paid["latest_charge"];
    assert_eq!(
        (&charge["paid"], &charge["captured"], &charge["amount_captured"]),
        (&json!(true), &json!(true), &json!(1999))
    );
    assert_eq!(charge["payment_method_details"]["card"]["last4"], "4242");
    assert_eq!(charge["metadata"], json!({ "order": "7" }));

    assert_eq!(
        world.events().await,
        ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    );
}

#[tokio::test]
async fn confirmed_by_a_browser_that_knows_the_secret_and_sees_no_more_than_it_may() {
    let world = World::start().await;
    let intent = world.post("/v1/payment_intents", "amount=1999&currency=usd&metadata[order]=7").await.ok();
    let (id, secret) = (intent["id"].as_str().unwrap(), intent["client_secret"].as_str().unwrap());
    let path = format!("/v1/payment_intents/{id}");
    let confirm = format!("{path}/confirm");

    let seen = world.send("GET", &format!("{path}?client_secret={secret}"), "", PUBLISHABLE, &[]).await.ok();
    assert_eq!(seen["amount"], 1999);
    assert!(seen.get("metadata").is_none() && seen.get("latest_charge").is_none());

    for (form, error) in [
        ("payment_method=pm_card_visa".to_owned(), (400, "parameter_missing")),
        (format!("client_secret={id}_secret_wrong&payment_method=pm_card_visa"), (404, "resource_missing")),
    ] {
        let refused = world.send("POST", &confirm, &form, PUBLISHABLE, &[]).await;
        assert_eq!(refused.error(), (error.0, error.1.to_owned()));
    }
    let form = format!("client_secret={secret}&payment_method=pm_card_visa_chargeDeclined");
    let declined = world.send("POST", &confirm, &form, PUBLISHABLE, &[]).await;
    assert_eq!(declined.error(), (402, "card_declined".to_owned()));
    assert!(declined.json()["error"]["payment_intent"].get("metadata").is_none());

    let form = format!("client_secret={secret}&payment_method=pm_card_visa");
    let paid = world.send("POST", &confirm, &form, PUBLISHABLE, &[]).await.ok();
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["last_payment_error"], json!(null));
}

#[tokio::test]
async fn a_publishable_key_does_nothing_else() {
    let world = World::start().await;
    let id = world.paid().await;
    for (method, path) in [
        ("POST", "/v1/payment_intents".to_owned()),
        ("GET", "/v1/payment_intents".to_owned()),
        ("POST", format!("/v1/payment_intents/{id}")),
        ("POST", format!("/v1/payment_intents/{id}/cancel")),
        ("POST", "/v1/refunds".to_owned()),
        ("GET", "/v1/events".to_owned()),
        ("GET", "/v1/customers".to_owned()),
    ] {
        let reply = world.send(method, &path, "", PUBLISHABLE, &[]).await;
        assert_eq!(reply.error(), (401, "secret_key_required".to_owned()), "{method} {path}");
    }
    let created = world
        .send("POST", "/v1/payment_methods", "type=card&card[token]=tok_visa", PUBLISHABLE, &[])
        .await
        .ok();
    assert_eq!(created["object"], "payment_method");
}

#[tokio::test]
async fn a_decline_leaves_the_intent_open_for_another_card() {
    let world = World::start().await;
    let declined = world.pay("payment_method=pm_card_visa_chargeDeclinedInsufficientFunds").await;
    assert_eq!(declined.error(), (402, "card_declined".to_owned()));
    let error = &declined.json()["error"];
    assert_eq!(error["type"], "card_error");
    assert_eq!(error["decline_code"], "insufficient_funds");
    assert_eq!(error["message"], "Your card has insufficient funds.");
    assert_eq!(error["payment_method"]["card"]["last4"], "9995");
    let intent = &error["payment_intent"];
    assert_eq!(intent["status"], "requires_payment_method");
    assert_eq!(intent["payment_method"], json!(null));
    assert_eq!(intent["last_payment_error"]["charge"], error["charge"]);

    let id = intent["id"].as_str().unwrap();
    let paid =
        world.post(&format!("/v1/payment_intents/{id}/confirm"), "payment_method=pm_card_visa").await.ok();
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["last_payment_error"], json!(null));
    let charges = world.get(&format!("/v1/charges?payment_intent={id}")).await.ok();
    assert_eq!(charges["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        world.events().await,
        [
            "payment_intent.created",
            "charge.failed",
            "payment_intent.payment_failed",
            "charge.succeeded",
            "payment_intent.succeeded"
        ]
    );
}

#[tokio::test]
async fn three_d_secure_redirects_and_comes_back() {
    let world = World::start().await;
    let form = "amount=2000&currency=usd&confirm=true&payment_method=pm_card_threeDSecure2Required\
                &return_url=http://localhost:9/done?cart=1";
    let asked = world.post("/v1/payment_intents", form).await.ok();
    assert_eq!(asked["status"], "requires_action");
    let action = &asked["next_action"];
    assert_eq!(action["type"], "redirect_to_url");
    assert_eq!(action["redirect_to_url"]["return_url"], "http://localhost:9/done?cart=1");
    let url = action["redirect_to_url"]["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/sandbox/pay/pi_", world.base)), "{url}");

    let id = asked["id"].as_str().unwrap();
    let path = format!("/sandbox/payment_intents/{id}/authenticate");
    let failed = world.control(&path, r#"{"outcome":"failed"}"#).await.ok();
    assert_eq!(failed["status"], "requires_payment_method");
    assert_eq!(failed["last_payment_error"]["code"], "payment_intent_authentication_failure");
    assert_eq!(
        world.control(&path, r#"{"outcome":"succeeded"}"#).await.status,
        400,
        "nothing is asked any more"
    );

    let confirm = format!("/v1/payment_intents/{id}/confirm");
    let form = "payment_method=pm_card_threeDSecure2Required&use_stripe_sdk=true";
    let asked = world.post(&confirm, form).await.ok();
    assert_eq!(asked["next_action"]["type"], "use_stripe_sdk");
    let paid = world.control(&path, r#"{"outcome":"succeeded"}"#).await.ok();
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["next_action"], json!(null));
    let charge = world.get(&format!("/v1/charges/{}", paid["latest_charge"].as_str().unwrap())).await.ok();
    assert_eq!(charge["payment_method_details"]["card"]["three_d_secure"]["result"], "authenticated");
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "payment_intent.requires_action").count(), 2);
    assert!(events.contains(&"payment_intent.payment_failed".to_owned()));
}

#[tokio::test]
async fn manual_confirmation_returns_to_the_server_after_the_challenge() {
    let world = World::start().await;
    let form = "payment_method=pm_card_authenticationRequired&confirmation_method=manual";
    let asked = world.pay(form).await.ok();
    assert_eq!(asked["status"], "requires_action");
    let id = asked["id"].as_str().unwrap();
    let path = format!("/sandbox/payment_intents/{id}/authenticate");
    let back = world.control(&path, r#"{"outcome":"succeeded"}"#).await.ok();
    assert_eq!(back["status"], "requires_confirmation");
    let confirm = format!("/v1/payment_intents/{id}/confirm");
    let secret = back["client_secret"].as_str().unwrap();
    let by_browser = world.send("POST", &confirm, &format!("client_secret={secret}"), PUBLISHABLE, &[]).await;
    assert_eq!(by_browser.error(), (400, "payment_intent_unexpected_state".to_owned()));
    assert_eq!(world.post(&confirm, "").await.ok()["status"], "succeeded");
}

#[tokio::test]
async fn held_money_is_captured_in_part_and_the_rest_released() {
    let world = World::start().await;
    let held = world.pay("payment_method=pm_card_visa&capture_method=manual").await.ok();
    assert_eq!(held["status"], "requires_capture");
    assert_eq!((&held["amount_capturable"], &held["amount_received"]), (&json!(2000), &json!(0)));
    let capture = format!("/v1/payment_intents/{}/capture", held["id"].as_str().unwrap());

    let too_much = world.post(&capture, "amount_to_capture=2001").await;
    assert_eq!(too_much.error(), (400, "amount_too_large".to_owned()));
    assert_eq!(world.post(&capture, "amount_to_capture=0").await.status, 400);

    let captured = world.post(&capture, "amount_to_capture=1500&expand[]=latest_charge").await.ok();
    assert_eq!(captured["status"], "succeeded");
    assert_eq!((&captured["amount"], &captured["amount_received"]), (&json!(2000), &json!(1500)));
    let charge = &captured["latest_charge"];
    assert_eq!((&charge["amount_captured"], &charge["amount_refunded"]), (&json!(1500), &json!(500)));
    assert_eq!(charge["refunded"], false);

    let again = world.post(&capture, "").await;
    assert_eq!(again.error(), (400, "payment_intent_unexpected_state".to_owned()));
    assert_eq!(again.json()["error"]["payment_intent"]["status"], "succeeded");
    let intent = held["id"].as_str().unwrap();
    let refund = world.post("/v1/refunds", &format!("payment_intent={intent}")).await.ok();
    assert_eq!(refund["amount"], 1500, "what was released cannot be refunded");
    assert_eq!(
        world.events().await,
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.amount_capturable_updated",
            "charge.captured",
            "payment_intent.succeeded",
            "refund.created",
            "charge.refunded"
        ]
    );
}

#[tokio::test]
async fn canceling_releases_what_was_held_and_is_final() {
    let world = World::start().await;
    let held = world.pay("payment_method=pm_card_visa&capture_method=manual").await.ok();
    let id = held["id"].as_str().unwrap();
    let cancel = format!("/v1/payment_intents/{id}/cancel");
    let unknown = world.post(&cancel, "cancellation_reason=boredom").await;
    assert_eq!(unknown.json()["error"]["param"], "cancellation_reason");

    let canceled = world.post(&cancel, "cancellation_reason=abandoned&expand[]=latest_charge").await.ok();
    assert_eq!(canceled["status"], "canceled");
    assert_eq!(canceled["cancellation_reason"], "abandoned");
    assert!(canceled["canceled_at"].is_i64());
    assert_eq!(canceled["amount_capturable"], 0);
    assert_eq!(canceled["latest_charge"]["refunded"], true);
    for path in
        [cancel, format!("/v1/payment_intents/{id}/capture"), format!("/v1/payment_intents/{id}/confirm")]
    {
        let refused = world.post(&path, "").await;
        assert_eq!(refused.error(), (400, "payment_intent_unexpected_state".to_owned()), "{path}");
    }
    assert_eq!(world.events().await.last().unwrap(), "payment_intent.canceled");
}

#[tokio::test]
async fn a_paid_intent_can_be_neither_canceled_nor_confirmed_nor_changed_in_amount() {
    let world = World::start().await;
    let id = world.paid().await;
    for (path, form) in [
        (format!("/v1/payment_intents/{id}/cancel"), ""),
        (format!("/v1/payment_intents/{id}/confirm"), "payment_method=pm_card_visa"),
        (format!("/v1/payment_intents/{id}"), "amount=5000"),
        (format!("/v1/payment_intents/{id}"), "payment_method=pm_card_visa"),
    ] {
        let refused = world.post(&path, form).await;
        assert_eq!(refused.error(), (400, "payment_intent_unexpected_state".to_owned()), "{path} {form}");
    }
    let changed =
        world.post(&format!("/v1/payment_intents/{id}"), "metadata[a]=b&description=late").await.ok();
    assert_eq!((&changed["metadata"]["a"], &changed["description"]), (&json!("b"), &json!("late")));
    assert_eq!(changed["amount"], 2000);
    assert_eq!(
        world.get(&format!("/v1/charges?payment_intent={id}")).await.ok()["data"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn updating_while_open_changes_what_will_be_charged() {
    let world = World::start().await;
    let intent = world.post("/v1/payment_intents", "amount=1000&currency=usd&description=a").await.ok();
    let path = format!("/v1/payment_intents/{}", intent["id"].as_str().unwrap());
    let form = "amount=1200&payment_method=pm_card_mastercard&description=&metadata[x]=1";
    let changed = world.post(&path, form).await.ok();
    assert_eq!(changed["status"], "requires_confirmation");
    assert_eq!((&changed["amount"], &changed["description"]), (&json!(1200), &json!(null)));

    assert_eq!(world.post(&path, "amount=10").await.error(), (400, "amount_too_small".to_owned()));
    assert_eq!(world.get(&path).await.ok()["amount"], 1200, "bad input changes nothing");
    let paid = world.post(&format!("{path}/confirm"), "return_url=http://localhost/").await.ok();
    assert_eq!(paid["amount_received"], 1200);
}

#[tokio::test]
async fn a_slow_network_settles_later_either_way() {
    let world = World::start().await;
    world.control("/sandbox/faults", r#"{"slow_network":{"times":2}}"#).await.ok();
    for (outcome, status) in [("succeeded", "succeeded"), ("failed", "requires_payment_method")] {
        let slow = world.pay("payment_method=pm_card_visa").await.ok();
        assert_eq!(slow["status"], "processing");
        assert_eq!(slow["processing"]["type"], "card");
        let id = slow["id"].as_str().unwrap();
        let cancel = world.post(&format!("/v1/payment_intents/{id}/cancel"), "").await;
        assert_eq!(cancel.error(), (400, "payment_intent_unexpected_state".to_owned()));

        let path = format!("/sandbox/payment_intents/{id}/settle");
        let settled = world.control(&path, &format!(r#"{{"outcome":"{outcome}"}}"#)).await.ok();
        assert_eq!(settled["status"], status);
        assert_eq!(settled["latest_charge"], slow["latest_charge"], "the pending charge itself ends");
        assert_eq!(world.control(&path, r#"{"outcome":"succeeded"}"#).await.status, 400);
    }
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "payment_intent.processing").count(), 2);
    assert_eq!(events.iter().filter(|kind| *kind == "payment_intent.succeeded").count(), 1);
    assert_eq!(events.iter().filter(|kind| *kind == "payment_intent.payment_failed").count(), 1);
}

#[tokio::test]
async fn a_server_that_may_be_redirected_must_say_where_to_come_back_to() {
    let world = World::start().await;
    let form = "amount=2000&currency=usd&confirm=true&payment_method=pm_card_visa";
    let refused = world.post("/v1/payment_intents", form).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.text_at("/error/param"), "return_url");
    let no_intent = world.get("/v1/payment_intents").await.ok();
    assert_eq!(no_intent["data"], json!([]), "the refused creation left nothing behind");

    let form = format!("{form}&return_url=no-url");
    assert_eq!(world.post("/v1/payment_intents", &form).await.error(), (400, "url_invalid".to_owned()));
    let form =
        "amount=2000&currency=usd&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card";
    assert_eq!(world.post("/v1/payment_intents", form).await.ok()["status"], "succeeded");
}
