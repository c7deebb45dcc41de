//! Carries requests to Stripe: pooled connections, timeouts, retries under one idempotency key.

mod key;
mod retry;

pub(crate) use key::IdempotencyKey;
pub use retry::RetryPolicy;

use crate::{
    ConfigError, StripeConfig,
    refusal::{explain, refusal},
};
use bytes::Bytes;
use reqwest::{
    Client, Method, StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use retry::{Verdict, header, is_replayed, judge};
use rustls::crypto::CryptoProvider;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use std::{error::Error, time::Duration};
use stoa_domain::payment::GatewayError;
use stripe_client_core::{RequestBuilder, StripeMethod, VERSION};
use tokio::time::{Instant, sleep};

const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A connection pool to one API, with the credentials.
#[derive(Debug)]
pub(crate) struct Transport {
    client: Client,
    /// The API's address with `/v1`, without a slash at its end.
    base: String,
    attempt_timeout: Duration,
    /// How long all attempts together may take. A pause that would not end before it is not begun.
    budget: Duration,
    retry: RetryPolicy,
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    /// What it says.
    pub body: T,
    /// Whether it is an old one that Stripe repeats because it knows the idempotency key: true then, perhaps
    /// not now.
    pub replayed: bool,
}

/// No good answer.
#[derive(Debug)]
pub(crate) struct Failed {
    /// Why.
    pub error: GatewayError,
    /// Whether it is a failure of Stripe's own (5xx) that it keeps under the idempotency key and will repeat until it
    /// forgets the key.
    pub kept: bool,
}

impl From<GatewayError> for Failed {
    fn from(error: GatewayError) -> Self {
        Self { error, kept: false }
    }
}

/// A call, ready to be made any number of times: copying it shares the body.
struct Call {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

/// An answer, good or bad, that is not worth another attempt.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// An attempt that may be repeated.
struct Setback {
    why: String,
    wait: Option<Duration>,
}

impl Transport {
    pub(crate) fn new(config: &StripeConfig) -> Result<Self, ConfigError> {
        if CryptoProvider::get_default().is_none() {
            // reqwest would panic.
            return Err(ConfigError::new(
                "api_base",
                "no TLS provider: call rustls::crypto::ring::default_provider().install_default() first in main",
            ));
        }
        let mut builder = Client::builder()
            .default_headers(default_headers(config)?)
            .user_agent(concat!("stoa/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            // The API redirects nowhere; whoever does is not to be given the key.
            .redirect(Policy::none());
        if config.is_on_this_machine() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| ConfigError::new("api_base", chain(&error)))?;
        Ok(Self {
            client,
            base: format!("{}/v1", config.api_base.as_str().trim_end_matches('/')),
            attempt_timeout: config.attempt_timeout,
            budget: config.budget,
            retry: config.retry.clone(),
        })
    }

    /// Makes a call until it is answered or the patience is at its end.
    ///
    /// A call that changes something either has a `key`, which all its attempts share, or is of a kind that
    /// can be repeated without harm.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        key: Option<IdempotencyKey>,
    ) -> Result<Answer<T>, GatewayError> {
        self.try_send(request, key).await.map_err(|failed| failed.error)
    }

    /// The same, telling a failure that the key is stuck with from one that passes.
    #[tracing::instrument(name = "stripe.call", skip_all, fields(path = %request.path))]
    pub(crate) async fn try_send<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        key: Option<IdempotencyKey>,
    ) -> Result<Answer<T>, Failed> {
        let reply = self.reply(&self.call(request, key)?).await?;
        let request_id = header(&reply.headers, "request-id").unwrap_or("-");
        let replayed = is_replayed(&reply.headers);
        if !reply.status.is_success() {
            let error = refusal(reply.status, &reply.body, request_id);
            return Err(Failed { error, kept: replayed && reply.status.is_server_error() });
        }
        let body = serde_json::from_slice(&reply.body).map_err(|error| {
            GatewayError::Unknown(format!("an answer that does not read: {error} (request {request_id})"))
        })?;
        Ok(Answer { body, replayed })
    }

    fn call(&self, request: RequestBuilder, key: Option<IdempotencyKey>) -> Result<Call, GatewayError> {
        let mut address = format!("{}{}", self.base, request.path);
        if let Some(query) = request.query.filter(|q| !q.is_empty()) {
            address.push('?');
            address.push_str(&query);
        }
        let url = Url::parse(&address).map_err(|error| GatewayError::Unknown(error.to_string()))?;
        let mut headers = HeaderMap::new();
        if request.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        }
        if let Some(key) = key {
            headers.insert(IDEMPOTENCY_KEY, key.into_header());
        }
        Ok(Call {
            method: method(request.method),
            url,
            headers,
            body: request.body.unwrap_or_default().into(),
        })
    }

    async fn reply(&self, call: &Call) -> Result<Reply, GatewayError> {
        let deadline = Instant::now() + self.budget;
        let mut failures = 0;
        loop {
            let Setback { why, wait } = match self.attempt(call, deadline).await {
                Ok(reply) => return Ok(reply),
                Err(setback) => setback,
            };
            failures += 1;
            let pause = self.retry.pause(failures, wait);
            if failures >= self.retry.attempts || Instant::now() + pause >= deadline {
                return Err(GatewayError::Unknown(format!("{why} (attempts: {failures})")));
            }
            tracing::warn!(failures, ?pause, why, "stripe.retry");
            sleep(pause).await;
        }
    }

    async fn attempt(&self, call: &Call, deadline: Instant) -> Result<Reply, Setback> {
        let lost = |error: reqwest::Error| Setback { why: chain(&error.without_url()), wait: None };
        let left = deadline.saturating_duration_since(Instant::now());
        let request = self
            .client
            .request(call.method.clone(), call.url.clone())
            .headers(call.headers.clone())
            .body(call.body.clone())
            .timeout(self.attempt_timeout.min(left));
        let mut response = request.send().await.map_err(lost)?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = response.bytes().await.map_err(lost)?;
        match judge(status, &headers) {
            Verdict::Final => Ok(Reply { status, headers, body }),
            Verdict::Again(wait) => {
                let request_id = header(&headers, "request-id").unwrap_or("-");
                Err(Setback { why: explain(status, &body, request_id), wait })
            }
        }
    }
}

fn default_headers(config: &StripeConfig) -> Result<HeaderMap, ConfigError> {
    let key = format!("Bearer {}", config.secret_key.expose_secret());
    let mut authorization = HeaderValue::try_from(key)
        .map_err(|_| ConfigError::new("secret_key", "holds what no HTTP header can"))?;
    authorization.set_sensitive(true);
    let version = HeaderValue::try_from(VERSION.as_str())
        .map_err(|_| ConfigError::new("api_base", "the API version is no header value"))?;
    Ok(HeaderMap::from_iter([(AUTHORIZATION, authorization), (STRIPE_VERSION, version)]))
}

fn method(method: StripeMethod) -> Method {
    match method {
        StripeMethod::Get => Method::GET,
        StripeMethod::Post => Method::POST,
        StripeMethod::Delete => Method::DELETE,
    }
}

/// An error with everything under it, in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
