//! The sandbox without a shop around it: for several servers, and for whoever wants it to take no time of a server's.

use super::{
    gateway::{SANDBOX_PUBLISHABLE, SANDBOX_SECRET, sandbox, sandbox_url},
    serve::{Clients, HttpServer},
};
use crate::{cli::SandboxArgs, config::Config};
use anyhow::Context;
use stoa_sandbox::{Sandbox, WebhookTarget};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Events on their way at once.
const DELIVERIES_AT_ONCE: usize = 16;

/// A sandbox that runs by itself.
pub struct LoneSandbox {
    url: Url,
    signing_secret: String,
    door: HttpServer,
    stop: CancellationToken,
    sender: JoinHandle<()>,
}

impl LoneSandbox {
    /// Opens it, and serves.
    ///
    /// # Errors
    /// A live key is configured, its data is in use, or somebody else listens there.
    pub async fn start(
        config: &Config,
        SandboxArgs { listen, webhook, webhook_secret, public_url }: SandboxArgs,
    ) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
        let own = sandbox_url(listener.local_addr().context("the sandbox's address")?)?;
        let url = public_url.unwrap_or(own);
        let signing_secret = webhook_secret.unwrap_or_else(WebhookTarget::generate_secret);
        let mut told = sandbox(config, url.clone(), webhook, signing_secret.clone());
        // For a shop that is measured, or several buyers: nobody's payment waits for the shop's answer to another's, as at Stripe.
        told.deliveries_at_once = DELIVERIES_AT_ONCE;
        let sandbox = Sandbox::open(told).context("the sandbox does not open")?;
        let door = HttpServer::spawn(listener, sandbox.router(), 0, Clients::default());
        let stop = CancellationToken::new();
        let told = stop.clone();
        let sender = tokio::spawn(async move { sandbox.run(told).await });
        Ok(Self { url, signing_secret, door, stop, sender })
    }

    /// The settings that make a server use it.
    pub fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("STOA_STRIPE__SECRET_KEY", SANDBOX_SECRET.to_owned()),
            ("STOA_STRIPE__PUBLISHABLE_KEY", SANDBOX_PUBLISHABLE.to_owned()),
            ("STOA_STRIPE__WEBHOOK_SECRETS", self.signing_secret.clone()),
            ("STOA_STRIPE__API_BASE", self.url.to_string()),
        ]
    }

    /// Lets what is in flight finish.
    ///
    /// # Errors
    /// The task that sends events has broken off.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.sender.await.context("the sandbox's events")?;
        self.door.stop().await;
        Ok(())
    }
}
