//! What a request leaves in the log, and what it does not.

use crate::shop::Shop;
use axum::{body::Body, http::Request};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

/// A log that can be read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// What the log says of one request, as lines.
async fn logged(path: &str) -> Vec<String> {
    let shop = Shop::open().await;
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let request = Request::get(path).header("x-request-id", "the-id").body(Body::from("the-body")).unwrap();
    shop.send(request).await;
    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_request_leaves_one_line_with_its_id_route_status_and_time() {
    let lines = logged("/healthz").await;
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["level"], &line["fields"]["http.status"]), (&"DEBUG".into(), &200.into()));
    assert!(line["fields"]["http.latency_us"].is_u64());
    let span = &line["span"];
    assert_eq!((&span["http.method"], &span["http.path"]), (&"GET".into(), &"/healthz".into()));
    assert_eq!(span["request.id"], "the-id");
}

#[tokio::test]
async fn neither_keys_in_paths_nor_queries_nor_bodies_reach_the_log() {
    for path in [
        "/graphql?query={secret}",
        "/media/demo/secret.svg",
        "/api/secret/graphql.json?secret=1",
        // No routes, here: a slip of the hand beside a key.
        "/orders/secret/",
        "/checkout/secret/pay",
    ] {
        let lines = logged(path).await;
        assert!(lines.iter().any(|line| line.contains("the-id")), "{path}");
        assert!(
            lines.iter().all(|line| !line.contains("secret") && !line.contains("the-body")),
            "{path}: {lines:#?}"
        );
    }
}

#[tokio::test]
async fn what_is_refused_stands_out() {
    let lines = logged("/nowhere").await;
    assert!(lines.iter().any(|line| line.contains("\"INFO\"") && line.contains("404")), "{lines:#?}");
}
