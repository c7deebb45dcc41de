//! What the gateway is told at start, checked before anything is sent.

use crate::{transport::RetryPolicy, webhook::WebhookVerifier};
use secrecy::{ExposeSecret, SecretString};
use std::{borrow::Cow, time::Duration};
use url::{Host, Url};

/// How to reach Stripe, as whom, and how patiently.
#[derive(Clone, Debug)]
pub struct StripeConfig {
    /// The secret or restricted API key (`sk_…`, `rk_…`).
    pub secret_key: SecretString,
    /// The public key for browsers (`pk_…`), of the same mode (test or live).
    pub publishable_key: String,
    /// The signing secrets of the webhook endpoint (`whsec_…`): the current one and, while one is being
    /// replaced, the other too.
    pub webhook_secrets: Vec<SecretString>,
    /// Where the API is; Stripe's own address, or the sandbox's. A path is kept (`http://host/stripe` is
    /// asked for `/stripe/v1/…`).
    pub api_base: Url,
    /// The page on which a person can pay by hand (the sandbox's `…/sandbox/pay/`); Stripe itself has none.
    pub payment_page: Option<Url>,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long one attempt may take, connecting included.
    pub attempt_timeout: Duration,
    /// How long whoever called waits at most: all attempts and pauses, and all requests that one call takes. A server
    /// sets it below the time in which it must answer itself.
    pub budget: Duration,
    /// When and how often to try again.
    pub retry: RetryPolicy,
}

impl StripeConfig {
    /// Stripe's own API with patience for a person who waits at a checkout: 3 s to connect, 12 s an attempt,
    /// 15 s in all, and the [default](RetryPolicy::default) retries.
    pub fn new(
        secret_key: SecretString,
        publishable_key: impl Into<String>,
        webhook_secrets: Vec<SecretString>,
    ) -> Self {
        Self {
            secret_key,
            publishable_key: publishable_key.into(),
            webhook_secrets,
            api_base: stripe_api(),
            payment_page: None,
            connect_timeout: Duration::from_secs(3),
            attempt_timeout: Duration::from_secs(12),
            budget: Duration::from_secs(15),
            retry: RetryPolicy::default(),
        }
    }

    /// Checks everything that can be known without asking Stripe.
    ///
    /// # Errors
    /// The first thing that is wrong, by the name of its key and with what to do about it.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let secret = self.secret_key.expose_secret();
        check_key("secret_key", secret, &["sk_", "rk_"])?;
        check_key("publishable_key", &self.publishable_key, &["pk_"])?;
        if let (Some(ours), Some(theirs)) = (Mode::of(secret), Mode::of(&self.publishable_key))
            && ours != theirs
        {
            return Err(ConfigError::new(
                "publishable_key",
                "is of another mode (test or live) than secret_key",
            ));
        }
        WebhookVerifier::new(&self.webhook_secrets)?;
        check_url("api_base", &self.api_base)?;
        if self.api_base.scheme() == "http" && Mode::of(secret) == Some(Mode::Live) {
            return Err(ConfigError::new("api_base", "a live key is only ever sent over https"));
        }
        if let Some(page) = &self.payment_page {
            check_url("payment_page", page)?;
        }
        self.validate_patience()
    }

    fn validate_patience(&self) -> Result<(), ConfigError> {
        for (key, value) in [
            ("connect_timeout", self.connect_timeout),
            ("attempt_timeout", self.attempt_timeout),
            ("budget", self.budget),
        ] {
            if value.is_zero() {
                return Err(ConfigError::new(key, "must be longer than nothing"));
            }
        }
        if self.retry.attempts == 0 {
            return Err(ConfigError::new("retry.attempts", "must be at least 1, the first attempt"));
        }
        Ok(())
    }

    /// Whether the API is on this machine, as the sandbox is; then no proxy of the environment is asked.
    pub(crate) fn is_on_this_machine(&self) -> bool {
        match self.api_base.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stripe.{key}: {problem}")]
pub struct ConfigError {
    key: &'static str,
    problem: Cow<'static, str>,
}

impl ConfigError {
    pub(crate) fn new(key: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { key, problem: problem.into() }
    }

    /// The setting, by its name in [`StripeConfig`].
    pub fn key(&self) -> &'static str {
        self.key
    }
}

/// Play money or real money.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Test,
    Live,
}

impl Mode {
    /// `None` for a key that does not say.
    fn of(key: &str) -> Option<Self> {
        match key.split('_').nth(1) {
            Some("test") => Some(Self::Test),
            Some("live") => Some(Self::Live),
            _ => None,
        }
    }
}

