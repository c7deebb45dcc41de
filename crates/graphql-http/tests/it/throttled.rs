//! Who has asked for too much is told so, and when to come again; nothing runs meanwhile.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use http::{StatusCode, header};
use serde_json::json;
use stoa_graphql_http::{GqlBuilder, Limits, LiveLimits, LiveTransport, WebSockets};

use crate::{
    client::{GRAPHQL_RESPONSE, Server},
    live::{event_stream::EventStream, server::Live, socket::Socket},
    office::{self, Calls, Doorman, Mood},
};

/// Costs 6 of the 10 there are.
const SIX: &str = "{ named { name } a: named { name } b: named { name } c: named { name } d: named { name } e: named { name } }";

fn office(doorman: &Doorman) -> Server {
    Server::of(office::gql(doorman.clone(), &Calls::default()))
}

#[tokio::test]
async fn too_much_is_429_under_every_media_type_and_says_when_again() {
    let doorman = Doorman::counting();
    let server = office(&doorman);
    server.query(SIX).await.assert_ok();
    for accept in [GRAPHQL_RESPONSE, "application/json"] {
        let answer = server.post_bytes(json!({ "query": SIX }).to_string(), accept).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::TOO_MANY_REQUESTS, "THROTTLED"),
            "{}",
            answer.text
        );
        // not a moment too early
        assert_eq!(answer.header(header::RETRY_AFTER), "2");
        assert_eq!(answer.json["errors"][0]["extensions"], json!({ "code": "THROTTLED", "retryAfter": 2 }));
        assert_eq!(answer.headers["ratelimit"], "\"cost\";r=4");
        assert!(
            answer.json.get("data").is_none() && answer.json.get("extensions").is_none(),
            "{}",
            answer.text
        );
    }
    assert_eq!(doorman.left(), 4, "what is refused takes nothing");
    server.query("{ pages { name } }").await.assert_ok();
    assert_eq!(*doorman.refused.lock().unwrap(), ["THROTTLED", "THROTTLED"]);
    assert_eq!(doorman.finished.load(Ordering::SeqCst), 2, "what is refused did not run");
}

#[tokio::test]
async fn where_costs_are_told_a_refusal_tells_them() {
    let doorman = Doorman::counting();
    let limits = Limits { cost_extension: true, ..Limits::default() };
    let server = Server::of(office::gql(doorman, &Calls::default()).limits(limits));
    server.query(SIX).await.assert_ok();
    let answer = server.query(SIX).await;
    let cost = json!({
        "requestedQueryCost": 6,
        "throttleStatus": { "maximumAvailable": 10, "currentlyAvailable": 4, "restoreRate": 0.5 }
    });
    assert_eq!(answer.json["extensions"], json!({ "cost": cost }), "{}", answer.text);
}

#[tokio::test]
async fn what_never_fits_is_too_costly_and_not_to_be_sent_again() {
    let doorman = Doorman::counting();
    let server = office(&doorman);
    let answer = server.query("{ pages { name } }").await;
    answer.assert_ok();
    let eleven: String = (0..11).map(|n| format!("a{n}: pages {{ name }} ")).collect();
    let answer = server.query(&format!("{{ {eleven} }}")).await;
    answer.assert_refused("QUERY_TOO_COSTLY");
    assert!(answer.headers.get(header::RETRY_AFTER).is_none());
    assert!(answer.json["errors"][0]["extensions"].get("retryAfter").is_none(), "{}", answer.text);
    assert_eq!(doorman.left(), 9);
}

#[tokio::test]
async fn a_mutation_that_is_refused_has_not_run() {
    let doorman = Doorman::counting();
    *doorman.bucket.as_ref().unwrap().lock().unwrap() = 0;
    let server = Server::configured(|builder| builder.request_data(doorman));
    let answer = server.query("mutation { bump { value } }").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, "THROTTLED"));
    assert_eq!(server.counter(), 0);
}

