//! Story 49: what is sent to bring a server down is refused before any SQL runs, by whatever way it comes, and a list that is too long
//! changes nothing. What real storefronts ask passes: see `storefront`.

use crate::harness::{Events, Setup, Shop, Socket};
use serde_json::{Value, json};

/// The classics: what each is, its document, and the code that refuses it.
fn attacks() -> Vec<(&'static str, String, &'static str)> {
    let doubling: String =
        (0..28).map(|n| format!("fragment F{n} on Shop {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
    let aliases: String = (0..201).map(|n| format!("a{n}: name ")).collect();
    let deep = format!(
        "{{ products(first: 1) {{ nodes {{ {} id {} }} }} }}",
        "variants(first: 1) { nodes { product { ".repeat(12),
        "} } }".repeat(12)
    );
    let circles = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
    let schemas: String = (0..40).map(|n| format!("a{n}: types {{ name }} ")).collect();
    let lists = "variants(first: 250) { nodes { id product { variants(first: 250) { nodes { id } } } } }";
    vec![
        (
            "fragments that double",
            format!("{doubling} fragment F28 on Shop {{ name }} {{ shop {{ ...F0 }} }}"),
            "QUERY_TOO_COSTLY",
        ),
        (
            "fragments that lead back to themselves",
            "{ shop { ...A } } fragment A on Shop { ...B } fragment B on Shop { ...A }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "a fragment that leads back to itself and is not used",
            "{ shop { name } } fragment A on Shop { name ...A }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("aliases", format!("{{ shop {{ {aliases} }} }}"), "TOO_MANY_ALIASES"),
        (
            "directives",
            format!("{{ shop {{ {} }} }}", "name @include(if: true) ".repeat(201)),
            "TOO_MANY_DIRECTIVES",
        ),
        ("depth", deep, "QUERY_TOO_DEEP"),
        (
            "lists of lists",
            format!("{{ products(first: 250) {{ nodes {{ {lists} }} }} }}"),
            "QUERY_TOO_COSTLY",
        ),
        ("introspection in circles", circles.to_owned(), "QUERY_TOO_DEEP"),
        ("introspection side by side", format!("{{ __schema {{ {schemas} }} }}"), "QUERY_TOO_COSTLY"),
        ("brackets", "{ a(b: ".to_owned() + &"[".repeat(20_000), "QUERY_TOO_DEEP"),
        ("objects in objects", "{ a(b: ".to_owned() + &"{ c: ".repeat(5_000), "QUERY_TOO_DEEP"),
        ("words", format!("{{ shop {{ {} }} }}", "name ".repeat(10_001)), "DOCUMENT_TOO_LARGE"),
        (
            "a long text",
            format!("{{ product(handle: \"{}\") {{ id }} }}", "x".repeat(65_536)),
            "DOCUMENT_TOO_LARGE",
        ),
        ("a long comment", format!("{{ shop {{ name }} }} #{}", "x".repeat(65_536)), "DOCUMENT_TOO_LARGE"),
        ("half a document", "{ shop { name \"\"\"".to_owned(), "GRAPHQL_PARSE_FAILED"),
    ]
}

/// What the document is answered over a WebSocket: the code of the one error.
async fn by_socket(socket: &mut Socket, id: usize, document: &str) -> String {
    socket.subscribe(&id.to_string(), document, &json!({})).await;
    let message = socket.receive().await;
    assert_eq!(message["type"], "error", "{message:#}");
    message["payload"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

/// The same as an event stream.
async fn by_stream(shop: &Shop, document: &str) -> String {
    let mut events = Events::post(shop, document, &json!({})).await;
    let message = events.receive().await.expect("an event");
    assert!(message["payload"].get("data").is_none_or(Value::is_null), "{message:#}");
    message["payload"]["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn every_known_attack_is_refused_before_any_sql_whichever_way_it_comes() {
    let shop = Shop::open().await;
    let mut socket = Socket::open(&shop, None).await.expect("a socket");
    for (n, (what, document, code)) in attacks().iter().enumerate() {
        // Others tick in the background (the worker, the watch on the catalogue): the least of a few tries is the document's own.
        let mut least = u64::MAX;
        for round in 0..5 {
            let before = shop.db().statements();
            let answer = shop.shopper().ask(document, json!({})).await;
            assert_eq!(answer.code(), *code, "{what}: {:#}", answer.body);
            assert!(answer.body.get("data").is_none_or(Value::is_null), "{what}: {:#}", answer.body);
            assert_eq!(by_socket(&mut socket, round * 100 + n, document).await, *code, "{what}");
            assert_eq!(by_stream(&shop, document).await, *code, "{what}");
            least = least.min(shop.db().statements() - before);
        }
        assert_eq!(least, 0, "{what}: not one statement ran");
    }
}

/// A batch counts as one request and may hold ten; what is in it is judged one by one.
#[tokio::test]
async fn a_batch_is_no_way_round_a_limit() {
    let shop = Shop::open().await;
    let post = async |body: Value| {
        let request = shop.endpoint.http.post(&shop.endpoint.url).json(&body);
        let answer: Value = request.send().await.expect("the server answers").json().await.expect("JSON");
        answer
    };
    let eleven: Value = (0..11).map(|_| json!({ "query": "{ shop { name } }" })).collect();
    assert_eq!(post(eleven).await["errors"][0]["extensions"]["code"], "BATCH_TOO_LARGE");
    assert_eq!(
        post(json!([[{ "query": "{ shop { name } }" }]])).await["errors"][0]["extensions"]["code"],
        "BAD_REQUEST"
    );
    for (what, document, code) in attacks() {
        let answers = post(json!([{ "query": "{ shop { name } }" }, { "query": document }])).await;
        assert!(answers[0]["data"]["shop"]["name"].is_string(), "{what}: {answers:#}");
        assert_eq!(answers[1]["errors"][0]["extensions"]["code"], code, "{what}");
        // Alone, twice: nothing of it reaches the database. The least of a few tries is the batch's own.
        let mut least = u64::MAX;
        for _ in 0..5 {
            let before = shop.db().statements();
            let answers = post(json!([{ "query": document }, { "query": document }])).await;
            least = least.min(shop.db().statements() - before);
            for answer in answers.as_array().expect("a batch of answers") {
                assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{what}");
            }
        }
        assert_eq!(least, 0, "{what}: not one statement ran");
    }
}

/// Lists of inputs that are too long, texts too, and variables in place of them: refused with a code, and nothing has changed.
#[tokio::test]
async fn inputs_without_end_change_nothing() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let before = shopper.read_cart().await;
    let mug = shop.gid("mug").await;
    let line = json!({ "merchandiseId": mug, "quantity": 1 });
    let attribute = json!({ "key": "k", "value": "v" });
    let many = |of: &Value, count: usize| Value::Array(vec![of.clone(); count]);
    let changes = [
        ("cartLinesAdd", ("lines", "[CartLineInput!]!", many(&line, 251))),
        (
            "cartLinesAdd",
            (
                "lines",
                "[CartLineInput!]!",
                json!([{ "merchandiseId": mug, "attributes": many(&attribute, 251) }]),
            ),
        ),
        ("cartLinesRemove", ("lineIds", "[ID!]!", many(&before["lines"]["nodes"][0]["id"], 251))),
        ("cartAttributesUpdate", ("attributes", "[AttributeInput!]!", many(&attribute, 251))),
        (
            "cartAttributesUpdate",
            ("attributes", "[AttributeInput!]!", json!([{ "key": "k", "value": "x".repeat(60_000) }])),
        ),
        ("cartNoteUpdate", ("note", "String!", json!("x".repeat(60_000)))),
    ];
    for (name, change) in changes {
        let answer = shopper.change(name, &[change]).await;
        let refused = answer.body["errors"][0]["extensions"]["code"].as_str();
        let told = answer.body["data"][name]["userErrors"][0]["code"].as_str();
        let code = refused.or(told).unwrap_or_else(|| panic!("{name} is done: {:#}", answer.body));
        assert!(answer.status < 500 && code != "INTERNAL", "{name}: {code}");
        assert_eq!(shopper.read_cart().await, before, "{name}");
    }
}

/// Where the shop wants it so, nobody is told what there is to be asked: by no way, under no name, and staff neither.
#[tokio::test]
async fn a_shop_may_keep_its_schema_to_itself() {
    let setup = Setup::default().config(|c| (c.graphql.introspection, c.graphql.graphiql) = (false, false));
    let shop = Shop::with(setup).await;
    let owner = shop.owner("olga@example.org").await;
    let mut socket = Socket::open(&shop, None).await.expect("a socket");
    for (n, document) in [
        "{ __schema { queryType { name } } }",
        "{ shop { name } ... on QueryRoot { types: __type(name: \"Cart\") { name } } }",
        "{ ...A } fragment A on QueryRoot { __schema { types { name } } }",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(
            shop.shopper().ask(document, json!({})).await.code(),
            "INTROSPECTION_DISABLED",
            "{document}"
        );
        assert_eq!(
            shop.ask_as(&owner, document, json!({})).await.code(),
            "INTROSPECTION_DISABLED",
            "{document}"
        );
        assert_eq!(by_socket(&mut socket, n, document).await, "INTROSPECTION_DISABLED", "{document}");
        assert_eq!(by_stream(&shop, document).await, "INTROSPECTION_DISABLED", "{document}");
    }
    shop.shopper().ask("{ __typename shop { __typename } }", json!({})).await.at("/shop/__typename");
    for path in ["/graphiql", "/graphiql/"] {
        let answer = reqwest::get(format!("{}{path}", shop.base)).await.expect("the server answers");
        assert_eq!(answer.status(), 404, "{path}");
    }
}
