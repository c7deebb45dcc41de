//! Trusted documents only.

use async_graphql::{Executor, Request};
use http::StatusCode;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use stoa_graphql_http::{Documents, Limits, LiveLimits, TrustedDocuments, TrustedDocumentsError, WebSockets};

use crate::{
    client::{GRAPHQL_RESPONSE, Server},
    live::{event_stream::EventStream, server::Live, socket::Socket},
    office::{self, Calls, Doorman},
};

const KNOWN: &str = "query Q($n: Int!) { need(n: $n) }";

fn hash(document: &str) -> String {
    hex::encode(Sha256::digest(document))
}

fn trusted(documents: &[&str]) -> Limits {
    let map: Map<String, Value> = documents.iter().map(|text| (hash(text), (*text).into())).collect();
    let documents = TrustedDocuments::parse(&Value::from(map).to_string()).unwrap();
    Limits { documents: Documents::Trusted(documents), ..Limits::default() }
}

fn by_hash(document: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(document) } })
}

#[tokio::test]
async fn what_was_written_down_runs_by_its_text_and_by_its_hash() {
    let server = Server::with_limits(trusted(&[KNOWN, "{ fast }"]));
    let variables = json!({ "n": 4 });
    for body in [
        json!({ "query": KNOWN, "variables": variables }),
        json!({ "extensions": by_hash(KNOWN), "variables": variables }),
        json!({ "query": KNOWN, "extensions": by_hash(KNOWN), "variables": variables }),
    ] {
        assert_eq!(server.post(&body).await.assert_ok()["need"], 4);
    }
    let url = [("extensions", by_hash("{ fast }").to_string())];
    let url = url.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(server.get(&url, GRAPHQL_RESPONSE).await.assert_ok()["fast"], 2);
}

#[tokio::test]
async fn nothing_else_runs_and_nothing_is_learnt() {
    let server = Server::with_limits(trusted(&[KNOWN]));
    let other = "{ fast }";
    for _ in 0..2 {
        for body in [
            json!({ "query": other }),
            json!({ "query": other, "extensions": by_hash(other) }),
            json!({ "extensions": by_hash(other) }),
            // the hash of a known one does not carry another in
            json!({ "query": other, "extensions": by_hash(KNOWN) }),
            // nor does the same with other spaces
            json!({ "query": format!("{KNOWN} "), "variables": { "n": 1 } }),
            // not even looked at
            json!({ "query": "{{{" }),
            json!({ "query": "{ __schema { types { name } } }" }),
            json!({ "query": "mutation { bump { value } }" }),
        ] {
            server.post(&body).await.assert_refused("DOCUMENT_NOT_TRUSTED");
        }
    }
    let mismatch = json!({ "query": KNOWN, "extensions": by_hash(other), "variables": { "n": 1 } });
    server.post(&mismatch).await.assert_refused("PERSISTED_QUERY_MISMATCH");
    assert_eq!((server.counter(), server.calls()), (0, 0));
    // the HTTP request was fine, so clients of the old media type get 200
    let answer = server.post_bytes(json!({ "query": other }).to_string(), "application/json").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::OK, "DOCUMENT_NOT_TRUSTED"));
    let batch = json!([{ "query": KNOWN, "variables": { "n": 2 } }, { "query": other }]);
    let answer = server.post(&batch).await;
    assert_eq!(answer.json[0]["data"]["need"], 2);
    assert_eq!(answer.json[1]["errors"][0]["extensions"]["code"], "DOCUMENT_NOT_TRUSTED");
}

#[tokio::test]
async fn streams_sockets_and_code_of_the_process_are_no_way_around() {
    let known = "subscription { count(to: 1) }";
    let live = Live::configured(LiveLimits::default(), WebSockets::default(), |builder| {
        builder.limits(trusted(&[known, "{ one }"]))
    })
    .await;
    let mut events = EventStream::post(&live, known).await;
    assert_eq!(events.expect_next().await, json!({ "data": { "count": 1 } }));
    let mut events = EventStream::post(&live, "subscription { count(to: 2) }").await;
    let refused = events.expect_next().await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "DOCUMENT_NOT_TRUSTED");
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "mutation { bump }").await;
    socket.expect_error("1", "DOCUMENT_NOT_TRUSTED").await;
    let payload = json!({ "extensions": by_hash("{ one }") });
    socket.send(&json!({ "id": "2", "type": "subscribe", "payload": payload })).await;
    assert_eq!(socket.expect("2", "next").await, json!({ "data": { "one": 1 } }));
    let answer = live.gql.execute(Request::new("{ one }")).await;
    assert!(answer.is_ok(), "{:?}", answer.errors);
    let refused = live.gql.execute(Request::new("{ failing }")).await;
    assert_eq!(
        refused.errors[0].extensions.as_ref().unwrap().get("code"),
        Some(&"DOCUMENT_NOT_TRUSTED".into())
    );
}

#[tokio::test]
async fn to_be_trusted_is_not_to_be_let_off() {
    let server = Server::with_limits(trusted(&["{ nothing }", "{ books(first: 250000) { nodes { id } } }"]));
    server.query("{ nothing }").await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    server.query("{ books(first: 250000) { nodes { id } } }").await.assert_refused("QUERY_TOO_COSTLY");
    let document = "{ admin { name } }";
    let server = Server::of(office::gql(Doorman::default(), &Calls::default()).limits(trusted(&[document])));
    // To who may not use what it names, it is answered like one that nobody wrote down: by its text, and by its hash.
    let other = "{ admin { nothing } }";
    let unknown = [json!({ "query": other }), json!({ "extensions": by_hash(other) })];
    let hidden = [json!({ "query": document }), json!({ "extensions": by_hash(document) })];
    for (unknown, hidden) in unknown.iter().zip(&hidden) {
        let (unknown, hidden) = (server.post(unknown).await, server.post(hidden).await);
        hidden.assert_refused("DOCUMENT_NOT_TRUSTED");
        assert_eq!((hidden.status, hidden.text), (unknown.status, unknown.text));
    }
}

#[tokio::test]
async fn an_empty_list_trusts_nothing() {
    let limits = trusted(&[]);
    assert!(matches!(&limits.documents, Documents::Trusted(trusted) if trusted.is_empty()));
    Server::with_limits(limits).query("{ fast }").await.assert_refused("DOCUMENT_NOT_TRUSTED");
}

#[test]
fn a_list_that_was_tampered_with_is_named() {
    for (text, named) in [
        ("[]".to_owned(), "not a JSON object of documents by their hash"),
        ("{".to_owned(), "not a JSON object of documents by their hash"),
        (json!({ hash("{ a }"): 5 }).to_string(), "not a JSON object of documents by their hash"),
        (json!({ hash("{ a }"): "{ b }" }).to_string(), &*hash("{ a }")),
        (json!({ "abc": "{ a }" }).to_string(), "\"abc\" is not the SHA-256"),
    ] {
        let error = TrustedDocuments::parse(&text).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
        assert_eq!(matches!(error, TrustedDocumentsError::Hash(_)), text.contains("\"{"));
    }
    let upper = json!({ hash("{ a }").to_uppercase(): "{ a }" }).to_string();
    let trusted = TrustedDocuments::parse(&upper).unwrap();
    assert_eq!(trusted.len(), 1);
    assert!(!format!("{trusted:?}").contains("{ a }"), "a list can be long");
}
