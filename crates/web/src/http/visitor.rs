//! Who calls: whoever's sign-in the browser's cookie shows, and else a guest, of whom only the network is known.

use super::{RequestId, sign_in_cookie as cookie};
use crate::{error::PageError, state::Web};
use axum::extract::FromRequestParts;
use http::{header, request::Parts};
use stoa_domain::{access::SignedIn, account::Realm, limits::ClientAddress};
use stoa_services::account::{AuthError, Caller, Client, Credential};

/// Whoever asks for a page.
///
/// The cookie counts for each request that brings it. A form was asked before where it comes from, and a page that is only looked at
/// changes nothing, whoever has made the browser ask for it.
#[derive(Clone, Debug)]
pub(crate) struct Visitor(pub(crate) Caller);

impl FromRequestParts<Web> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let client = client(parts);
        let Some(shown) = cookie::session(&parts.headers) else { return Ok(Self(Caller::anonymous(client))) };
        let credential = Credential::Cookie(Realm::Customer, shown);
        match Box::pin(web.services().authenticate.run(&credential, client.clone())).await {
            Ok(caller) => Ok(Self(caller)),
            // It is over: whoever has kept it is a guest.
            Err(AuthError::Invalid) => Ok(Self(Caller::anonymous(client))),
            Err(AuthError::Fault(fault)) => Err(fault.into()),
        }
    }
}

/// A customer who is signed in, on a page of their account. Whoever is not is led to where that is done.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    /// Who.
    pub(crate) who: SignedIn,
    /// From where.
    pub(crate) client: Client,
}

impl FromRequestParts<Web> for Owner {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let Visitor(caller) = Visitor::from_request_parts(parts, web).await?;
        let who = caller.signed_in().ok_or(PageError::SignInFirst)?;
        Ok(Self { who, client: caller.client })
    }
}

fn client(parts: &Parts) -> Client {
    let user_agent = parts.headers.get(header::USER_AGENT).and_then(|name| name.to_str().ok());
    Client {
        address: parts.extensions.get::<ClientAddress>().copied(),
        user_agent: user_agent.map(str::to_owned),
        device: cookie::device(&parts.headers),
        request: Some(RequestId::of(&parts.headers).to_string()),
        // The pages speak one language, and nobody was asked for theirs: mails are in the shop's.
        locale: None,
    }
}
