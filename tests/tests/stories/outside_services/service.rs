//! A service that a merchant runs: it works out taxes at 8 % of each line, and carries parcels for 18.90.

use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::method};

/// What it does with questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// It answers.
    Answers = 0,
    /// It lets whoever asks wait, for longer than they do.
    Silent = 1,
    /// Something of it has failed.
    Broken = 2,
    /// Its figures do not sum.
    Wrong = 3,
    /// It answers another question: of another currency.
    Foreign = 4,
    /// It charges twice as much.
    Dearer = 5,
}

/// The service, as it runs.
pub(super) struct Service {
    server: MockServer,
    mood: Arc<AtomicU8>,
}

/// How it answers by its mood.
struct ByMood(Arc<AtomicU8>);

impl Service {
    pub(super) async fn start() -> Self {
        let server = MockServer::start().await;
        let mood = Arc::new(AtomicU8::new(Mood::Answers as u8));
        Mock::given(method("POST")).respond_with(ByMood(Arc::clone(&mood))).mount(&server).await;
        Self { server, mood }
    }

    /// Where it is asked for something.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.server.uri())
    }

    pub(super) fn is(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    /// Every question that it was asked: the credential that was shown with it, and itself.
    pub(super) async fn asked(&self) -> Vec<(String, Value)> {
        let requests = self.server.received_requests().await.expect("requests are recorded");
        let question = |request: &Request| {
            let shown = request.headers.get("authorization").and_then(|value| value.to_str().ok());
            (shown.unwrap_or_default().to_owned(), request.body_json().expect("JSON"))
        };
        requests.iter().map(question).collect()
    }
}

impl Respond for ByMood {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let asked: Value = request.body_json().expect("a question is JSON");
        let mood = self.0.load(Ordering::SeqCst);
        let is = |of: Mood| mood == of as u8;
        if is(Mood::Broken) {
            return ResponseTemplate::new(503);
        }
        let percent = if is(Mood::Dearer) { 16 } else { 8 };
        let mut answer = match asked["parcels"].as_array() {
            Some(parcels) => rates(parcels),
            None => taxes(&asked, percent),
        };
        answer["version"] = json!(1);
        answer["currency"] = if is(Mood::Foreign) { json!("CHF") } else { asked["currency"].clone() };
        if is(Mood::Wrong) {
            answer["totalTax"] = json!(1);
        }
        let answered = ResponseTemplate::new(200).set_body_json(answer);
        if is(Mood::Silent) { answered.set_delay(Duration::from_secs(20)) } else { answered }
    }
}

/// So much of each line, half up; nothing of deliveries.
fn taxes(asked: &Value, percent: i64) -> Value {
    let list = |name: &str| asked[name].as_array().cloned().unwrap_or_default();
    let mut sum = 0;
    let mut lines = Vec::new();
    for line in list("lines") {
        let tax = (line["amount"].as_i64().expect("whole minor units") * percent + 50) / 100;
        sum += tax;
        let rate = percent.to_string();
        lines.push(json!({ "id": line["id"], "taxes": [{ "name": "State", "rate": rate, "amount": tax }] }));
    }
    let deliveries: Vec<Value> =
        list("deliveries").iter().map(|of| json!({ "id": of["id"], "taxes": [] })).collect();
    json!({ "lines": lines, "deliveries": deliveries, "totalTax": sum })
}

fn rates(parcels: &[Value]) -> Value {
    let rate = |parcel: &Value| json!({ "group": parcel["group"], "handle": "express", "title": "Express", "amount": 1_890, "days": [1, 2] });
    json!({ "rates": parcels.iter().map(rate).collect::<Vec<Value>>() })
}
