//! A server that gives scripted answers, and a gateway that asks it.

use secrecy::SecretString;
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Mutex, Once},
    time::Duration,
};
use stoa_domain::{
    payment::{CreateIntent, GatewayError},
    shared::{Currency, EmailAddress, Money, OrderId, PaymentId},
};
use stoa_payments::{RetryPolicy, StripeConfig, StripeGateway};
use url::Url;
use uuid::Uuid;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// The key of every intent that [`order`] asks for.
pub(crate) const INTENT_KEY: &str = "payment-00000000-0000-0000-0000-000000000001-intent";

/// A server with its answers, one for each request in turn; a request too many gets 418, which nobody
/// retries.
pub(crate) struct Script {
    server: MockServer,
}

struct InTurn(Mutex<VecDeque<ResponseTemplate>>);

impl Respond for InTurn {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        self.0.lock().unwrap().pop_front().unwrap_or_else(|| ResponseTemplate::new(418))
    }
}

impl Script {
    pub(crate) async fn of(answers: impl IntoIterator<Item = ResponseTemplate>) -> Self {
        let server = MockServer::start().await;
        let in_turn = InTurn(Mutex::new(answers.into_iter().collect()));
        Mock::given(any()).respond_with(in_turn).mount(&server).await;
        Self { server }
    }

    pub(crate) fn gateway(&self) -> StripeGateway {
        gateway(&config(&self.server.uri()))
    }

    pub(crate) fn config(&self) -> StripeConfig {
        config(&self.server.uri())
    }

    /// What was asked so far.
    pub(crate) async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }

    /// What was asked so far, as `POST /v1/…`.
    pub(crate) async fn lines(&self) -> Vec<String> {
        self.requests().await.iter().map(|r| format!("{} {}", r.method, r.url.path())).collect()
    }

    /// The idempotency keys of what was asked so far.
    pub(crate) async fn keys(&self) -> Vec<Option<String>> {
        self.requests().await.iter().map(|r| header(r, "idempotency-key")).collect()
    }
}

/// An impatient configuration, so that no test waits for long.
pub(crate) fn config(base: &str) -> StripeConfig {
    let mut config = StripeConfig::new(
        SecretString::from("sk_test_secret"),
        "pk_test_public",
        vec![SecretString::from("whsec_test")],
    );
    config.api_base = Url::parse(base).unwrap();
    config.attempt_timeout = Duration::from_secs(5);
    config.budget = Duration::from_secs(20);
    config.retry = RetryPolicy {
        attempts: 4,
        first_pause: Duration::from_millis(4),
        longest_pause: Duration::from_millis(16),
    };
    config
}

pub(crate) fn gateway(config: &StripeConfig) -> StripeGateway {
    static TLS: Once = Once::new();
    TLS.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
    StripeGateway::new(config.clone()).unwrap()
}

pub(crate) fn header(request: &Request, name: &str) -> Option<String> {
    request.headers.get(name).map(|value| value.to_str().unwrap().to_owned())
}

pub(crate) fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::parse(code).unwrap())
}

pub(crate) fn order(minor: i64, code: &str) -> CreateIntent {
    CreateIntent {
        payment: PaymentId::new(Uuid::from_u128(1)),
        order: OrderId::new(Uuid::from_u128(2)),
        order_name: "#1001".into(),
        amount: money(minor, code),
        email: Some(EmailAddress::parse("ada@example.org").unwrap()),
    }
}

/// A PaymentIntent `pi_1` of 10.99 EUR.
pub(crate) fn intent(status: &str) -> Value {
    let received = if status == "succeeded" { 1099 } else { 0 };
    json!({
        "id": "pi_1", "object": "payment_intent", "amount": 1099, "amount_received": received, "currency": "eur",
        "status": status, "client_secret": "pi_1_secret_x", "latest_charge": null, "livemode": false,
    })
}

pub(crate) fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(crate) fn error(status: u16, code: &str) -> ResponseTemplate {
    let body = json!({"error": {"type": "invalid_request_error", "code": code, "message": "Because."}});
    ResponseTemplate::new(status).insert_header("request-id", "req_7").set_body_json(body)
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, GatewayError>) -> String {
    match result.unwrap_err() {
        GatewayError::Refused { code, .. } => code,
        other => panic!("not refused: {other:?}"),
    }
}

/// Whether the outcome is not known.
pub(crate) fn unknown<T>(result: &Result<T, GatewayError>) -> bool {
    matches!(result, Err(GatewayError::Unknown(_)))
}
