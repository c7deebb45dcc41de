//! Bounds on WebSockets: size, number, silence, and the end of the server.

use std::{sync::atomic::Ordering, time::Duration};

use http::StatusCode;
use serde_json::json;
use stoa_graphql_http::{Limits, LiveCount, LiveLimits, LiveTransport, WebSockets};
use tokio_tungstenite::tungstenite::Message;

use crate::live::{
    server::{Live, PATIENCE, until},
    socket::{Refused, Socket},
};

const SUBPROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

#[tokio::test]
async fn a_message_over_the_limit_closes_the_socket() {
    let live = Live::with_limits(LiveLimits { message_bytes: 1_000, ..LiveLimits::default() }).await;
    let mut socket = Socket::ready(&live).await;
    let padding = |bytes: usize| json!({ "type": "ping", "payload": { "x": "x".repeat(bytes) } });
    socket.send(&padding(900)).await;
    assert_eq!(socket.next().await["type"], "pong");
    socket.send(&padding(100_000)).await;
    assert_eq!(socket.expect_close(1009).await, "Message is too large");
}

#[tokio::test]
async fn one_operation_too_many_is_an_error_of_its_own() {
    let live = Live::with_limits(LiveLimits { operations: 2, ..LiveLimits::default() }).await;
    let mut socket = Socket::ready(&live).await;
    for id in ["1", "2"] {
        socket.subscribe(id, "subscription { news { number } }").await;
    }
    socket.subscribe("3", "{ one }").await;
    socket.expect_error("3", "TOO_MANY_OPERATIONS").await;
    socket.complete("1").await;
    socket.subscribe("3", "{ one }").await;
    socket.expect("3", "next").await;
    socket.expect("3", "complete").await;
}

