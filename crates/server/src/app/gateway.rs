//! Who takes the money: Stripe, or the sandbox that speaks its language. Both through the same gateway.

use super::serve::{Clients, HttpServer};
use crate::config::{Config, Payments, StripeKeys};
use anyhow::Context;
use secrecy::ExposeSecret;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use stoa_payments::{HEARD_EVENTS, StripeConfig, StripeGateway};
use stoa_sandbox::{Keys, OpenError, Sandbox, SandboxConfig, WebhookTarget};
use tokio::net::TcpListener;
use url::Url;

/// The gateway, and the sandbox behind it if there is one.
pub(super) struct Money {
    pub(super) gateway: Arc<StripeGateway>,
    pub(super) sandbox: Option<Sandbox>,
    pub(super) back_door: Option<HttpServer>,
}

/// The keys of the sandbox. They open nothing but play money, so that official clients and examples can name them.
pub(super) const SANDBOX_SECRET: &str = "sk_test_sandbox";
pub(super) const SANDBOX_PUBLISHABLE: &str = "pk_test_sandbox";

pub(super) async fn open(
    config: &Config,
    options: SandboxOptions,
    address: SocketAddr,
    public_url: &Url,
) -> anyhow::Result<Money> {
    match &config.payments {
        Payments::Stripe(keys) => {
            if keys.secret_key.expose_secret() == SANDBOX_SECRET {
                tracing::warn!("the key is a sandbox's: it takes the payments, and no money moves");
            }
            let gateway = StripeGateway::new(stripe(keys, config.http.timeout))
                .context("Stripe cannot be used as configured")?;
            Ok(Money { gateway: Arc::new(gateway), sandbox: None, back_door: None })
        }
        Payments::Sandbox => open_sandbox(config, options, address, public_url).await,
    }
}

/// The same for a command that is run by hand: a sandbox that a running server has open is reached through that server.
pub(super) async fn beside(config: &Config) -> anyhow::Result<Money> {
    let url = &config.settings.public_url;
    match open(config, SandboxOptions::default(), config.listen, url).await {
        Err(error) if matches!(error.downcast_ref(), Some(OpenError::InUse { .. })) => {
            // A certificate is of the shop's name, and not of an address of this machine.
            let front = match config.tls {
                None => Url::parse(&format!("http://{}", own_door(config.listen))),
                Some(_) => Ok(url.clone()),
            };
            let keys = StripeKeys {
                secret_key: SANDBOX_SECRET.to_owned().into(),
                publishable_key: SANDBOX_PUBLISHABLE.to_owned(),
                // Nothing is received here.
                webhook_secrets: vec![WebhookTarget::generate_secret().into()],
                api_base: Some(front.context("the running server's address")?),
            };
            let gateway = StripeGateway::new(stripe(&keys, config.http.timeout))
                .context("the running server's sandbox cannot be used")?;
            Ok(Money { gateway: Arc::new(gateway), sandbox: None, back_door: None })
        }
        opened => opened,
    }
}

/// A last word on the sandbox's configuration.
pub type Configure = Box<dyn FnOnce(&mut SandboxConfig) + Send>;

/// What tests turn in the sandbox.
#[derive(Default)]
pub struct SandboxOptions {
    /// Changes the sandbox's configuration before it is opened.
    pub configure: Option<Configure>,
    /// How long the shop waits for one answer of its sandbox; otherwise as long as for one of Stripe's.
    pub attempt_timeout: Option<Duration>,
}

