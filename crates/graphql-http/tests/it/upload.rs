//! async-graphql's `Upload` panics on a string that any client may send (stack.md 5.2.5). A schema that has it must not.

use async_graphql::{EmptySubscription, Object, Request, Schema, Upload, Variables};
use serde_json::json;
use stoa_graphql_http::Gql;

struct Query;

/// Nothing to read.
#[Object]
impl Query {
    /// Always true.
    async fn ok(&self) -> bool {
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

#[tokio::test]
async fn the_upload_trick_is_bad_input_not_a_panic() {
    let gql = Gql::builder(|| Schema::build(Query, Mutation, EmptySubscription)).build().unwrap();
    let document = "mutation($f: Upload!) { attach(file: $f) }";
    for trick in ["#__graphql_file__:0", "#__graphql_file__:99999999999999999999", "plain"] {
        let request = Request::new(document).variables(Variables::from_json(json!({ "f": trick })));
        let response = async_graphql::Executor::execute(&gql, request).await;
        let code =
            response.errors[0].extensions.as_ref().and_then(|extensions| extensions.get("code").cloned());
        assert_eq!(code, Some("BAD_USER_INPUT".into()), "{response:?}");
        let literal = Request::new(format!("mutation {{ attach(file: \"{trick}\") }}"));
        let response = async_graphql::Executor::execute(&gql, literal).await;
        let code =
            response.errors[0].extensions.as_ref().and_then(|extensions| extensions.get("code").cloned());
        assert_eq!(code, Some("GRAPHQL_VALIDATION_FAILED".into()), "{response:?}");
    }
}
