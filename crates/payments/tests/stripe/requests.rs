//! What goes over the wire.

use crate::script::{INTENT_KEY, Script, config, gateway, header, intent, ok, order};
use stoa_domain::payment::{GatewayError, IntentSnapshot, PaymentGateway};
use url::Url;
use wiremock::ResponseTemplate;

#[tokio::test]
async fn a_call_says_who_asks_in_which_version_and_under_which_key() {
    let script = Script::of([ok(&intent("requires_payment_method"))]).await;
    let made = script.gateway().create_intent(&order(1099, "EUR")).await.unwrap();
    assert_eq!((made.id.as_str(), made.client_secret.as_deref()), ("pi_1", Some("pi_1_secret_x")));

    let requests = script.requests().await;
    let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    assert_eq!(script.lines().await, ["POST /v1/payment_intents"]);
    assert_eq!(header(request, "authorization").as_deref(), Some("Bearer sk_test_secret"));
    assert_eq!(header(request, "stripe-version").as_deref(), Some("2026-09-30.endive"));
    assert_eq!(header(request, "idempotency-key").as_deref(), Some(INTENT_KEY));
    assert_eq!(header(request, "content-type").as_deref(), Some("application/x-www-form-urlencoded"));
    assert!(header(request, "user-agent").unwrap().starts_with("stoa/"));
}

#[tokio::test]
async fn reading_asks_for_the_charge_inside_and_needs_no_key() {
    let script = Script::of([ok(&intent("succeeded"))]).await;
    script.gateway().retrieve_intent("pi_1").await.unwrap();
    let requests = script.requests().await;
    assert_eq!(script.lines().await, ["GET /v1/payment_intents/pi_1"]);
    let (name, value) = requests[0].url.query_pairs().next().unwrap();
    assert!(name.starts_with("expand[") && value == "latest_charge", "{name}={value}");
    assert_eq!(header(&requests[0], "idempotency-key"), None);
}

#[tokio::test]
async fn a_base_address_may_have_a_path() {
    let script = Script::of([ok(&intent("succeeded")), ok(&intent("succeeded"))]).await;
    let base = script.config().api_base;
    for path in ["behind/a/proxy", "behind/a/proxy/"] {
        let config = config(base.join(path).unwrap().as_str());
        gateway(&config).retrieve_intent("pi_1").await.unwrap();
    }
    assert_eq!(script.lines().await, ["GET /behind/a/proxy/v1/payment_intents/pi_1"; 2]);
}

#[tokio::test]
async fn the_key_is_not_carried_to_where_a_redirect_points() {
    let elsewhere = Script::of([ok(&intent("succeeded"))]).await;
    let target = elsewhere.config().api_base.to_string();
    let script = Script::of([ResponseTemplate::new(302).insert_header("location", target)]).await;
    let answer = script.gateway().retrieve_intent("pi_1").await;
    assert!(matches!(answer, Err(GatewayError::Unknown(_))));
    assert!(elsewhere.requests().await.is_empty());
}

#[tokio::test]
async fn an_id_that_is_none_is_not_asked_for() {
    let script = Script::of([]).await;
    let gateway = script.gateway();
    for bad in ["", "pi_1/../../charges", "pi_1?expand[]=x"] {
        assert!(matches!(gateway.retrieve_intent(bad).await, Err(GatewayError::NotFound)), "{bad}");
        assert!(matches!(gateway.cancel_intent(bad).await, Err(GatewayError::NotFound)), "{bad}");
    }
    assert!(script.requests().await.is_empty());
}

#[tokio::test]
async fn the_page_for_paying_by_hand_is_the_sandboxs() {
    let mut config = config("http://127.0.0.1:1");
    let snapshot = IntentSnapshot {
        id: "pi_1".into(),
        client_secret: Some("pi_1_secret_&".into()),
        facts: stripe_facts(),
        amount_refunded: None,
    };
    assert_eq!(gateway(&config).payment_url(&snapshot, "http://shop.test/thanks"), None);
    for page in ["http://shop.test/sandbox/pay/", "http://shop.test/sandbox/pay"] {
        config.payment_page = Some(Url::parse(page).unwrap());
        let url = gateway(&config).payment_url(&snapshot, "http://shop.test/thanks?a=1&b=2").unwrap();
        assert_eq!(
            url,
            "http://shop.test/sandbox/pay/pi_1?client_secret=pi_1_secret_%26\
             &return_url=http%3A%2F%2Fshop.test%2Fthanks%3Fa%3D1%26b%3D2"
        );
    }
    let without_secret = IntentSnapshot { client_secret: None, ..snapshot };
    assert_eq!(gateway(&config).payment_url(&without_secret, "http://shop.test/"), None);
    assert_eq!(gateway(&config).publishable_key(), "pk_test_public");
    assert_eq!(gateway(&config).name(), "stripe");
}

fn stripe_facts() -> stoa_domain::payment::IntentFacts {
    stoa_domain::payment::IntentFacts {
        state: None,
        amount: 0,
        amount_received: 0,
        currency: String::new(),
        last_error: None,
    }
}
