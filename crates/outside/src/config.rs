//! What is to be known of a service before it is asked anything.

use secrecy::{ExposeSecret, SecretString};
use std::{borrow::Cow, net::IpAddr, time::Duration};
use url::{Host, Url};

/// A buyer waits for it, so nobody waits longer.
pub const MOST_PATIENCE: Duration = Duration::from_secs(10);
/// Longer than any token of use.
const LONGEST_TOKEN: usize = 4 * 1024;

/// Where a service is, and how it is asked.
#[derive(Clone, Debug)]
pub struct ServiceConfig {
    /// Where questions are posted to: `https`, or `http` within this machine or the network that we stand in.
    pub url: Url,
    /// What is sent as `Authorization: Bearer …`; `None`: nothing.
    pub token: Option<SecretString>,
    /// How long a question with its answer may take, connecting included.
    pub patience: Duration,
    /// How long an answer is good for the same question; zero: for those who ask at once.
    pub keep_for: Duration,
}

impl ServiceConfig {
    /// A service that needs no token: 2 s for an answer, which is kept for 10 minutes.
    pub const fn new(url: Url) -> Self {
        Self { url, token: None, patience: Duration::from_secs(2), keep_for: Duration::from_mins(10) }
    }

    /// Checks everything that can be known without asking.
    ///
    /// # Errors
    /// The first field that cannot be. Neither the token nor the address is repeated: either may hold a secret.
    pub fn check(&self) -> Result<(), InvalidService> {
        self.check_address()?;
        if let Some(token) = &self.token {
            let token = token.expose_secret();
            if token.is_empty() || token.len() > LONGEST_TOKEN || !token.bytes().all(|b| b.is_ascii_graphic())
            {
                let problem = "is empty, too long, or holds white space or other foreign characters";
                return Err(InvalidService::new("token", problem));
            }
        }
        if self.patience.is_zero() || self.patience > MOST_PATIENCE {
            let problem = format!("must be more than nothing and at most {} s", MOST_PATIENCE.as_secs());
            return Err(InvalidService::new("patience", problem));
        }
        Ok(())
    }

    fn check_address(&self) -> Result<(), InvalidService> {
        let url = &self.url;
        let wrong = |problem: &'static str| Err(InvalidService::new("url", problem));
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return wrong("must be an http or https address");
        }
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_plain {
            return wrong("must have no user, password, query or fragment; a secret is the token's");
        }
        if url.scheme() == "http" && !is_inside(url) {
            return wrong("must begin with https://: http is for this machine and a private network alone");
        }
        Ok(())
    }
}

/// Whether an address is, by what it says, of this machine or of a private network; then no proxy of the environment is asked.
///
/// Names: those without a dot, which no public server has (containers and hosts beside us do), and the endings that are set aside for private use:
/// `localhost` (RFC 6761), `local` (RFC 6762) and `internal` (ICANN, 2024).
pub(crate) fn is_inside(url: &Url) -> bool {
    let address = match url.host() {
        Some(Host::Domain(name)) => {
            let ending = name.rsplit('.').next().unwrap_or_default();
            return !name.contains('.') || ["localhost", "local", "internal"].contains(&ending);
        }
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        None => return false,
    };
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// A field of a service's configuration that cannot be. Says nothing of tokens and addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct InvalidService {
    /// Which field of [`ServiceConfig`].
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub problem: Cow<'static, str>,
}

impl InvalidService {
    pub(crate) fn new(field: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { field, problem: problem.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> ServiceConfig {
        ServiceConfig::new(Url::parse(url).unwrap())
    }

    fn wrong(change: impl FnOnce(&mut ServiceConfig)) -> &'static str {
        let mut config = at("https://tax.example.org/v1/taxes");
        change(&mut config);
        config.check().unwrap_err().field
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(at("https://tax.example.org/v1/taxes").check(), Ok(()));
        assert_eq!(wrong(|c| c.url = Url::parse("ftp://tax.example.org").unwrap()), "url");
        assert_eq!(wrong(|c| c.url = Url::parse("https://u:p@tax.example.org").unwrap()), "url");
        assert_eq!(wrong(|c| c.url = Url::parse("https://tax.example.org/?key=1").unwrap()), "url");
        assert_eq!(wrong(|c| c.url = Url::parse("https://tax.example.org/#a").unwrap()), "url");
        for token in ["", "a b", "a\n", "a\u{e9}"] {
            assert_eq!(wrong(|c| c.token = Some(SecretString::from(token))), "token");
        }
        assert_eq!(wrong(|c| c.patience = Duration::ZERO), "patience");
        assert_eq!(wrong(|c| c.patience = Duration::from_secs(11)), "patience");
    }

    #[test]
    fn what_leaves_the_network_is_encrypted() {
        for inside in [
            "http://127.0.0.1:4000/",
            "http://localhost/",
            "http://[::1]/",
            "http://taxes:8080/",
            "http://10.1.2.3/",
            "http://192.168.1.9/",
            "http://[fd00::1]/",
            "http://taxes.shop.svc.cluster.local/",
            "http://taxes.corp.internal/",
        ] {
            assert_eq!(at(inside).check(), Ok(()), "{inside}");
        }
        for outside in [
            "http://tax.example.org/",
            "http://8.8.8.8/",
            "http://169.254.169.254/",
            "http://local.example.org/",
            "http://[2606:4700::1111]/",
            "http://[::ffff:8.8.8.8]/",
        ] {
            assert_eq!(at(outside).check().unwrap_err().field, "url", "{outside}");
        }
    }

    #[test]
    fn neither_an_error_nor_debug_shows_a_secret() {
        let mut config = at("https://u:hunter2@tax.example.org/");
        config.token = Some(SecretString::from("hunter2 "));
        assert!(!config.check().unwrap_err().to_string().contains("hunter2"));
        config.url = Url::parse("https://tax.example.org/").unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        assert!(!config.check().unwrap_err().to_string().contains("hunter2"));
    }
}