/// Ids that are free again at once bound nothing by themselves: what a client completes runs on, if it is a mutation.
#[tokio::test]
async fn mutations_that_nobody_waits_for_count_until_they_have_ended() {
    let live = Live::with_limits(LiveLimits { operations: 2, ..LiveLimits::default() }).await;
    let mut socket = Socket::ready(&live).await;
    for begun in [1, 2] {
        socket.subscribe("same", "mutation { bumpLate }").await;
        live.waiting(begun).await;
        socket.complete("same").await;
    }
    for _ in 0..50 {
        socket.subscribe("same", "mutation { bumpLate }").await;
        socket.expect_error("same", "TOO_MANY_OPERATIONS").await;
    }
    assert_eq!(live.newsroom.waiting.load(Ordering::SeqCst), 2, "no other began");
    live.newsroom.gate.notify_waiters();
    until(|| live.newsroom.counter.load(Ordering::SeqCst) == 2).await;
    let free_again = async {
        loop {
            socket.subscribe("same", "{ one }").await;
            if socket.next().await["type"] == "next" {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, free_again).await.unwrap();
    socket.expect("same", "complete").await;
}

/// A client that comes again and again leaves no more behind than the whole server bears.
#[tokio::test]
async fn mutations_of_all_sockets_take_turns() {
    let limits = Limits { mutations: 1, timeout: PATIENCE, ..Limits::default() };
    let live =
        Live::configured(LiveLimits::default(), WebSockets::default(), |builder| builder.limits(limits))
            .await;
    let mut gone = Socket::ready(&live).await;
    gone.subscribe("1", "mutation { bumpLate }").await;
    live.waiting(1).await;
    drop(gone);
    live.connections(0).await;
    let mut next = Socket::ready(&live).await;
    next.subscribe("1", "mutation { bump }").await;
    next.expect_nothing().await;
    // What only reads needs no turn.
    next.subscribe("2", "{ one }").await;
    next.expect("2", "next").await;
    next.expect("2", "complete").await;
    assert_eq!(live.newsroom.counter.load(Ordering::SeqCst), 0);
    live.newsroom.gate.notify_waiters();
    assert_eq!(next.expect("1", "next").await, json!({ "data": { "bump": 2 } }));
}

#[tokio::test]
async fn one_subscription_too_many_of_all_sockets_is_refused_and_there_is_room_again() {
    let live = Live::with_limits(LiveLimits { subscriptions: 2, ..LiveLimits::default() }).await;
    let mut sockets = [Socket::ready(&live).await, Socket::ready(&live).await];
    for socket in &mut sockets {
        socket.subscribe("1", "subscription { news { number } }").await;
    }
    // Both run: each has its own socket, and a socket takes its messages one after the other.
    for socket in &mut sockets {
        socket.expect_nothing().await;
    }
    live.streams(2).await;
    sockets[0].subscribe("2", "subscription { news { number } }").await;
    sockets[0].expect_error("2", "TOO_MANY_OPERATIONS").await;
    sockets[0].subscribe("3", "{ one }").await;
    sockets[0].expect("3", "next").await;
    sockets[0].expect("3", "complete").await;
    sockets[1].complete("1").await;
    live.streams(1).await;
    sockets[0].subscribe("4", "subscription { news { number } }").await;
    live.streams(2).await;
}

#[tokio::test]
async fn what_is_open_is_counted_by_what_carries_it() {
    let live = Live::new().await;
    let becomes = async |connections, subscriptions| {
        let open = LiveCount { connections, subscriptions };
        let reached = async {
            while live.gql.live_count(LiveTransport::WebSocket) != open {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.unwrap();
    };
    let mut socket = Socket::ready(&live).await;
    becomes(1, 0).await;
    for id in ["1", "2"] {
        socket.subscribe(id, "subscription { news { number } }").await;
    }
    becomes(1, 2).await;
    socket.complete("1").await;
    becomes(1, 1).await;
    drop(socket);
    becomes(0, 0).await;
    assert_eq!(live.gql.live_count(LiveTransport::EventStream), LiveCount::default());
}

#[track_caller]
fn assert_unavailable(refused: &Refused, code: &str) {
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.body["errors"][0]["extensions"]["code"], code);
}

#[tokio::test]
async fn one_socket_too_many_is_503_and_there_is_room_again_when_one_closes() {
    let live = Live::with_limits(LiveLimits { connections: 1, ..LiveLimits::default() }).await;
    let first = Socket::ready(&live).await;
    let refused = Socket::open(&live, &[SUBPROTOCOL]).await.unwrap_err();
    assert_unavailable(&refused, "TOO_MANY_CONNECTIONS");
    drop(first);
    live.connections(0).await;
    Socket::ready(&live).await;
}

#[tokio::test]
async fn one_client_leaves_places_for_others() {
    let limits = LiveLimits { connections_per_client: 1, ..LiveLimits::default() };
    let by_header = |parts: &http::request::Parts| parts.headers.get("x-client")?.to_str().ok()?.parse().ok();
    let live = Live::configured(limits, WebSockets::default(), |b| b.clients(by_header)).await;
    let from = async |client| Socket::open(&live, &[SUBPROTOCOL, ("x-client", client)]).await;
    let first = from("192.0.2.1").await.unwrap();
    assert_unavailable(&from("192.0.2.1").await.unwrap_err(), "TOO_MANY_CONNECTIONS");
    let other = from("192.0.2.2").await.unwrap();
    // Whom nobody knows is bounded with all others.
    let unknown = [Socket::ready(&live).await, Socket::ready(&live).await];
    drop(first);
    live.connections(3).await;
    from("192.0.2.1").await.unwrap();
    drop((other, unknown));
}

#[tokio::test]
async fn a_socket_on_which_nothing_runs_is_closed_and_one_that_is_used_stays() {
    let limits = LiveLimits { idle: Duration::from_secs(1), ..LiveLimits::default() };
    let live = Live::with_limits(limits).await;
    let mut used = Socket::ready(&live).await;
    used.subscribe("1", "subscription { news { number } }").await;
    live.streams(1).await;
    // A heartbeat is no use.
    let mut idle = Socket::ready(&live).await;
    idle.expect_nothing().await;
    assert_eq!(idle.expect_close(1000).await, "Idle");
    used.expect_nothing().await;
    used.complete("1").await;
    assert_eq!(used.expect_close(1000).await, "Idle");
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut_off_and_memory_does_not_grow() {
    let live = Live::with_limits(LiveLimits {
        queue_bytes: 256 * 1024,
        write_timeout: Duration::from_millis(300),
        ..LiveLimits::default()
    })
    .await;
    let mut socket = Socket::ready(&live).await;
    for id in ["1", "2", "3"] {
        socket.subscribe(id, "subscription { flood }").await;
    }
    live.streams(3).await;
    live.streams(0).await;
    let flooded = live.newsroom.flooded.load(Ordering::SeqCst);
    // what the buffers of both kernels take is not ours to bound
    assert!(flooded < 1_000, "{flooded} pages of 64 KiB");
    live.connections(0).await;
}

#[tokio::test]
async fn a_client_that_takes_its_time_misses_nothing() {
    let live = Live::with_limits(LiveLimits { queue_bytes: 1_000, ..LiveLimits::default() }).await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "subscription { count(to: 5000) }").await;
    for n in 1..=5_000 {
        assert_eq!(socket.expect("1", "next").await, json!({ "data": { "count": n } }));
    }
    socket.expect("1", "complete").await;
}

#[tokio::test]
async fn a_client_that_answers_pings_stays_and_one_that_does_not_goes() {
    let limits = LiveLimits { keep_alive: Duration::from_secs(1), ..LiveLimits::default() };
    let live = Live::with_limits(limits).await;
    let mut lively = Socket::ready(&live).await;
    for _ in 0..3 {
        // reading answers it
        assert!(matches!(lively.receive().await, Message::Ping(_)));
    }
    lively.expect_nothing().await;
    drop(lively);

    let mut silent = Socket::ready(&live).await;
    silent.subscribe("1", "subscription { news { number } }").await;
    live.streams(1).await;
    live.streams(0).await;
    assert_eq!(silent.expect_close(4499).await, "Terminated");
}

#[tokio::test]
async fn a_server_that_shuts_down_says_so_and_takes_no_more() {
    let live = Live::new().await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "subscription { news { number } }").await;
    let mut fresh = Socket::connect(&live).await;
    live.streams(1).await;
    live.gql.close_live();
    assert_eq!(socket.expect_close(1001).await, "Going away");
    fresh.expect_close(1001).await;
    live.streams(0).await;
    let refused = Socket::open(&live, &[SUBPROTOCOL]).await.unwrap_err();
    assert_unavailable(&refused, "SHUTTING_DOWN");
    live.drained().await;
    assert_eq!(live.gql.live_connections(), 0);
}
