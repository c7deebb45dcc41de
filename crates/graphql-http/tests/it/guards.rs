//! What is refused before any resolver runs, however small or clever it is.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use serde_json::json;
use stoa_graphql_http::Limits;

use crate::client::Server;

#[tokio::test]
async fn a_fragment_bomb_is_refused_at_once() {
    // stack.md 5.2.1: 30 doublings, 1.2 kB; async-graphql's own limits take minutes
    let mut document = String::from("{ place { ...F0 } }");
    for level in 0..30 {
        let next = level + 1;
        let _ = write!(document, " fragment F{level} on Place {{ ...F{next} ...F{next} }}");
    }
    document.push_str(" fragment F30 on Place { name }");
    let started = Instant::now();
    Server::new().query(&document).await.assert_refused("QUERY_TOO_COSTLY");
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[tokio::test]
async fn fragment_cycles_are_refused_used_or_not() {
    let server = Server::new();
    for document in [
        "{ place { ...A } } fragment A on Place { within { ...A } }",
        "{ place { ...A } } fragment A on Place { ...B } fragment B on Place { ...A }",
        "{ place { name } } fragment A on Place { ...A }",
    ] {
        server.query(document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn a_chain_of_fragments_ends_before_the_stack_does() {
    let mut document = String::from("{ place { ...F0 } }");
    for level in 0..2000 {
        let _ = write!(document, " fragment F{level} on Place {{...F{}}}", level + 1);
    }
    document.push_str(" fragment F2000 on Place { name }");
    let limits = Limits { document_tokens: 100_000, document_bytes: 1_000_000, ..Limits::default() };
    Server::with_limits(limits).query(&document).await.assert_refused("QUERY_TOO_DEEP");
}

fn nested(levels: usize) -> String {
    format!("{{ place {} name {} }}", "{ within ".repeat(levels - 2) + "{", "}".repeat(levels - 1))
}

#[tokio::test]
async fn nesting_of_real_storefronts_passes_and_the_limit_is_twenty() {
    let server = Server::new();
    server.query(&nested(13)).await.assert_ok();
    server.query(&nested(20)).await.assert_ok();
    server.query(&nested(21)).await.assert_refused("QUERY_TOO_DEEP");
}

#[tokio::test]
async fn depth_hidden_in_fragments_counts() {
    let mut document = String::from("{ place { ...F0 } }");
    for level in 0..25 {
        let _ = write!(document, " fragment F{level} on Place {{ within {{ ...F{} }} }}", level + 1);
    }
    document.push_str(" fragment F25 on Place { name }");
    Server::new().query(&document).await.assert_refused("QUERY_TOO_DEEP");
}

#[tokio::test]
async fn brackets_nested_twenty_thousand_deep_are_refused_by_the_scan() {
    let limits = Limits { document_tokens: 100_000, ..Limits::default() };
    let server = Server::with_limits(limits);
    for (open, close) in [("{a", "}"), ("[", "]"), ("(", ")")] {
        let document = format!("{{ echo(ints: {}{}) }}", open.repeat(20_000), close.repeat(20_000));
        server.query(&document).await.assert_refused("QUERY_TOO_DEEP");
    }
}

#[tokio::test]
async fn aliases_and_directives_are_counted_after_expansion() {
    let server = Server::with_limits(Limits { aliases: 10, directives: 10, ..Limits::default() });
    let aliases = |count: usize| (0..count).fold(String::new(), |text, n| text + &format!(" a{n}: fast"));
    server.query(&format!("{{ {} }}", aliases(10))).await.assert_ok();
    server.query(&format!("{{ {} }}", aliases(11))).await.assert_refused("TOO_MANY_ALIASES");
    let in_fragment = "{ a: place { ...F } b: place { ...F } c: place { ...F } d: place { ...F } } fragment F on Place { x: name y: name }";
    server.query(in_fragment).await.assert_refused("TOO_MANY_ALIASES");
    let directives = |count: usize| format!("{{ fast {} }}", "@skip(if: false) ".repeat(count));
    server.query(&directives(11)).await.assert_refused("TOO_MANY_DIRECTIVES");
    let spread = format!(
        "{{ {} }} fragment F on Query {{ fast @skip(if: false) @include(if: true) }}",
        "...F ".repeat(6)
    );
    server.query(&spread).await.assert_refused("TOO_MANY_DIRECTIVES");
}

#[tokio::test]
async fn ten_megabytes_of_query_and_too_many_tokens_are_refused() {
    let server = Server::with_limits(Limits { body_bytes: 20_000_000, ..Limits::default() });
    let document = format!("{{ {} }}", "fast ".repeat(2_000_000));
    server.query(&document).await.assert_refused("DOCUMENT_TOO_LARGE");
    let document = format!("{{ {} }}", "a ".repeat(11_000));
    server.query(&document).await.assert_refused("DOCUMENT_TOO_LARGE");
}

#[tokio::test]
async fn a_field_repeated_five_thousand_times_is_resolved_once() {
    let server = Server::new();
    let document = format!("{{ {} }}", "need(n: 1) ".repeat(1200));
    assert_eq!(*server.query(&document).await.assert_ok(), json!({ "need": 1 }));
    assert_eq!(server.calls(), 1);
}

/// The shape of a well-known storefront's cart query: 100 lines, 250 variants of each, one object below each of
/// `lines` counted as there. Its static cost is 105,507.
const CART_SHAPE: &str = "query($lines: Int = 100) { a: place { ...L } b: place { name } c: place { name } d: place { name } \
    books(first: $lines) { edges { node { author { birthplace { name } } ...N } } } } \
    fragment L on Place { within { name } within2: within { name } } \
    fragment N on Book { \
        a1: author { name } a2: author { name } a3: author { name } a4: author { name } a5: author { name } \
        a6: author { name } a7: author { name } a8: author { name } a9: author { name } \
        images: related(first: 20) { edges { node { id } } } \
        variants: related(first: 250) { edges { node { author { birthplace { name } } } } } }";

#[tokio::test]
async fn a_query_for_100_lines_of_250_variants_passes() {
    // 7 above the lines; per line 15 and 20 x 2 and 250 x 4
    let server = Server::with_limits(Limits { cost: 105_506, ..Limits::default() });
    let refused = server.query(CART_SHAPE).await;
    refused.assert_refused("QUERY_TOO_COSTLY");
    assert!(refused.message().contains("105507 objects"), "{}", refused.message());
    assert_eq!(server.calls(), 0, "refused before any resolver");
    assert!(Limits::default().cost > 105_507);
    let defaults = Server::new();
    let answer = defaults.query_with(CART_SHAPE, json!({ "lines": 1 })).await;
    assert!(answer.json["data"]["books"].is_object(), "{}", answer.text);
}

#[tokio::test]
async fn cost_follows_page_sizes_wherever_they_come_from() {
    let server = Server::with_limits(Limits { cost: 1000, ..Limits::default() });
    let body = "{ nodes { author { name } } }";
    let cost = async |document: String, variables| {
        let answer = server.query_with(&document, variables).await;
        (answer.code().to_owned(), answer.message().to_owned())
    };
    let (code, message) = cost(format!("{{ books(first: 600) {body} }}"), json!({})).await;
    assert_eq!(code, "QUERY_TOO_COSTLY");
    assert!(message.contains("1201 objects"), "{message}");
    for (document, variables) in [
        (format!("query($n: Int) {{ books(first: $n) {body} }}"), json!({ "n": 600 })),
        (format!("query($n: Int = 600) {{ books(first: $n) {body} }}"), json!({})),
        (format!("query($n: Int) {{ books(last: $n) {body} }}"), json!({ "n": 600 })),
        (format!("query($n: Int) {{ books(first: 1, last: $n) {body} }}"), json!({ "n": 600 })),
    ] {
        assert_eq!(cost(document.clone(), variables).await.0, "QUERY_TOO_COSTLY", "{document}");
    }
    // schema default of 20, nested: 1 + 10 x (1 + 1 + 20 x 2); and the assumption of 50 where nothing is said
    let nested = format!("{{ books(first: 20) {{ nodes {{ related {body} }} }} }}");
    assert!(cost(nested, json!({})).await.1.is_empty());
    let nested = format!("{{ books {{ nodes {{ related {body} }} }} }}");
    assert!(cost(nested, json!({})).await.1.contains("2101 objects"));
}

#[tokio::test]
async fn absurd_page_sizes_do_not_overflow_the_cost() {
    let server = Server::new();
    let nested = |n: &str| {
        format!("{{ books(first: {n}) {{ nodes {{ related(first: {n}) {{ nodes {{ id }} }} }} }} }}")
    };
    for n in ["2147483647", "2147483646"] {
        server.query(&nested(n)).await.assert_refused("QUERY_TOO_COSTLY");
    }
    for n in ["9223372036854775807", "18446744073709551615", "1e300", "99999999999999999999999"] {
        server.query(&nested(n)).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
        let variable = "query($n: Int) { books(first: $n) { nodes { id } } }";
        let body = format!(r#"{{"query":"{variable}","variables":{{"n":{n}}}}}"#);
        server.post_bytes(body, crate::client::GRAPHQL_RESPONSE).await.assert_refused("BAD_USER_INPUT");
    }
    server.query("{ books(first: -1) { nodes { id } } }").await.assert_ok();
}

#[tokio::test]
async fn leaves_are_counted_too() {
    let server = Server::with_limits(Limits { resolved_fields: 1000, ..Limits::default() });
    let document = "{ books(first: 250) { nodes { id title } } }";
    server.query(document).await.assert_ok();
    let document = "{ books(first: 250) { nodes { id title a: title b: title } } }";
    server.query(document).await.assert_refused("QUERY_TOO_COSTLY");
}

/// What graphql-js, GraphiQL and code generators send.
const INTROSPECTION: &str = include_str!("introspection.graphql");

#[tokio::test]
async fn the_introspection_query_of_tools_passes() {
    let server = Server::new();
    let answer = server.query(INTROSPECTION).await;
    let types = answer.assert_ok()["__schema"]["types"].as_array().unwrap();
    assert!(types.iter().any(|ty| ty["name"] == "Book"));
}

#[tokio::test]
async fn introspection_that_walks_in_circles_is_refused() {
    let server = Server::new();
    let circles = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    server.query(circles).await.assert_refused("QUERY_TOO_DEEP");
    let aliases = (0..40).fold(String::new(), |text, n| text + &format!(" a{n}: types {{ name }}"));
    server.query(&format!("{{ __schema {{ {aliases} }} }}")).await.assert_refused("QUERY_TOO_COSTLY");
}

#[tokio::test]
async fn introspection_can_be_switched_off() {
    let server = Server::with_limits(Limits { introspection: false, ..Limits::default() });
    server.query(INTROSPECTION).await.assert_refused("INTROSPECTION_DISABLED");
    server
        .query("{ ... @include(if: true) { __type(name: \"Book\") { name } } }")
        .await
        .assert_refused("INTROSPECTION_DISABLED");
    server.query("{ __typename }").await.assert_ok();
}

#[tokio::test]
async fn strangers_get_no_suggestions() {
    let server = Server::new();
    for document in [
        "{ bock(id: 1) { id } }",
        "{ book(id: 1) { titel } }",
        "{ book(ids: 1) { id } }",
        "{ echo(genre: NOVELL) }",
    ] {
        let answer = server.query(document).await;
        answer.assert_refused("GRAPHQL_VALIDATION_FAILED");
        assert!(!answer.text.contains("Did you mean"), "{}", answer.text);
    }
}

#[tokio::test]
async fn errors_are_truncated_and_the_rest_is_counted() {
    // stack.md 5.2.6: one error per unknown field turned 54 kB into 638 kB
    let document = (0..2000).fold(String::from("{"), |text, n| text + &format!(" no{n}")) + " }";
    let answer = Server::new().query(&document).await;
    answer.assert_refused("GRAPHQL_VALIDATION_FAILED");
    assert_eq!(answer.json["errors"].as_array().map(Vec::len), Some(20));
    assert_eq!(answer.json["extensions"]["errorsOmitted"], 1980);
    assert!(answer.text.len() < 10_000);
}

#[tokio::test]
async fn errors_of_execution_are_truncated_too() {
    let answer = Server::new().query("{ books(first: 100) { nodes { id rating } } }").await;
    assert_eq!(answer.json["errors"].as_array().map(Vec::len), Some(20));
    assert_eq!(answer.json["extensions"]["errorsOmitted"], 30);
    assert_eq!(answer.json["data"]["books"]["nodes"].as_array().map(Vec::len), Some(100));
}
