//! What is wrong with a request, and how the answer says so.

use serde_json::json;

use crate::harness::{SECRET, World};

const INTENTS: &str = "/v1/payment_intents";

#[tokio::test]
async fn keys_are_checked_first() {
    let world = World::start().await;
    let no_key = world.send("GET", INTENTS, "", "", &[]).await;
    assert_eq!(no_key.error(), (401, "invalid_request_error".to_owned()));
    assert_eq!(no_key.header("www-authenticate"), Some("Basic realm=\"Stripe\""));
    let wrong = world.send("GET", INTENTS, "", "sk_test_wrong12345", &[]).await;
    assert_eq!(wrong.status, 401);
    assert!(!wrong.text.contains("wrong12345"), "a key is not repeated in full");
    let live = world.send("GET", INTENTS, "", "sk_live_secret", &[]).await;
    assert!(live.status == 401 && live.text.contains("live key") && !live.text.contains("sk_live_secret"));

    // "sk_test_harness:" as curl -u sends it.
    let basic = [("authorization", "Basic c2tfdGVzdF9oYXJuZXNzOg==")];
    assert_eq!(world.send("GET", INTENTS, "", "", &basic).await.status, 200);
}

#[tokio::test]
async fn every_answer_carries_request_id_and_version() {
    let world = World::start().await;
    let reply = world.get(INTENTS).await;
    assert!(reply.header("request-id").unwrap().starts_with("req_"));
    assert_eq!(reply.header("stripe-version"), Some(stoa_sandbox::API_VERSION));
    let asked = world.send("GET", INTENTS, "", SECRET, &[("stripe-version", "2024-06-20")]).await;
    assert_eq!(asked.header("stripe-version"), Some("2024-06-20"));
    let nonsense = world.send("GET", INTENTS, "", SECRET, &[("stripe-version", "latest")]).await;
    assert_eq!(nonsense.status, 400);
    assert_ne!(reply.header("request-id"), asked.header("request-id"));
}

#[tokio::test]
async fn bad_parameters_are_named_and_change_nothing() {
    let world = World::start().await;
    for (form, code, param) in [
        ("currency=usd", "parameter_missing", "amount"),
        ("amount=2000", "parameter_missing", "currency"),
        ("amount=&currency=usd", "parameter_invalid_empty", "amount"),
        ("amount=20.00&currency=usd", "parameter_invalid_integer", "amount"),
        ("amount=99999999999999999999&currency=usd", "parameter_invalid_integer", "amount"),
        ("amount=-1&currency=usd", "parameter_invalid_integer", "amount"),
        ("amount=49&currency=usd", "amount_too_small", "amount"),
        ("amount=100000000&currency=usd", "amount_too_large", "amount"),
        ("amount=49&currency=jpy", "amount_too_small", "amount"),
        ("amount=1001&currency=kwd", "invalid_charge_amount", "amount"),
        ("amount=2000&currency=xyz", "invalid_request_error", "currency"),
        ("amount=2000&currency=usd&colour=red", "parameter_unknown", "colour"),
        (
            "amount=2000&currency=usd&automatic_payment_methods[on]=true",
            "parameter_unknown",
            "automatic_payment_methods[on]",
        ),
        (
            "amount=2000&currency=usd&automatic_payment_methods[enabled]=yes",
            "invalid_request_error",
            "automatic_payment_methods[enabled]",
        ),
        ("amount=2000&currency=usd&capture_method=later", "invalid_request_error", "capture_method"),
        ("amount=2000&currency=usd&customer=cus_none", "resource_missing", "customer"),
        ("amount=2000&currency=usd&payment_method=pm_none", "resource_missing", "payment_method"),
        (
            "amount=2000&currency=usd&payment_method_types[]=sofort",
            "payment_intent_invalid_parameter",
            "payment_method_types",
        ),
        (
            "amount=2000&currency=usd&transfer_data[destination]=acct_1",
            "invalid_request_error",
            "transfer_data",
        ),
        ("amount=2000&currency=usd&return_url=http://localhost", "invalid_request_error", "return_url"),
        ("amount=2000&currency=usd&shipping[name]=A", "parameter_missing", "shipping[address]"),
        (
            "amount=2000&currency=usd&statement_descriptor=%3Cb%3E",
            "invalid_request_error",
            "statement_descriptor",
        ),
        ("amount=2000&currency=usd&expand[]=metadata", "invalid_request_error", "expand"),
        ("amount[a]=1&currency=usd", "invalid_request_error", "amount"),
    ] {
        let refused = world.post(INTENTS, form).await;
        assert_eq!(refused.error(), (400, code.to_owned()), "{form}");
        assert_eq!(refused.text_at("/error/param"), param, "{form}");
        assert!(!refused.text_at("/error/message").is_empty());
    }
    let many = (0..51).map(|n| format!("&metadata[k{n}]=v")).collect::<String>();
    let long = format!("&metadata[k]={}", "x".repeat(501));
    for metadata in [many, long] {
        let refused = world.post(INTENTS, &format!("amount=2000&currency=usd{metadata}")).await;
        assert_eq!(refused.status, 400);
    }
    assert_eq!(world.get(INTENTS).await.ok()["data"], json!([]));
    assert!(world.events().await.is_empty());
}

