//! Fields and types that a caller does not have: their answers are those of names that nobody has.

use std::sync::atomic::Ordering;

use async_graphql::{Executor, Request};
use axum::body::Body;
use http::{StatusCode, header};
use serde_json::json;
use sha2::{Digest, Sha256};
use stoa_graphql_http::{BuildError, GqlBuilder, LiveLimits, Requirement, WebSockets};
use tower::ServiceExt;

use crate::{
    client::{Answer, GRAPHQL_RESPONSE, Server},
    library,
    live::{event_stream::EventStream, server::Live, socket::Socket},
    office::{self, Calls, Doorman},
};

/// Names that hang on [`office::STAFF`], each with one of the same length that is nowhere.
const OF_STAFF: [(&str, &str); 4] =
    [("admin", "nimda"), ("token", "nekot"), ("secret", "terces"), ("Admin", "Nimda")];
/// The same of [`office::WARES`].
const OF_WARES: [(&str, &str); 8] = [
    ("wares", "seraw"),
    ("wareCreate", "etaerCeraw"),
    ("alarms", "smrala"),
    ("Ware", "Eraw"),
    ("WareInput", "TupnIeraw"),
    ("PartInput", "TupnItrap"),
    ("Direction", "Noitcerid"),
    ("Ledger", "Regdel"),
];

/// Documents that only somebody has who may all.
const VALID: [&str; 21] = [
    "{ admin { name } }",
    "{ token }",
    "{ fast admin { wares { id } } }",
    "{ admin: fast a: admin { name } }",
    "{ fast ...F } fragment F on Query { admin { name } }",
    "{ fast ... { admin { name } } }",
    "{ fast ... on Query @include(if: false) { token } }",
    "{ admin @skip(if: true) { name } }",
    "{ admin { ...F } } fragment F on Admin { name }",
    "{ admin { ... on Admin { wares(first: 1) { id } } } }",
    "query($n: Int) { admin { wares(first: $n) { id } } }",
    "query($d: Direction = UP) { admin { wares(direction: $d) { id } } }",
    "mutation { wareCreate(input: { id: 1 }) { id } }",
    "mutation($input: WareInput! = { id: 1 }) { wareCreate(input: $input) { id } }",
    "mutation($parts: [PartInput!]) { ring wareCreate(input: { id: 1, parts: $parts }) { id } }",
    "{ named { secret } }",
    "{ named { ... on Ledger { lines } } }",
    "{ pages { secret } named { name } }",
    "{ named { ... on Visitor { secret } } }",
    "{ named { ...F } } fragment F on Named { secret }",
    "query A { admin { name } } query B { fast }",
];

/// Documents that nobody has, because they are wrong as well.
const WRONG: [&str; 30] = [
    "{ admin }",
    "{ token { more } }",
    "{ admin(first: 1) { name } }",
    "{ admin { nothing } }",
    "{ nothing admin { nothing } fast { fast } }",
    "{ admin { wares(first: \"x\", last: 2) { id none } } }",
    "{ admin: fast admin { name } }",
    "{ admin { name } admin(a: 1) { name } }",
    "{ a: admin { name } a: token }",
    "{ admin @ifdef { name } }",
    "{ admin @skip { name } }",
    "{ admin { ... on Nothing { name } ... on Ware { id } ... on Admin { name } ... on Int { a } } }",
    "{ fast ... on Admin { name } ... on Ware { id } }",
    "{ fast } fragment F on Query { admin { name } }",
    "{ fast } fragment F on Ware { id }",
    "{ named { ... on Ware { id } ... on Ledger { nothing secret } } }",
    "{ named { ... on Direction { id } ... on WareInput { id } } }",
    "query($i: WareInput) { fast }",
    "query($i: [[WareInput!]!], $d: Direction!) { fast }",
    "query($i: WareInput = { none: 1 }, $p: PartInput = 5) { fast }",
    "query($w: Ware, $a: Admin) { fast }",
    "query($l: Ledger, $n: Named) { fast }",
    "query($d: Direction) { pages(first: $d) { name } }",
    "mutation { wareCreate { id } }",
    "mutation { wareCreate(input: { id: \"x\", none: 1 }) }",
    "mutation($input: WareInput) { wareCreate(input: $input) { id } ring }",
    "mutation { wares }",
    "{ wares { id } alarms }",
    "subscription { alarms { id nothing } ticks }",
    "{ admin { admin { admin } } }",
];