/// Refuses what was pasted with a line break, cut off, or is another kind of key. The value itself is never
/// shown.
pub(crate) fn check_key(name: &'static str, value: &str, prefixes: &[&str]) -> Result<(), ConfigError> {
    let Some(rest) = prefixes.iter().find_map(|prefix| value.strip_prefix(prefix)) else {
        return Err(ConfigError::new(name, format!("must begin with {}", prefixes.join(" or "))));
    };
    if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(ConfigError::new(
            name,
            "holds nothing after its prefix, or white space, or other foreign characters",
        ));
    }
    Ok(())
}

fn check_url(name: &'static str, url: &Url) -> Result<(), ConfigError> {
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain {
        Ok(())
    } else {
        Err(ConfigError::new(name, "must be an http or https address without credentials, query or fragment"))
    }
}

#[expect(clippy::expect_used, reason = "a constant that a test reads")]
fn stripe_api() -> Url {
    Url::parse("https://api.stripe.com").expect("a URL")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(secret: &str, publishable: &str, webhook: &[&str]) -> StripeConfig {
        let webhook = webhook.iter().map(|s| SecretString::from(*s)).collect();
        StripeConfig::new(SecretString::from(secret), publishable, webhook)
    }

    fn valid() -> StripeConfig {
        config("sk_test_1", "pk_test_1", &["whsec_1", "whsec_2"])
    }

    fn wrong(change: impl FnOnce(&mut StripeConfig)) -> &'static str {
        let mut config = valid();
        change(&mut config);
        config.validate().unwrap_err().key()
    }

    #[test]
    fn keys_of_one_mode_pass_at_stripes_own_address() {
        assert_eq!(valid().validate(), Ok(()));
        assert_eq!(config("rk_live_1", "pk_live_1", &["whsec_1"]).validate(), Ok(()));
        assert_eq!(valid().api_base.as_str(), "https://api.stripe.com/");
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(wrong(|c| c.secret_key = SecretString::from("pk_test_1")), "secret_key");
        assert_eq!(wrong(|c| c.secret_key = SecretString::from("sk_")), "secret_key");
        assert_eq!(wrong(|c| c.secret_key = SecretString::from("sk_test_1\n")), "secret_key");
        assert_eq!(wrong(|c| c.publishable_key = "sk_test_1".into()), "publishable_key");
        assert_eq!(wrong(|c| c.publishable_key = "pk_live_1".into()), "publishable_key");
        assert_eq!(wrong(|c| c.webhook_secrets.clear()), "webhook_secrets");
        assert_eq!(wrong(|c| c.webhook_secrets.push(SecretString::from("we_1"))), "webhook_secrets");
        assert_eq!(wrong(|c| c.api_base = Url::parse("ftp://host").unwrap()), "api_base");
        assert_eq!(wrong(|c| c.api_base = Url::parse("https://u:p@host").unwrap()), "api_base");
        assert_eq!(wrong(|c| c.payment_page = Some(Url::parse("https://host/?a").unwrap())), "payment_page");
        assert_eq!(wrong(|c| c.attempt_timeout = Duration::ZERO), "attempt_timeout");
        assert_eq!(wrong(|c| c.budget = Duration::ZERO), "budget");
        assert_eq!(wrong(|c| c.retry.attempts = 0), "retry.attempts");
    }

    #[test]
    fn a_live_key_never_travels_in_the_clear() {
        let mut live = config("sk_live_1", "pk_live_1", &["whsec_1"]);
        live.api_base = Url::parse("http://127.0.0.1:4242").unwrap();
        assert_eq!(live.validate().unwrap_err().key(), "api_base");
    }

    #[test]
    fn neither_an_error_nor_debug_shows_a_secret() {
        let mut config = valid();
        assert!(!format!("{config:?}").contains("sk_test_1"));
        config.secret_key = SecretString::from("hunter2");
        let error = config.validate().unwrap_err().to_string();
        assert_eq!(error, "stripe.secret_key: must begin with sk_ or rk_");
    }

    #[test]
    fn the_sandbox_is_on_this_machine() {
        for (base, here) in [
            ("http://127.0.0.1:1", true),
            ("http://localhost:1", true),
            ("http://[::1]:1", true),
            ("https://api.stripe.com", false),
        ] {
            let config = StripeConfig { api_base: Url::parse(base).unwrap(), ..valid() };
            assert_eq!(config.is_on_this_machine(), here, "{base}");
        }
    }
}
