//! GraphQL over server-sent events: one request, one stream.

use std::{sync::atomic::Ordering, time::Duration};

use http::{StatusCode, header};
use serde_json::json;
use stoa_graphql_http::{LiveLimits, WebSockets};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};

use crate::live::{
    event_stream::{Event, EventStream},
    server::{Live, PATIENCE},
    socket::Socket,
};

#[tokio::test]
async fn a_subscription_is_a_stream_of_next_and_one_complete() {
    let live = Live::new().await;
    let document = "subscription { count(to: 2) }";
    for mut events in [EventStream::post(&live, document).await, EventStream::get(&live, document).await] {
        assert_eq!(events.status, StatusCode::OK);
        assert_eq!(events.headers[header::CONTENT_TYPE], "text/event-stream; charset=utf-8");
        assert_eq!(events.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(events.headers[header::VARY], "accept");
        assert_eq!(events.expect_next().await, json!({ "data": { "count": 1 } }));
        assert_eq!(events.expect_next().await, json!({ "data": { "count": 2 } }));
        events.expect_complete().await;
    }
}

#[tokio::test]
async fn a_query_or_mutation_is_one_next_and_complete() {
    let live = Live::new().await;
    for (mut events, data) in [
        (EventStream::post(&live, "{ one }").await, json!({ "one": 1 })),
        (EventStream::get(&live, "{ one }").await, json!({ "one": 1 })),
        (EventStream::post(&live, "mutation { bump }").await, json!({ "bump": 1 })),
    ] {
        assert_eq!(events.expect_next().await, json!({ "data": data }));
        events.expect_complete().await;
    }
}

#[tokio::test]
async fn what_an_operation_is_refused_for_is_an_event() {
    let live = Live::new().await;
    for (document, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription($to: Int!) { count(to: $to) }", "BAD_USER_INPUT"),
        ("subscription { secret }", "FORBIDDEN"),
        ("{ panics }", "INTERNAL"),
    ] {
        let mut events = EventStream::post(&live, document).await;
        assert_eq!(events.status, StatusCode::OK);
        let answer = events.expect_next().await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
        assert!(answer.get("data").is_none() && !answer.to_string().contains("hunter2"), "{answer}");
        events.expect_complete().await;
    }
}

#[tokio::test]
async fn what_fails_while_it_runs_is_an_answer_with_errors() {
    let live = Live::new().await;
    let mut events = EventStream::post(&live, "subscription { stumbles }").await;
    events.expect_next().await;
    let failed = events.expect_next().await;
    assert_eq!((&failed["data"], &failed["errors"][0]["message"]), (&json!(null), &json!("internal error")));
    assert_eq!(events.expect_next().await, json!({ "data": { "stumbles": 3 } }));
    events.expect_complete().await;

    let mut events = EventStream::post(&live, "subscription { panics }").await;
    events.expect_next().await;
    assert_eq!(events.expect_next().await["errors"][0]["extensions"]["code"], "INTERNAL");
    events.expect_complete().await;
}

#[tokio::test]
async fn the_rules_of_other_requests_hold() {
    let live = Live::new().await;
    let get = EventStream::get(&live, "mutation { bump }").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(get.headers[header::ALLOW], "POST");
    assert_eq!(get.json().await["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
    assert_eq!(live.newsroom.counter.load(Ordering::SeqCst), 0);
    for body in ["hello", "{}", r#"[{"query":"{ one }"}]"#] {
        let refused = EventStream::post_text(&live, body.into(), "text/event-stream").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(refused.json().await["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    }
    let document = json!({ "query": "subscription { count(to: 1) }" }).to_string();
    let plain = EventStream::post_text(&live, document, "application/json").await.json().await;
    assert_eq!(plain["errors"][0]["extensions"]["code"], "OPERATION_RESOLUTION_FAILURE");
}

#[tokio::test]
async fn a_client_that_goes_takes_its_stream_along() {
    let live = Live::new().await;
    let mut events = EventStream::get(&live, "subscription { news { number } }").await;
    live.streams(1).await;
    live.publish(7);
    assert_eq!(events.expect_next().await, json!({ "data": { "news": { "number": 7 } } }));
    drop(events);
    live.streams(0).await;
    live.connections(0).await;
}

#[tokio::test]
async fn a_quiet_stream_is_kept_alive_by_comments() {
    let limits = LiveLimits { keep_alive: Duration::from_millis(20), ..LiveLimits::default() };
    let live = Live::with_limits(limits).await;
    let mut events = EventStream::get(&live, "subscription { news { number } }").await;
    for _ in 0..3 {
        assert_eq!(events.next().await, Some(Event::Comment));
    }
}

#[tokio::test]
async fn one_stream_too_many_is_503() {
    let live = Live::with_limits(LiveLimits { connections: 1, ..LiveLimits::default() }).await;
    let document = "subscription { news { number } }";
    let first = EventStream::get(&live, document).await;
    let refused = EventStream::get(&live, document).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.json().await["errors"][0]["extensions"]["code"], "TOO_MANY_CONNECTIONS");
    let mut query = EventStream::get(&live, "{ one }").await;
    query.expect_next().await;
    drop(first);
    live.connections(0).await;
    assert_eq!(EventStream::get(&live, document).await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_stream_too_many_of_a_client_is_503_and_sockets_count_with_streams() {
    let limits = LiveLimits { connections_per_client: 1, ..LiveLimits::default() };
    let same = |_: &http::request::Parts| Some(std::net::Ipv4Addr::LOCALHOST.into());
    let live = Live::configured(limits, WebSockets::default(), |builder| builder.clients(same)).await;
    let document = "subscription { news { number } }";
    let first = EventStream::get(&live, document).await;
    assert_eq!(first.status, StatusCode::OK);
    let refused = EventStream::get(&live, document).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.json().await["errors"][0]["extensions"]["code"], "TOO_MANY_CONNECTIONS");
    let socket = Socket::open(&live, &[("sec-websocket-protocol", "graphql-transport-ws")]).await;
    assert_eq!(socket.unwrap_err().status, StatusCode::SERVICE_UNAVAILABLE);
    drop(first);
    live.connections(0).await;
    assert_eq!(EventStream::get(&live, document).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_given_up_and_memory_does_not_grow() {
    let live = Live::with_limits(LiveLimits {
        queue_bytes: 256 * 1024,
        write_timeout: Duration::from_millis(100),
        ..LiveLimits::default()
    })
    .await;
    let mut events = EventStream::get(&live, "subscription { flood }").await;
    live.connections(0).await;
    live.streams(0).await;
    assert!(live.newsroom.flooded.load(Ordering::SeqCst) <= 6);
    while let Some(event) = events.next().await {
        assert!(matches!(event, Event::Next(_)), "no complete: the stream was cut off");
    }
}

#[tokio::test]
async fn a_server_is_not_kept_from_shutting_down() {
    let live = Live::configured(LiveLimits::default(), WebSockets::default(), |builder| builder).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new().route("/graphql", live.gql.endpoint());
    let (shut_down, told) = oneshot::channel::<()>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = told.await;
    });
    let server = tokio::spawn(async move { serving.await });
    let mut client = TcpStream::connect(address).await.unwrap();
    let request = "GET /graphql?query=subscription%7Bnews%7Bnumber%7D%7D HTTP/1.1\r\nhost: x\r\n\
        accept: text/event-stream\r\n\r\n";
    client.write_all(request.as_bytes()).await.unwrap();
    live.streams(1).await;

    live.gql.close_live();
    shut_down.send(()).unwrap();
    timeout(PATIENCE, server).await.unwrap().unwrap().unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, client.read_to_string(&mut answer)).await.unwrap().unwrap();
    // a stream that ends without `complete` makes clients come back
    assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("complete"), "{answer}");
    live.drained().await;
    let refused = EventStream::get(&live, "subscription { news { number } }").await;
    assert_eq!(refused.json().await["errors"][0]["extensions"]["code"], "SHUTTING_DOWN");
}
