//! The opening of a WebSocket: who may, and what must be said first.

use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{StatusCode, header, request::Parts};
use serde_json::json;
use stoa_graphql_http::{
    Acceptance, AllowedOrigins, ConnectionInit, InitPayload, LiveLimits, Rejection, WebSockets,
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::live::{server::Live, socket::Socket};

const SUBPROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

#[tokio::test]
async fn the_subprotocol_is_chosen_from_those_offered() {
    let live = Live::new().await;
    let offered = ("sec-websocket-protocol", "graphql-ws, graphql-transport-ws");
    let mut socket = Socket::open(&live, &[offered]).await.unwrap();
    assert_eq!(socket.subprotocol.as_ref().unwrap(), "graphql-transport-ws");
    socket.init(&json!({ "type": "connection_init" })).await;
}

#[tokio::test]
async fn no_subprotocol_or_another_is_4406() {
    let live = Live::new().await;
    for headers in [&[][..], &[("sec-websocket-protocol", "graphql-ws")]] {
        let mut socket = Socket::open(&live, headers).await.unwrap();
        assert_eq!(socket.expect_close(4406).await, "Subprotocol not acceptable");
    }
    live.connections(0).await;
}

#[tokio::test]
async fn init_is_acknowledged() {
    let live = Live::new().await;
    for init in [
        json!({ "type": "connection_init" }),
        json!({ "type": "connection_init", "payload": null }),
        json!({ "type": "connection_init", "payload": { "any": ["thing"] } }),
    ] {
        let mut socket = Socket::connect(&live).await;
        socket.send(&init).await;
        assert_eq!(socket.next().await, json!({ "type": "connection_ack" }));
    }
}

#[tokio::test]
async fn no_init_in_time_is_4408_pings_or_not() {
    let limits = LiveLimits { init_timeout: Duration::from_secs(3), ..LiveLimits::default() };
    let live = Live::with_limits(limits).await;
    let mut socket = Socket::connect(&live).await;
    socket.expect_nothing().await;
    assert_eq!(socket.expect_close(4408).await, "Connection initialisation timeout");

    let mut socket = Socket::ready(&live).await;
    tokio::time::sleep(Duration::from_millis(3_500)).await;
    socket.expect_nothing().await;
}

#[tokio::test]
async fn a_second_init_is_4429() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    socket.send(&json!({ "type": "connection_init" })).await;
    assert_eq!(socket.expect_close(4429).await, "Too many initialisation requests");
}

#[tokio::test]
async fn a_subscription_before_the_acknowledgement_is_4401() {
    let live = Live::new().await;
    let mut socket = Socket::connect(&live).await;
    socket.subscribe("1", "{ one }").await;
    assert_eq!(socket.expect_close(4401).await, "Unauthorized");
}

/// Lets in who has a token, thinks forever about `slow`, and stumbles over `bug`.
struct ByToken;

impl ConnectionInit for ByToken {
    fn init<'a>(
        &'a self,
        parts: &'a mut Parts,
        payload: InitPayload,
    ) -> BoxFuture<'a, Result<Acceptance, Rejection>> {
        Box::pin(async move {
            match payload.get("token").and_then(|token| token.as_str()) {
                Some("slow") => std::future::pending().await,
                Some("bug") => panic!("a bug with a secret: hunter2"),
                Some("long") => Err(Rejection { reason: "ß".repeat(100) }),
                Some(token) => {
                    parts.headers.insert(header::AUTHORIZATION, token.parse().unwrap());
                    Ok(Acceptance { payload: json!({ "hello": token }).as_object().cloned() })
                }
                None => Err(Rejection::default()),
            }
        })
    }
}

fn init(token: &str) -> serde_json::Value {
    json!({ "type": "connection_init", "payload": { "token": token } })
}

#[tokio::test]
async fn a_hook_hears_the_payload_and_what_it_adds_reaches_each_operation() {
    let live = Live::with_sockets(WebSockets::default().connection_init(ByToken)).await;
    let mut socket = Socket::connect(&live).await;
    socket.send(&init("Ann")).await;
    assert_eq!(socket.next().await, json!({ "type": "connection_ack", "payload": { "hello": "Ann" } }));
    for document in ["{ viewer }", "subscription { viewer }"] {
        socket.subscribe("1", document).await;
        assert_eq!(socket.expect("1", "next").await, json!({ "data": { "viewer": "Ann" } }));
        socket.expect("1", "complete").await;
    }
}

