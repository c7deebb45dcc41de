//! `extensions.cost`: what an operation costs, and what is left.

use async_graphql::{EmptyMutation, EmptySubscription, Executor, Object, Request, Schema, SimpleObject};
use futures_util::StreamExt;
use serde_json::json;
use stoa_graphql_http::{BuildError, Gql, GqlBuilder, Limits, LiveLimits, WebSockets};

use crate::{
    client::{GRAPHQL_RESPONSE, Server},
    live::{event_stream::EventStream, server::Live, socket::Socket},
    office::{self, BUCKET, Calls, Doorman},
};

fn told() -> Limits {
    Limits { cost_extension: true, ..Limits::default() }
}

fn office(doorman: Doorman) -> Server {
    Server::of(office::gql(doorman, &Calls::default()).limits(told()))
}

#[tokio::test]
async fn it_is_not_told_unless_asked_for() {
    let answer = Server::new().query("{ books(first: 5) { nodes { id } } }").await;
    answer.assert_ok();
    assert!(answer.json.get("extensions").is_none(), "{}", answer.text);
}

#[tokio::test]
async fn it_is_what_the_page_sizes_say() {
    let server = Server::with_limits(told());
    for (document, cost) in [
        ("{ fast }", 0),
        ("{ place { name } }", 1),
        ("{ books(first: 5) { nodes { id } } }", 6),
        ("query($n: Int = 7) { books(first: $n) { nodes { author { name } } } }", 15),
        ("mutation { bump { value } }", 1),
    ] {
        let answer = server.query(document).await;
        answer.assert_ok();
        assert_eq!(
            answer.json["extensions"],
            json!({ "cost": { "requestedQueryCost": cost } }),
            "{document}"
        );
    }
    let given =
        json!({ "query": "query($n: Int) { books(first: $n) { nodes { id } } }", "variables": { "n": 3 } });
    assert_eq!(server.post(&given).await.json["extensions"]["cost"]["requestedQueryCost"], 4);
}

/// Lists without a page size.
struct Lists;

/// An entry of one.
#[derive(SimpleObject)]
struct Entry {
    id: i32,
}

#[Object]
impl Lists {
    /// Those that are asked for.
    async fn found(&self, ids: Vec<i32>) -> Vec<Entry> {
        ids.into_iter().map(|id| Entry { id }).collect()
    }
    /// All there are, which may be many.
    async fn all(&self) -> Vec<Entry> {
        Vec::new()
    }
    /// A few.
    async fn few(&self) -> Vec<Entry> {
        Vec::new()
    }
}

fn lists() -> GqlBuilder {
    Gql::builder(|| Schema::build(Lists, EmptyMutation, EmptySubscription)).limits(told())
}

#[tokio::test]
async fn a_list_without_a_page_size_costs_what_is_asked_for_or_a_page() {
    let server = Server::of(lists().unpaged("Lists.all"));
    for (document, cost) in [
        ("{ found(ids: [7, 7, 7]) { id } }", 4),
        ("{ found(ids: 7) { id } }", 2),
        ("{ found(ids: []) { id } }", 1),
        ("{ all { id } }", 51),
        ("{ few { id } }", 1),
        ("{ __schema { queryType { name } } }", 2),
        ("{ __schema { types { name } } }", 52),
    ] {
        let answer = server.query(document).await;
        answer.assert_ok();
        assert_eq!(answer.json["extensions"]["cost"]["requestedQueryCost"], cost, "{document}");
    }
    for (ids, cost) in [(json!([7, 7, 7]), 4), (json!(7), 2)] {
        let given =
            json!({ "query": "query($i: [Int!]!) { found(ids: $i) { id } }", "variables": { "i": ids } });
        assert_eq!(server.post(&given).await.json["extensions"]["cost"]["requestedQueryCost"], cost);
    }
    assert!(
        matches!(lists().unpaged("Entry.id").build(), Err(BuildError::NoList(name)) if &*name == "Entry.id")
    );
}

