//! The members of a request: JSON bodies, URLs, batches, size and time.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::json;
use stoa_graphql_http::Limits;

use crate::client::{GRAPHQL_RESPONSE, Server};

const JSON: &str = "application/json";

#[tokio::test]
async fn what_is_no_graphql_request_is_400_under_either_media_type() {
    let server = Server::new();
    for body in [
        "",
        "NONSENSE",
        "{\"query\":",
        "{}",
        "5",
        "\"{ fast }\"",
        "null",
        r#"{"qeury":"{ fast }"}"#,
        r#"{"query":5}"#,
        r#"{"query":null}"#,
        r#"{"query":["{ fast }"]}"#,
        r#"{"query":"{ fast }","variables":[7]}"#,
        r#"{"query":"{ fast }","variables":"{}"}"#,
        r#"{"query":"{ fast }","operationName":5}"#,
        r#"{"query":"{ fast }","extensions":[]}"#,
        r#"{"query":"{ fast }","extensions":"x"}"#,
        r#"{"query":"{ fast }","query":"{ slow }"}"#,
        r#"{"query":"{ fast }"} trailing"#,
        r#"[["{ fast }"]]"#,
        "[]",
        r#"[{"query":"{ fast }"}, 5]"#,
    ] {
        for accept in [JSON, GRAPHQL_RESPONSE] {
            let answer = server.post_bytes(body, accept).await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
                "{body}: {}",
                answer.text
            );
            assert!(answer.json.get("data").is_none());
        }
    }
}

#[tokio::test]
async fn invalid_utf8_and_bottomless_json_are_400() {
    let server = Server::new();
    let answer = server.post_bytes(&b"{\"query\":\"{ fast \xff}\"}"[..], JSON).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "BAD_REQUEST"));
    let deep =
        format!(r#"{{"query":"{{ fast }}","variables":{{"x":{}{}}}}}"#, "[".repeat(5000), "]".repeat(5000));
    let answer = server.post_bytes(deep, JSON).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "BAD_REQUEST"));
}

#[tokio::test]
async fn null_and_unknown_members_are_as_if_left_out() {
    let server = Server::new();
    let body = json!({
        "query": "{ fast }", "operationName": null, "variables": null, "extensions": null,
        "somethingNew": [1, { "query": 5 }],
    });
    server.post(&body).await.assert_ok();
    let body = json!({ "query": "{ fast }", "operationName": "", "extensions": { "some": "value" } });
    server.post(&body).await.assert_ok();
}

#[tokio::test]
async fn the_operation_is_chosen_by_name() {
    let server = Server::new();
    let document = "query A { fast } query B { page }";
    let named = |name: &str| json!({ "query": document, "operationName": name });
    assert_eq!(*server.post(&named("A")).await.assert_ok(), json!({ "fast": 2 }));
    assert_eq!(*server.post(&named("B")).await.assert_ok(), json!({ "page": 20 }));
    server.post(&named("C")).await.assert_refused("OPERATION_RESOLUTION_FAILURE");
    server.query(document).await.assert_refused("OPERATION_RESOLUTION_FAILURE");
    let anonymous = json!({ "query": "{ fast }", "operationName": "A" });
    server.post(&anonymous).await.assert_refused("OPERATION_RESOLUTION_FAILURE");
}

#[tokio::test]
async fn get_takes_json_in_its_parameters_and_empty_ones_are_left_out() {
    let server = Server::new();
    let answer = server
        .get(&[("query", "query Q($n: Int!) { need(n: $n) }"), ("variables", r#"{"n":7}"#)], JSON)
        .await;
    assert_eq!(answer.assert_ok()["need"], 7);
    let empty =
        [("query", "{ fast }"), ("operationName", ""), ("variables", ""), ("extensions", ""), ("x", "y")];
    server.get(&empty, JSON).await.assert_ok();
    for bad in [
        &[("variables", "{}")][..],
        &[("query", "{ fast }"), ("variables", "[1]")],
        &[("query", "{ fast }"), ("variables", "{")],
        &[("query", "{ fast }"), ("extensions", "5")],
        &[("query", "{ fast }"), ("query", "{ slow }")],
    ] {
        let answer = server.get(bad, GRAPHQL_RESPONSE).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "BAD_REQUEST"), "{bad:?}");
    }
}

#[tokio::test]
async fn a_batch_runs_in_order_and_each_entry_fails_alone() {
    let server = Server::new();
    let batch = json!([
        { "query": "mutation { bump { value } }" },
        { "query": "{ nothing }" },
        { "query": "mutation { bump { value } }" },
    ]);
    let answer = server.post(&batch).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json[0]["data"]["bump"]["value"], 1);
    assert_eq!(answer.json[1]["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert!(answer.json[1].get("data").is_none());
    assert_eq!(answer.json[2]["data"]["bump"]["value"], 2);
}

#[tokio::test]
async fn a_batch_is_bounded_and_can_be_refused_altogether() {
    let entry = json!({ "query": "mutation { bump { value } }" });
    let server = Server::with_limits(Limits { batch_entries: 2, ..Limits::default() });
    server.post(&json!([entry, entry])).await;
    assert_eq!(server.counter(), 2);
    server.post(&json!([entry, entry, entry])).await.assert_refused("BATCH_TOO_LARGE");
    assert_eq!(server.counter(), 2, "nothing of a refused batch runs");
    let server = Server::with_limits(Limits { batch_entries: 0, ..Limits::default() });
    server.post(&json!([entry])).await.assert_refused("BATCH_TOO_LARGE");
}

#[tokio::test]
async fn one_malformed_entry_refuses_the_batch_before_anything_runs() {
    let server = Server::new();
    let batch = json!([{ "query": "mutation { bump { value } }" }, { "query": 5 }]);
    assert_eq!(server.post(&batch).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(server.counter(), 0);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_announced_or_not() {
    let server = Server::new();
    let body = format!(r#"{{"query":"{{ fast }}","padding":"{}"}}"#, "x".repeat(10 * 1024 * 1024));
    let answer = server.post_bytes(body.clone(), GRAPHQL_RESPONSE).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"));
    let chunks = futures_util::stream::iter(
        body.into_bytes()
            .chunks(65_536)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
            .collect::<Vec<_>>(),
    );
    let answer = server.post_bytes(Body::from_stream(chunks), JSON).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"));
    let announced = Request::post("/graphql")
        .header(header::CONTENT_TYPE, JSON)
        .header(header::CONTENT_LENGTH, "99999999")
        .body(Body::empty())
        .unwrap();
    assert_eq!(server.send(announced).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_that_never_ends_is_408() {
    let server = Server::with_limits(Limits { timeout: Duration::from_millis(50), ..Limits::default() });
    let stalled = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let answer = server.post_bytes(stalled, JSON).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT"));
}