#[tokio::test]
async fn a_hook_that_rejects_closes_with_4403() {
    let live = Live::with_sockets(WebSockets::default().connection_init(ByToken)).await;
    let mut socket = Socket::connect(&live).await;
    socket.send(&json!({ "type": "connection_init" })).await;
    assert_eq!(socket.expect_close(4403).await, "Forbidden");

    let mut socket = Socket::connect(&live).await;
    socket.send(&init("long")).await;
    assert_eq!(socket.expect_close(4403).await, "ß".repeat(61));

    let mut socket = Socket::connect(&live).await;
    socket.send(&init("bug")).await;
    assert_eq!(socket.expect_close(4500).await, "Internal server error");
}

#[tokio::test]
async fn while_the_hook_thinks_the_socket_listens() {
    let websockets = WebSockets::default().connection_init(ByToken);
    let limits = LiveLimits { init_timeout: Duration::from_secs(2), ..LiveLimits::default() };
    let live = Live::configured(limits, websockets, |builder| builder).await;
    let mut asked = Socket::connect(&live).await;
    asked.send(&init("slow")).await;
    asked.expect_nothing().await;
    asked.expect_close(4408).await;

    let mut twice = Socket::connect(&live).await;
    twice.send(&init("slow")).await;
    twice.send(&init("Ann")).await;
    twice.expect_close(4429).await;

    let mut hasty = Socket::connect(&live).await;
    hasty.send(&init("slow")).await;
    hasty.subscribe("1", "{ one }").await;
    hasty.expect_close(4401).await;
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_before_the_upgrade() {
    let live = Live::new().await;
    let own = format!("http://{}", live.address);
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let refused = Socket::open(&live, &[SUBPROTOCOL, ("origin", origin)]).await.unwrap_err();
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "ORIGIN_NOT_ALLOWED");
    }
    Socket::open(&live, &[SUBPROTOCOL, ("origin", &own)]).await.unwrap();

    let origins = AllowedOrigins::listed(["https://shop.example"]);
    let live = Live::with_sockets(WebSockets::default().origins(origins)).await;
    Socket::open(&live, &[SUBPROTOCOL, ("origin", "https://shop.example")]).await.unwrap();
    Socket::open(&live, &[SUBPROTOCOL, ("origin", "https://evil.example")]).await.unwrap_err();
}

#[tokio::test]
async fn a_handshake_that_is_none_is_400() {
    let live = Live::new().await;
    for (name, value) in [("sec-websocket-version", "12"), ("connection", "close")] {
        let request = http::Request::get("/graphql?query={one}")
            .header("upgrade", "websocket")
            .header("connection", "upgrade")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let mut request = request.body(axum::body::Body::empty()).unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(live.gql.serve(request).await.status(), StatusCode::BAD_REQUEST, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_in_the_protocol_is_4400() {
    let live = Live::new().await;
    for (message, reason) in [
        (Message::text("hello"), "Messages are JSON objects with a \"type\""),
        (Message::text("[]"), "Messages are JSON objects with a \"type\""),
        (Message::text(r#"{"id":"1"}"#), "Messages are JSON objects with a \"type\""),
        (Message::text(r#"{"type":"start"}"#), "Unknown message type"),
        (Message::text(r#"{"type":"next","id":"1"}"#), "Unknown message type"),
        (Message::text(r#"{"type":"subscribe","id":"1"}"#), "\"subscribe\" needs a payload"),
        (
            Message::text(r#"{"type":"subscribe","id":"1","payload":{"query":7}}"#),
            "The payload of \"subscribe\" is not a GraphQL request",
        ),
        (Message::text(r#"{"type":"complete"}"#), "The message needs an id"),
        (Message::text(r#"{"type":"ping","payload":7}"#), "The payload is not an object"),
        (Message::binary(r#"{"type":"ping"}"#), "Messages are text"),
    ] {
        let mut socket = Socket::ready(&live).await;
        socket.send_raw(message).await;
        assert_eq!(socket.expect_close(4400).await, reason);
    }
}

#[tokio::test]
async fn text_that_is_not_utf8_is_1007() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    let frame = Frame::message(vec![b'"', 0xff, b'"'], OpCode::Data(Data::Text), true);
    socket.send_raw(Message::Frame(frame)).await;
    assert_eq!(socket.expect_close(1007).await, "Text is not UTF-8");
}
