//! What async-graphql gets wrong at execution (stack.md 5.1 and 5.2), set right.

use serde_json::json;

use crate::client::Server;

#[tokio::test]
async fn fields_come_in_the_order_of_the_query() {
    let answer = Server::new().query("{ slow fast page }").await;
    assert!(answer.text.contains(r#"{"slow":1,"fast":2,"page":20}"#), "{}", answer.text);
}

#[tokio::test]
async fn a_mutation_field_written_twice_runs_once() {
    let server = Server::new();
    for document in [
        "mutation { bump { value } bump { same } }",
        "mutation { ...A ...B } fragment A on Mutation { bump { value } } fragment B on Mutation { bump { same } }",
        "mutation { bump { value } ... { bump { same } } ... on Mutation { bump { value } } }",
        "mutation { bump { ...V } ...B } fragment V on Counter { value } fragment B on Mutation { bump { same } }",
    ] {
        let before = server.counter();
        let answer = server.query(document).await;
        let value = before + 1;
        assert_eq!(*answer.assert_ok(), json!({ "bump": { "value": value, "same": value } }), "{document}");
        assert_eq!(server.counter(), value, "{document}");
    }
}

#[tokio::test]
async fn a_mutation_field_that_conditions_could_repeat_is_refused() {
    let server = Server::new();
    for document in [
        "mutation($x: Boolean!) { bump @include(if: $x) { same } bump { value } }",
        "mutation($x: Boolean!) { bump { value } ... @skip(if: $x) { bump { same } } }",
        "mutation($x: Boolean!) { ...A @skip(if: $x) ...A @include(if: $x) } fragment A on Mutation { bump { value } }",
    ] {
        server.query_with(document, json!({ "x": true })).await.assert_refused("REPEATED_MUTATION_FIELD");
    }
    assert_eq!(server.counter(), 0);
    let aliased = server.query("mutation { a: bump { value } b: bump { value } }").await;
    assert_eq!(*aliased.assert_ok(), json!({ "a": { "value": 1 }, "b": { "value": 2 } }));
}

#[tokio::test]
async fn a_field_that_is_there_anyway_takes_its_conditional_repetition_in() {
    let server = Server::new();
    let document = "mutation($x: Boolean!) { bump { value } bump @include(if: $x) { same } }";
    let answer = server.query_with(document, json!({ "x": true })).await;
    assert_eq!(*answer.assert_ok(), json!({ "bump": { "value": 1, "same": 1 } }));
    let answer = server.query_with(document, json!({ "x": false })).await;
    assert_eq!(*answer.assert_ok(), json!({ "bump": { "value": 2 } }));
    assert_eq!(server.counter(), 2);
}

#[tokio::test]
async fn response_keys_keep_their_order_when_some_depend_on_conditions() {
    let server = Server::new();
    for (document, expected) in [
        ("{ child { x: ok } child @include(if: true) { y: ok } child { z: ok } }", r#"{"x":1,"y":1,"z":1}"#),
        (
            "{ child { x: ok } ... @include(if: true) { child { y: ok } } child { z: ok } }",
            r#"{"x":1,"y":1,"z":1}"#,
        ),
        (
            "{ child { x: ok } ...F @include(if: true) child { z: ok } } fragment F on Query { ...G } fragment G on Query { child { y: ok } }",
            r#"{"x":1,"y":1,"z":1}"#,
        ),
        (
            "{ child @include(if: true) { x: ok } child { y: ok } child @skip(if: false) { z: ok } }",
            r#"{"x":1,"y":1,"z":1}"#,
        ),
        ("{ child { x: ok } child @skip(if: true) { y: ok } child { z: ok } }", r#"{"x":1,"z":1}"#),
    ] {
        let answer = server.query(document).await;
        answer.assert_ok();
        assert!(answer.text.contains(expected), "{document}: {}", answer.text);
    }
}

#[tokio::test]
async fn repeated_fields_of_queries_merge_like_the_specification_merges_them() {
    let server = Server::new();
    let document = "query($yes: Boolean! = true) { child { ok } fast ...F child @include(if: $yes) { again: ok } } \
        fragment F on Query { child { brother { ok } ... on Child { brother { also: ok } } } }";
    let expected = r#"{"child":{"ok":1,"brother":{"ok":1,"also":1},"again":1},"fast":2}"#;
    let answer = server.query(document).await;
    answer.assert_ok();
    assert!(answer.text.contains(expected), "{}", answer.text);
}

#[tokio::test]
async fn fragments_on_interfaces_and_unions_apply_to_what_they_name() {
    let document = "{ titled { title ... on Book { id } ...M } items { __typename ... on Titled { title } ...M } } \
        fragment M on Magazine { issue }";
    let answer = Server::new().query(document).await;
    let expected = json!({
        "titled": [{ "title": "Book 1", "id": "1" }, { "title": "Mag", "issue": 7 }],
        "items": [
            { "__typename": "Book", "title": "Book 1" },
            { "__typename": "Magazine", "title": "Mag", "issue": 7 },
        ],
    });
    assert_eq!(*answer.assert_ok(), expected);
}

#[tokio::test]
async fn fragments_on_a_union_apply_to_its_members() {
    // async-graphql drops them unless the field itself is of the union
    let document = "query($yes: Boolean! = true) { \
        books(first: 1) { nodes { ... on Item { __typename } ... on Item @include(if: $yes) { ... on Book { id } } } } \
        titled { ... on Item { ... on Titled { title } } } }";
    let answer = Server::new().query(document).await;
    let expected = json!({
        "books": { "nodes": [{ "__typename": "Book", "id": "1" }] },
        "titled": [{ "title": "Book 1" }, { "title": "Mag" }],
    });
    assert_eq!(*answer.assert_ok(), expected);
}

#[tokio::test]
async fn an_object_whose_fields_are_all_skipped_is_empty_not_null() {
    let answer = Server::new().query("{ child { ok @skip(if: true) } }").await;
    assert_eq!(*answer.assert_ok(), json!({ "child": {} }));
}

#[tokio::test]
async fn a_non_null_field_that_fails_nulls_the_nearest_nullable_parent() {
    let answer = Server::new().query("{ fast child { ok child { bad } } }").await;
    assert_eq!(*answer.data(), json!({ "fast": 2, "child": null }));
    assert_eq!(answer.json["errors"][0]["path"], json!(["child", "child", "bad"]));
    assert_eq!(answer.json["errors"][0]["locations"], json!([{ "line": 1, "column": 27 }]));
    assert_eq!(answer.code(), "BAD");
}

#[tokio::test]
async fn a_failure_that_reaches_the_root_is_data_null_not_a_missing_member() {
    let answer = Server::new().query("mutation { bumpWrongly }").await;
    assert_eq!(answer.data(), &serde_json::Value::Null);
    assert!(answer.json.get("data").is_some(), "{}", answer.text);
    assert_eq!(answer.status.as_u16(), 294);
}

#[tokio::test]
async fn a_nullable_field_that_fails_is_null_and_its_siblings_survive() {
    let server = Server::new();
    for (field, code, path) in [
        ("wrapped", "WRAPPED", json!(["child", "wrapped"])),
        ("optional", "OPTIONAL", json!(["child", "optional"])),
        ("guarded", "CLOSED", json!(["child", "guarded"])),
        ("checked(level: 9)", "BAD_USER_INPUT", json!(["child", "checked"])),
    ] {
        let answer = server.query(&format!("{{ child {{ ok {field} child {{ ok }} }} }}")).await;
        let child = &answer.data()["child"];
        assert_eq!((&child["ok"], &child["child"]["ok"]), (&json!(1), &json!(1)), "{field}: {}", answer.text);
        let name = field.split('(').next().unwrap();
        assert_eq!(child.get(name), Some(&serde_json::Value::Null), "{}", answer.text);
        assert_eq!((answer.code(), &answer.json["errors"][0]["path"]), (code, &path), "{}", answer.text);
        assert_eq!(answer.json["errors"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn a_nullable_root_field_with_a_malformed_argument_leaves_the_others() {
    let answer = Server::new().query("{ fast reserve(until: \"never\") page }").await;
    assert_eq!(*answer.data(), json!({ "fast": 2, "reserve": null, "page": 20 }), "{}", answer.text);
    assert_eq!(answer.code(), "BAD_USER_INPUT");
    assert_eq!(answer.json["errors"][0]["path"], json!(["reserve"]));
}

#[tokio::test]
async fn error_paths_reach_through_lists_and_plain_fields() {
    let server = Server::new();
    for (document, path) in [
        ("{ children { ok bad } }", json!(["children", 0, "bad"])),
        ("{ children { a: child { b: bad } } }", json!(["children", 0, "a", "b"])),
        ("{ child { brother { brother { bad } } } }", json!(["child", "brother", "brother", "bad"])),
        (
            "{ children { ...F } } fragment F on Child { brother { ... on Child { bad } } }",
            json!(["children", 0, "brother", "bad"]),
        ),
        // the index inside `children` below is lost on the way, so the path ends at the list
        ("{ children { children { bad } } }", json!(["children", 0, "children"])),
        ("{ children { ok wrapped } }", json!(["children", 0, "wrapped"])),
        ("{ books(first: 1) { nodes { rating } } }", json!(["books", "nodes", 0, "rating"])),
    ] {
        let answer = server.query(document).await;
        assert_eq!(answer.json["errors"][0]["path"], path, "{document}: {}", answer.text);
    }
}

#[tokio::test]
async fn fields_that_cannot_be_merged_are_refused_at_any_depth() {
    let server = Server::new();
    for document in [
        "{ a: fast a: page }",
        "{ page(first: 1) page(first: 2) }",
        "{ place { x: name } place { x: within { name } } }",
        "{ book(id: 1) { author { x: name } } ...F } fragment F on Query { book(id: 1) { author { x: birthplace { name } } } }",
        "{ books(first: 1) { nodes { related { nodes { id } } related(first: 5) { nodes { id } } } } }",
        "query($n: Int, $m: Int) { page(first: $n) ... { page(first: $m) } }",
        "{ items { ... on Book { x: id } ... on Magazine { x: issue } } }",
        "{ items { ... on Book { x: author { y: name } } ... on Magazine { x: title } } }",
        "{ titled { ... on Book { title: id } title } }",
    ] {
        server.query(document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
    for document in [
        "{ place { x: name } place { x: name y: name } }",
        "{ items { ... on Book { x: title } ... on Magazine { x: title } } }",
        "{ items { ... on Book { id } ... on Magazine { id: issue } } }"
            .replace("id: issue", "number: issue")
            .as_str(),
        "{ echo(filter: { title: \"a\", pages: 1 }, int: 1) echo(int: 1, filter: { pages: 1, title: \"a\" }) }",
    ] {
        server.query(document).await.assert_ok();
    }
}

#[tokio::test]
async fn a_document_is_valid_as_a_whole_or_not_at_all() {
    let server = Server::new();
    let body = json!({ "query": "query A { fast } query B { nothing }", "operationName": "A" });
    server.post(&body).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    for document in [
        "query($x: Int) { fast }",
        "{ need(n: $x) }",
        "{ fast } fragment F on Place { name }",
        "{ ...F }",
        "{ place }",
        "{ fast { x } }",
        "{ need }",
        "{ fast @nothing }",
        "{ fast @skip }",
        "query @skip(if: true) { fast }",
        "{ place { ... on Book { id } } }",
        "query($x: Int, $x: Int) { need(n: $x) }",
        "{ need(n: 1, n: 2) }",
        "subscription { fast }",
    ] {
        server.query(document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn a_syntax_error_says_in_one_line_what_was_expected_and_where() {
    let answer = Server::new().query("{ fast\n  fast( }").await;
    answer.assert_refused("GRAPHQL_PARSE_FAILED");
    assert!(answer.message().starts_with("Syntax error: expected"), "{}", answer.message());
    assert!(!answer.message().contains('\n'));
    assert_eq!(answer.json["errors"][0]["locations"][0]["line"], 2);
}
