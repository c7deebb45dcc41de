//! What is to be known of a provider before it is asked anything.

use crate::{AppleKey, network::Network};
use secrecy::{ExposeSecret, SecretString};
use std::{borrow::Cow, time::Duration};
use url::Url;

/// What goes into the database with each person, and must fit.
const MOST_LETTERS: usize = 255;

/// A provider, as the shop's settings name it.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// Its name in our own addresses: 1 to 32 small letters, digits and hyphens. People may keep those addresses.
    pub name: String,
    /// The issuer, letter by letter as it writes itself (`https://accounts.google.com`). Its metadata is below it, at
    /// `/.well-known/openid-configuration`.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// How we show that we are who we say.
    pub auth: ClientAuth,
    /// What is asked for besides `openid`; `email` and `profile` unless said otherwise.
    pub scopes: Vec<String>,
    /// Whether it is believed when it says that an address is the person's. Never for an issuer at which people can write
    /// any address into their account.
    pub trust_email: bool,
    /// Whether it may be inside the network that we stand in; on this machine also without https. Without it, no request
    /// goes to such an address, wherever the provider's metadata points. A proxy of the environment that is itself inside,
    /// and named by a name, needs it too: what the proxy may reach is then the proxy's to say.
    pub private_network: bool,
    /// How long each request may take.
    pub patience: Duration,
}

/// How we show to a provider that we are its client.
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// Not at all: a public client, protected by PKCE alone.
    Public,
    /// By a secret that both know.
    Secret(SecretString),
    /// As Apple wants it: by a statement that we sign anew each time. It answers by a form that the browser posts.
    Apple(AppleKey),
}

impl ProviderConfig {
    /// A provider as most are: asked for address and names, not trusted with addresses, on the internet, 5 s a request.
    pub fn new(
        name: impl Into<String>,
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        auth: ClientAuth,
    ) -> Self {
        Self {
            name: name.into(),
            issuer: issuer.into(),
            client_id: client_id.into(),
            auth,
            scopes: vec!["email".into(), "profile".into()],
            trust_email: false,
            private_network: false,
            patience: Duration::from_secs(5),
        }
    }

    /// Checks everything that can be known without asking.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn check(&self) -> Result<(), InvalidProvider> {
        self.validate().map(drop)
    }

    pub(crate) const fn network(&self) -> Network {
        if self.private_network { Network::Private } else { Network::Public }
    }

    /// As [`check`](Self::check), and gives the issuer's address.
    pub(crate) fn validate(&self) -> Result<Url, InvalidProvider> {
        let of_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.name.is_empty() || self.name.len() > 32 || !self.name.bytes().all(of_name) {
            return Err(InvalidProvider::new("name", "must be 1 to 32 small letters, digits and hyphens"));
        }
        let issuer = self.issuer()?;
        if !is_graphic(&self.client_id) {
            return Err(InvalidProvider::new(
                "client_id",
                "must be 1 to 255 visible characters without spaces",
            ));
        }
        if let ClientAuth::Secret(secret) = &self.auth
            && !is_graphic(secret.expose_secret())
        {
            return Err(InvalidProvider::new(
                "client_secret",
                "is empty, too long, or holds white space or other foreign characters",
            ));
        }
        if self.scopes.iter().any(|scope| !is_graphic(scope) || scope.contains(['"', '\\'])) {
            return Err(InvalidProvider::new(
                "scopes",
                "each is a word without spaces (RFC 6749, section 3.3)",
            ));
        }
        if self.patience.is_zero() {
            return Err(InvalidProvider::new("patience", "must be longer than nothing"));
        }
        Ok(issuer)
    }

    fn issuer(&self) -> Result<Url, InvalidProvider> {
        let wrong = |why: String| InvalidProvider::new("issuer", why);
        let url = Url::parse(&self.issuer).map_err(|_| wrong("is not an address".into()))?;
        self.network().allow(&url).map_err(|why| wrong(why.to_string()))?;
        if url.query().is_some() || !is_graphic(&self.issuer) {
            return Err(wrong("must have no query, no spaces, and at most 255 characters".into()));
        }
        Ok(url)
    }
}

fn is_graphic(text: &str) -> bool {
    !text.is_empty() && text.len() <= MOST_LETTERS && text.bytes().all(|b| b.is_ascii_graphic())
}

/// A setting of a provider that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct InvalidProvider {
    key: &'static str,
    problem: Cow<'static, str>,
}

impl InvalidProvider {
    pub(crate) fn new(key: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { key, problem: problem.into() }
    }

    /// The setting, by its name in the configuration.
    pub fn key(&self) -> &'static str {
        self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valid() -> ProviderConfig {
        ProviderConfig::new("google", "https://accounts.google.com", "us", ClientAuth::Public)
    }

    fn wrong(change: impl FnOnce(&mut ProviderConfig)) -> &'static str {
        let mut config = valid();
        change(&mut config);
        config.validate().unwrap_err().key()
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(valid().validate().is_ok());
        assert_eq!(wrong(|c| c.name.clear()), "name");
        assert_eq!(wrong(|c| c.name = "Google".into()), "name");
        assert_eq!(wrong(|c| c.name = "a/b".into()), "name");
        assert_eq!(wrong(|c| c.issuer = "accounts.google.com".into()), "issuer");
        assert_eq!(wrong(|c| c.issuer.push_str("/?a=b")), "issuer");
        assert_eq!(wrong(|c| c.issuer = format!("https://a.example/{}", "b".repeat(255))), "issuer");
        assert_eq!(wrong(|c| c.client_id.clear()), "client_id");
        assert_eq!(wrong(|c| c.client_id.push('\n')), "client_id");
        assert_eq!(wrong(|c| c.auth = ClientAuth::Secret(SecretString::from("s\n"))), "client_secret");
        assert_eq!(wrong(|c| c.scopes.push("a b".into())), "scopes");
        assert_eq!(wrong(|c| c.patience = Duration::ZERO), "patience");
    }

    #[test]
    fn an_issuer_without_https_is_refused() {
        for issuer in
            ["http://accounts.google.com", "http://127.0.0.1:3000", "https://10.0.0.1", "ftp://a.example"]
        {
            assert_eq!(wrong(|c| c.issuer = issuer.into()), "issuer", "{issuer}");
        }
        // Inside the network by https, on this machine without, and only for those who ask.
        for issuer in ["https://10.0.0.1", "http://127.0.0.1:3000"] {
            let config = ProviderConfig { issuer: issuer.into(), private_network: true, ..valid() };
            assert!(config.validate().is_ok(), "{issuer}");
        }
        let wide = |c: &mut ProviderConfig| {
            c.private_network = true;
            c.issuer = "http://10.0.0.1".into();
        };
        assert_eq!(wrong(wide), "issuer");
    }

    #[test]
    fn neither_an_error_nor_debug_shows_a_secret() {
        let auth = ClientAuth::Secret(SecretString::from("hunter2 "));
        let config = ProviderConfig { auth, ..valid() };
        assert!(!format!("{config:?}").contains("hunter2"));
        assert!(!config.validate().unwrap_err().to_string().contains("hunter2"));
    }
}