fn office(doorman: Doorman) -> (Server, Calls) {
    let calls = Calls::default();
    (Server::of(office::gql(doorman, &calls)), calls)
}

/// Exchanges whole names.
fn renamed(text: &str, names: &[(&str, &str)]) -> String {
    let is_name = |letter: char| letter.is_ascii_alphanumeric();
    let mut renamed = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_name) {
        let (before, from) = rest.split_at(start);
        let (name, after) = from.split_at(from.find(|letter| !is_name(letter)).unwrap_or(from.len()));
        let name = names.iter().find(|(known, _)| *known == name).map_or(name, |(_, other)| other);
        renamed.extend([before, name]);
        rest = after;
    }
    renamed + rest
}

fn back(names: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    names.iter().map(|(known, other)| (*other, *known)).collect()
}

async fn ask(server: &Server, may: &str, body: String, accept: &str) -> Answer {
    let request = http::Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, accept)
        .header("x-may", may);
    server.send(request.body(Body::from(body)).unwrap()).await
}

async fn ask_for(server: &Server, may: &str, document: &str) -> Answer {
    ask(server, may, json!({ "query": document }).to_string(), GRAPHQL_RESPONSE).await
}

/// The callers that do not have everything: what they may, and which names they do not have.
fn callers() -> [(&'static str, Vec<(&'static str, &'static str)>); 3] {
    // whoever may wares only does not come to them: the office is in between
    let through_the_office = |name: &str| matches!(name, "wares" | "Direction");
    let of_wares = OF_WARES.iter().filter(|(name, _)| through_the_office(name));
    [
        ("", [&OF_STAFF[..], &OF_WARES].concat()),
        ("1", OF_WARES.to_vec()),
        ("2", OF_STAFF.iter().chain(of_wares).copied().collect()),
    ]
}

/// Asserts that two answers do not differ by a byte, names aside.
#[track_caller]
fn assert_alike(hidden: &Answer, nowhere: &Answer, names: &[(&'static str, &'static str)], what: &str) {
    assert_eq!(hidden.text, renamed(&nowhere.text, &back(names)), "{what}");
    assert_eq!((hidden.status, &hidden.headers), (nowhere.status, &nowhere.headers), "{what}");
}

#[tokio::test]
async fn a_field_one_may_not_use_is_answered_like_one_that_is_not_there() {
    let (server, calls) = office(Doorman::default());
    for document in VALID.into_iter().chain(WRONG) {
        for (may, names) in callers() {
            let made_up = renamed(document, &names);
            for accept in [GRAPHQL_RESPONSE, "application/json"] {
                let body = |document: &str| json!({ "query": document }).to_string();
                let before = calls.load(Ordering::SeqCst);
                let hidden = ask(&server, may, body(document), accept).await;
                let ran = calls.load(Ordering::SeqCst) - before;
                // with all there is, so that nothing but the name is wrong
                let nowhere = ask(&server, "1,2", body(&made_up), accept).await;
                assert_alike(&hidden, &nowhere, &names, document);
                if made_up != document {
                    assert_eq!((hidden.code(), ran), ("GRAPHQL_VALIDATION_FAILED", 0), "{document}");
                }
            }
        }
    }
    for document in VALID.into_iter().filter(|document| !document.contains("query B")) {
        ask_for(&server, "1,2", document).await.assert_ok();
    }
    for document in WRONG {
        assert_eq!(ask_for(&server, "1,2", document).await.status, StatusCode::BAD_REQUEST, "{document}");
    }
}

#[tokio::test]
async fn the_same_in_a_batch_and_by_get() {
    let (server, _) = office(Doorman::default());
    let (document, made_up) = ("{ admin { name } }", "{ nimda { name } }");
    let batch = |document: &str| json!([{ "query": "{ fast }" }, { "query": document }]).to_string();
    let hidden = ask(&server, "2", batch(document), GRAPHQL_RESPONSE).await;
    let nowhere = ask(&server, "2", batch(made_up), GRAPHQL_RESPONSE).await;
    assert_eq!(hidden.json[0]["data"]["fast"], 1);
    assert_alike(&hidden, &nowhere, &OF_STAFF, document);
    for accept in [GRAPHQL_RESPONSE, "application/json", "text/event-stream"] {
        let hidden = server.get(&[("query", document)], accept).await;
        let nowhere = server.get(&[("query", made_up)], accept).await;
        assert!(
            hidden.text.contains("Unknown field \\\"admin\\\" on type \\\"Query\\\"."),
            "{}",
            hidden.text
        );
        assert_alike(&hidden, &nowhere, &OF_STAFF, accept);
    }
    // what a client may not send by GET is not told either
    let mutation = "mutation { wareCreate(input: { id: 1 }) { id } }";
    let hidden = server.get(&[("query", mutation)], GRAPHQL_RESPONSE).await;
    let nowhere = server.get(&[("query", &renamed(mutation, &OF_WARES))], GRAPHQL_RESPONSE).await;
    assert_alike(&hidden, &nowhere, &OF_WARES, mutation);
}

/// The newsroom, in which nobody but who says so has `count`.
fn counting(builder: GqlBuilder) -> GqlBuilder {
    builder.restricted("News.count", office::STAFF).request_data(Doorman::default())
}

#[tokio::test]
async fn the_same_of_subscriptions() {
    let live = Live::configured(LiveLimits::default(), WebSockets::default(), counting).await;
    let (document, made_up) = ("subscription { count(to: 2) }", "subscription { tnuoc(to: 2) }");
    let mut answers = Vec::new();
    for document in [document, made_up] {
        let mut events = EventStream::post(&live, document).await;
        let event = events.expect_next().await.to_string();
        events.expect_complete().await;
        let mut socket = Socket::ready(&live).await;
        socket.subscribe("1", document).await;
        let error = socket.expect("1", "error").await.to_string();
        answers.push([event, error]);
    }
    let [hidden, nowhere] = answers.try_into().unwrap();
    assert!(hidden[0].contains("Unknown field"), "{}", hidden[0]);
    assert_eq!(hidden, nowhere.map(|text| renamed(&text, &[("tnuoc", "count")])));
    let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("x-may", "1")];
    let mut socket = Socket::open(&live, &headers).await.unwrap();
    socket.init(&json!({ "type": "connection_init" })).await;
    socket.subscribe("1", document).await;
    assert_eq!(socket.expect("1", "next").await, json!({ "data": { "count": 1 } }));
}

