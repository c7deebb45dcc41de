//! Serves the library of the tests at `/graphql`, for the audits and for trying things by hand:
//! `cargo run -p stoa-graphql-http --example audit_server -- 4000`. Port 0 takes any free port; the URL is printed.
#![expect(clippy::print_stdout, reason = "the URL is the output of the example")]

#[path = "../tests/it/library/mod.rs"]
mod library;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).as_deref().unwrap_or("0").parse()?;
    let gql = library::gql(&library::Ledger::default()).build()?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}/graphql", listener.local_addr()?);
    axum::serve(listener, axum::Router::new().route("/graphql", gql.endpoint())).await?;
    Ok(())
}
