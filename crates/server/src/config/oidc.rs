//! `[oidc]`: where customers can sign in besides here.

use super::{
    raw::{OidcProviderSection, OidcSection},
    secret::{IN_FILE, read},
    validate::{InvalidConfig, invalid},
};
use secrecy::{ExposeSecret, SecretString};
use std::{collections::BTreeMap, path::Path};
use stoa_oidc::{AppleKey, ClientAuth, ProviderConfig};
use url::Url;

const PROVIDERS: &str = "oidc.providers";
const SECRETS: &str = "oidc.client_secrets";

/// A provider that customers can sign in with.
#[derive(Clone, Debug)]
pub struct OidcProviderConfig {
    /// What people call it.
    pub title: String,
    /// What its client has to know.
    pub client: ProviderConfig,
}

/// All of them, in the order in which they are shown.
pub(super) fn oidc(section: &OidcSection) -> Result<Vec<OidcProviderConfig>, InvalidConfig> {
    let mut secrets = secrets(&section.client_secrets)?;
    let mut found: Vec<OidcProviderConfig> = Vec::new();
    for provider in &section.providers {
        if found.iter().any(|known| known.client.name == provider.name) {
            return Err(invalid(PROVIDERS, format!("{}: there are two of that name", provider.name)));
        }
        found.push(read_provider(provider, secrets.remove(&provider.name))?);
    }
    // Not by its name, which may be a secret that stands in the wrong place.
    if !secrets.is_empty() {
        return Err(invalid(SECRETS, "has one of a provider that oidc.providers does not have"));
    }
    Ok(found)
}

/// By the names of their providers.
fn secrets(list: &[SecretString]) -> Result<BTreeMap<String, SecretString>, InvalidConfig> {
    let mut found = BTreeMap::new();
    for entry in list {
        let (name, secret) = entry.expose_secret().split_once('=').ok_or_else(|| {
            let problem =
                "each is a provider's name, = and its secret, such as google=file:/run/secrets/google";
            invalid(SECRETS, problem)
        })?;
        let secret = match secret.trim().strip_prefix(IN_FILE) {
            Some(file) => read(Path::new(file)).map_err(|problem| invalid(SECRETS, problem))?,
            None => SecretString::from(secret),
        };
        if found.insert(name.trim().to_owned(), secret).is_some() {
            return Err(invalid(SECRETS, "has two of one provider"));
        }
    }
    Ok(found)
}

fn read_provider(
    section: &OidcProviderSection,
    secret: Option<SecretString>,
) -> Result<OidcProviderConfig, InvalidConfig> {
    let name = section.name.as_str();
    let wrong = |problem: &dyn std::fmt::Display| invalid(PROVIDERS, format!("{name}: {problem}"));
    let auth = match (section.auth.as_str(), secret) {
        ("secret", Some(secret)) => ClientAuth::Secret(secret),
        ("public", None) => ClientAuth::Public,
        ("apple", Some(pem)) => {
            let key = AppleKey::parse(&section.apple_team_id, &section.apple_key_id, &pem);
            ClientAuth::Apple(key.map_err(|e| wrong(&e))?)
        }
        ("secret" | "apple", None) => return Err(invalid(SECRETS, format!("has none of {name}"))),
        ("public", Some(_)) => {
            return Err(invalid(SECRETS, format!("has one of {name}, whose auth is public")));
        }
        _ => return Err(wrong(&"auth must be secret, public or apple")),
    };
    let mut client = ProviderConfig::new(name, &section.issuer, &section.client_id, auth);
    match (section.scopes.as_slice(), &client.auth) {
        // Its words for what others call email and profile.
        ([], ClientAuth::Apple(_)) => client.scopes = vec!["name".to_owned(), "email".to_owned()],
        ([], ClientAuth::Secret(_) | ClientAuth::Public) => {}
        (scopes, _) => client.scopes = scopes.to_vec(),
    }
    client.trust_email = section.trust_email;
    client.private_network = section.private_network;
    client.check().map_err(|e| wrong(&e))?;
    let title = if section.title.is_empty() { name } else { &section.title };
    Ok(OidcProviderConfig { title: title.to_owned(), client })
}

/// Where people come back to. They are signed in there by a cookie, so it is a page whose requests may send it.
pub(super) fn return_url(
    text: &str,
    public_url: &Url,
    cookie_origins: &[String],
) -> Result<Option<Url>, InvalidConfig> {
    const KEY: &str = "accounts.oidc_return_url";
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(text)
        .map_err(|_| invalid(KEY, "must be a URL, such as https://www.example.org/account, or empty"))?;
    let origin = url.origin();
    if origin != public_url.origin() && !cookie_origins.contains(&origin.ascii_serialization()) {
        return Err(invalid(KEY, "must lead to server.public_url or to one of accounts.cookie_origins"));
    }
    Ok(Some(url))
}
