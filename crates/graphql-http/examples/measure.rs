//! What the guards cost and what the prepared documents save, on the library of the tests:
//! `cargo run --profile quick -p stoa-graphql-http --example measure`. Prints microseconds per request; asserts nothing.
#![expect(clippy::print_stdout, reason = "the figures are the output of the example")]

#[path = "../tests/it/library/mod.rs"]
mod library;

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use async_graphql::Request;
use axum::{Router, body::Body};
use http_body_util::BodyExt;
use tower::ServiceExt;

use self::library::{Ledger, gql, schema};

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let small = "query Q($n: Int = 3) { page(first: $n) fast }".to_owned();
    let typical = "query Q($n: Int = 3) { page(first: $n) books(first: 20) { nodes { ...B } edges { node { ...B ...C } } } } \
        fragment B on Book { id title author { name birthplace { name } } } \
        fragment C on Book { id title author { name } related(first: 1) { nodes { id title } } }"
        .to_owned();
    let documents = [
        ("two fields", small),
        ("20 books, fragments", typical),
        ("200 fields", wide()),
        ("at the limits", large()),
    ];
    for (name, document) in documents {
        println!("{name} ({} bytes)", document.len());
        let stock = schema(&Ledger::default()).finish();
        let time = measure(async || drop(stock.execute(document.as_str()).await)).await;
        println!("  {:>8.1}  async-graphql alone, parsed and validated each time", micros(time));
        let guarded = gql(&Ledger::default()).build()?;
        let run =
            async || drop(async_graphql::Executor::execute(&guarded, Request::new(document.as_str())).await);
        println!("  {:>8.1}  guarded, document prepared", micros(measure(run).await));
        let router = Router::new().route("/graphql", guarded.endpoint());
        let body = serde_json::json!({ "query": document, "variables": { "n": 3 } }).to_string();
        let time = measure(async || drop(http(&router, &body).await)).await;
        println!("  {:>8.1}  guarded, over HTTP without a socket", micros(time));
        let fresh = async || {
            let unique = format!("{document} #{:?}", Instant::now());
            drop(async_graphql::Executor::execute(&guarded, Request::new(unique)).await);
        };
        println!("  {:>8.1}  guarded, document not seen before", micros(measure(fresh).await));
    }
    Ok(())
}

/// The mean time of one run, after a warm-up.
async fn measure(run: impl AsyncFn()) -> Duration {
    for _ in 0..200 {
        run().await;
    }
    let (started, mut runs) = (Instant::now(), 0_u32);
    while started.elapsed() < Duration::from_millis(500) {
        run().await;
        runs += 1;
    }
    started.elapsed() / runs
}

async fn http(router: &Router, body: &str) -> Result<usize, Failure> {
    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))?;
    let response = router.clone().oneshot(request).await?;
    Ok(response.into_body().collect().await?.to_bytes().len())
}

fn wide() -> String {
    let mut document = String::from("query Q($n: Int = 3) { page(first: $n)");
    for field in 0..199 {
        let _ = write!(document, " f{field}: fast");
    }
    document.push('}');
    document
}

/// As many selections as a document may have, in as many fragments as may nest.
fn large() -> String {
    let mut document = String::from("query Q($n: Int = 3) { page(first: $n) place { ...F0 } }");
    for level in 0..40 {
        let _ =
            write!(document, " fragment F{level} on Place {{ {} ...F{} }}", "name ".repeat(200), level + 1);
    }
    document.push_str(" fragment F40 on Place { name }");
    document
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
