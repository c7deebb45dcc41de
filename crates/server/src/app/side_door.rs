//! A door for the sandbox's events, where the front one takes nothing but TLS: the sandbox posts in plain HTTP, and knows no certificate.

use super::serve::{Clients, HttpServer};
use crate::config::{Config, Payments};
use anyhow::Context;
use axum::Router;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// The one address that it leads to.
const WEBHOOKS: &str = "/webhooks/stripe";

/// The door, before anybody stands behind it.
pub(super) struct SideDoor {
    listener: TcpListener,
    address: SocketAddr,
}

impl SideDoor {
    /// `None` where there is no need of it.
    pub(super) async fn beside(config: &Config) -> anyhow::Result<Option<Self>> {
        if config.tls.is_none() || !matches!(config.payments, Payments::Sandbox) {
            return Ok(None);
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.context("the sandbox's events find no port")?;
        let address = listener.local_addr().context("the port for the sandbox's events has no address")?;
        Ok(Some(Self { listener, address }))
    }

    /// Where it is, on this machine alone.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets events in, to where they would come by the front door.
    pub(super) fn open(self, front: &Router) -> HttpServer {
        let events = Router::new().route_service(WEBHOOKS, front.clone());
        HttpServer::spawn(self.listener, events, 0, Clients::default())
    }
}