#[tokio::test]
async fn each_of_a_batch_has_its_own_and_errors_do_not_push_it_out() {
    let server = Server::with_limits(Limits { errors: 1, ..told() });
    let wrong = "{ a: book(id: 1) { rating } b: book(id: 3) { rating } }";
    let batch = json!([{ "query": "{ place { name } }" }, { "query": wrong }, { "query": "{ nothing }" }]);
    let answer = server.post(&batch).await;
    assert_eq!(answer.json[0]["extensions"], json!({ "cost": { "requestedQueryCost": 1 } }));
    let both = json!({ "cost": { "requestedQueryCost": 2 }, "errorsOmitted": 1 });
    assert_eq!(answer.json[1]["extensions"], both);
    // what is not valid costs nothing that anybody knew
    assert!(answer.json[2].get("extensions").is_none(), "{}", answer.text);
}

#[tokio::test]
async fn what_is_left_is_told_where_it_is_counted() {
    let doorman = Doorman::counting();
    let server = office(doorman.clone());
    let answer = server.query("{ pages(first: 3) { name } }").await;
    answer.assert_ok();
    let left = json!({
        "cost": {
            "requestedQueryCost": 1,
            "throttleStatus": { "maximumAvailable": BUCKET, "currentlyAvailable": 9, "restoreRate": 0.5 }
        }
    });
    assert_eq!(answer.json["extensions"], left);
    assert_eq!(answer.headers["ratelimit"], "\"cost\";r=9");
    // the hook was told the same
    assert_eq!(*doorman.asked.lock().unwrap(), [1]);
    assert_eq!(doorman.left(), 9);
}

#[tokio::test]
async fn who_does_not_tell_costs_says_what_is_left_in_headers_only() {
    let server = Server::of(office::gql(Doorman::counting(), &Calls::default()));
    let answer = server.query("{ pages { name } }").await;
    assert!(answer.json.get("extensions").is_none(), "{}", answer.text);
    assert_eq!(answer.headers["ratelimit"], "\"cost\";r=9");
}

#[tokio::test]
async fn of_a_subscription_the_first_event_tells() {
    let live = Live::configured(LiveLimits::default(), WebSockets::default(), |builder| {
        builder.limits(told()).request_data(Doorman::counting())
    })
    .await;
    let document = "subscription { count(to: 3) }";
    let mut events = EventStream::post(&live, document).await;
    assert_eq!(events.headers["ratelimit"], "\"cost\";r=10");
    let first = events.expect_next().await;
    assert_eq!(first["data"]["count"], 1);
    assert_eq!(first["extensions"]["cost"]["requestedQueryCost"], 0);
    assert_eq!(first["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"], 10);
    assert_eq!(events.expect_next().await, json!({ "data": { "count": 2 } }));
    assert_eq!(events.expect_next().await, json!({ "data": { "count": 3 } }));
    events.expect_complete().await;
    let mut socket = Socket::ready(&live).await;
    socket.subscribe("1", document).await;
    assert_eq!(socket.expect("1", "next").await["extensions"]["cost"]["requestedQueryCost"], 0);
    assert_eq!(socket.expect("1", "next").await, json!({ "data": { "count": 2 } }));
}

#[tokio::test]
async fn code_of_the_process_hears_it_too() {
    let server = office(Doorman::counting());
    let answer = server.gql.execute(Request::new("{ pages { name } }")).await;
    let cost = answer.extensions["cost"].clone().into_json().unwrap();
    assert_eq!(cost, json!({ "requestedQueryCost": 1 }), "and takes nothing");
    let events = server.gql.execute_stream(Request::new("subscription { ticks }"), None);
    let told: Vec<_> = events.map(|event| event.extensions.contains_key("cost")).collect().await;
    assert_eq!(told, [true, false, false]);
}

#[tokio::test]
async fn media_types_do_not_matter() {
    let server = office(Doorman::counting());
    let body = json!({ "query": "{ fast }" }).to_string();
    let texts = [GRAPHQL_RESPONSE, "application/json"].map(|accept| server.post_bytes(body.clone(), accept));
    let [one, other] = futures_util::future::join_all(texts).await.try_into().unwrap();
    assert_eq!(one.text, other.text);
    let expected = r#"{"data":{"fast":1},"extensions":{"cost":{"requestedQueryCost":0,"throttleStatus":{"maximumAvailable":10,"currentlyAvailable":10,"restoreRate":0.5}}}}"#;
    assert_eq!(one.text, expected);
}
