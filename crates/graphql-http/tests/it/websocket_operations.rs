//! Operations over an acknowledged WebSocket.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::Request;
use http::request::Parts;
use serde_json::json;
use stoa_graphql_http::{Limits, LiveLimits, Operation, Report, RequestData, WebSockets};

use crate::live::{
    server::{Live, until},
    socket::Socket,
};

#[tokio::test]
async fn queries_and_mutations_are_answered_once_and_completed() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    for (document, data) in [("{ one }", json!({ "one": 1 })), ("mutation { bump }", json!({ "bump": 1 }))] {
        socket.subscribe("1", document).await;
        assert_eq!(socket.expect("1", "next").await, json!({ "data": data }));
        socket.expect("1", "complete").await;
    }
    let payload = json!({
        "query": "query A { one } subscription B($to: Int!) { count(to: $to) }",
        "operationName": "B",
        "variables": { "to": 2 },
        "extensions": { "any": "thing" },
    });
    socket.send(&json!({ "id": "named", "type": "subscribe", "payload": payload })).await;
    assert_eq!(socket.expect("named", "next").await, json!({ "data": { "count": 1 } }));
    assert_eq!(socket.expect("named", "next").await, json!({ "data": { "count": 2 } }));
    socket.expect("named", "complete").await;
}

#[tokio::test]
async fn what_is_refused_is_an_error_with_nothing_before_or_after() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    for (document, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { count(to: 1) news { number } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { count(to: 1) @skip(if: true) }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription($to: Int!) { count(to: $to) }", "BAD_USER_INPUT"),
        ("query A { one } query B { one }", "OPERATION_RESOLUTION_FAILURE"),
        ("subscription { secret }", "FORBIDDEN"),
    ] {
        socket.subscribe("same", document).await;
        socket.expect_error("same", code).await;
        socket.expect_nothing().await;
    }
}

#[tokio::test]
async fn the_limits_of_other_requests_hold() {
    let limits = Limits { depth: 1, errors: 2, ..Limits::default() };
    let live =
        Live::configured(LiveLimits::default(), WebSockets::default(), |builder| builder.limits(limits))
            .await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "subscription { news { number } }").await;
    socket.expect_error("1", "QUERY_TOO_DEEP").await;
    socket.subscribe("2", "{ a b c d }").await;
    assert_eq!(socket.expect("2", "error").await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_fails_while_it_runs_is_a_result_with_errors() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "{ one failing }").await;
    let result = socket.expect("1", "next").await;
    assert_eq!(result["data"], json!({ "one": 1, "failing": null }));
    assert_eq!(result["errors"][0]["message"], "internal error");
    assert_eq!(result["errors"][0]["path"], json!(["failing"]));
    assert!(!result.to_string().contains("hunter2"));
    socket.expect("1", "complete").await;

    socket.subscribe("2", "subscription { stumbles }").await;
    assert_eq!(socket.expect("2", "next").await, json!({ "data": { "stumbles": 1 } }));
    let result = socket.expect("2", "next").await;
    assert_eq!(
        (&result["data"], &result["errors"][0]["extensions"]["code"]),
        (&json!(null), &json!("INTERNAL"))
    );
    assert!(!result.to_string().contains("hunter2"));
    assert_eq!(socket.expect("2", "next").await, json!({ "data": { "stumbles": 3 } }));
    socket.expect("2", "complete").await;

    socket.subscribe("3", "subscription { failsFirst }").await;
    assert_eq!(socket.expect("3", "next").await["errors"][0]["extensions"]["code"], "NOT_YET");
    assert_eq!(socket.expect("3", "next").await, json!({ "data": { "failsFirst": 2 } }));
    socket.expect("3", "complete").await;
}

#[tokio::test]
async fn a_panic_is_one_failed_operation() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("news", "subscription { news { number } }").await;
    live.streams(1).await;
    socket.subscribe("1", "{ panics }").await;
    socket.expect_error("1", "INTERNAL").await;
    socket.subscribe("1", "subscription { panics }").await;
    assert_eq!(socket.expect("1", "next").await, json!({ "data": { "panics": 1 } }));
    socket.expect_error("1", "INTERNAL").await;
    live.publish(7);
    assert_eq!(socket.expect("news", "next").await, json!({ "data": { "news": { "number": 7 } } }));
}

#[tokio::test]
async fn an_id_in_use_is_4409_whatever_the_operation() {
    let live = Live::new().await;
    for document in ["subscription { news { number } }", "{ late }"] {
        let mut socket = Socket::ready(&live).await;
        socket.subscribe("a b", document).await;
        socket.subscribe("a b", "{ one }").await;
        assert_eq!(socket.expect_close(4409).await, "Subscriber for a b already exists");
        live.streams(0).await;
    }
}

