//! The guards in front of transports other than HTTP, on a schema with files and a subscription.

use async_graphql::{Executor, Object, Request, Response, Schema, Subscription, Upload, Variables};
use futures_util::{Stream, StreamExt, stream};
use serde_json::json;
use stoa_graphql_http::{Gql, InContext};

struct Query;

/// Nothing to read.
#[Object]
impl Query {
    /// Whether the context was attached.
    async fn in_context(&self, ctx: &async_graphql::Context<'_>) -> bool {
        ctx.data_opt::<InContext>().is_some()
    }
    /// What the transport attached.
    async fn attached(&self, ctx: &async_graphql::Context<'_>) -> Option<i32> {
        ctx.data_opt::<i32>().copied()
    }
    /// Panics.
    async fn panics(&self) -> bool {
        assert!(std::hint::black_box(false), "a bug");
        true
    }
}

struct Mutation;

/// Takes files.
#[Object]
impl Mutation {
    /// Takes one file.
    async fn attach(&self, ctx: &async_graphql::Context<'_>, file: Upload) -> std::io::Result<String> {
        Ok(file.value(ctx)?.filename)
    }
}

struct Ticks;

/// Counts.
#[Subscription]
impl Ticks {
    /// Counts to a number, then fails.
    async fn ticks(&self, to: i32) -> impl Stream<Item = Result<i32, async_graphql::Error>> {
        let counted = stream::iter((1..=to).map(Ok));
        counted.chain(stream::once(async { Err("password=hunter2".into()) }))
    }
}

fn gql() -> Gql {
    Gql::builder(|| Schema::build(Query, Mutation, Ticks)).build().unwrap()
}

fn code(response: &Response) -> Option<String> {
    let code = response.errors.first()?.extensions.as_ref()?.get("code")?.clone();
    code.into_json().ok()?.as_str().map(str::to_owned)
}

#[tokio::test]
async fn data_of_the_transport_arrives_and_the_context_is_added() {
    let request = Request::new("{ inContext attached }").data(7);
    let response = Executor::execute(&gql(), request).await;
    assert_eq!(response.data.into_json().unwrap(), json!({ "inContext": true, "attached": 7 }));
}

#[tokio::test]
async fn refusals_and_panics_have_codes_here_too() {
    for (document, expected) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ panics }", "INTERNAL"),
        ("subscription { ticks(to: 1) }", "OPERATION_RESOLUTION_FAILURE"),
    ] {
        let response = Executor::execute(&gql(), Request::new(document)).await;
        assert_eq!(code(&response).as_deref(), Some(expected), "{response:?}");
    }
}

#[tokio::test]
async fn a_subscription_is_guarded_and_its_faults_are_masked() {
    let request = Request::new("subscription($to: Int!) { ticks(to: $to) }")
        .variables(Variables::from_json(json!({ "to": 2 })));
    let responses: Vec<Response> = Executor::execute_stream(&gql(), request, None).collect().await;
    assert_eq!(responses.len(), 3, "{responses:?}");
    assert_eq!(responses[1].data.clone().into_json().unwrap(), json!({ "ticks": 2 }));
    assert_eq!(code(&responses[2]).as_deref(), Some("INTERNAL"));
    assert_eq!(responses[2].errors[0].message, "internal error");

    let request = Request::new("subscription { ticks(to: \"2\") }");
    let responses: Vec<Response> = Executor::execute_stream(&gql(), request, None).collect().await;
    assert_eq!(code(&responses[0]).as_deref(), Some("GRAPHQL_VALIDATION_FAILED"), "{responses:?}");
}

#[tokio::test]
async fn the_upload_trick_is_bad_input_not_a_panic() {
    // stack.md 5.2.5: any client may send this string, and async-graphql reads a file at that index
    let document = "mutation($f: Upload!) { attach(file: $f) }";
    for trick in ["#__graphql_file__:0", "#__graphql_file__:99999999999999999999", "plain"] {
        let request = Request::new(document).variables(Variables::from_json(json!({ "f": trick })));
        let response = Executor::execute(&gql(), request).await;
        assert_eq!(code(&response).as_deref(), Some("BAD_USER_INPUT"), "{response:?}");
        let literal = Request::new(format!("mutation {{ attach(file: \"{trick}\") }}"));
        let response = Executor::execute(&gql(), literal).await;
        assert_eq!(code(&response).as_deref(), Some("GRAPHQL_VALIDATION_FAILED"), "{response:?}");
    }
}