#[tokio::test]
async fn bodies_that_are_no_form_are_refused() {
    let world = World::start().await;
    let json = [("content-type", "application/json")];
    let reply = world.send("POST", INTENTS, r#"{"amount":2000}"#, SECRET, &json).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("application/x-www-form-urlencoded"));
    assert_eq!(world.post(INTENTS, "amount[=1").await.status, 400);
    let huge = format!("amount=2000&currency=usd&description={}", "x".repeat(1024 * 1024));
    assert_eq!(world.post(INTENTS, &huge).await.status, 413);
}

#[tokio::test]
async fn what_does_not_exist_is_missing() {
    let world = World::start().await;
    for (path, message) in [
        ("/v1/payment_intents/pi_none", "No such payment_intent: 'pi_none'"),
        ("/v1/charges/ch_none", "No such charge: 'ch_none'"),
        ("/v1/balance_transactions/txn_none", "No such balance transaction: 'txn_none'"),
        ("/v1/refunds/re_none", "No such refund: 're_none'"),
        ("/v1/customers/cus_none", "No such customer: 'cus_none'"),
        ("/v1/payment_methods/pm_none", "No such PaymentMethod: 'pm_none'"),
        ("/v1/events/evt_none", "No such event: 'evt_none'"),
        ("/v1/disputes/dp_none", "No such dispute: 'dp_none'"),
    ] {
        let reply = world.get(path).await;
        assert_eq!(reply.error(), (404, "resource_missing".to_owned()), "{path}");
        assert_eq!(reply.text_at("/error/message"), message);
    }
    for (method, path) in [
        ("GET", "/v1/plans"),
        ("PUT", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents/pi_1/confirm"),
        ("GET", "/v1/payment_intents/search?query=status%3A%27succeeded%27"),
        ("GET", "/v1/customers/search?query=email%3A%27a%40b.c%27"),
        ("GET", "/v1/charges/search?query=amount%3A2000"),
    ] {
        let reply = world.send(method, path, "", SECRET, &[]).await;
        assert_eq!(reply.status, 404);
        assert_eq!(reply.text_at("/error/type"), "invalid_request_error");
        let message = reply.text_at("/error/message");
        assert!(message.starts_with("Unrecognized request URL"), "{message}");
    }
}

#[tokio::test]
async fn a_browser_on_any_page_may_ask() {
    let world = World::start().await;
    let reply = world.send("OPTIONS", "/v1/payment_intents/pi_1", "", "", &[]).await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert!(reply.header("access-control-allow-headers").unwrap().contains("Authorization"));
}
