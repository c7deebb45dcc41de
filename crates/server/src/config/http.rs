//! What is configured of HTTP.

use super::{
    raw::Raw,
    validate::{InvalidConfig, invalid},
};
use ipnet::IpNet;
use std::{net::IpAddr, num::NonZeroU32, time::Duration};
use stoa_api::http::cookies_are_taken_at;
use url::Url;

/// HTTP.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Origins that may call from a browser.
    pub cors_origins: Vec<String>,
    /// Origins that may send the cookie of a sign-in as well.
    pub cookie_origins: Vec<String>,
    /// Origins that get a code in an address for whoever has signed in with an OpenID provider.
    pub code_origins: Vec<String>,
    /// When a request is given up.
    pub timeout: Duration,
    /// The largest GraphQL request, in bytes.
    pub body_limit: usize,
    /// Who is believed of whom they speak for.
    pub trusted_proxies: Vec<IpNet>,
    /// How much one client may ask; `None`: as much as it likes.
    pub requests_per_minute: Option<NonZeroU32>,
    /// How much somebody may ask who is signed in; `None`: as much as they like.
    pub account_requests_per_minute: Option<NonZeroU32>,
    /// How much a program may ask with its API key; `None`: as much as it likes.
    pub key_requests_per_minute: Option<NonZeroU32>,
    /// What the operations of one caller may cost; `None`: as much as they like.
    pub cost_per_minute: Option<NonZeroU32>,
    /// Bounds on what stays open.
    pub live: LiveConfig,
    /// Whether `/debug/statements` is served.
    pub debug_statements: bool,
}

/// How much may stay open.
#[derive(Clone, Copy, Debug)]
pub struct LiveConfig {
    /// WebSockets and event streams at once.
    pub connections: usize,
    /// Of them those of one client.
    pub connections_per_client: usize,
    /// How long a WebSocket may be open on which nothing runs.
    pub idle: Duration,
    /// Operations at once on one WebSocket.
    pub operations: usize,
    /// Subscriptions at once on all of them.
    pub subscriptions: usize,
}

/// The least time for a request: the gateway is given half of it.
const SHORTEST: Duration = Duration::from_secs(2);
/// No query of a storefront fits into less.
const SMALLEST_BODY: usize = 1024;

const CODE_ORIGINS: &str = "accounts.oidc_code_origins";

pub(super) fn http(raw: &Raw) -> Result<HttpConfig, InvalidConfig> {
    let (section, live) = (&raw.http, &raw.live);
    let timeout = Duration::from_secs(section.timeout_seconds);
    if timeout < SHORTEST {
        let problem = format!("must be at least {}", SHORTEST.as_secs());
        return Err(invalid("http.timeout_seconds", problem));
    }
    if section.body_limit < SMALLEST_BODY {
        let problem = format!("must be at least {SMALLEST_BODY} bytes, or no query fits");
        return Err(invalid("http.body_limit", problem));
    }
    let cors_origins = origins("http.cors_origins", &section.cors_origins)?;
    let cookie_origins = origins("accounts.cookie_origins", &raw.accounts.cookie_origins)?;
    if cookie_origins.iter().any(|origin| origin == "*") {
        let problem = "must name each origin: a cookie is nothing for every page";
        return Err(invalid("accounts.cookie_origins", problem));
    }
    let code_origins = origins(CODE_ORIGINS, &raw.accounts.oidc_code_origins)?;
    if let Some(origin) = code_origins.iter().find(|origin| !is_private(origin)) {
        let problem = format!("\"{origin}\" must be https, or of this machine: a code opens an account");
        return Err(invalid(CODE_ORIGINS, problem));
    }
    let live = LiveConfig {
        connections: live.connections,
        connections_per_client: live.connections_per_client,
        idle: match live.idle_seconds {
            0 => Duration::MAX,
            seconds => Duration::from_secs(seconds),
        },
        operations: live.subscriptions_per_connection,
        subscriptions: live.subscriptions,
    };
    Ok(HttpConfig {
        cors_origins,
        cookie_origins,
        code_origins,
        timeout,
        body_limit: section.body_limit,
        trusted_proxies: raw
            .server
            .trusted_proxies
            .iter()
            .map(|text| network(text))
            .collect::<Result<_, _>>()?,
        requests_per_minute: NonZeroU32::new(raw.limits.requests_per_minute),
        account_requests_per_minute: NonZeroU32::new(raw.limits.account_requests_per_minute),
        key_requests_per_minute: NonZeroU32::new(raw.limits.key_requests_per_minute),
        cost_per_minute: NonZeroU32::new(raw.limits.cost_per_minute),
        live,
        debug_statements: raw.debug_statements,
    })
}

/// Whether nobody on the way reads what browsers ask there. A star is no place.
fn is_private(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| cookies_are_taken_at(&url))
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, InvalidConfig> {
    let text = text.trim();
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| {
        let problem = format!("\"{text}\" is no network: write it as 10.0.0.0/8 or 10.0.0.1");
        invalid("server.trusted_proxies", problem)
    })
}

fn origins(key: &'static str, texts: &[String]) -> Result<Vec<String>, InvalidConfig> {
    texts.iter().map(|text| origin(key, text)).collect()
}

/// An origin as browsers send it: they compare letter by letter, so one with a slash at its end would let nobody in.
fn origin(key: &'static str, text: &str) -> Result<String, InvalidConfig> {
    let text = text.trim();
    if text == "*" {
        return Ok(text.to_owned());
    }
    let bare = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            // A part of a host cannot be left open, though the star is a legal letter in one.
            && !text.contains('*')
    };
    Url::parse(text).ok().filter(bare).map(|url| url.origin().ascii_serialization()).ok_or_else(|| {
        let problem =
            format!("\"{text}\" is no origin: write it as https://shop.example.org, or * for every page");
        invalid(key, problem)
    })
}
