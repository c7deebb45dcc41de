//! Where people can sign in besides here: the providers that the settings name.

use std::fmt;
use stoa_oidc::OidcProvider;

/// A provider, and what people call it.
pub struct NamedProvider {
    title: String,
    client: OidcProvider,
}

impl NamedProvider {
    /// A provider with the name that people read.
    pub const fn new(title: String, client: OidcProvider) -> Self {
        Self { title, client }
    }

    /// Its name in our own addresses.
    pub fn name(&self) -> &str {
        self.client.name()
    }

    /// Its name as people read it.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The one who speaks with it.
    pub const fn client(&self) -> &OidcProvider {
        &self.client
    }
}

impl fmt::Debug for NamedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NamedProvider({})", self.name())
    }
}

/// The providers of a shop, in the order of its settings; by default none.
#[derive(Debug, Default)]
pub struct OidcProviders(Vec<NamedProvider>);

impl OidcProviders {
    /// These.
    pub const fn new(providers: Vec<NamedProvider>) -> Self {
        Self(providers)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &NamedProvider> {
        self.0.iter()
    }

    /// The one with this name in our addresses.
    pub fn by_name(&self, name: &str) -> Option<&NamedProvider> {
        self.0.iter().find(|provider| provider.name() == name)
    }

    /// What people call an issuer. Where several providers are one issuer's, as the first of them.
    pub(super) fn of_issuer(&self, issuer: &str) -> Option<&NamedProvider> {
        self.0.iter().find(|provider| provider.client().issuer() == issuer)
    }

    /// What people call an issuer; of one that the settings do not name any more, its own address.
    pub(crate) fn title_of<'a>(&'a self, issuer: &'a str) -> &'a str {
        self.of_issuer(issuer).map_or(issuer, NamedProvider::title)
    }
}
