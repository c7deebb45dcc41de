//! A gateway wired to a running sandbox, and somebody who pays.

use crate::script::{config, gateway};
use secrecy::SecretString;
use serde_json::Value;
use std::time::Duration;
use stoa_domain::payment::{GatewayEvent, GatewayFact, PaymentGateway};
use stoa_payments::StripeGateway;
use stoa_sandbox::{Clock, Keys, Sandbox, SandboxConfig, WebhookTarget};
use tokio::net::TcpListener;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// 2026-11-20T00:00:00Z, when everything in the sandbox happens.
const NOW: i64 = 1_795_132_800;
const SIGNING_SECRET: &str = "whsec_till";

/// A sandbox on a port of its own, with a receiver of its webhooks.
pub(crate) struct Till {
    pub(crate) gateway: StripeGateway,
    pub(crate) sandbox: Sandbox,
    base: String,
    secret: String,
    receiver: MockServer,
    buyer: reqwest::Client,
}

impl Till {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let receiver = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&receiver).await;

        let keys = Keys::generate();
        let mut ours = config(&base);
        ours.secret_key = SecretString::from(keys.secret.as_str());
        ours.publishable_key.clone_from(&keys.publishable);
        // Two calls for one thing at once wait for each other.
        ours.retry.attempts = 30;
        ours.attempt_timeout = Duration::from_secs(1);
        ours.webhook_secrets = vec![SecretString::from(SIGNING_SECRET)];
        // Installs the TLS provider, which the sandbox needs too.
        let gateway = gateway(&ours);

        let secret = keys.secret.clone();
        let mut theirs = SandboxConfig::new(base.parse().unwrap(), keys);
        theirs.webhook = Some(WebhookTarget::new(receiver.uri().parse().unwrap(), SIGNING_SECRET));
        theirs.clock = Clock::fixed(NOW);
        let sandbox = Sandbox::open(theirs).unwrap();
        let (router, sender) = (sandbox.router(), sandbox.clone());
        tokio::spawn(async move { sender.run(Default::default()).await });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { gateway, sandbox, base, secret, receiver, buyer: reqwest::Client::new() }
    }

    /// Pays an intent with a test card, as a browser would; gives Stripe's answer, good or bad.
    pub(crate) async fn pay(&self, intent: &str, card: &str) -> Value {
        self.post(
            &format!("/v1/payment_intents/{intent}/confirm"),
            &[("payment_method", card), ("return_url", "http://shop.test/thanks")],
        )
        .await
    }

    /// Asks the sandbox as its owner, past the gateway.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let request = self.buyer.post(format!("{}{path}", self.base)).bearer_auth(&self.secret);
        request.form(form).send().await.unwrap().json().await.unwrap()
    }

    /// Does what a bank does, by a control route of the sandbox.
    pub(crate) async fn outside(&self, path: &str, wish: &'static str) -> Value {
        let request = self.buyer.post(format!("{}{path}", self.base)).bearer_auth(&self.secret);
        let request = request.header("content-type", "application/json").body(wish);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Reads from the sandbox as its owner, past the gateway.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = self.buyer.get(format!("{}{path}", self.base)).bearer_auth(&self.secret);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// How many intents there are.
    pub(crate) async fn intents(&self) -> usize {
        self.get("/v1/payment_intents").await["data"].as_array().unwrap().len()
    }

    /// The webhooks sent so far, each received through the gateway's own door.
    pub(crate) async fn events(&self) -> Vec<GatewayEvent> {
        self.sandbox.webhooks_settled().await;
        let requests = self.receiver.received_requests().await.unwrap();
        let receive = |request: &wiremock::Request| {
            let signature = request.headers["stripe-signature"].to_str().unwrap();
            let signed_at = signature.split(['=', ',']).nth(1).unwrap().parse().unwrap();
            let now = chrono::DateTime::from_timestamp(signed_at, 0).unwrap();
            self.gateway.receive(signature, &request.body, now).unwrap()
        };
        requests.iter().map(receive).collect()
    }

    /// What the webhooks of one type said.
    pub(crate) async fn facts(&self, kind: &str) -> Vec<GatewayFact> {
        self.events().await.into_iter().filter(|event| event.kind == kind).map(|event| event.fact).collect()
    }
}
