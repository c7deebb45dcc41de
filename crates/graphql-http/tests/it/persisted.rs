//! Automatic persisted queries.

use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use stoa_graphql_http::Limits;

use crate::client::Server;

fn extensions(document: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hex::encode(Sha256::digest(document)) } })
}

#[tokio::test]
async fn a_document_is_known_by_its_hash_once_it_was_sent() {
    let server = Server::new();
    let document = "query Q($n: Int!) { need(n: $n) }";
    let by_hash = json!({ "extensions": extensions(document), "variables": { "n": 4 } });
    let unknown = server.post(&by_hash).await;
    unknown.assert_refused("PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(unknown.message(), "PersistedQueryNotFound");
    let with_document =
        json!({ "query": document, "extensions": extensions(document), "variables": { "n": 4 } });
    assert_eq!(server.post(&with_document).await.assert_ok()["need"], 4);
    assert_eq!(server.post(&by_hash).await.assert_ok()["need"], 4);
    let url =
        [("extensions", extensions(document).to_string()), ("variables", json!({ "n": 5 }).to_string())];
    let url = url.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(server.get(&url, "application/json").await.assert_ok()["need"], 5);
}

#[tokio::test]
async fn a_wrong_hash_or_an_invalid_document_is_not_kept() {
    let server = Server::new();
    let wrong = json!({ "query": "{ fast }", "extensions": extensions("{ page }") });
    server.post(&wrong).await.assert_refused("PERSISTED_QUERY_MISMATCH");
    let invalid = "{ nothing }";
    let body = json!({ "query": invalid, "extensions": extensions(invalid) });
    server.post(&body).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    for document in ["{ page }", invalid] {
        let by_hash = json!({ "extensions": extensions(document) });
        server.post(&by_hash).await.assert_refused("PERSISTED_QUERY_NOT_FOUND");
    }
}

#[tokio::test]
async fn a_malformed_hash_is_400_and_the_store_can_be_off() {
    let server = Server::new();
    for bad in [
        json!({ "persistedQuery": { "version": 1, "sha256Hash": "abc" } }),
        json!({ "persistedQuery": { "version": 1 } }),
        json!({ "persistedQuery": 5 }),
        json!({ "persistedQuery": { "version": 2, "sha256Hash": "00".repeat(32) } }),
    ] {
        let answer = server.post(&json!({ "extensions": bad })).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
            "{}",
            answer.text
        );
    }
    let server = Server::with_limits(Limits { persisted_query_bytes: 0, ..Limits::default() });
    let answer = server.post(&json!({ "extensions": extensions("{ fast }") })).await;
    answer.assert_refused("PERSISTED_QUERY_NOT_SUPPORTED");
}
