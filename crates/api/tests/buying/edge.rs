//! What every request passes: ids, headers, compression, deadlines, and the net under panics.

use crate::shop::{PUBLIC_URL, Plan, Shop, bytes, read, settings};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
    routing::get,
};
use serde_json::json;
use std::time::Duration;
use stoa_api::http::{AppSettings, Mounts};
use stoa_services::Settings;
use url::Url;

fn with_pages(pages: Router) -> Plan {
    Plan { mounts: Mounts { pages, ..Mounts::default() }, ..Plan::default() }
}

async fn call(shop: &Shop, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    shop.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_answer_carries_an_id_and_keeps_a_plain_one() {
    let shop = Shop::open().await;
    for path in ["/healthz", "/graphql?query={__typename}", "/nowhere"] {
        let (one, two) = (call(&shop, path, &[]).await, call(&shop, path, &[]).await);
        assert_ne!(one.headers()["x-request-id"], two.headers()["x-request-id"], "{path}");
        let kept = call(&shop, path, &[("x-request-id", "abc-1")]).await;
        assert_eq!(kept.headers()["x-request-id"], "abc-1", "{path}");
        let strange = call(&shop, path, &[("x-request-id", "a b")]).await;
        assert_ne!(strange.headers()["x-request-id"], "a b", "{path}");
    }
}

#[tokio::test]
async fn every_answer_is_guarded_and_https_is_asked_for_only_over_https() {
    let shop = Shop::open().await;
    for path in ["/healthz", "/graphql?query={__typename}", "/nowhere", "/"] {
        let answer = call(&shop, path, &[]).await;
        let headers = answer.headers();
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "same-origin", "{path}");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
    }
    let public_url = Url::parse(&PUBLIC_URL.replace("http:", "https:")).unwrap();
    let secure = Plan { settings: Settings { public_url, ..settings() }, ..Plan::default() };
    let answer = call(&Shop::build(secure).await, "/healthz", &[]).await;
    assert!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn a_panic_is_one_failed_request() {
    async fn broken() {
        panic!("10.1.2.3 is on fire");
    }
    let shop = Shop::build(with_pages(Router::new().route("/broken", get(broken)))).await;
    let answer = call(&shop, "/broken", &[("x-request-id", "abc")]).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let extensions = json!({ "code": "INTERNAL", "requestId": "abc" });
    assert_eq!(
        read(answer).await,
        json!({ "errors": [{ "message": "internal error", "extensions": extensions }] })
    );
    assert_eq!(call(&shop, "/healthz", &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_ended() {
    async fn endless() {
        std::future::pending::<()>().await;
    }
    let api = AppSettings { timeout: Duration::from_millis(50), ..AppSettings::default() };
    let plan = with_pages(Router::new().route("/endless", get(endless)));
    let shop = Shop::build(Plan { api, ..plan }).await;
    let answer = call(&shop, "/endless", &[]).await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(read(answer).await["errors"][0]["extensions"]["code"], "TIMEOUT");
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_ask_and_short_ones_never() {
    let shop = Shop::open().await;
    let long = "/graphql?query={__schema{types{name%20description}}}";
    let plain = bytes(call(&shop, long, &[]).await).await;
    for encoding in ["gzip", "br"] {
        let answer = call(&shop, long, &[("accept-encoding", encoding)]).await;
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], encoding);
        assert!(bytes(answer).await.len() * 3 < plain.len());
    }
    let short = call(&shop, "/graphql?query={__typename}", &[("accept-encoding", "gzip, br")]).await;
    assert!(!short.headers().contains_key(header::CONTENT_ENCODING));
    for foreign in ["identity;q=0", "*;q=0", "zstd"] {
        let answer = call(&shop, long, &[("accept-encoding", foreign)]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{foreign}");
        assert_eq!(bytes(answer).await, plain);
    }
}

#[tokio::test]
async fn what_is_not_there_and_what_cannot_be_done_there_is_said_in_json() {
    let shop = Shop::open().await;
    let missing = call(&shop, "/nowhere", &[]).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(read(missing).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
    let wrong = call(&shop, "/webhooks/stripe", &[]).await;
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong.headers()[header::ALLOW], "POST");
    assert_eq!(read(wrong).await["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
}