#[tokio::test]
async fn the_cache_does_not_remember_who_asked() {
    let (server, calls) = office(Doorman::default());
    let document = "{ admin { name } }";
    let unknown = ask_for(&server, "", &renamed(document, &OF_STAFF)).await;
    for _ in 0..3 {
        let hidden = ask_for(&server, "2", document).await;
        assert_alike(&hidden, &unknown, &OF_STAFF, document);
        assert_eq!(ask_for(&server, "1", document).await.assert_ok()["admin"]["name"], "Office");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_that_ask_at_once_each_get_their_own_answer() {
    let (server, calls) = office(Doorman::default());
    let router = server.gql.endpoint::<()>();
    let ask = |may: &'static str| {
        let router = router.clone();
        tokio::spawn(async move {
            let body = json!({ "query": "{ admin { wares { id } } }" }).to_string();
            let request = http::Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, GRAPHQL_RESPONSE)
                .header("x-may", may);
            let status = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap().status();
            (may, status)
        })
    };
    let all: Vec<_> = (0..100).flat_map(|_| ["1,2", "1"]).map(ask).collect();
    for answered in all {
        let (may, status) = answered.await.unwrap();
        assert_eq!(status, if may == "1,2" { StatusCode::OK } else { StatusCode::BAD_REQUEST });
    }
    assert_eq!(calls.load(Ordering::SeqCst), 100);
}

