//! What the sandbox is told at start, and why it may refuse to start.

use std::{fmt, path::PathBuf, time::Duration};

use url::Url;

use crate::{clock::Clock, ids};

/// Everything the sandbox needs to know. Fields left alone by [`SandboxConfig::new`] have workable defaults.
#[derive(Clone)]
pub struct SandboxConfig {
    /// Folder of the journal (`sandbox.jsonl`); it is made when missing. `None` keeps everything in memory.
    pub data_dir: Option<PathBuf>,
    /// The keys that callers must present.
    pub keys: Keys,
    /// Every other Stripe key the program has been configured with. A live one among them stops the start:
    /// somebody who has live keys at hand must never take play money for money.
    pub known_keys: Vec<String>,
    /// Where events are posted; `None` only keeps them for `GET /v1/events`.
    pub webhook: Option<WebhookTarget>,
    /// The origin under which browsers reach this server, for the links of `next_action` and for the check of
    /// return addresses.
    pub public_url: Url,
    /// The time.
    pub clock: Clock,
    /// How often and how patiently a webhook is tried again.
    pub retry: RetryPolicy,
    /// How many events are on their way at once. With one they come in the order of their creation; with more only those of one payment
    /// do, as Stripe's come in no order at all.
    pub deliveries_at_once: usize,
}

impl SandboxConfig {
    /// A sandbox in memory, on the machine's clock, that sends no webhooks.
    #[must_use]
    pub fn new(public_url: Url, keys: Keys) -> Self {
        Self {
            data_dir: None,
            keys,
            known_keys: Vec::new(),
            webhook: None,
            public_url,
            clock: Clock::system(),
            retry: RetryPolicy::default(),
            deliveries_at_once: 1,
        }
    }

    /// Refuses live keys, keys of the wrong kind and addresses that are not http(s).
    pub(crate) fn validate(&self) -> Result<(), OpenError> {
        let keys = [&self.keys.secret, &self.keys.publishable].into_iter().chain(&self.known_keys);
        if let Some(prefix) = keys.filter_map(|key| live_prefix(key)).next() {
            return Err(OpenError::LiveKey { prefix });
        }
        if !self.keys.secret.starts_with("sk_test_") {
            return Err(OpenError::KeyShape { name: "secret key", expected: "sk_test_" });
        }
        if !self.keys.publishable.starts_with("pk_test_") {
            return Err(OpenError::KeyShape { name: "publishable key", expected: "pk_test_" });
        }
        require_http("public URL", &self.public_url)?;
        if let Some(target) = &self.webhook {
            require_http("webhook URL", &target.url)?;
            if !target.secret.starts_with("whsec_") {
                return Err(OpenError::KeyShape { name: "webhook signing secret", expected: "whsec_" });
            }
        }
        Ok(())
    }
}

