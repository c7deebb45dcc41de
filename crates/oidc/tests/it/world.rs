//! An issuer, a client of it, and a clock that stands still until told.

use crate::issuer::{Issuer, Key};
use chrono::{DateTime, TimeDelta};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use stoa_domain::shared::{Clock, IdGenerator, Timestamp};
use stoa_oidc::{
    Attempt, Authorization, Callback, ClientAuth, ExchangeError, Identity, OidcProvider, ProviderConfig,
};
use url::Url;
use uuid::Uuid;

pub(crate) const CLIENT: &str = "our-client";
pub(crate) const SECRET: &str = "our+secret/with:signs%";
pub(crate) const STATE: &str = "the-state-of-this-attempt";

pub(crate) struct StandingClock(Mutex<Timestamp>);

impl StandingClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap())))
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Tokens that are counted, in the form of real ones.
#[derive(Default)]
pub(crate) struct Counted(AtomicU64);

impl IdGenerator for Counted {
    fn id(&self) -> Uuid {
        Uuid::from_u128(self.0.fetch_add(1, Ordering::SeqCst).into())
    }

    fn secret_id(&self) -> Uuid {
        self.id()
    }

    fn token(&self) -> String {
        format!("{:0>43}", self.0.fetch_add(1, Ordering::SeqCst))
    }
}

pub(crate) struct World {
    pub(crate) issuer: Issuer,
    pub(crate) provider: OidcProvider,
    pub(crate) clock: Arc<StandingClock>,
    pub(crate) ids: Counted,
    pub(crate) key: Key,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut ProviderConfig)) -> Self {
        let key = Key::new("k1");
        let issuer = Issuer::start(&key).await;
        let mut config = config(&issuer.url());
        change(&mut config);
        let clock = StandingClock::new();
        let provider = provider(config, Arc::clone(&clock));
        Self { issuer, provider, clock, ids: Counted::default(), key }
    }

    pub(crate) async fn begin(&self) -> Authorization {
        self.provider.authorize(&self.ids, STATE.into(), return_to()).await.unwrap()
    }

    /// What a good token says in answer to an attempt.
    pub(crate) fn claims(&self, begun: &Authorization) -> Value {
        let now = self.clock.now().timestamp();
        json!({
            "iss": self.issuer.url(),
            "sub": "248289761001",
            "aud": CLIENT,
            "exp": now + 600,
            "iat": now,
            "nonce": parameter(&begun.url, "nonce").unwrap(),
            "email": "ada@example.org",
            "email_verified": true,
            "given_name": "Ada",
            "family_name": "Lovelace",
        })
    }

    /// A whole sign-in, in which the token's header and claims are changed before they are signed.
    pub(crate) async fn sign_in(
        &self,
        change: impl FnOnce(&mut Value, &mut Value),
    ) -> Result<Identity, ExchangeError> {
        let begun = self.begin().await;
        let (mut header, mut claims) = (self.key.header(), self.claims(&begun));
        change(&mut header, &mut claims);
        self.issuer.gives(&self.key.sign(&header, &claims));
        self.finish(&begun.attempt).await
    }

    /// The answer of an honest provider.
    pub(crate) async fn finish(&self, attempt: &Attempt) -> Result<Identity, ExchangeError> {
        self.provider.exchange(callback(&format!("code=c&state={STATE}")), attempt).await
    }
}

pub(crate) fn config(issuer: &str) -> ProviderConfig {
    let auth = ClientAuth::Secret(SecretString::from(SECRET));
    let config = ProviderConfig::new("test", issuer, CLIENT, auth);
    ProviderConfig { trust_email: true, private_network: true, ..config }
}

pub(crate) fn provider(config: ProviderConfig, clock: Arc<StandingClock>) -> OidcProvider {
    // A second test in this process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    OidcProvider::new(config, clock).unwrap()
}

pub(crate) fn return_to() -> Url {
    Url::parse("https://shop.example/auth/oidc/test/callback").unwrap()
}

pub(crate) fn callback(form: &str) -> Callback {
    Callback::parse(form).unwrap()
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