#[tokio::test]
async fn an_id_is_free_again_when_its_operation_ended_by_either_side() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    for _ in 0..50 {
        socket.subscribe("1", "subscription { count(to: 1) }").await;
        socket.expect("1", "next").await;
        socket.expect("1", "complete").await;
        socket.subscribe("1", "{").await;
        socket.expect("1", "error").await;
        socket.subscribe("1", "subscription { news { number } }").await;
        socket.complete("1").await;
    }
    socket.subscribe("1", "{ one }").await;
    assert_eq!(socket.expect("1", "next").await, json!({ "data": { "one": 1 } }));
    socket.expect("1", "complete").await;
    live.streams(0).await;
}

#[tokio::test]
async fn the_client_completes_and_hears_no_more() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "subscription { news { number } }").await;
    socket.subscribe("2", "subscription { news { number } }").await;
    live.streams(2).await;
    socket.complete("1").await;
    live.streams(1).await;
    live.publish(1);
    assert_eq!(socket.expect("2", "next").await, json!({ "data": { "news": { "number": 1 } } }));
    socket.expect_nothing().await;

    socket.subscribe("late", "{ late }").await;
    live.waiting(1).await;
    socket.complete("late").await;
    // what is not in flight any more, or never was, is no error: the messages may have crossed
    socket.complete("late").await;
    socket.complete("never").await;
    socket.expect_nothing().await;
    live.newsroom.gate.notify_waiters();
    socket.expect_nothing().await;
}

#[tokio::test]
async fn many_operations_run_at_once() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    for n in 0..50 {
        socket.subscribe(&n.to_string(), "subscription { news { number } }").await;
    }
    live.streams(50).await;
    socket.subscribe("late", "{ late }").await;
    live.waiting(1).await;
    live.publish(7);
    let mut heard = Vec::new();
    for _ in 0..50 {
        let message = socket.next().await;
        assert_eq!(message["payload"], json!({ "data": { "news": { "number": 7 } } }));
        heard.push(message["id"].as_str().unwrap().parse::<u32>().unwrap());
    }
    heard.sort_unstable();
    assert_eq!(heard, (0..50).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_socket_that_closes_takes_its_streams_along() {
    let live = Live::new().await;
    let mut polite = Socket::ready(&live).await;
    polite.subscribe("1", "subscription { news { number } }").await;
    let mut rude = Socket::ready(&live).await;
    rude.subscribe("1", "subscription { news { number } }").await;
    live.streams(2).await;
    polite.inner.close(None).await.unwrap();
    live.streams(1).await;
    drop(rude);
    live.streams(0).await;
    live.connections(0).await;
}

#[tokio::test]
async fn a_mutation_ends_even_if_its_socket_is_gone() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "mutation { bumpLate }").await;
    live.waiting(1).await;
    drop(socket);
    live.connections(0).await;
    live.newsroom.gate.notify_waiters();
    live.drained().await;
    assert_eq!(live.newsroom.counter.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn pings_are_answered_with_their_payload_and_pongs_are_not() {
    let live = Live::new().await;
    let mut socket = Socket::connect(&live).await;
    for ready in [false, true] {
        if ready {
            socket.init(&json!({ "type": "connection_init" })).await;
        }
        socket.send(&json!({ "type": "ping" })).await;
        assert_eq!(socket.next().await, json!({ "type": "pong" }));
        socket.send(&json!({ "type": "ping", "payload": { "at": [1.50, "ß"] } })).await;
        assert_eq!(socket.next().await, json!({ "type": "pong", "payload": { "at": [1.50, "ß"] } }));
        socket.send(&json!({ "type": "pong", "payload": { "un": "solicited" } })).await;
        socket.send(&json!({ "type": "pong" })).await;
        socket.expect_nothing().await;
    }
}

/// Writes down what it heard.
#[derive(Clone, Default)]
struct Hook {
    attached: Arc<AtomicUsize>,
    finished: Arc<Mutex<Vec<String>>>,
}

impl RequestData for Hook {
    fn attach(&self, _: &Parts, _: &Operation<'_>, request: Request) -> Request {
        self.attached.fetch_add(1, Ordering::SeqCst);
        request
    }

    fn finished(&self, report: &Report<'_>) {
        let Report { operation, errors, .. } = report;
        let line = format!("{} {:?} {}", operation.kind, operation.name, errors.len());
        self.finished.lock().unwrap().push(line);
    }
}

#[tokio::test]
async fn the_owner_of_the_schema_hears_of_each_operation_as_it_begins_and_ends() {
    let hook = Hook::default();
    let given = hook.clone();
    let live =
        Live::configured(LiveLimits::default(), WebSockets::default(), |builder| builder.request_data(given))
            .await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "subscription News { news { number } }").await;
    live.streams(1).await;
    socket.subscribe("2", "query One { one }").await;
    socket.expect("2", "next").await;
    socket.expect("2", "complete").await;
    socket.complete("1").await;
    until(|| hook.finished.lock().unwrap().len() == 2).await;
    let finished = hook.finished.lock().unwrap().clone();
    assert_eq!(finished, ["query Some(\"One\") 0", "subscription Some(\"News\") 0"]);
    assert_eq!(hook.attached.load(Ordering::SeqCst), 2);
}