async fn open_sandbox(
    config: &Config,
    options: SandboxOptions,
    address: SocketAddr,
    public_url: &Url,
) -> anyhow::Result<Money> {
    tracing::warn!("no Stripe key is set: the built-in sandbox takes the payments, and no money moves");
    let signing_secret = WebhookTarget::generate_secret();
    // Events come in by the front door, over HTTP and signed, as Stripe's do.
    let webhook = Url::parse(&format!("http://{}/webhooks/stripe", own_door(address)))
        .context("the webhook's address")?;
    let mut sandbox = sandbox(config, public_url.clone(), webhook, signing_secret.clone());
    if let Some(configure) = options.configure {
        configure(&mut sandbox);
    }
    let sandbox = Sandbox::open(sandbox).context("the sandbox does not open")?;

    let listener = TcpListener::bind("127.0.0.1:0").await.context("the sandbox finds no port")?;
    let api_base = sandbox_url(listener.local_addr()?)?;
    let back_door = HttpServer::spawn(listener, sandbox.router(), 0, Clients::default());
    let keys = StripeKeys {
        secret_key: SANDBOX_SECRET.to_owned().into(),
        publishable_key: SANDBOX_PUBLISHABLE.to_owned(),
        webhook_secrets: vec![signing_secret.into()],
        api_base: Some(api_base),
    };
    let mut stripe = stripe(&keys, config.http.timeout);
    stripe.payment_page = Some(payment_page(public_url)?);
    if let Some(timeout) = options.attempt_timeout {
        stripe.attempt_timeout = timeout;
    }
    let gateway = StripeGateway::new(stripe).context("the sandbox cannot be used")?;
    Ok(Money { gateway: Arc::new(gateway), sandbox: Some(sandbox), back_door: Some(back_door) })
}

/// What the sandbox is told: who may call it, what it keeps where, and to whom it posts events.
pub(super) fn sandbox(
    config: &Config,
    public_url: Url,
    webhook: Url,
    signing_secret: String,
) -> SandboxConfig {
    let keys = Keys { secret: SANDBOX_SECRET.to_owned(), publishable: SANDBOX_PUBLISHABLE.to_owned() };
    let mut sandbox = SandboxConfig::new(public_url, keys);
    sandbox.data_dir = Some(config.data_dir.clone());
    let events = HEARD_EVENTS.map(str::to_owned).to_vec();
    sandbox.webhook = Some(WebhookTarget { events, ..WebhookTarget::new(webhook, signing_secret) });
    if let Payments::Stripe(keys) = &config.payments {
        sandbox.known_keys.push(keys.secret_key.expose_secret().to_owned());
        sandbox.known_keys.push(keys.publishable_key.clone());
    }
    sandbox
}

/// Where people pay at a sandbox that browsers reach there.
fn payment_page(sandbox: &Url) -> anyhow::Result<Url> {
    sandbox.join("/sandbox/pay/").context("the payment page's address")
}

/// Where a sandbox that listens there is reached from this machine.
pub(super) fn sandbox_url(address: SocketAddr) -> anyhow::Result<Url> {
    Url::parse(&format!("http://{}", own_door(address))).context("the sandbox's address")
}

/// The longest that anybody waits for the gateway: whoever stands at a checkout goes away sooner.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

fn stripe(keys: &StripeKeys, request: Duration) -> StripeConfig {
    let mut stripe = StripeConfig::new(
        keys.secret_key.clone(),
        keys.publishable_key.clone(),
        keys.webhook_secrets.clone(),
    );
    // An order is placed even when the gateway hangs, and its buyer has to be told within the request.
    stripe.budget = (request / 2).min(LONGEST_WAIT);
    if let Some(base) = &keys.api_base {
        stripe.api_base = base.clone();
    }
    stripe
}

/// Where the server that listens on an address is reached from this machine: one that listens on every address of a
/// family, on its loopback.
pub(crate) fn own_door(listening: SocketAddr) -> SocketAddr {
    let here = match listening.ip() {
        IpAddr::V4(all) if all.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(all) if all.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        one => one,
    };
    SocketAddr::new(here, listening.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateway_is_given_up_while_the_buyer_can_still_be_told() {
        let keys = StripeKeys {
            secret_key: SANDBOX_SECRET.to_owned().into(),
            publishable_key: SANDBOX_PUBLISHABLE.to_owned(),
            webhook_secrets: vec!["whsec_1".to_owned().into()],
            api_base: None,
        };
        for (request, gateway) in [(2, 1), (10, 5), (30, 15), (300, 15)] {
            let stripe = stripe(&keys, Duration::from_secs(request));
            assert_eq!(stripe.budget, Duration::from_secs(gateway));
            assert_eq!(stripe.validate(), Ok(()));
        }
    }

    #[test]
    fn the_sandbox_tells_the_server_where_it_listens() {
        for (listening, door) in [
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            ("192.168.1.7:80", "192.168.1.7:80"),
            ("[::1]:3000", "[::1]:3000"),
            ("0.0.0.0:3000", "127.0.0.1:3000"),
            ("[::]:3000", "[::1]:3000"),
        ] {
            assert_eq!(own_door(listening.parse().unwrap()).to_string(), door);
        }
    }
}
