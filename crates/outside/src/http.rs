//! The requests, within bounds.

use crate::{InvalidService, ServiceConfig, config::is_inside};
use reqwest::{
    Client, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use rustls::crypto::CryptoProvider;
use secrecy::ExposeSecret;
use std::{error::Error, time::Duration};
use stoa_domain::shared::OutsideError;
use tokio::{sync::Semaphore, time::timeout};

/// No answer is longer. The taxes of 500 lines take some 60 KiB.
pub const MOST_BYTES: usize = 256 * 1024;
/// After so long a connection that is not used is closed by us: a question is not sent again, so it should not meet one that the service has just
/// closed by itself.
const IDLE: Duration = Duration::from_secs(15);

/// So many questions are on their way at once. Others wait their turn, within their patience: a service that is slow is not helped by more, and
/// each takes a connection.
pub const MOST_AT_ONCE: usize = 128;

/// Posts to one address.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
    url: Url,
    patience: Duration,
    turns: Semaphore,
}

impl Http {
    pub(crate) fn new(config: &ServiceConfig) -> Result<Self, InvalidService> {
        config.check()?;
        if CryptoProvider::get_default().is_none() {
            // reqwest would panic.
            return Err(InvalidService::new(
                "url",
                "no TLS provider: call rustls::crypto::ring::default_provider().install_default() first in main",
            ));
        }
        let mut builder = Client::builder()
            .default_headers(headers(config)?)
            .user_agent(concat!("stoa/", env!("CARGO_PKG_VERSION")))
            .pool_idle_timeout(IDLE)
            // Who redirects is not to choose who is given the token, and whom we reach from here.
            .redirect(Policy::none())
            .referer(false);
        if is_inside(&config.url) {
            builder = builder.no_proxy();
        }
        let client =
            builder.build().map_err(|error| InvalidService::new("url", chain(&error.without_url())))?;
        let (url, patience) = (config.url.clone(), config.patience);
        Ok(Self { client, url, patience, turns: Semaphore::new(MOST_AT_ONCE) })
    }

    /// Posts a question, and gives the body of its answer: all of it within the patience.
    pub(crate) async fn post(&self, question: Vec<u8>) -> Result<Vec<u8>, OutsideError> {
        let asked = async {
            // It is never closed.
            let _turn = self.turns.acquire().await;
            self.exchange(question).await
        };
        timeout(self.patience, asked).await.unwrap_or_else(|_| {
            tracing::debug!(error = "no answer in time", "outside.silent");
            Err(OutsideError::Silent)
        })
    }

    async fn exchange(&self, question: Vec<u8>) -> Result<Vec<u8>, OutsideError> {
        let request = self.client.post(self.url.clone()).body(question);
        let mut response = request.send().await.map_err(silent)?;
        let status = response.status();
        if status != StatusCode::OK {
            return Err(OutsideError::Refused { status: status.as_u16() });
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(silent)? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(OutsideError::Unreadable("it is longer than 256 KiB"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn headers(config: &ServiceConfig) -> Result<HeaderMap, InvalidService> {
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::from_iter([(ACCEPT, json.clone()), (CONTENT_TYPE, json)]);
    if let Some(token) = &config.token {
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
            .map_err(|_| InvalidService::new("token", "holds what no HTTP header can"))?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
    }
    Ok(headers)
}

/// Nothing came, or not all of it. Why is for the log: for whoever waits it is the same.
fn silent(error: reqwest::Error) -> OutsideError {
    tracing::debug!(error = chain(&error.without_url()), "outside.silent");
    OutsideError::Silent
}

/// An error with everything under it, in one line: reqwest's own words end where the reason begins.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
