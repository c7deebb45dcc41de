//! Runs the sandbox alone, for trials by hand:
//!
//! ```text
//! cargo run -p stoa-sandbox --example serve -- [PORT] [WEBHOOK_URL] [DATA_FOLDER]
//! curl http://127.0.0.1:4242/v1/payment_intents -u sk_test_sandbox: -d amount=1999 -d currency=eur
//! ```

use std::{env, error::Error, io};

use stoa_sandbox::{Keys, Sandbox, SandboxConfig, WebhookTarget};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const SECRET: &str = "sk_test_sandbox";
const PUBLISHABLE: &str = "pk_test_sandbox";
const SIGNING_SECRET: &str = "whsec_sandbox";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return Err("another rustls provider is installed".into());
    }
    let mut arguments = env::args().skip(1);
    let port: u16 = arguments.next().unwrap_or_else(|| "4242".to_owned()).parse()?;
    let webhook = arguments.next().filter(|url| !url.is_empty());
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let base = format!("http://{}", listener.local_addr()?);

    let keys = Keys { secret: SECRET.to_owned(), publishable: PUBLISHABLE.to_owned() };
    let mut config = SandboxConfig::new(base.parse()?, keys);
    config.webhook =
        webhook.map(|url| url.parse().map(|url| WebhookTarget::new(url, SIGNING_SECRET))).transpose()?;
    config.data_dir = arguments.next().map(Into::into);
    tracing::info!(%base, secret_key = SECRET, publishable_key = PUBLISHABLE, ?config, "sandbox.serve");
    let sandbox = Sandbox::open(config)?;

    let stop = CancellationToken::new();
    let sender = {
        let (sandbox, stop) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move { sandbox.run(stop).await })
    };
    let interrupted = {
        let stop = stop.clone();
        async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.cancel();
            }
        }
    };
    axum::serve(listener, sandbox.router()).with_graceful_shutdown(interrupted).await?;
    stop.cancel();
    sender.await?;
    Ok(())
}
