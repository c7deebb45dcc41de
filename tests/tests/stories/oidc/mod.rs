//! Signing in with an OpenID provider: whose account it opens, and what cannot be had by it.
//!
//! The rules are told with a provider that the story makes up, on all sizes of a shop; that the way is the one that providers know,
//! with a real one.

mod attempts;
mod browser;
mod codes;
mod fake;
mod linking;
mod pages;
mod real;
mod rules;

use browser::Begun;
pub(crate) use browser::{Back, Browser};
pub(crate) use fake::{FakeProvider, Person};

use crate::harness::{Setup, Shop};
use fake::CLIENT;
use stoa::config::OidcProviderConfig;
use stoa_domain::shared::EmailAddress;
use stoa_oidc::{ClientAuth, ProviderConfig};
use stoa_persistence::customer;

const ADA: &str = "ada@example.org";
const VIEWER: &str = "{ viewer { customer { id email firstName lastName numberOfOrders }
  identities { provider title issuer subject email } } }";

/// A provider on this machine, by this name; it is believed about addresses or it is not.
fn provider(name: &str, issuer: &str, trust_email: bool) -> OidcProviderConfig {
    let client = ProviderConfig::new(name, issuer, CLIENT, ClientAuth::Secret("secret".to_owned().into()));
    let client = ProviderConfig { trust_email, private_network: true, ..client };
    OidcProviderConfig { title: format!("The {name} one"), client }
}

/// The same of a provider that a story makes up, and the shop believes.
pub(crate) fn trusted(name: &str, fake: &FakeProvider) -> OidcProviderConfig {
    provider(name, &fake.issuer(), true)
}

/// A shop with a provider that it believes about addresses (`fake`), and one that it does not (`wary`). Both are the same issuer.
async fn shop() -> (Shop, FakeProvider) {
    let fake = FakeProvider::start().await;
    let issuer = fake.issuer();
    let setup = Setup::default().config(move |c| {
        c.oidc = vec![provider("fake", &issuer, true), provider("wary", &issuer, false)];
    });
    (Shop::with(setup).await, fake)
}

/// Whether there is an account with this address, whatever it is like.
async fn has_account(shop: &Shop, email: &str) -> bool {
    let email = EmailAddress::parse(email).expect("an address");
    customer::find_by_email(shop.db().read(), &email).await.expect("SQL answers").is_some()
}