#[tokio::test]
async fn each_of_a_batch_is_counted_and_the_headers_say_what_is_left_at_its_end() {
    let doorman = Doorman::counting();
    let server = office(&doorman);
    let batch = json!([{ "query": SIX }, { "query": SIX }, { "query": "{ pages { name } }" }, { "query": "{ nothing }" }]);
    let answer = server.post(&batch).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.json[0].get("errors").is_none(), "{}", answer.text);
    assert_eq!(answer.json[1]["errors"][0]["extensions"], json!({ "code": "THROTTLED", "retryAfter": 2 }));
    assert!(answer.json[2].get("errors").is_none(), "{}", answer.text);
    let told: Vec<_> = answer.headers.get_all("ratelimit").iter().collect();
    assert_eq!(told, ["\"cost\";r=3"]);
    assert!(answer.headers.get(header::RETRY_AFTER).is_none(), "the request as a whole went well");
    assert_eq!(*doorman.asked.lock().unwrap(), [6, 6, 1], "what is not valid is not counted");
}

#[tokio::test]
async fn many_at_once_get_what_there_is_and_no_more() {
    let doorman = Doorman::counting();
    let server = Arc::new(office(&doorman));
    let all = (0..20).map(|_| {
        let server = Arc::clone(&server);
        tokio::spawn(async move { server.query("{ pages { name } named { name } }").await.status })
    });
    let statuses = futures_util::future::join_all(all.collect::<Vec<_>>()).await;
    let let_in = statuses.into_iter().filter(|status| *status.as_ref().unwrap() == StatusCode::OK).count();
    assert_eq!((let_in, doorman.left()), (5, 0));
}

fn empty(builder: GqlBuilder) -> GqlBuilder {
    let doorman = Doorman::counting();
    *doorman.bucket.as_ref().unwrap().lock().unwrap() = 0;
    builder.request_data(doorman)
}

#[tokio::test]
async fn a_stream_and_a_socket_say_so_in_their_own_way() {
    let live = Live::configured(LiveLimits::default(), WebSockets::default(), empty).await;
    let document = "subscription { news { number } }";
    let mut events = EventStream::post(&live, document).await;
    assert_eq!(events.status, StatusCode::OK);
    assert_eq!(events.headers["ratelimit"], "\"cost\";r=0");
    assert!(events.headers.get(header::RETRY_AFTER).is_none());
    let event = events.expect_next().await;
    assert_eq!(event["errors"][0]["extensions"], json!({ "code": "THROTTLED", "retryAfter": 2 }));
    events.expect_complete().await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", document).await;
    let errors = socket.expect("1", "error").await;
    assert_eq!(errors[0]["extensions"], json!({ "code": "THROTTLED", "retryAfter": 2 }));
    live.streams(0).await;
    assert_eq!(live.gql.live_count(LiveTransport::WebSocket).subscriptions, 0, "its place is free again");
}

#[tokio::test]
async fn a_subscription_is_counted_once_and_not_where_there_is_no_place_for_it() {
    let doorman = Doorman::counting();
    let limits = LiveLimits { subscriptions: 1, ..LiveLimits::default() };
    let counted = doorman.clone();
    let live =
        Live::configured(limits, WebSockets::default(), move |builder| builder.request_data(counted)).await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", "subscription { news { number } }").await;
    live.streams(1).await;
    socket.subscribe("2", "subscription { news { number } }").await;
    socket.expect_error("2", "TOO_MANY_OPERATIONS").await;
    for number in 0..3 {
        live.publish(number);
        socket.expect("1", "next").await;
    }
    assert_eq!((doorman.left(), doorman.asked.lock().unwrap().len()), (9, 1));
    // what is no subscription is counted once, too
    EventStream::post(&live, "{ one }").await.expect_next().await;
    assert_eq!(doorman.asked.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_door_at_which_nobody_answers_is_a_timeout() {
    let doorman = Doorman { mood: Mood::Silent, ..Doorman::default() };
    let limits = Limits { timeout: Duration::from_secs(5), ..Limits::default() };
    let server = Server::of(office::gql(doorman.clone(), &Calls::default()).limits(limits));
    let answer = server.query("{ fast }").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT"));
    assert_eq!(doorman.finished.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_bug_at_the_door_is_a_fault_and_lets_nobody_in() {
    let doorman = Doorman { mood: Mood::Panics, ..Doorman::default() };
    let answer = office(&doorman).query("{ fast }").await;
    assert_eq!((answer.status, answer.code()), (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"));
    assert!(!answer.text.contains("hunter2"), "{}", answer.text);
}
