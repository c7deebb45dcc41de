//! What a collector of traces is told of a purchase.

use crate::harness::{Setup, Shop, redis_of};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::any_value::Value as Any,
    trace::v1::{Span, span::SpanKind},
};
use prost::Message;
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};
use stoa::{
    config::TracesConfig,
    telemetry::{Traces, init_server},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// A shop that is traced, and what ends its tracing.
async fn traced(otlp: &str) -> (Shop, Traces) {
    let begun = Arc::new(Mutex::new(None));
    let (kept, otlp) = (Arc::clone(&begun), otlp.parse().expect("a URL"));
    let setup = Setup::default().config(move |config| {
        config.traces = Some(TracesConfig { otlp, sample: 1.0 });
        *kept.lock().expect("no panic") = init_server(config).expect("tracing begins");
    });
    let shop = Shop::with(setup).await;
    let traces = begun.lock().expect("no panic").take().expect("it is configured");
    (shop, traces)
}

/// Places an order as part of somebody's trace.
async fn place_order(shop: &Shop, key: &str) {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let query =
        "mutation PlaceIt($cart: ID!, $key: String!) { orderPlace(cartId: $cart, idempotencyKey: $key) {
      order { id } paymentSession { clientSecret } userErrors { code } } }";
    let request = shop
        .endpoint
        .http
        .post(&shop.endpoint.url)
        .header("traceparent", format!("00-{TRACE}-{CALLER}-01"))
        .json(&json!({ "query": query, "variables": { "cart": shopper.cart, "key": key } }));
    let answer: serde_json::Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert!(answer["data"]["orderPlace"]["order"]["id"].is_string(), "{answer:#}");
}

/// All spans of the trace that the collector has been sent.
async fn collected(collector: &MockServer) -> Vec<Span> {
    let requests = collector.received_requests().await.expect("they are kept");
    let decode = |body: &[u8]| ExportTraceServiceRequest::decode(body).expect("OTLP");
    let spans = requests
        .iter()
        .flat_map(|request| decode(&request.body).resource_spans)
        .flat_map(|of| of.scope_spans)
        .flat_map(|of| of.spans);
    spans.filter(|span| hex::encode(&span.trace_id) == TRACE).collect()
}

/// An attribute as text.
fn attribute(span: &Span, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
    match found.value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text.clone()),
        Any::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_is_one_trace_from_the_caller_to_sql_and_the_gateway() {
    let collector = MockServer::start().await;
    Mock::given(path("/v1/traces")).respond_with(ResponseTemplate::new(200)).mount(&collector).await;
    let (shop, traces) = traced(&collector.uri()).await;
    place_order(&shop, "k").await;
    traces.end().await;

    let spans = collected(&collector).await;
    let by_id: HashMap<&[u8], &Span> = spans.iter().map(|span| (&span.span_id[..], span)).collect();
    let roots: Vec<&Span> = spans.iter().filter(|s| !by_id.contains_key(&s.parent_span_id[..])).collect();
    let [root] = roots[..] else { panic!("one of them is the first: {roots:#?}") };
    assert_eq!(hex::encode(&root.parent_span_id), CALLER);
    assert_eq!((root.name.as_str(), root.kind()), ("POST /graphql", SpanKind::Server));
    for (key, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("http.response.status_code", "200"),
        ("graphql.operation.type", "mutation"),
        ("graphql.operation.name", "PlaceIt"),
    ] {
        assert_eq!(attribute(root, key).as_deref(), Some(value), "{key}: {root:#?}");
    }

    let with = |key: &'static str, value: &'static str| {
        spans.iter().filter(move |span| attribute(span, key).as_deref() == Some(value))
    };
    let system = if std::env::var_os("STOA_TEST_DATABASE").is_some() { "postgresql" } else { "sqlite" };
    assert!(with("db.system.name", system).count() >= 5, "{spans:#?}");
    let written = with("db.query.summary", "INSERT orders").next().expect("the order is written");
    assert_eq!(written.kind(), SpanKind::Client);
    assert!(written.end_time_unix_nano >= written.start_time_unix_nano);
    let asked = with("gateway.operation", "create_intent").next().expect("the gateway is asked");
    assert_eq!(attribute(asked, "gateway.outcome").as_deref(), Some("ok"));
    let redis = with("db.system.name", "redis").count();
    assert_eq!(redis > 0, redis_of(shop.folder.path()).is_some(), "{redis} calls of Redis");

    let told = format!("{spans:?}").to_lowercase();
    for secret in ["_secret_", "ada@example.org", "analytical way"] {
        assert!(!told.contains(secret), "{secret} is in a trace");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_keeps_nobody_from_buying() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = format!("http://{}", socket.local_addr().expect("an address"));
    drop(socket);
    let (shop, traces) = traced(&nobody).await;
    place_order(&shop, "first").await;
    traces.end().await;
    place_order(&shop, "second").await;
}
