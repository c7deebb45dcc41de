//! Whoever keeps a connection open is asked for again.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_graphql::{Request, parser::types::OperationType};
use futures_util::{FutureExt, future::BoxFuture};
use http::request::Parts;
use serde_json::json;
use stoa_graphql_http::{Gql, Lapsed, LiveLimits, Operation, RequestData, WebSockets};

use crate::{
    client::Server,
    live::{
        event_stream::{Event, EventStream},
        newsroom::{Newsroom, Viewer},
        server::{Live, until},
        socket::Socket,
    },
};

const NEWS: &str = "subscription { news { number } }";

/// Somebody whose standing a test changes.
#[derive(Clone)]
struct Door {
    standing: Arc<Mutex<Result<&'static str, Lapsed>>>,
    asked: Arc<AtomicUsize>,
    refused: Arc<Mutex<Vec<String>>>,
}

impl Door {
    fn open_for(name: &'static str) -> Self {
        Self { standing: Arc::new(Mutex::new(Ok(name))), asked: Arc::default(), refused: Arc::default() }
    }

    fn say(&self, standing: Result<&'static str, Lapsed>) {
        *self.standing.lock().unwrap() = standing;
    }

    /// Waits until it was asked so often from now on.
    async fn is_asked(&self, times: usize) {
        let enough = self.asked.load(Ordering::SeqCst) + times;
        until(|| self.asked.load(Ordering::SeqCst) >= enough).await;
    }

    async fn of(&self, live: LiveLimits) -> Live {
        let door = self.clone();
        Live::configured(live, WebSockets::default(), |builder| builder.request_data(door)).await
    }
}

/// What a renewed handshake says.
#[derive(Clone)]
struct Name(&'static str);

impl RequestData for Door {
    fn attach(&self, parts: &Parts, _: &Operation<'_>, request: Request) -> Request {
        match parts.extensions.get::<Name>() {
            Some(Name(name)) => request.data(Viewer((*name).to_owned())),
            None => request,
        }
    }

    fn renew<'a>(&'a self, parts: &'a Parts) -> Option<BoxFuture<'a, Result<Parts, Lapsed>>> {
        let renewed = async {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let name = (*self.standing.lock().unwrap())?;
            let mut parts = parts.clone();
            parts.extensions.insert(Name(name));
            Ok(parts)
        };
        Some(renewed.boxed())
    }

    fn refused(&self, code: &str) {
        self.refused.lock().unwrap().push(code.to_owned());
    }
}

#[tokio::test]
async fn each_operation_of_a_socket_is_of_whom_they_are_by_then() {
    let door = Door::open_for("ada");
    let live = door.of(LiveLimits::default()).await;
    let mut socket = Socket::ready(&live).await;
    for name in ["ada", "grace"] {
        door.say(Ok(name));
        socket.subscribe("1", "{ viewer }").await;
        assert_eq!(socket.expect("1", "next").await, json!({ "data": { "viewer": name } }));
        socket.expect("1", "complete").await;
    }
    for (lapsed, code) in [(Lapsed::Over, "UNAUTHENTICATED"), (Lapsed::Unknown, "SERVICE_UNAVAILABLE")] {
        door.say(Err(lapsed));
        for document in ["{ one }", "mutation { bump }", NEWS] {
            socket.subscribe("1", document).await;
            socket.expect_error("1", code).await;
            socket.expect_nothing().await;
        }
    }
    assert_eq!(live.newsroom.counter.load(Ordering::SeqCst), 0, "nothing has run");
    assert_eq!(door.refused.lock().unwrap().len(), 6);
    door.say(Ok("ada"));
    socket.subscribe("1", "mutation { bump }").await;
    socket.expect("1", "next").await;
}

/// Whose every mutation signs them out.
struct SignsOut(Door);

impl RequestData for SignsOut {
    fn attach(&self, parts: &Parts, operation: &Operation<'_>, request: Request) -> Request {
        if operation.kind == OperationType::Mutation {
            self.0.say(Err(Lapsed::Over));
        }
        self.0.attach(parts, operation, request)
    }

    fn renew<'a>(&'a self, parts: &'a Parts) -> Option<BoxFuture<'a, Result<Parts, Lapsed>>> {
        self.0.renew(parts)
    }
}

#[tokio::test]
async fn a_batch_does_not_go_on_for_whom_it_has_signed_out() {
    let (door, newsroom) = (Door::open_for("ada"), Newsroom::new());
    let (schema, of) = (newsroom.clone(), SignsOut(door.clone()));
    let server = Server::of(Gql::builder(move || schema.schema()).request_data(of));
    let batch = ["{ one }", "mutation { bump }", "{ viewer }", "mutation { bump }"];
    let batch: Vec<_> = batch.iter().map(|document| json!({ "query": document })).collect();
    let answer = server.post_bytes(json!(batch).to_string(), "application/json").await.json;
    assert_eq!(answer[0]["data"]["one"], 1, "{answer}");
    assert!(answer[1].get("errors").is_none(), "{answer}");
    for late in [&answer[2], &answer[3]] {
        assert_eq!(late["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
    }
    assert_eq!(newsroom.counter.load(Ordering::SeqCst), 1);
    assert_eq!(door.asked.load(Ordering::SeqCst), 3, "not before the first");
}

#[tokio::test]
async fn a_subscription_ends_before_an_event_that_its_caller_may_not_have() {
    let door = Door::open_for("ada");
    let live = door.of(LiveLimits::default()).await;
    for (lapsed, code) in [(Lapsed::Over, "UNAUTHENTICATED"), (Lapsed::Unknown, "SERVICE_UNAVAILABLE")] {
        door.say(Ok("ada"));
        let mut socket = Socket::ready(&live).await;
        socket.subscribe("1", NEWS).await;
        let mut events = EventStream::post(&live, NEWS).await;
        live.streams(2).await;
        live.publish(1);
        let first = json!({ "data": { "news": { "number": 1 } } });
        assert_eq!(socket.expect("1", "next").await, first);
        assert_eq!(events.expect_next().await, first);

        door.say(Err(lapsed));
        live.publish(2);
        socket.expect_error("1", code).await;
        socket.expect_nothing().await;
        let last = events.expect_next().await;
        assert_eq!(last["errors"][0]["extensions"]["code"], code, "{last}");
        assert!(last.get("data").is_none(), "{last}");
        events.expect_complete().await;
        live.streams(0).await;
    }
}

#[tokio::test]
async fn one_that_is_silent_ends_as_well() {
    let door = Door::open_for("ada");
    let keep_alive = Duration::from_millis(20);
    let live = door.of(LiveLimits { keep_alive, ..LiveLimits::default() }).await;
    let mut events = EventStream::post(&live, NEWS).await;
    live.streams(1).await;
    // As long as nobody knows, nothing is told and nothing ends.
    door.say(Err(Lapsed::Unknown));
    door.is_asked(3).await;
    door.say(Ok("ada"));
    door.is_asked(2).await;
    live.publish(1);
    let mut next = async || loop {
        match events.next().await {
            Some(Event::Comment) => {}
            other => return other,
        }
    };
    assert_eq!(next().await, Some(Event::Next(json!({ "data": { "news": { "number": 1 } } }))));
    door.say(Err(Lapsed::Over));
    let Some(Event::Next(last)) = next().await else { panic!("it ends without a word") };
    assert_eq!(last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(next().await, Some(Event::Complete));
    live.streams(0).await;
}
