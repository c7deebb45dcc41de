//! Somebody who asks until there is an answer, by whichever instance, and pays.

use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

/// One may be unlucky for long: a request that dies with its server leaves its cart locked for half a minute.
const UNLUCKY: Duration = Duration::from_secs(600);
/// Before the next try.
const BREATH: Duration = Duration::from_millis(100);

/// Knows nothing but the public API.
pub(crate) struct Patient {
    http: reqwest::Client,
    /// The first takes the payments.
    bases: Vec<String>,
    turn: AtomicUsize,
    repeats: Arc<AtomicU64>,
}

impl Patient {
    /// At these instances in turn, as a proxy has it; `repeats` counts what had to be asked for again.
    pub(crate) fn at(
        bases: &[String],
        first: usize,
        http: &reqwest::Client,
        repeats: &Arc<AtomicU64>,
    ) -> Self {
        Self {
            http: http.clone(),
            bases: bases.to_owned(),
            turn: AtomicUsize::new(first),
            repeats: Arc::clone(repeats),
        }
    }

    /// Asks until there is an answer that will do; where nobody answers, or not in JSON, it is null.
    pub(crate) async fn ask_until(
        &self,
        query: &str,
        variables: &Value,
        will_do: impl Fn(&Value) -> bool,
    ) -> Value {
        let begun = Instant::now();
        loop {
            let request = json!({ "query": query, "variables": variables });
            let turn = self.turn.fetch_add(1, Ordering::SeqCst);
            let url = format!("{}/graphql", self.bases[turn % self.bases.len()]);
            let answer = match self.http.post(url).json(&request).send().await {
                Ok(answer) => answer.json::<Value>().await.unwrap_or_default(),
                Err(_) => Value::Null,
            };
            if will_do(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < UNLUCKY, "never answered: {answer:#}");
            self.tries_again().await;
        }
    }

    /// Waits a moment, for whoever comes back with the same request.
    pub(crate) async fn tries_again(&self) {
        self.repeats.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(BREATH).await;
    }

    /// Pays, and makes sure of it.
    pub(crate) async fn pay(&self, session: &Value) {
        let text = |name: &str| session[name].as_str().expect("a payment session");
        let form = [
            ("client_secret", text("clientSecret")),
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", "4242424242424242"),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "2040"),
            ("payment_method_data[card][cvc]", "123"),
        ];
        let intent = format!("{}/v1/payment_intents/{}", self.bases[0], text("paymentIntentId"));
        let known = format!("{intent}?client_secret={}", text("clientSecret"));
        let begun = Instant::now();
        loop {
            let confirm = self.http.post(format!("{intent}/confirm")).form(&form);
            // If only the answer was lost, there is nothing to confirm any more.
            if self.has_succeeded(confirm).await || self.has_succeeded(self.http.get(&known)).await {
                return;
            }
            assert!(begun.elapsed() < UNLUCKY, "nobody can pay any more");
            self.tries_again().await;
        }
    }

    async fn has_succeeded(&self, request: reqwest::RequestBuilder) -> bool {
        let Ok(answer) = request.bearer_auth("pk_test_sandbox").send().await else { return false };
        answer.json::<Value>().await.is_ok_and(|payment| payment["status"] == "succeeded")
    }
}
