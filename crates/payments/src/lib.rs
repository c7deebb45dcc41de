//! The payment gateway on Stripe: typed requests over our own transport, and what Stripe's webhooks say in
//! our words.
//!
//! - [`StripeGateway`] is the domain's [`PaymentGateway`](stoa_domain::payment::PaymentGateway). Requests are
//!   built by async-stripe's generated builders, so a misspelt parameter does not compile; answers are read
//!   by our own lean structs, so an answer that lacks a member we never look at does not cost us the charge
//!   it tells of.
//! - [`WebhookVerifier`] and [`parse_event`] turn a webhook's header and raw body into a
//!   [`GatewayEvent`](stoa_domain::payment::GatewayEvent), whatever API version the endpoint was made for.
//!
//! The sandbox speaks the same wire format, so the demo and the tests run this very code; only
//! [`StripeConfig::api_base`] differs.
//!
//! TLS is rustls without a provider of its own: the process must have installed one (`main` installs ring's)
//! before [`StripeGateway::new`], which says so if it was forgotten.

mod amount;
mod config;
mod facts;
mod gateway;
mod lean;
mod refusal;
mod requests;
mod transport;
mod webhook;

pub use amount::chargeable_step;
pub use config::{ConfigError, StripeConfig};
pub use gateway::StripeGateway;
pub use transport::RetryPolicy;
pub use webhook::{HEARD_EVENTS, MalformedEvent, SignatureError, WebhookVerifier, parse_event};
