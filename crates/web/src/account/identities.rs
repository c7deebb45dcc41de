//! `/account/connect/{provider}`, `/account/identities/{linked}`: what opens an account besides its password, connected and taken away.
//!
//! A form may lead nowhere but to this shop, so that the one that connects is answered by a link to the provider.

use super::{
    notice::Note,
    proof::{Proof, typed},
};
use crate::{
    error::PageError,
    forms::{FormPage, of_proof},
    http::{Owner, Submitted, holds_key, path, see_other, with_attempt},
    price::{date_and_time, machine_time},
    state::Web,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use minijinja::{Value, context};
use serde::Deserialize;
use stoa_domain::access::SignedIn;
use stoa_services::account::oidc::{
    BeginOidcError, LinkOidcError, LinkedIdentity, NamedProvider, UnlinkError,
};

/// The form of both.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ProofForm {
    password: String,
}

const LAST_WAY_IN: &str = "You could not get into your account any more. Set a password first.";

/// What an address of ours calls one of somebody's identities: when it was connected. What the provider calls them is in no address.
fn key(identity: &LinkedIdentity) -> String {
    identity.linked_at.timestamp_micros().to_string()
}

/// For a template: a list of `{ title, email, since, url }`, the oldest first.
pub(super) fn values(theirs: &[LinkedIdentity]) -> Vec<Value> {
    let value = |identity: &LinkedIdentity| {
        let since = identity.linked_at;
        context! {
            title => &identity.title,
            email => &identity.email,
            since => context! { text => date_and_time(since), machine => machine_time(since) },
            url => path(&["account", "identities", &key(identity)], &[]),
        }
    };
    theirs.iter().map(value).collect()
}

/// For a template: `{ title, url }` of each provider that can be connected, in the order of the settings.
pub(super) fn to_connect(web: &Web) -> Vec<Value> {
    let all = web.services().oidc_providers().iter();
    let url = |name: &str| path(&["account", "connect", name], &[]);
    all.map(|provider| context! { title => provider.title(), url => url(provider.name()) }).collect()
}

/// `GET /account/connect/{provider}`
pub(crate) async fn show_connect(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(provider): Path<String>,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &["account", "connect", &provider]).await?;
    render_connect(&web, &provider, &proof, &FormPage::new())
}

/// `POST /account/connect/{provider}`
pub(crate) async fn connect(
    State(web): State<Web>,
    Owner { who, client }: Owner,
    Path(provider): Path<String>,
    Submitted(form): Submitted<ProofForm>,
) -> Result<Response, PageError> {
    let proof = Proof::of(&web, who, &["account", "connect", &provider]).await?;
    let linking = web.services().begin_oidc.link(who, typed(&form.password), &provider, &client);
    let page = match Box::pin(linking).await {
        Ok(begun) => {
            let values = context! { title => title(&web, &provider)?, url => begun.url.as_str() };
            let page = web.page("account_connect_on.html", values)?;
            return Ok(with_attempt(&web, holds_key(page), &begun));
        }
        Err(LinkOidcError::Begin(BeginOidcError::NoProvider)) => return Err(PageError::NotFound),
        Err(LinkOidcError::Begin(BeginOidcError::TooMany { retry_after })) => FormPage::too_many(retry_after),
        Err(LinkOidcError::Begin(BeginOidcError::Fault(fault))) => return Err(fault.into()),
        Err(LinkOidcError::SignIn(error)) => of_proof(error, proof.refused())?,
    };
    render_connect(&web, &provider, &proof, &page)
}

fn render_connect(web: &Web, provider: &str, proof: &Proof, page: &FormPage) -> Result<Response, PageError> {
    let values = context! {
        title => title(web, provider)?,
        action => path(&["account", "connect", provider], &[]),
        proof => proof.values(),
    };
    page.render(web, "account_connect.html", &[("password", "")], values)
}

fn title<'a>(web: &'a Web, provider: &str) -> Result<&'a str, PageError> {
    let known = web.services().oidc_providers().by_name(provider);
    known.map(NamedProvider::title).ok_or(PageError::NotFound)
}

/// `GET /account/identities/{linked}`
pub(crate) async fn show_disconnect(
    State(web): State<Web>,
    Owner { who, .. }: Owner,
    Path(linked): Path<String>,
) -> Result<Response, PageError> {
    let identity = find(&web, who, &linked).await?;
    let proof = Proof::of(&web, who, &["account", "identities", &linked]).await?;
    render_disconnect(&web, &identity, &proof, &FormPage::new())
}

/// `POST /account/identities/{linked}`
pub(crate) async fn disconnect(
    State(web): State<Web>,
    Owner { who, client }: Owner,
    Path(linked): Path<String>,
    Submitted(form): Submitted<ProofForm>,
) -> Result<Response, PageError> {
    let identity = find(&web, who, &linked).await?;
    let proof = Proof::of(&web, who, &["account", "identities", &linked]).await?;
    let which = (identity.issuer.as_str(), identity.subject.as_str());
    let unlinking = web.services().identities.unlink(who, which, typed(&form.password), &client);
    let page = match Box::pin(unlinking).await {
        Ok(()) => return Ok(see_other(&Note::DISCONNECTED.at(&["account"]))?),
        Err(UnlinkError::NotTheirs) => return Err(PageError::NotFound),
        Err(UnlinkError::LastWayIn) => FormPage::in_the_way(LAST_WAY_IN),
        Err(UnlinkError::SignIn(error)) => of_proof(error, proof.refused())?,
        Err(UnlinkError::Fault(fault)) => return Err(fault.into()),
    };
    render_disconnect(&web, &identity, &proof, &page)
}

/// One of theirs; another's is not there.
async fn find(web: &Web, who: SignedIn, linked: &str) -> Result<LinkedIdentity, PageError> {
    let theirs = web.services().identities.list(who).await?;
    theirs.into_iter().find(|identity| key(identity) == linked).ok_or(PageError::NotFound)
}

fn render_disconnect(
    web: &Web,
    identity: &LinkedIdentity,
    proof: &Proof,
    page: &FormPage,
) -> Result<Response, PageError> {
    let values = context! {
        title => &identity.title,
        email => &identity.email,
        action => path(&["account", "identities", &key(identity)], &[]),
        proof => proof.values(),
    };
    page.render(web, "account_disconnect.html", &[("password", "")], values)
}
