//! The sandbox as its host sees it.

use std::sync::Arc;

use axum::Router;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{OpenError, SandboxConfig},
    faults::Faults,
    http,
    shared::Shared,
    webhooks,
};

/// A running fake of Stripe's API for cards. Clones share it.
///
/// Two things make it work: its [routes](Self::router) must be served, and [`run`](Self::run) must be running for
/// events to be sent.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

impl Sandbox {
    /// Reads what an earlier run left in the data folder and gets ready.
    ///
    /// # Errors
    /// A live key, a key or address of the wrong kind, a data folder that cannot be used or is in use, a damaged
    /// journal, or no rustls provider installed: `rustls::crypto::ring::default_provider().install_default()` must
    /// have been called, even when the webhook target is plain http.
    pub fn open(config: SandboxConfig) -> Result<Self, OpenError> {
        Ok(Self { shared: Arc::new(Shared::open(config)?) })
    }

    /// The routes `/v1/…` (Stripe's API) and `/sandbox/…` (control routes and the page to pay on).
    pub fn router(&self) -> Router {
        http::router(Arc::clone(&self.shared))
    }

    /// Sends events to the webhook target until `shutdown`, then lets the delivery under way finish (two seconds at
    /// most) and lets go of answers that the fault plan holds back. Events that are not delivered by then are sent
    /// after the next start, if there is a data folder. Run it once.
    pub async fn run(&self, shutdown: CancellationToken) {
        webhooks::run(Arc::clone(&self.shared), shutdown.clone()).await;
        self.shared.closing.cancel();
    }

    /// The fault plan.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.shared.faults.clone()
    }

    /// How many events are neither delivered nor given up.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        self.shared.outbox.open()
    }

    /// Waits until every event so far has been delivered or given up. Needs [`run`](Self::run) to be running.
    pub async fn webhooks_settled(&self) {
        self.shared.outbox.settled().await;
    }
}
