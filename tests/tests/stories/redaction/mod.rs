//! What nobody finds who reads what the server writes: every flow is gone through while the log tells all that it can, and then it is
//! searched for each password, token, key, name and address that was in them; and so are metrics, answers and jobs.

mod buying;
mod customers;
mod ear;
mod staff;

use crate::harness::{Setup, Shop};
use ear::Ear;
use serde_json::Value;
use stoa_persistence::outbox;

/// What is looked for: what it is, and its text.
#[derive(Default)]
struct Marks(Vec<(String, String)>);

impl Marks {
    /// Remembers something that must not be found anywhere.
    fn add(&mut self, what: &str, text: &str) {
        assert!(text.len() >= 6, "{what} could be anything: {text:?}");
        self.0.push((what.to_owned(), text.to_lowercase()));
    }

    /// The same of a text at a place of an answer, which it gives.
    fn take(&mut self, what: &str, answer: &Value, pointer: &str) -> String {
        let text = answer.pointer(pointer).and_then(Value::as_str);
        let text = text.unwrap_or_else(|| panic!("no {what} at {pointer}: {answer:#}")).to_owned();
        self.add(what, &text);
        text
    }

    /// What of it stands in a text, with what stands around it.
    fn found_in<'a>(&'a self, text: &str) -> Vec<(&'a str, String)> {
        let text = text.to_lowercase();
        let around = |at: usize| -> String {
            let from = (0..=at.saturating_sub(200)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text[from..].chars().take(400).collect()
        };
        let found =
            self.0.iter().filter_map(|(what, mark)| Some((what.as_str(), around(text.find(mark.as_str())?))));
        found.collect()
    }
}

/// A shop that is measured, and tells all that it can.
async fn talkative() -> (Shop, Ear) {
    let ear = Ear::default();
    let listening = ear.clone();
    let setup = Setup::default().config(move |config| {
        config.metrics = "127.0.0.1:0".parse().ok();
        config.log_level = "trace".to_owned();
        listening.listen(config);
    });
    (Shop::with(setup).await, ear)
}

/// From now on no mail can be written, so that what was to be mailed waits and fails.
fn block_mails(shop: &Shop) {
    let mail = shop.folder.path().join("mail");
    std::fs::rename(&mail, shop.folder.path().join("mailed")).expect("mails were written");
    std::fs::write(&mail, "in the way").expect("a file");
}

/// Everything at once, since a process has one log.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_in_logs_metrics_answers_or_jobs() {
    let (shop, ear) = talkative().await;
    let mut marks = Marks::default();
    let key = std::fs::read_to_string(shop.folder.path().join("secret.key")).expect("it was made");
    marks.add("the root key", key.trim());
    marks.add("the webhooks' secret", shop.webhook_secret());
    let mut answers = Vec::new();
    Box::pin(customers::come_and_go(&shop, &mut marks, &mut answers)).await;
    Box::pin(staff::work(&shop, &mut marks, &mut answers)).await;
    Box::pin(buying::buy(&shop, &mut marks, &mut answers)).await;
    shop.settle().await;

    // What is to be mailed, and cannot be.
    block_mails(&shop);
    Box::pin(customers::ask_for_mails(&shop, &mut marks)).await;
    Box::pin(buying::buy_once_more(&shop, &mut marks)).await;
    shop.run_jobs().await;
    shop.by_hand("UPDATE jobs SET dead_at = run_at").await;
    // What `stoa jobs` prints of each: kind, payload, and why it failed.
    let dead = outbox::dead_jobs(shop.db().read(), 100).await.expect("SQL answers");
    assert!(dead.iter().filter(|job| job.kind.starts_with("mail.")).count() >= 4, "{dead:#?}");
    assert!(dead.iter().any(|job| job.last_error.contains("mail")), "{dead:#?}");
    let jobs = format!("{dead:#?}");

    let metrics = shop.app.metrics_address().expect("the shop is measured");
    let metrics = reqwest::get(format!("http://{metrics}/metrics")).await.expect("an answer");
    let metrics = metrics.text().await.expect("text");

    // At last what breaks: the database is gone.
    shop.db().clone().close().await.expect("it closes");
    for query in [
        "{ products(first: 1) { nodes { id } } }",
        "{ shop { name } order(lookup: { token: \"x\" }) { id } }",
    ] {
        let broken = shop.shopper().ask(query, Value::Null).await;
        let text = broken.body.to_string().to_lowercase();
        for inside in ["sqlite", "postgres", "sqlx", "select ", "connection", "pool"] {
            assert!(!text.contains(inside), "{text}");
        }
        answers.push(broken.body.to_string());
    }

    let log = ear.heard();
    // It was told all of it, by libraries too: what is not found was not told, and not merely not heard.
    for told in ["\"TRACE\"", "order.place", "customer.register", "the job failed", "hyper"] {
        assert!(log.contains(told), "the log tells nothing of {told}: {} bytes", log.len());
    }
    for (place, text) in
        [("the log", log), ("metrics", metrics), ("jobs", jobs), ("answers that refuse", answers.join("\n"))]
    {
        let found = marks.found_in(&text);
        assert!(found.is_empty(), "in {place}: {found:#?}");
    }
}

#[test]
fn what_is_there_is_found() {
    let mut marks = Marks::default();
    marks.add("a name", "Markeda");
    assert_eq!(marks.found_in("Märkeda").len(), 0);
    assert_eq!(marks.found_in("é{\"name\":\"MARKEDA\"}"), [("a name", "é{\"name\":\"markeda\"}".to_owned())]);
}
