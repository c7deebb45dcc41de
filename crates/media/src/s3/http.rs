//! How the bucket is spoken to.

use super::{InvalidS3, S3Config};
use object_store::{
    ClientOptions, Result,
    client::{HttpClient, HttpConnector},
};
use reqwest::{Client, redirect::Policy};
use rustls::crypto::CryptoProvider;
use std::{net::IpAddr, time::Duration};

const CONNECTING: Duration = Duration::from_secs(5);

/// Hands out a client of our own: with the TLS of the rest of the program, and that follows nobody elsewhere with a signature.
#[derive(Debug)]
pub(super) struct Connector(Client);

impl Connector {
    pub(super) fn new(config: &S3Config) -> std::result::Result<Self, InvalidS3> {
        if CryptoProvider::get_default().is_none() {
            // reqwest would panic.
            return Err(InvalidS3::new(
                "endpoint",
                "no TLS provider: call rustls::crypto::ring::default_provider().install_default() first in main",
            ));
        }
        let mut builder = Client::builder()
            .user_agent(concat!("stoa/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECTING.min(config.patience))
            .timeout(config.patience)
            .redirect(Policy::none());
        let host = config.endpoint.host_str().unwrap_or_default().trim_matches(['[', ']']);
        if host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()) {
            builder = builder.no_proxy();
        }
        Ok(Self(builder.build().map_err(|e| InvalidS3::new("endpoint", e.to_string()))?))
    }
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}
