//! The store on S3, against a server that checks every signature as Amazon describes it, and that can be told to misbehave.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod faults;
mod server;
mod signature;

use secrecy::SecretString;
use server::{BUCKET, REGION, Server};
use std::{sync::Arc, time::Duration};
use stoa_contracts::media_store::Shelf;
use stoa_domain::media::{MediaType, Stored};
use stoa_media::{S3Config, S3Store};
use url::Url;

fn config(server: &Server) -> S3Config {
    S3Config {
        endpoint: Url::parse(&server.address).unwrap(),
        region: REGION.into(),
        bucket: BUCKET.into(),
        bucket_in_host: false,
        access_key: SecretString::from(signature::ACCESS_KEY),
        secret_key: SecretString::from(signature::SECRET_KEY),
        public_url: None,
        patience: Duration::from_secs(30),
        retries: 2,
    }
}

fn store(config: &S3Config) -> S3Store {
    let _ = rustls::crypto::ring::default_provider().install_default();
    S3Store::new(config).unwrap()
}

async fn open() -> (Shelf, Server) {
    let server = Server::start().await;
    let store = Arc::new(store(&config(&server)));
    // A browser, which has no keys.
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    let fetch = move |url: String| {
        let browser = browser.clone();
        let fetched = async move {
            let answer = browser.get(url).send().await.unwrap();
            if !answer.status().is_success() {
                return None;
            }
            let kind = MediaType::from_mime(answer.headers()["content-type"].to_str().unwrap()).unwrap();
            Some(Stored { kind, body: answer.bytes().await.unwrap().to_vec() })
        };
        Box::pin(fetched) as futures_util::future::BoxFuture<'static, Option<Stored>>
    };
    (Shelf { store, fetch: Arc::new(fetch) }, server)
}

stoa_contracts::media_store_contract!(open);
