//! Values: literals once per document, variables per request.

use serde_json::{Value, json};

use crate::client::{GRAPHQL_RESPONSE, Server};

async fn echo(argument: &str, ty: &str, value: Value) -> crate::client::Answer {
    Server::new()
        .query_with(&format!("query($v: {ty}) {{ echo({argument}: $v) }}"), json!({ "v": value }))
        .await
}

#[tokio::test]
async fn a_nullable_variable_in_a_non_null_position_is_a_validation_error() {
    // stack.md 5.1: async-graphql accepts it and fails at run time
    let server = Server::new();
    let document = "query($x: Int) { need(n: $x) }";
    server.query_with(document, json!({ "x": 1 })).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    assert_eq!(server.calls(), 0);
    let with_default = server.query("query($x: Int = 5) { need(n: $x) }").await;
    assert_eq!(with_default.assert_ok()["need"], 5);
    let location_default = server.query("query($x: Int) { page(first: $x) }").await;
    assert_eq!(location_default.assert_ok()["page"], 20);
}

#[tokio::test]
async fn variables_of_other_types_are_validation_errors_wherever_they_stand() {
    let server = Server::new();
    for document in [
        "query($x: String) { echo(int: $x) }",
        "query($x: Int) { echo(float: $x) }",
        "query($x: Int!) { echo(ints: $x) }",
        "query($x: [Int!]) { echo(int: $x) }",
        "query($x: Int) { echo(ints: [$x]) }",
        "query($x: [Int]!) { echo(ints: $x) }",
        "query($x: String) { echo(filter: { title: $x }) }",
        "query($x: Int) { echo(filter: { title: \"\", and: [{ title: \"\", genre: $x }] }) }",
        "query($x: ID) { echo(choice: { id: $x }) }",
        "query($x: Boolean) { fast @skip(if: $x) }",
        "query($x: String) { child { ...F } } fragment F on Child { checked(level: $x) }",
        "query($x: Book) { fast }",
        "query($x: Nothing) { fast }",
    ] {
        server.query(document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn an_argument_whose_variable_is_absent_is_left_out() {
    let server = Server::new();
    let document = "query($x: Int) { page(first: $x) again: page(first: $x) }";
    assert_eq!(*server.query(document).await.assert_ok(), json!({ "page": 20, "again": 20 }));
    assert_eq!(server.query_with(document, json!({ "x": 3 })).await.assert_ok()["page"], 3);
}

#[tokio::test]
async fn defaults_of_variables_reach_skip_and_include() {
    let answer = Server::new().query("query($no: Boolean! = true) { fast @skip(if: $no) page }").await;
    assert_eq!(*answer.assert_ok(), json!({ "page": 20 }));
}

#[tokio::test]
async fn a_missing_or_null_required_variable_is_bad_input() {
    let server = Server::new();
    let document = "query($n: Int!) { need(n: $n) }";
    for variables in [json!({}), json!({ "n": null })] {
        server.query_with(document, variables).await.assert_refused("BAD_USER_INPUT");
    }
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn ints_are_32_bits_wide() {
    for (value, expected) in [
        (json!(2147483647), "Some(2147483647)"),
        (json!(-2147483648), "Some(-2147483648)"),
        (json!(1.0), "Some(1)"),
    ] {
        let answer = echo("int", "Int", value).await;
        assert!(answer.assert_ok()["echo"].as_str().unwrap().contains(expected), "{}", answer.text);
    }
    for bad in [
        json!(2147483648_i64),
        json!(-2147483649_i64),
        json!(1.5),
        json!(1e300),
        json!("1"),
        json!(true),
        json!([1]),
        json!({}),
    ] {
        echo("int", "Int", bad).await.assert_refused("BAD_USER_INPUT");
    }
    for literal in ["2147483648", "1.0", "\"1\"", "true", "NOVEL"] {
        let document = format!("{{ echo(int: {literal}) }}");
        Server::new().query(&document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn the_other_scalars_take_what_the_specification_says() {
    for (argument, ty, value, expected) in [
        ("float", "Float", json!(1), "Some(1.0)"),
        ("float", "Float", json!(1.5), "Some(1.5)"),
        ("text", "String", json!("ü\u{1F3C3}"), "Some(\"ü🏃\")"),
        ("flag", "Boolean", json!(false), "Some(false)"),
        ("id", "ID", json!(7), "Some(\"7\")"),
        ("id", "ID", json!("7"), "Some(\"7\")"),
        ("id", "ID", json!(9007199254740993_u64), "Some(\"9007199254740993\")"),
    ] {
        let answer = echo(argument, ty, value).await;
        assert!(answer.assert_ok()["echo"].as_str().unwrap().contains(expected), "{}", answer.text);
    }
    for (argument, ty, value) in [
        ("float", "Float", json!("1")),
        ("text", "String", json!(1)),
        ("text", "String", json!(true)),
        ("flag", "Boolean", json!(0)),
        ("flag", "Boolean", json!("true")),
        ("id", "ID", json!(1.5)),
        ("id", "ID", json!(false)),
    ] {
        echo(argument, ty, value).await.assert_refused("BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn sixty_four_bits_survive_both_ways() {
    // stack.md 5.2.4: the schema uses a scalar of its own, and JSON carries it exactly
    let server = Server::new();
    for number in ["9007199254740993", "9223372036854775807", "-9223372036854775808"] {
        let body =
            format!(r#"{{"query":"query($v: Long) {{ echo(long: $v) }}","variables":{{"v":{number}}}}}"#);
        let answer = server.post_bytes(body, GRAPHQL_RESPONSE).await;
        assert!(answer.assert_ok()["echo"].as_str().unwrap().contains(number), "{}", answer.text);
    }
    assert!(server.query("{ long }").await.text.contains("9007199254740993"));
}

#[tokio::test]
async fn enums_take_their_values_only() {
    let answer = echo("genre", "Genre", json!("POETRY")).await;
    assert!(answer.assert_ok()["echo"].as_str().unwrap().contains("Some(Poetry)"));
    for bad in [json!("PROSE"), json!("poetry"), json!(1), json!(["POETRY", "NOVEL"])] {
        echo("genre", "Genre", bad).await.assert_refused("BAD_USER_INPUT");
    }
    for literal in ["PROSE", "\"POETRY\"", "1"] {
        let document = format!("{{ echo(genre: {literal}) }}");
        Server::new().query(&document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn one_value_is_a_list_of_one() {
    let list = echo("ints", "[Int!]", json!(5)).await;
    assert!(list.assert_ok()["echo"].as_str().unwrap().contains("Some([5])"), "{}", list.text);
    let grid = echo("grid", "[[Int!]!]", json!(5)).await;
    assert!(grid.assert_ok()["echo"].as_str().unwrap().contains("Some([[5]])"), "{}", grid.text);
    echo("ints", "[Int!]", json!([1, null])).await.assert_refused("BAD_USER_INPUT");
    echo("ints", "[Int!]", json!([1, "2"])).await.assert_refused("BAD_USER_INPUT");
}

#[tokio::test]
async fn input_objects_have_known_fields_and_the_required_ones() {
    let answer = echo("filter", "Filter", json!({ "title": "A", "and": { "title": "B", "pages": 2 } })).await;
    let echoed = answer.assert_ok()["echo"].as_str().unwrap();
    assert!(echoed.contains("pages: 1") && echoed.contains("pages: 2"), "{echoed}");
    for (bad, place) in [
        (json!({}), "\"v\""),
        (json!({ "title": null }), "\"v.title\""),
        (json!({ "title": "A", "nothing": 1 }), "\"v\""),
        (json!({ "title": "A", "and": [{ "title": "B" }, { "title": 5 }] }), "\"v.and[1].title\""),
        (json!([{ "title": "A" }, { "title": "B" }]), "\"v\""),
        (json!("A"), "\"v\""),
    ] {
        let answer = echo("filter", "Filter", bad).await;
        answer.assert_refused("BAD_USER_INPUT");
        assert!(answer.message().contains(place), "{}", answer.message());
    }
    for literal in
        ["{}", "{ title: null }", "{ title: \"A\", nothing: 1 }", "\"A\"", "{ title: \"A\", pages: \"2\" }"]
    {
        let document = format!("{{ echo(filter: {literal}) }}");
        Server::new().query(&document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn one_of_means_exactly_one() {
    let answer = echo("choice", "Choice", json!({ "number": 4 })).await;
    assert!(answer.assert_ok()["echo"].as_str().unwrap().contains("Number(4)"));
    for bad in [
        json!({}),
        json!({ "id": "1", "number": 1 }),
        json!({ "id": null }),
        json!({ "id": "1", "number": null }),
    ] {
        echo("choice", "Choice", bad).await.assert_refused("BAD_USER_INPUT");
    }
    for literal in ["{}", "{ id: \"1\", number: 1 }", "{ id: null }"] {
        let document = format!("{{ echo(choice: {literal}) }}");
        Server::new().query(&document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn messages_do_not_repeat_what_a_client_sent() {
    let answer = echo("int", "Int", json!("x".repeat(10_000))).await;
    assert!(answer.text.len() < 500, "{}", answer.text);
    let name = "y".repeat(10_000);
    let answer = echo("filter", "Filter", json!({ "title": "A", name: 1 })).await;
    assert!(answer.text.len() < 500, "{}", answer.text);
}

#[tokio::test]
async fn defaults_of_variables_are_checked_in_the_document() {
    for document in [
        "query($x: Int = \"1\") { echo(int: $x) }",
        "query($x: Int! = null) { need(n: $x) }",
        "query($x: Genre = PROSE) { echo(genre: $x) }",
    ] {
        Server::new().query(document).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn undeclared_variables_of_the_request_are_ignored_and_repeated_keys_take_the_last() {
    let body =
        r#"{"query":"query($n: Int!) { need(n: $n) }","variables":{"n":1,"other":{"deep":[1]},"n":2}}"#;
    let answer = Server::new().post_bytes(body, GRAPHQL_RESPONSE).await;
    assert_eq!(answer.assert_ok()["need"], 2);
}

#[tokio::test]
async fn a_custom_scalar_refuses_for_itself() {
    let answer = echo("long", "Long", json!("not a number")).await;
    assert_eq!(answer.code(), "BAD_USER_INPUT", "{}", answer.text);
}
