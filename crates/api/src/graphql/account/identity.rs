//! Where people can sign in besides here, and what of it opens an account.

use crate::graphql::scalars::{DateTime, Url};
use async_graphql::{Object, SimpleObject};
use std::borrow::Cow;
use stoa_services::{
    Settings,
    account::oidc::{LinkedIdentity, NamedProvider},
};

/// An OpenID provider that customers can sign in with.
#[derive(Clone, Debug, SimpleObject)]
pub struct SignInProvider {
    /// What it is called in arguments and addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where a browser is sent to sign in with it: a link on a page of the shop. With `return_to` in its query, a path of this server or
    /// an address of a page that may send its cookie, it says where they want to be then.
    pub url: Url<'static>,
}

impl SignInProvider {
    /// A provider of the shop with these settings.
    pub fn new(provider: &NamedProvider, settings: &Settings) -> Self {
        let name = provider.name().to_owned();
        let url = settings.link(&format!("/auth/oidc/{name}"));
        Self { url: Url(Cow::Owned(url)), title: provider.title().to_owned(), name }
    }
}

/// What somebody has at an OpenID provider, and opens their account with.
#[derive(Clone, Debug)]
pub struct CustomerIdentity(LinkedIdentity);

impl CustomerIdentity {
    /// As its owner sees it.
    pub const fn new(identity: LinkedIdentity) -> Self {
        Self(identity)
    }
}

/// What somebody has at an OpenID provider, and opens their account with.
#[Object]
impl CustomerIdentity {
    /// The e-mail address that the provider vouched for when it was connected; null if it vouched for none.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The provider, as it names itself.
    fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// When it was last used.
    fn last_used_at(&self) -> DateTime {
        self.0.used_at.into()
    }

    /// When it was connected.
    fn linked_at(&self) -> DateTime {
        self.0.linked_at.into()
    }

    /// The provider's name in arguments; null if the shop has it no more, and nobody signs in with it.
    fn provider(&self) -> Option<&str> {
        self.0.provider.as_deref()
    }

    /// What the provider calls the person.
    fn subject(&self) -> &str {
        &self.0.subject
    }

    /// What people call the provider.
    fn title(&self) -> &str {
        &self.0.title
    }
}
