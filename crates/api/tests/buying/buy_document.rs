//! The purchase in GraphiQL's first tab, walked step by step as the page does.

use crate::shop::{Shop, read};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Map, Value, json};
use stoa_graphiql::{BUY_DOCUMENT, BUY_VARIABLES, steps};

#[tokio::test]
async fn the_first_tab_of_graphiql_buys_something() {
    let shop = Shop::open().await;
    shop.stock("Mug", 1_200, 5).await;
    let mut variables: Map<String, Value> = serde_json::from_str(BUY_VARIABLES).unwrap();
    variables.insert("idempotencyKey".into(), json!("a key of our own"));
    let mut answer = Value::Null;
    for step in steps(BUY_DOCUMENT) {
        answer = run(&shop, step.name, &variables).await;
        assert!(answer.get("errors").is_none(), "{}: {answer:#}", step.name);
        let field = answer["data"].as_object().unwrap().values().next().unwrap();
        assert!(
            field.get("userErrors").is_none_or(|errors| *errors == json!([])),
            "{}: {answer:#}",
            step.name
        );
        for lesson in step.lessons {
            let learnt = answer.pointer(lesson.pointer);
            let learnt =
                learnt.unwrap_or_else(|| panic!("{} teaches no {}: {answer:#}", step.name, lesson.variable));
            variables.insert(lesson.variable.to_owned(), learnt.clone());
        }
        if let Some(opens) = step.opens {
            assert!(answer.pointer(opens).is_some_and(Value::is_string), "{}: {opens}", step.name);
        }
    }
    assert_eq!(answer["data"]["order"]["name"], "#1001");
    assert_eq!(answer["data"]["order"]["financialStatus"], "PENDING");
}

async fn run(shop: &Shop, operation: &str, variables: &Map<String, Value>) -> Value {
    let body =
        json!({ "query": BUY_DOCUMENT, "operationName": operation, "variables": variables }).to_string();
    let request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    read(shop.send(request.body(Body::from(body)).unwrap()).await).await
}
