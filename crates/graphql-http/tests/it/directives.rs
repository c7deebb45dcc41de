//! `@defer` and `@inContext`.

use serde_json::json;

use crate::client::Server;

#[tokio::test]
async fn deferred_fragments_are_answered_in_one_piece() {
    let server = Server::new();
    let documents = [
        "{ fast ... @defer { page } }",
        "{ fast ... on Query @defer(if: true, label: \"late\") { page } }",
        "{ fast ...F @defer(label: \"late\") } fragment F on Query { page }",
        "query($later: Boolean = true) { fast ...F @defer(if: $later) } fragment F on Query { page }",
    ];
    for document in documents {
        assert_eq!(*server.query(document).await.assert_ok(), json!({ "fast": 2, "page": 20 }), "{document}");
    }
}

#[tokio::test]
async fn defer_in_the_wrong_place_or_with_wrong_arguments_is_refused() {
    let server = Server::new();
    for document in [
        "{ fast @defer }",
        "query @defer { fast }",
        "{ ... @defer(if: \"yes\") { fast } }",
        "{ ... @defer(unless: true) { fast } }",
        "query($x: String) { ... @defer(if: $x) { fast } }",
        "{ ... @defer @defer { fast } }",
    ] {
        server.query(document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

async fn context(document: &str, variables: serde_json::Value) -> String {
    let answer = Server::new().query_with(document, variables).await;
    answer.assert_ok()["context"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn resolvers_read_the_context_that_the_operation_asks_for() {
    assert_eq!(
        context("query @inContext(country: DE, language: EN, preferredLocationId: 7) { context }", json!({}))
            .await,
        "InContext { country: Some(\"DE\"), language: Some(\"EN\"), buyer: None, preferred_location_id: Some(\"7\"), visitor_consent: None }"
    );
    let document = "query($c: Country, $l: Language = DE, $b: Reader, $v: Consent) \
        @inContext(country: $c, language: $l, buyer: $b, visitorConsent: $v) { context }";
    let variables = json!({ "c": "US", "b": { "card": "x" }, "v": { "analytics": true } });
    let read = context(document, variables).await;
    for part in [
        "country: Some(\"US\")",
        "language: Some(\"DE\")",
        "card",
        "analytics",
        "preferred_location_id: None",
    ] {
        assert!(read.contains(part), "{read}");
    }
    let none = "InContext { country: None, language: None, buyer: None, preferred_location_id: None, visitor_consent: None }";
    assert_eq!(context("{ context }", json!({})).await, none);
    assert_eq!(
        context("query($c: Country) @inContext(country: $c) { context }", json!({ "c": null })).await,
        none
    );
}

#[tokio::test]
async fn mutations_take_the_context_too() {
    let server = Server::new();
    server.query("mutation @inContext(country: DE) { bump { value } }").await.assert_ok();
}

#[tokio::test]
async fn unknown_arguments_and_values_of_the_context_are_refused() {
    let server = Server::new();
    for document in [
        "query @inContext(country: XX) { fast }",
        "query @inContext(country: \"DE\") { fast }",
        "query @inContext(planet: EARTH) { fast }",
        "query @inContext(buyer: { name: \"x\" }) { fast }",
        "query($c: Language) @inContext(country: $c) { fast }",
        "{ fast @inContext(country: DE) }",
    ] {
        server.query(document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
    let document = "query($c: Country) @inContext(country: $c) { fast }";
    server.query_with(document, json!({ "c": "XX" })).await.assert_refused("BAD_USER_INPUT");
}

#[tokio::test]
async fn introspection_and_sdl_list_both_directives_and_their_types() {
    let answer = Server::new()
        .query("{ __schema { directives { name locations args { name type { name } } } types { name } } }")
        .await;
    let schema = &answer.assert_ok()["__schema"];
    let directive = |name: &str| {
        schema["directives"]
            .as_array()
            .unwrap()
            .iter()
            .find(|each| each["name"] == name)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(directive("defer")["locations"], json!(["FRAGMENT_SPREAD", "INLINE_FRAGMENT"]));
    assert_eq!(directive("inContext")["locations"], json!(["QUERY", "MUTATION"]));
    let country = json!({ "name": "country", "type": { "name": "Country" } });
    assert!(directive("inContext")["args"].as_array().unwrap().contains(&country), "{}", answer.text);
    assert!(schema["types"].as_array().unwrap().contains(&json!({ "name": "Consent" })), "{}", answer.text);
    assert!(!answer.text.contains("nullOnError"), "our own device stays hidden");

    let gql = crate::library::gql(&crate::library::Ledger::default()).build().unwrap();
    assert!(
        gql.sdl()
            .contains("directive @defer(if: Boolean, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT")
    );
    assert!(gql.sdl().contains("directive @inContext(country: Country, language: Language, buyer: Reader, "));
    assert!(gql.sdl().contains("enum Country"));
    assert!(!gql.sdl().contains("nullOnError"));
}

#[test]
fn a_field_to_be_nulled_must_be_a_nullable_field() {
    for wrong in ["Child.bad", "Child.nothing", "Nothing.x", "Child"] {
        let gql = crate::library::gql(&crate::library::Ledger::default()).null_on_error(wrong).build();
        assert_eq!(
            gql.err().map(|error| error.to_string()),
            Some(format!("\"{wrong}\" is not a nullable field of the schema"))
        );
    }
}

#[tokio::test]
async fn a_client_cannot_use_the_devices_of_the_executor() {
    Server::new().query("{ fast @nullOnError }").await.assert_refused("GRAPHQL_VALIDATION_FAILED");
}
