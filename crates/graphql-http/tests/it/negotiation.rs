//! Methods, media types and statuses.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};

use crate::client::{GRAPHQL_RESPONSE, Server};

const JSON: &str = "application/json";
const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

#[tokio::test]
async fn the_media_type_of_the_answer_is_the_one_accepted() {
    let server = Server::new();
    for (accept, expected) in [
        (JSON, "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
        (GRAPHQL_RESPONSE, "application/graphql-response+json; charset=utf-8"),
    ] {
        let answer = server.post_bytes(TYPENAME, accept).await;
        answer.assert_ok();
        assert_eq!(answer.header(header::CONTENT_TYPE), expected);
        assert_eq!(answer.header(header::VARY), "accept");
    }
}

#[tokio::test]
async fn a_client_that_accepts_neither_type_gets_406() {
    let server = Server::new();
    for accept in ["text/html", "text/event-stream;q=0", "application/json; charset=utf-16"] {
        let answer = server.post_bytes(TYPENAME, accept).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE"));
    }
}

#[tokio::test]
async fn a_body_that_a_browser_may_send_unasked_is_never_read() {
    let server = Server::new();
    for content_type in [
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        None,
    ] {
        let mut request = Request::post("/graphql");
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let body = Body::from(r#"{"query":"mutation { bump { value } }"}"#);
        let answer = server.send(request.body(body).unwrap()).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE")
        );
    }
    assert_eq!(server.counter(), 0);
}

#[tokio::test]
async fn a_mutation_by_get_is_405_and_does_not_run() {
    let server = Server::new();
    for accept in [JSON, GRAPHQL_RESPONSE] {
        let answer = server.get(&[("query", "mutation { bump { value } }")], accept).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"));
        assert_eq!(answer.header(header::ALLOW), "POST");
        assert!(answer.json.get("data").is_none());
    }
    let named = [("query", "query A { fast } mutation B { bump { value } }"), ("operationName", "B")];
    assert_eq!(server.get(&named, JSON).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(server.counter(), 0);
}

#[tokio::test]
async fn a_query_by_get_runs_and_head_is_its_shadow() {
    let server = Server::new();
    let answer = server
        .get(&[("query", "query A { fast } mutation B { bump { value } }"), ("operationName", "A")], JSON)
        .await;
    assert_eq!(answer.assert_ok()["fast"], 2);
    let head = Request::head("/graphql?query=%7Bfast%7D").body(Body::empty()).unwrap();
    assert_eq!(server.send(head).await.status, StatusCode::OK);
    let head = Request::head("/graphql?query=mutation%7Bbump%7Bvalue%7D%7D").body(Body::empty()).unwrap();
    assert_eq!(server.send(head).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(server.counter(), 0);
}

#[tokio::test]
async fn other_methods_are_405_and_say_which_are_not() {
    let server = Server::new();
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let request = Request::builder().method(method).uri("/graphql").body(Body::from(TYPENAME)).unwrap();
        let answer = server.send(request).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"));
        assert_eq!(answer.header(header::ALLOW), "GET, HEAD, POST, OPTIONS");
    }
    let options = Request::builder().method(Method::OPTIONS).uri("/graphql").body(Body::empty()).unwrap();
    let answer = server.send(options).await;
    assert_eq!(
        (answer.status, answer.header(header::ALLOW)),
        (StatusCode::NO_CONTENT, "GET, HEAD, POST, OPTIONS")
    );
}

#[tokio::test]
async fn a_request_error_is_400_or_200_by_media_type_and_has_no_data() {
    let server = Server::new();
    for (document, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { fast } query B { fast }", "OPERATION_RESOLUTION_FAILURE"),
        ("query($n: Int!) { need(n: $n) }", "BAD_USER_INPUT"),
    ] {
        let body = serde_json::json!({ "query": document }).to_string();
        server.post_bytes(body.clone(), GRAPHQL_RESPONSE).await.assert_refused(code);
        let legacy = server.post_bytes(body, JSON).await;
        assert_eq!((legacy.status, legacy.code()), (StatusCode::OK, code));
        assert!(legacy.json.get("data").is_none(), "{}", legacy.text);
    }
}

#[tokio::test]
async fn data_with_errors_is_294_or_200_by_media_type() {
    let server = Server::new();
    let body = r#"{"query":"{ child { ok wrapped } }"}"#;
    let answer = server.post_bytes(body, GRAPHQL_RESPONSE).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (294, "WRAPPED"));
    assert_eq!(server.post_bytes(body, JSON).await.status, StatusCode::OK);
}

#[tokio::test]
async fn headers_that_resolvers_set_are_sent() {
    let answer = Server::new().query("{ cookie }").await;
    assert_eq!(answer.header(header::SET_COOKIE), "a=b");
}
