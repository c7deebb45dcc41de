//! The requests that the library makes, within bounds.

use crate::{
    config::InvalidProvider,
    network::{Forbidden, Network, PublicNames, is_this_machine},
};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use reqwest::{Client, Request, redirect::Policy};
use rustls::crypto::CryptoProvider;
use std::{error::Error, pin::Pin, time::Duration};
use url::Url;

/// No answer of a provider is longer. Google's metadata and keys take some 4 KiB.
const MOST_BYTES: usize = 1024 * 1024;

/// An answer that is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("{url} {why}")]
    Forbidden { url: Box<Url>, why: Forbidden },
    #[error("{0}")]
    Request(String),
    #[error("it sends us elsewhere (HTTP {0})")]
    Redirected(u16),
    #[error("it failed (HTTP {0})")]
    Failed(u16),
    #[error("its answer is longer than {MOST_BYTES} bytes")]
    TooLong,
}

/// Asks one provider.
pub(crate) struct Http {
    client: Client,
    network: Network,
}

impl Http {
    /// For one issuer; each request, with its answer, ends within `patience`.
    pub(crate) fn new(issuer: &Url, network: Network, patience: Duration) -> Result<Self, InvalidProvider> {
        if CryptoProvider::get_default().is_none() {
            // reqwest would panic.
            return Err(InvalidProvider::new(
                "issuer",
                "no TLS provider: call rustls::crypto::ring::default_provider().install_default() first in main",
            ));
        }
        let mut builder = Client::builder()
            .user_agent(concat!("stoa/", env!("CARGO_PKG_VERSION")))
            .timeout(patience)
            // Who redirects would be given the client's secret, or choose the keys.
            .redirect(Policy::none())
            .referer(false);
        if network == Network::Public {
            builder = builder.dns_resolver(PublicNames);
        }
        if is_this_machine(issuer) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| InvalidProvider::new("issuer", chain(&error)))?;
        Ok(Self { client, network })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = Request::try_from(request).map_err(|error| HttpError::Request(chain(&error)))?;
        self.network
            .allow(request.url())
            .map_err(|why| HttpError::Forbidden { url: Box::new(request.url().clone()), why })?;
        let mut response =
            self.client.execute(request).await.map_err(|error| HttpError::Request(chain(&error)))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(HttpError::Redirected(status.as_u16()));
        }
        if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS {
            return Err(HttpError::Failed(status.as_u16()));
        }
        let mut answer = http::Response::builder().status(status);
        if let Some(kind) = response.headers().get(http::header::CONTENT_TYPE) {
            answer = answer.header(http::header::CONTENT_TYPE, kind);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| HttpError::Request(chain(&error)))? {
            if body.len() + chunk.len() > MOST_BYTES {
                return Err(HttpError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        answer.body(body).map_err(|error| HttpError::Request(error.to_string()))
    }
}

/// The form that the library wants of it.
impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// An error with what is under it: reqwest's own words end where the reason begins.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
