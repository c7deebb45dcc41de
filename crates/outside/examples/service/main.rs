//! A tax service and a carriers' service, small enough to begin one of your own with:
//!
//! ```sh
//! SERVICE_TOKEN=open-sesame cargo run -p stoa-outside --example service
//! STOA_PRICING__TAX_SERVICE_URL=http://127.0.0.1:8190/taxes STOA_PRICING__TAX_SERVICE_TOKEN=open-sesame \
//! STOA_PRICING__CARRIER_SERVICE_URL=http://127.0.0.1:8190/rates STOA_PRICING__CARRIER_SERVICE_TOKEN=open-sesame stoa serve
//! ```
//!
//! It is written from docs/outside-services.md alone and shares nothing with the shop. Its rules are examples, and no advice on taxes.

#![expect(clippy::print_stdout, reason = "an example that says where it is")]

mod app;

use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("SERVICE_TOKEN").map_err(|_| "SERVICE_TOKEN: what the shop is to send")?;
    let listener = TcpListener::bind("127.0.0.1:8190").await?;
    println!("http://{0}/taxes and http://{0}/rates", listener.local_addr()?);
    axum::serve(listener, app::router(token)).await?;
    Ok(())
}
