//! A sandbox on a port of its own, a receiver of its webhooks, and a client.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::Value;
use stoa_sandbox::{Clock, Keys, RetryPolicy, Sandbox, SandboxConfig, WebhookTarget, sign};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// 2026-11-20, where the clock of every test stands still.
pub(crate) const NOW: i64 = 1_795_132_800;
pub(crate) const SECRET: &str = "sk_test_harness";
pub(crate) const PUBLISHABLE: &str = "pk_test_harness";
pub(crate) const SIGNING_SECRET: &str = "whsec_harness";

/// A running sandbox with a receiver of its events.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) base: String,
    pub(crate) receiver: Receiver,
    http: reqwest::Client,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// A text by JSON pointer, such as `/error/code`.
    pub(crate) fn text_at(&self, pointer: &str) -> String {
        let json = self.json();
        let value = json.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no text at {pointer} in {json:#}")).to_owned()
    }

    /// The answer, which must be a success.
    pub(crate) fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// Status and error code, or error type where there is no code.
    pub(crate) fn error(&self) -> (u16, String) {
        let json = self.json();
        let error = &json["error"];
        let code = error["code"].as_str().or(error["type"].as_str()).unwrap_or_default();
        (self.status, code.to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A sandbox that keeps its data in `folder`.
    pub(crate) async fn start_in(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Self::start_with(move |config| config.data_dir = Some(folder)).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut SandboxConfig)) -> Self {
        Self::start_for(Receiver::start().await, change).await
    }

    /// A sandbox that sends its events to a receiver that is there already.
    pub(crate) async fn start_for(receiver: Receiver, change: impl FnOnce(&mut SandboxConfig)) -> Self {
        // The first call of a process wins; the others are told so, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let keys = Keys { secret: SECRET.into(), publishable: PUBLISHABLE.into() };
        let mut config = SandboxConfig::new(base.parse().unwrap(), keys);
        config.clock = Clock::fixed(NOW);
        config.webhook = Some(WebhookTarget::new(receiver.url.parse().unwrap(), SIGNING_SECRET));
        config.retry = RetryPolicy {
            attempts: 4,
            first: Duration::from_millis(20),
            ceiling: Duration::from_millis(50),
            timeout: Duration::from_secs(2),
        };
        change(&mut config);
        let sandbox = Sandbox::open(config).unwrap();
        let stop = CancellationToken::new();
        let sender = {
            let (sandbox, stop) = (sandbox.clone(), stop.clone());
            tokio::spawn(async move { sandbox.run(stop).await })
        };
        let server = {
            let (router, stop) = (sandbox.router(), stop.clone());
            let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
            tokio::spawn(async move { served.await.unwrap() })
        };
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self { sandbox, base, receiver, http, stop, tasks: vec![sender, server] }
    }

    /// Stops sandbox and server, and waits until they have let go of everything.
    pub(crate) async fn stop(self) -> Receiver {
        self.stop.cancel();
        let Self { tasks, receiver, sandbox, http, .. } = self;
        drop(http);
        for task in tasks {
            task.await.unwrap();
        }
        drop(sandbox);
        receiver
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Reply {
        self.send("POST", path, form, SECRET, &[]).await
    }

    pub(crate) async fn post_with_key(&self, path: &str, form: &str, idempotency_key: &str) -> Reply {
        self.send("POST", path, form, SECRET, &[("idempotency-key", idempotency_key)]).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, "", SECRET, &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, "", SECRET, &[]).await
    }

    /// A control route with a JSON body.
    pub(crate) async fn control(&self, path: &str, json: &str) -> Reply {
        let headers = [("content-type", "application/json")];
        self.send("POST", path, json, SECRET, &headers).await
    }

    /// Any request; `key` is empty for none.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: &str,
        key: &str,
        headers: &[(&str, &str)],
    ) -> Reply {
        self.try_send(method, path, body, key, headers).await.unwrap()
    }

    /// Any request, which may get no answer in time.
    pub(crate) async fn try_send(
        &self,
        method: &str,
        path: &str,
        body: &str,
        key: &str,
        headers: &[(&str, &str)],
    ) -> Result<Reply, reqwest::Error> {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.base));
        if !key.is_empty() {
            request = request.bearer_auth(key);
        }
        if !headers.iter().any(|(name, _)| *name == "content-type") && !body.is_empty() {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.body(body.to_owned()).send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Reply { status, headers, text: answer.text().await? })
    }

    /// A PaymentIntent over 20 dollars, confirmed at once with `form` added.
    pub(crate) async fn pay(&self, form: &str) -> Reply {
        let form = format!(
            "amount=2000&currency=usd&confirm=true&automatic_payment_methods[enabled]=true\
             &automatic_payment_methods[allow_redirects]=never&{form}"
        );
        self.post("/v1/payment_intents", &form).await
    }

    /// The id of a PaymentIntent that has succeeded.
    pub(crate) async fn paid(&self) -> String {
        let intent = self.pay("payment_method=pm_card_visa").await.ok();
        assert_eq!(intent["status"], "succeeded");
        intent["id"].as_str().unwrap().to_owned()
    }

    /// The types of all events received, once all have been sent.
    pub(crate) async fn events(&self) -> Vec<String> {
        self.sandbox.webhooks_settled().await;
        self.receiver.types()
    }
}

/// Something that takes webhooks, and can be told to refuse some.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    inbox: Arc<Mutex<Inbox>>,
}

#[derive(Default)]
struct Inbox {
    accepted: Vec<Value>,
    refused: usize,
    refuse_next: usize,
    busy: usize,
    most_at_once: usize,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let inbox = Arc::<Mutex<Inbox>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&inbox));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, inbox }
    }

    /// Answers the next `count` webhooks with 500.
    pub(crate) fn refuse(&self, count: usize) {
        self.inbox.lock().unwrap().refuse_next = count;
    }

    /// How many were answered with 500.
    pub(crate) fn refused(&self) -> usize {
        self.inbox.lock().unwrap().refused
    }

    /// How many were being received at the same time, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.inbox.lock().unwrap().most_at_once
    }

    /// The events that were accepted, in the order of their coming.
    pub(crate) fn accepted(&self) -> Vec<Value> {
        self.inbox.lock().unwrap().accepted.clone()
    }

    /// Their types.
    pub(crate) fn types(&self) -> Vec<String> {
        self.accepted().iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// The first event of a type.
    pub(crate) fn event(&self, kind: &str) -> Value {
        let found = self.accepted().into_iter().find(|event| event["type"] == kind);
        found.unwrap_or_else(|| panic!("no {kind} among {:?}", self.types()))
    }
}

/// Checks the signature of every webhook; a wrong one is an error of the sandbox.
async fn receive(State(inbox): State<Arc<Mutex<Inbox>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get("stripe-signature").unwrap().to_str().unwrap();
    if signature != sign(SIGNING_SECRET, NOW, &body) {
        return StatusCode::BAD_REQUEST;
    }
    {
        let mut inbox = inbox.lock().unwrap();
        inbox.busy += 1;
        inbox.most_at_once = inbox.most_at_once.max(inbox.busy);
    }
    tokio::time::sleep(Duration::from_millis(5)).await;
    let mut inbox = inbox.lock().unwrap();
    inbox.busy -= 1;
    if inbox.refuse_next > 0 {
        inbox.refuse_next -= 1;
        inbox.refused += 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    inbox.accepted.push(serde_json::from_slice(&body).unwrap());
    StatusCode::OK
}
