//! A door for the sandbox's events, where the front one takes nothing but TLS: the sandbox posts in plain HTTP, and knows no certificate.

use super::serve::{Clients, HttpServer};
use crate::config::{Config, Payments};
use anyhow::Context;
use axum::{Router, extract::Request, routing::any};
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tower::ServiceExt;

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
        let front = front.clone();
        let events = Router::new().route(WEBHOOKS, any(move |event: Request| front.clone().oneshot(event)));
        HttpServer::spawn(self.listener, events, 0, Clients::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Raw, TlsFiles, read};
    use axum::routing::{get, post};
    use std::path::PathBuf;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    fn config() -> Config {
        let raw: Raw = read(None).unwrap();
        Config::try_from(raw).unwrap()
    }

    #[tokio::test]
    async fn it_is_there_beside_tls_alone_and_leads_to_webhooks_alone() {
        let mut config = config();
        assert!(SideDoor::beside(&config).await.unwrap().is_none(), "the front door will do");
        let [certificate, key] = ["c.pem", "k.pem"].map(PathBuf::from);
        config.tls = Some(TlsFiles { certificate, key });
        let door = SideDoor::beside(&config).await.unwrap().unwrap();
        let address = door.address();
        assert!(address.ip().is_loopback());
        let front = Router::new().route(WEBHOOKS, post("taken")).route("/graphql", get("told"));
        let server = door.open(&front);
        for (line, answer) in [
            ("POST /webhooks/stripe", "HTTP/1.1 200"),
            ("GET /graphql", "HTTP/1.1 404"),
            ("POST /webhooks/stripe/x", "HTTP/1.1 404"),
        ] {
            let mut socket = TcpStream::connect(address).await.unwrap();
            let request =
                format!("{line} HTTP/1.1\r\nhost: shop\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            socket.write_all(request.as_bytes()).await.unwrap();
            let mut heard = String::new();
            socket.read_to_string(&mut heard).await.unwrap();
            assert!(heard.starts_with(answer), "{line}: {heard}");
        }
        server.stop().await;
    }
}
