//! Faults, panics, time, and what a caller's hook sees.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_graphql::Request;
use axum::body::Body;
use http::{StatusCode, header, request::Parts};
use serde_json::json;
use stoa_graphql_http::{Limits, Operation, Report, RequestData};

use crate::{
    client::{GRAPHQL_RESPONSE, Server},
    library::Viewer,
};

#[tokio::test]
async fn the_text_of_a_fault_never_reaches_the_client() {
    let request = http::Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-request-id", "abc-123")
        .body(Body::from(r#"{"query":"{ child { ok fault } requestId }"}"#))
        .unwrap();
    let answer = Server::new().send(request).await;
    assert_eq!(answer.data(), &json!({ "child": { "ok": 1, "fault": null }, "requestId": "abc-123" }));
    let error = &answer.json["errors"][0];
    assert_eq!(error["message"], "internal error");
    assert_eq!(error["extensions"], json!({ "code": "INTERNAL", "requestId": "abc-123" }));
    assert_eq!(error["path"], json!(["child", "fault"]));
    assert!(!answer.text.contains("hunter2"));
}

#[tokio::test]
async fn a_request_id_that_could_forge_log_lines_is_replaced() {
    for bad in ["a b", "x".repeat(65).as_str(), "\"quoted\""] {
        let request = http::Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-request-id", bad)
            .body(Body::from(r#"{"query":"{ requestId }"}"#))
            .unwrap();
        let answer = Server::new().send(request).await;
        let id = answer.assert_ok()["requestId"].as_str().unwrap();
        assert!(id.starts_with("gql-"), "{id}");
    }
}

#[tokio::test]
async fn a_panic_in_a_resolver_is_one_failed_request() {
    let server = Server::new();
    for accept in ["application/json", GRAPHQL_RESPONSE] {
        let answer = server.post_bytes(r#"{"query":"{ panics }"}"#, accept).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"));
        assert!(answer.json["errors"][0]["extensions"]["requestId"].is_string());
        assert!(answer.json.get("data").is_none() && !answer.text.contains("hunter2"), "{}", answer.text);
    }
    let batch = json!([{ "query": "{ panics }" }, { "query": "{ fast }" }]);
    let answer = server.post(&batch).await;
    assert_eq!(answer.json[0]["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(answer.json[1]["data"]["fast"], 2);
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_answered_in_time() {
    let server = Server::with_limits(Limits { timeout: Duration::from_millis(30), ..Limits::default() });
    let answer = server.query("{ slow }").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT"));
    let batch = server.post(&json!([{ "query": "{ slow }" }, { "query": "{ slow }" }])).await;
    assert_eq!(batch.json[1]["errors"][0]["extensions"]["code"], "TIMEOUT", "one time for the whole batch");
}

#[tokio::test]
async fn a_mutation_ends_even_if_its_answer_is_late_or_its_client_gone() {
    let server = Server::with_limits(Limits { timeout: Duration::from_millis(30), ..Limits::default() });
    let answer = server.query("mutation { bumpSlowly }").await;
    assert_eq!(answer.code(), "TIMEOUT");
    server.gql.drain().await;
    assert_eq!(server.counter(), 1);

    let server = Server::new();
    let gone = tokio::time::timeout(Duration::from_millis(30), server.query("mutation { bumpSlowly }")).await;
    assert!(gone.is_err());
    server.gql.drain().await;
    assert_eq!(server.counter(), 1);
}

/// A hook that lets a header in and writes down what it heard.
#[derive(Clone, Default)]
struct Hook {
    heard: Arc<Mutex<Vec<String>>>,
}

impl RequestData for Hook {
    fn attach(&self, parts: &Parts, operation: &Operation<'_>, request: Request) -> Request {
        self.heard
            .lock()
            .unwrap()
            .push(format!("{:?} {} {}", operation.name, operation.kind, operation.cost));
        match parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
            Some(viewer) => request.data(Viewer(viewer.to_owned())),
            None => request,
        }
    }

    fn finished(&self, report: &Report<'_>) {
        let errors = report.errors.len();
        self.heard.lock().unwrap().push(format!("{:?} {errors}", report.operation.name));
        assert!(report.duration < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_hook_adds_data_to_each_operation_and_hears_how_it_went() {
    let hook = Hook::default();
    let given = hook.clone();
    let server = Server::configured(move |builder| builder.request_data(given));
    let body = json!([
        { "query": "query One { viewer }" },
        { "query": "mutation Two { bump { value } }" },
        { "query": "query Three { child { ok wrapped } }" },
        { "query": "{ nothing }" },
    ]);
    let request = http::Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, "Ann")
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = server.send(request).await;
    assert_eq!(answer.json[0]["data"]["viewer"], "Ann");
    let heard = hook.heard.lock().unwrap().clone();
    assert_eq!(
        heard,
        [
            "Some(\"One\") query 0",
            "Some(\"One\") 0",
            "Some(\"Two\") mutation 1",
            "Some(\"Two\") 0",
            "Some(\"Three\") query 1",
            "Some(\"Three\") 1",
        ]
    );
}
