//! A client of the endpoint that needs no socket.

use std::sync::atomic::Ordering;

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use stoa_graphql_http::{Gql, GqlBuilder, Limits};
use tower::ServiceExt;

use crate::library::{self, Ledger};

/// The media type whose statuses tell how a request went.
pub(crate) const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// The library behind its endpoint.
pub(crate) struct Server {
    router: Router,
    pub(crate) gql: Gql,
    pub(crate) ledger: Ledger,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::configured(|builder| builder)
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        Self::configured(|builder| builder.limits(limits))
    }

    pub(crate) fn configured(configure: impl FnOnce(GqlBuilder) -> GqlBuilder) -> Self {
        let ledger = Ledger::default();
        let gql = configure(library::gql(&ledger)).build().unwrap();
        Self { router: Router::new().route("/graphql", gql.endpoint()), gql, ledger }
    }

    /// Another schema behind its endpoint.
    pub(crate) fn of(gql: GqlBuilder) -> Self {
        let gql = gql.build().unwrap();
        Self { router: Router::new().route("/graphql", gql.endpoint()), gql, ledger: Ledger::default() }
    }

    /// Root fields resolved, where the library counts them.
    pub(crate) fn calls(&self) -> usize {
        self.ledger.calls.load(Ordering::SeqCst)
    }

    pub(crate) fn counter(&self) -> i32 {
        self.ledger.counter.load(Ordering::SeqCst)
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, text, json }
    }

    /// POSTs bytes as `application/json`, accepting `accept`.
    pub(crate) async fn post_bytes(&self, body: impl Into<Body>, accept: &str) -> Answer {
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, accept);
        self.send(request.body(body.into()).unwrap()).await
    }

    /// POSTs a document under `application/graphql-response+json`.
    pub(crate) async fn query(&self, document: &str) -> Answer {
        self.post(&json!({ "query": document })).await
    }

    /// POSTs a document with variables.
    pub(crate) async fn query_with(&self, document: &str, variables: Value) -> Answer {
        self.post(&json!({ "query": document, "variables": variables })).await
    }

    /// POSTs JSON under `application/graphql-response+json`.
    pub(crate) async fn post(&self, body: &Value) -> Answer {
        self.post_bytes(body.to_string(), GRAPHQL_RESPONSE).await
    }

    /// Sends a GET with these parameters.
    pub(crate) async fn get(&self, parameters: &[(&str, &str)], accept: &str) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let request = Request::builder()
            .method(Method::GET)
            .uri(format!("/graphql?{query}"))
            .header(header::ACCEPT, accept);
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

impl Answer {
    /// The code of the first error.
    pub(crate) fn code(&self) -> &str {
        self.json["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    /// The message of the first error.
    pub(crate) fn message(&self) -> &str {
        self.json["errors"][0]["message"].as_str().unwrap_or_default()
    }

    pub(crate) fn data(&self) -> &Value {
        &self.json["data"]
    }

    /// Asserts a refusal: this code, status 400 and no `data`.
    #[track_caller]
    pub(crate) fn assert_refused(&self, code: &str) {
        assert_eq!(self.code(), code, "{}", self.text);
        assert_eq!(self.status, StatusCode::BAD_REQUEST, "{}", self.text);
        assert!(self.json.get("data").is_none(), "{}", self.text);
        for error in self.json["errors"].as_array().unwrap() {
            assert!(error["extensions"]["code"].is_string(), "every error has a code: {}", self.text);
        }
    }

    /// Asserts an answer without errors and gives its data.
    #[track_caller]
    pub(crate) fn assert_ok(&self) -> &Value {
        assert!(self.json.get("errors").is_none(), "{}", self.text);
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.data()
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