#[tokio::test]
async fn a_hash_opens_nothing_and_does_not_tell_that_others_have_sent_it() {
    let (server, _) = office(Doorman::default());
    let document = "{ admin { name } }";
    let hash = hex::encode(Sha256::digest(document));
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let by_hash = json!({ "extensions": extensions }).to_string();
    let whole = json!({ "query": document, "extensions": extensions }).to_string();
    let unknown = ask(&server, "", by_hash.clone(), GRAPHQL_RESPONSE).await;
    unknown.assert_refused("PERSISTED_QUERY_NOT_FOUND");
    // sent by who may not, it is not kept
    ask(&server, "", whole.clone(), GRAPHQL_RESPONSE).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    ask(&server, "1", by_hash.clone(), GRAPHQL_RESPONSE).await.assert_refused("PERSISTED_QUERY_NOT_FOUND");
    ask(&server, "1", whole.clone(), GRAPHQL_RESPONSE).await.assert_ok();
    ask(&server, "1", by_hash.clone(), GRAPHQL_RESPONSE).await.assert_ok();
    let hidden = ask(&server, "", by_hash, GRAPHQL_RESPONSE).await;
    assert_eq!((hidden.status, hidden.text), (unknown.status, unknown.text));
    ask(&server, "", whole, GRAPHQL_RESPONSE).await.assert_refused("GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn nobody_is_asked_about_what_is_not_restricted() {
    let doorman = Doorman::default();
    let (server, _) = office(doorman.clone());
    for document in
        ["{ fast pages { name } named { name __typename } }", "mutation { ring }", "{ __typename }"]
    {
        ask_for(&server, "", document).await.assert_ok();
        ask_for(&server, "", document).await.assert_ok();
    }
    ask_for(&server, "", "{ named { ... on Visitor { name } } __type(name: \"Query\") { name } }")
        .await
        .assert_ok();
    assert_eq!(doorman.questions.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn who_says_nothing_about_requirements_lets_nobody_use_them() {
    let server = Server::configured(|builder| {
        let attach = |_: &http::request::Parts, _: &stoa_graphql_http::Operation<'_>, request| request;
        builder.restricted("Query.long", Requirement(7)).request_data(attach)
    });
    server.query("{ long }").await.assert_refused("GRAPHQL_VALIDATION_FAILED");
    server.query("{ fast }").await.assert_ok();
}

#[tokio::test]
async fn code_of_the_process_may_everything() {
    let (server, calls) = office(Doorman::default());
    let response = server.gql.execute(Request::new("{ admin { wares { id } } }")).await;
    assert_eq!(response.data.into_json().unwrap(), json!({ "admin": { "wares": [{ "id": 1 }] } }));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    // and leaves nothing behind for others
    ask_for(&server, "", "{ admin { wares { id } } }").await.assert_refused("GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn as_many_errors_as_ever_are_sent() {
    let (server, _) = office(Doorman::default());
    let wrong = |name: &str| format!("{{ {} }}", format!("{name} {{ name }} ").repeat(30));
    let hidden = ask_for(&server, "", &wrong("admin")).await;
    let nowhere = ask_for(&server, "", &wrong("nimda")).await;
    assert_eq!(hidden.json["errors"].as_array().map(Vec::len), Some(20));
    assert_eq!(hidden.json["extensions"], json!({ "errorsOmitted": 10 }));
    assert_alike(&hidden, &nowhere, &OF_STAFF, "30 errors");
}

#[test]
fn what_cannot_be_restricted_is_named() {
    let build = |restrict: fn(GqlBuilder) -> GqlBuilder| {
        restrict(library::gql(&library::Ledger::default())).build().err().map(|error| error.to_string())
    };
    for name in ["Query.nothing", "Nothing.fast", "Nothing", "", "Query.", "Query.__typename", "Item.title"] {
        let error =
            library::gql(&library::Ledger::default()).restricted(name, Requirement(1)).build().err().unwrap();
        assert!(matches!(&error, BuildError::UnknownRestriction(named) if **named == *name), "{error}");
    }
    let twice = build(|builder| {
        builder.restricted("Query.fast", Requirement(1)).restricted("Query.fast", Requirement(2))
    });
    assert_eq!(twice.as_deref(), Some("\"Query.fast\" is restricted twice"));
    let around = build(|builder| builder.restricted("Book.title", Requirement(1)));
    assert_eq!(
        around.as_deref(),
        Some("\"Book.title\" and \"Titled.title\" are one field and must be restricted alike")
    );
    let past = build(|builder| builder.restricted("Titled.title", Requirement(1)));
    assert!(past.is_some_and(|error| error.contains("\"Titled.title\"")));
    let even = build(|builder| {
        let names = ["Titled.title", "Book.title", "Magazine.title"];
        names.into_iter().fold(builder, |builder, name| builder.restricted(name, Requirement(1)))
    });
    assert_eq!(even, None);
}

mod random {
    //! Property: whatever a document names and wherever, who may not use it hears what a made-up name would hear.

    use proptest::{prelude::*, test_runner::TestRunner};

    use super::*;

    const KINDS: [&str; 3] = ["query", "mutation", "subscription"];
    const FIELDS: [&str; 13] = [
        "fast",
        "pages",
        "named",
        "admin",
        "token",
        "name",
        "wares",
        "id",
        "secret",
        "lines",
        "wareCreate",
        "ring",
        "nothing",
    ];
    const TYPES: [&str; 12] = [
        "Query",
        "Mutation",
        "Admin",
        "Ware",
        "Visitor",
        "Ledger",
        "Named",
        "Direction",
        "WareInput",
        "PartInput",
        "Int",
        "Nothing",
    ];
    const SUFFIXES: [&str; 8] =
        ["", "", "", "(first: 1)", "(first: $v)", "(input: { id: 1 })", "(input: $v)", " @include(if: true)"];

    fn selections() -> impl Strategy<Value = String> {
        let leaf = (prop::sample::select(&FIELDS[..]), prop::sample::select(&SUFFIXES[..]), 0..4_u8)
            .prop_map(|(field, suffix, alias)| match alias {
                0 => format!("a: {field}{suffix}"),
                _ => format!("{field}{suffix}"),
            });
        leaf.prop_recursive(4, 24, 4, |inner| {
            let set = prop::collection::vec(inner, 1..4).prop_map(|inside| inside.join(" "));
            prop_oneof![
                (prop::sample::select(&FIELDS[..]), prop::sample::select(&SUFFIXES[..]), set.clone())
                    .prop_map(|(field, suffix, inside)| format!("{field}{suffix} {{ {inside} }}")),
                (prop::sample::select(&TYPES[..]), set.clone())
                    .prop_map(|(on, inside)| format!("... on {on} {{ {inside} }}")),
                set.prop_map(|inside| format!("...F {inside}")),
            ]
        })
    }

    fn documents() -> impl Strategy<Value = String> {
        let types = prop::sample::select(&TYPES[..]);
        (prop::sample::select(&KINDS[..]), types.clone(), any::<bool>(), selections(), types, selections())
            .prop_map(|(kind, variable, declared, inside, on, fragment)| {
                let variables = if declared { format!("($v: [{variable}!])") } else { String::new() };
                format!("{kind}{variables} {{ {inside} }} fragment F on {on} {{ {fragment} }}")
            })
    }

    #[test]
    fn no_document_tells_what_its_sender_may_not_use() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (server, _) = office(Doorman::default());
        let mut runner = TestRunner::new(ProptestConfig::with_cases(150));
        let told = runner.run(&documents(), |document| {
            for (may, names) in callers() {
                let made_up = renamed(&document, &names);
                let (hidden, nowhere) = runtime.block_on(async {
                    (ask_for(&server, may, &document).await, ask_for(&server, may, &made_up).await)
                });
                prop_assert_eq!(&hidden.text, &renamed(&nowhere.text, &back(&names)), "{}", document);
                prop_assert_eq!(hidden.status, nowhere.status);
            }
            Ok(())
        });
        told.unwrap();
    }
}