impl fmt::Debug for SandboxConfig {
    /// Shows no key: `known_keys` may hold what must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("data_dir", &self.data_dir)
            .field("webhook", &self.webhook)
            .field("public_url", &self.public_url.as_str())
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// The pair of API keys that the sandbox accepts.
#[derive(Clone)]
pub struct Keys {
    /// `sk_test_…`, for servers.
    pub secret: String,
    /// `pk_test_…`, for browsers.
    pub publishable: String,
}

impl Keys {
    /// A pair that nobody has seen before.
    #[must_use]
    pub fn generate() -> Self {
        Self { secret: ids::random_after("sk_test_", 32), publishable: ids::random_after("pk_test_", 32) }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

/// One receiver of events, like a webhook endpoint of a Stripe account.
#[derive(Clone)]
pub struct WebhookTarget {
    /// Where events are posted.
    pub url: Url,
    /// The signing secret, `whsec_…`.
    pub secret: String,
    /// Event types to send: exact names, `payment_intent.*` or `*`.
    pub events: Vec<String>,
}

impl WebhookTarget {
    /// A receiver of all events.
    #[must_use]
    pub fn new(url: Url, secret: impl Into<String>) -> Self {
        Self { url, secret: secret.into(), events: vec!["*".to_owned()] }
    }

    /// A signing secret that nobody has seen before.
    #[must_use]
    pub fn generate_secret() -> String {
        ids::random_after("whsec_", 32)
    }

    /// Whether the receiver asked for events of this type.
    pub(crate) fn wants(&self, event_type: &str) -> bool {
        self.events.iter().any(|pattern| matches_event(pattern, event_type))
    }
}

impl fmt::Debug for WebhookTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookTarget").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

/// Whether an event type fits a pattern: `*`, a prefix ending in `.*`, or the exact name.
pub(crate) fn matches_event(pattern: &str, event_type: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => event_type.starts_with(prefix),
        None => pattern == event_type,
    }
}

/// How a webhook that is not answered with 2xx is tried again: after `first`, then twice as long each time.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    /// How often an event is sent at most, the first time included.
    pub attempts: u32,
    /// The pause after the first failure.
    pub first: Duration,
    /// The longest pause.
    pub ceiling: Duration,
    /// How long one attempt may take.
    pub timeout: Duration,
}

impl RetryPolicy {
    /// The pause after `failed` attempts (1 or more).
    pub(crate) fn pause(&self, failed: u32) -> Duration {
        let doubled = 2u32.saturating_pow(failed.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.ceiling)
    }
}

impl Default for RetryPolicy {
    /// Sixteen attempts over about half an hour: long enough for a developer to restart a server.
    fn default() -> Self {
        Self {
            attempts: 16,
            first: Duration::from_millis(500),
            ceiling: Duration::from_secs(300),
            timeout: Duration::from_secs(10),
        }
    }
}

/// The mark of a live key, such as `sk_live_`, when `key` is one. The sandbox must not run beside it.
#[must_use]
pub fn live_prefix(key: &str) -> Option<&'static str> {
    ["sk_live_", "rk_live_", "pk_live_"].into_iter().find(|prefix| key.trim_start().starts_with(prefix))
}

fn require_http(name: &'static str, url: &Url) -> Result<(), OpenError> {
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        Ok(())
    } else {
        Err(OpenError::NotHttp { name })
    }
}

/// Why the sandbox does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A live key is configured somewhere.
    #[error(
        "a live Stripe key ({prefix}…) is configured: the sandbox moves no money and refuses to run beside it. \
         Remove the live key, or switch the sandbox off"
    )]
    LiveKey {
        /// What the key begins with; the key itself is never shown.
        prefix: &'static str,
    },
    /// A key or secret of another kind.
    #[error("the sandbox's {name} must begin with {expected}")]
    KeyShape {
        /// Which one.
        name: &'static str,
        /// What it should begin with.
        expected: &'static str,
    },
    /// An address that cannot be reached over HTTP.
    #[error("the sandbox's {name} must be an http or https address with a host")]
    NotHttp {
        /// Which one.
        name: &'static str,
    },
    /// The data folder cannot be made, read or written.
    #[error("the sandbox's data at {} cannot be used", path.display())]
    Data {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Another process has the data folder open.
    #[error("the sandbox's data at {} is in use by another process", path.display())]
    InUse {
        /// The lock file.
        path: PathBuf,
    },
    /// A line of the journal that is not the last one does not read.
    #[error(
        "line {line} of the sandbox's journal {} is damaged. It holds play money only: move the file away, and the \
         sandbox starts anew without it",
        path.display()
    )]
    Journal {
        /// The journal.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What does not read.
        source: serde_json::Error,
    },
    /// Without a provider reqwest would panic when it builds its client, even for http targets.
    #[error(
        "no rustls provider is installed: call rustls::crypto::ring::default_provider().install_default() first"
    )]
    NoTlsProvider,
    /// The HTTP client for webhooks cannot be built.
    #[error("the sandbox's webhook client cannot be built")]
    HttpClient(#[source] reqwest::Error),
}
