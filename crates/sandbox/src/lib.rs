//! A small server of Stripe's wire format, for the demo, the tests and developers without keys.
//!
//! It is a fake card network behind Stripe's API: PaymentIntents, charges, refunds, disputes, customers and cards with
//! Stripe's ids, states, errors and test card numbers, idempotency keys, and signed webhooks. A program that talks to
//! it runs the very code that talks to Stripe; Stripe's own client libraries can drive it. It knows nothing of the shop
//! that uses it.
//!
//! ```no_run
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! use stoa_sandbox::{Keys, Sandbox, SandboxConfig, WebhookTarget};
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:4242").await?;
//! let mut config = SandboxConfig::new("http://127.0.0.1:4242".parse()?, Keys::generate());
//! config.webhook = Some(WebhookTarget::new("http://127.0.0.1:8080/webhooks".parse()?, "whsec_0123"));
//! let sandbox = Sandbox::open(config)?;
//! let sender = sandbox.clone();
//! tokio::spawn(async move { sender.run(Default::default()).await });
//! axum::serve(listener, sandbox.router()).await?;
//! # Ok(()) }
//! ```
//!
//! # Control routes
//!
//! With the secret key, and JSON where there is a body:
//!
//! | route | body | does |
//! |---|---|---|
//! | `GET`, `POST`, `DELETE /sandbox/faults` | a [`Fault`] | shows, extends, clears the fault plan |
//! | `GET /sandbox/webhooks` | | how many events are undelivered |
//! | `POST /sandbox/events/{id}/send` | | sends an event once more |
//! | `POST /sandbox/payment_intents/{id}/authenticate` | `{"outcome":"succeeded"}` or `failed` | ends a 3-D Secure challenge |
//! | `POST /sandbox/payment_intents/{id}/settle` | the same | ends a payment in `processing` |
//! | `POST /sandbox/payment_intents/{id}/dispute` | `{"reason":"fraudulent"}`, `product_not_received`, `inquiry` | disputes a payment |
//! | `POST /sandbox/disputes/{id}/close` | `{"outcome":"won"}` or `lost` | decides a dispute |
//! | `POST /sandbox/refunds/{id}/settle` | `{"outcome":"succeeded"}` or `failed` | ends a pending refund, or lets one come back |
//!
//! A person pays on `GET /sandbox/pay/{payment_intent}?client_secret=…&return_url=…`.
//!
//! # Inside
//!
//! A request goes `http` → `ops` → `store`: the first knows HTTP, the second what Stripe does, the third keeps
//! it. `model` holds the objects, `wire` writes them as Stripe does, `cards` is the book of test cards, `webhooks` and
//! `faults` do what their names say.

mod cards;
mod clock;
mod config;
mod error;
mod faults;
mod form;
mod http;
mod ids;
mod model;
mod money;
mod ops;
mod pages;
mod sandbox;
mod shared;
mod store;
mod webhooks;
mod wire;
mod words;

pub use clock::Clock;
pub use config::{Keys, OpenError, RetryPolicy, SandboxConfig, WebhookTarget, live_prefix};
pub use faults::{ApiAction, ApiFault, Fault, FaultError, Faults, WebhookAction, WebhookFault};
pub use sandbox::Sandbox;
pub use webhooks::sign;
pub use wire::API_VERSION;
