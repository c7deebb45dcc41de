//! The running program: opened, wired, served, stopped.

mod background;
mod beside;
mod bus;
mod database;
mod gateway;
mod lone_sandbox;
mod media;
mod metrics;
mod oidc;
mod outside;
mod secrets;
mod serve;
mod side_door;
mod stores;
mod watch;
mod wiring;

pub use beside::Beside;
pub use database::{connect, connect_within, open_current, open_current_shop, open_database, open_shop};
pub(crate) use gateway::own_door;
pub use gateway::{Configure, SandboxOptions};
pub use lone_sandbox::LoneSandbox;
pub(crate) use oidc::providers as oidc_providers;
pub(crate) use outside::services as outside_services;
pub use secrets::{Unlocked, unlock};
pub use wiring::Options;

use anyhow::{Context, anyhow};
use background::Background;
use bus::Bus;
use metrics::MetricsServer;
use serve::HttpServer;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use stoa_persistence::Db;
use stoa_sandbox::Sandbox;
use stoa_services::Services;
use url::Url;

/// A server that is up.
pub struct App {
    address: SocketAddr,
    public_url: Url,
    services: Arc<Services>,
    sandbox: Option<Sandbox>,
    api: stoa_api::http::AppState,
    background: Background,
    bus: Bus,
    http: HttpServer,
    /// The sandbox's own door, for our gateway, and ours for the sandbox where the front one takes nothing but TLS: they stay open while
    /// requests in flight still need them.
    back_doors: Vec<HttpServer>,
    metrics: Option<MetricsServer>,
    db: Db,
    patience: Duration,
}

impl App {
    /// Opens the database, migrates it, wires everything, and serves.
    ///
    /// # Errors
    /// Something it needs is not there; the text says what.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        wiring::start(options).await
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics are served, if they are.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(MetricsServer::address)
    }

    /// Where buyers reach it.
    pub const fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// The use cases, for tests and for commands that run beside the server.
    pub const fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// The database.
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// The sandbox, when that is what takes the money.
    pub const fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// Whether this instance hears of what others change: false while what carries live events cannot be reached.
    pub fn hears_others(&self) -> tokio::sync::watch::Receiver<bool> {
        self.bus.listening()
    }

    /// Stops in the order in which one thing needs another: no new requests are invited, jobs and requests in
    /// flight finish, then the sandbox's door and the database close.
    ///
    /// # Errors
    /// Something did not finish in time; what is in the database is safe all the same.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.api.begin_drain();
        let stage = Stage::default();
        let in_time = tokio::time::timeout(self.patience, async {
            // At once: a job that waits for the gateway must not keep requests from being finished.
            tokio::join!(self.background.stop(), async {
                self.http.stop().await;
                stage.over("requests");
            });
            stage.over("what goes on beside them");
            self.api.drained().await;
            stage.over("subscriptions");
            for door in self.back_doors {
                door.stop().await;
            }
            stage.over("requests at the back door");
            // Last of all: whoever finished above may have changed something.
            self.bus.stop().await;
            stage.over("live events");
            // To the end: how the stop goes is worth watching.
            if let Some(metrics) = self.metrics {
                metrics.stop().await;
            }
        });
        let finished = in_time.await.map_err(|_| {
            let (over, left) = (stage.all(), self.background.unfinished());
            // At once: a statement that takes as long keeps the database from closing, and whoever waits kills the program meanwhile.
            tracing::error!(?over, ?left, "something in flight did not finish in time");
            anyhow!("something in flight did not finish in time; over: {over:?}, not over beside requests: {left:?}")
        });
        let closed = tokio::time::timeout(self.patience, self.db.close()).await;
        finished?;
        closed
            .context("a statement keeps the database from closing")?
            .context("the database did not close cleanly")
    }
}

/// How far a stop has come, for whoever reads why it took too long.
#[derive(Default)]
struct Stage(Mutex<Vec<&'static str>>);

impl Stage {
    fn over(&self, what: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    fn all(&self) -> Vec<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
