//! Two schemas of one server: what bounds it and what ends it is the same for both.

use http::{Request, header};
use serde_json::json;
use stoa_graphql_http::{Gql, Limits, LiveLimits};

use crate::{
    client::{Answer, Server},
    live::newsroom::Newsroom,
};

async fn follow(server: &Server) -> Answer {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "text/event-stream");
    let body = json!({ "query": "subscription { count(to: 1) }" }).to_string();
    server.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn they_share_their_bounds() {
    let newsroom = Newsroom::new();
    let schema = {
        let newsroom = newsroom.clone();
        move || newsroom.schema()
    };
    let live = LiveLimits { subscriptions: 0, ..LiveLimits::default() };
    let first = Server::of(Gql::builder(schema.clone()).limits(Limits { live, ..Limits::default() }));
    let alone = Server::of(Gql::builder(schema.clone()));
    let second = Server::of(Gql::builder(schema).together_with(&first.gql));
    assert!(follow(&alone).await.text.contains("\"count\":1"));
    for server in [&first, &second] {
        let answer = follow(server).await;
        assert!(answer.text.contains("TOO_MANY_OPERATIONS"), "{}", answer.text);
    }
}

#[tokio::test]
async fn one_that_is_built_after_the_end_has_begun_opens_nothing() {
    let newsroom = Newsroom::new();
    let schema = move || newsroom.schema();
    let first = Server::of(Gql::builder(schema.clone()));
    first.gql.close_live();
    let second = Server::of(Gql::builder(schema).together_with(&first.gql));
    let answer = follow(&second).await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(answer.text.contains("SHUTTING_DOWN"), "{}", answer.text);
    second.gql.drain().await;
}
