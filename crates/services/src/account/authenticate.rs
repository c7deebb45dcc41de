//! Who a credential is: asked with every request that has one, and so one statement.

use super::{Caller, Client};
use crate::Context;
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use stoa_auth::{ApiKeyHash, Presented, Purpose};
use stoa_domain::{
    access::{Actor, SignedIn},
    account::{Realm, Session, SessionKind},
    shared::{ApiKeyId, Fault, SessionId, Timestamp},
};
use stoa_persistence::{
    Durability,
    account::{self, Principal},
    db::retrying,
    staff,
};

/// How often it is written down that a sign-in is in use.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// How often it is written down that a key is.
const KEY_NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What somebody shows.
#[derive(Clone, Debug)]
pub enum Credential {
    /// `Authorization: Bearer`: an access token, a storefront's token or an API key; which of them it is, its form says.
    Bearer(SecretString),
    /// A browser's cookie of this realm.
    Cookie(Realm, SecretString),
    /// A `customerAccessToken` among the arguments of an operation.
    Storefront(SecretString),
}

/// Why nobody is known by a credential.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// It is not ours, is over, was ended, or its owner may not sign in any more: all alike.
    #[error("the credential is not valid")]
    Invalid,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Tells who a credential is.
pub struct Authenticate(pub(crate) Arc<Context>);

impl Authenticate {
    /// Who it is, now: whoever was disabled a moment ago, or has signed out elsewhere, is nobody. One statement.
    ///
    /// # Errors
    /// The credential is worth nothing.
    pub async fn run(&self, credential: &Credential, client: Client) -> Result<Caller, AuthError> {
        match credential {
            Credential::Bearer(text) => self.bearer(text.expose_secret(), client).await,
            Credential::Cookie(realm, text) => {
                self.opaque(Purpose::COOKIE, text.expose_secret(), *realm, client).await
            }
            Credential::Storefront(text) => {
                self.opaque(Purpose::STOREFRONT, text.expose_secret(), Realm::Customer, client).await
            }
        }
    }

    async fn bearer(&self, text: &str, client: Client) -> Result<Caller, AuthError> {
        if let Some(hash) = ApiKeyHash::of(text) {
            return self.key(&hash, client).await;
        }
        if Presented::parse(Purpose::STOREFRONT, text).is_some() {
            return self.opaque(Purpose::STOREFRONT, text, Realm::Customer, client).await;
        }
        let claims = self.0.ports.auth.signing.check(&self.0, text).await?.ok_or(AuthError::Invalid)?;
        let realm = Realm::from_name(&claims.realm).ok_or(AuthError::Invalid)?;
        let found = self.principal(SessionId::new(claims.session), realm).await?;
        if found.session().kind != SessionKind::Tokens || found.session().subject != claims.subject {
            return Err(AuthError::Invalid);
        }
        Ok(caller(found, client))
    }

    async fn opaque(
        &self,
        purpose: Purpose,
        text: &str,
        realm: Realm,
        client: Client,
    ) -> Result<Caller, AuthError> {
        let shown = Presented::parse(purpose, text).ok_or(AuthError::Invalid)?;
        let found = self.principal(SessionId::new(shown.id()), realm).await?;
        let session = found.session();
        let kind = if purpose == Purpose::COOKIE { SessionKind::Cookie } else { SessionKind::Storefront };
        if session.kind != kind || !self.0.ports.auth.tokens.proves(&shown, session.salt.bytes()) {
            return Err(AuthError::Invalid);
        }
        self.note_use(session).await;
        Ok(caller(found, client))
    }

    async fn key(&self, hash: &ApiKeyHash, client: Client) -> Result<Caller, AuthError> {
        let now = self.0.now();
        let found = staff::principal_of_key(self.0.db().read(), hash.as_str(), now).await?;
        let key = found.ok_or(AuthError::Invalid)?;
        let origin = client.origin();
        if key.used_at.is_none_or(|at| at <= now - KEY_NOTED_EVERY) {
            self.note_key_use(key.id, origin.network.as_deref(), now).await;
        }
        Ok(Caller::acting(Actor::key(key.id, key.name, key.scopes, origin), client))
    }

    async fn principal(&self, id: SessionId, realm: Realm) -> Result<Principal, AuthError> {
        let found = account::principal(self.0.db().read(), id, realm, self.0.now()).await?;
        found.ok_or(AuthError::Invalid)
    }

    /// Writes down that a sign-in is in use, at most once an hour, so that a cookie lasts for as long as it is used. What a storefront
    /// was told of its token's end stays true. Nobody is turned away because it could not be written.
    async fn note_use(&self, session: &Session) {
        let now = self.0.now();
        if session.used_at > now - NOTED_EVERY {
            return;
        }
        let expires_at = match session.kind {
            SessionKind::Cookie => session.slide(now, &self.0.settings.accounts.session_rule(session.realm)),
            SessionKind::Storefront | SessionKind::Tokens => session.expires_at,
        };
        if let Err(fault) = retrying(|| self.note_use_once(session.id, now, expires_at)).await {
            tracing::debug!(error = %fault, "it was not written down that a session is in use");
        }
    }

    /// Writes down that a key is in use, at most once a minute. Nobody is turned away because it could not be written.
    async fn note_key_use(&self, id: ApiKeyId, network: Option<&str>, now: Timestamp) {
        if let Err(fault) = retrying(|| self.note_key_use_once(id, network, now)).await {
            tracing::debug!(error = %fault, "it was not written down that a key is in use");
        }
    }

    async fn note_key_use_once(
        &self,
        id: ApiKeyId,
        network: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let turn = self.0.db().write_one(Durability::Relaxed).await?;
        staff::note_key_use(&turn, id, network, now - KEY_NOTED_EVERY, now).await
    }

    async fn note_use_once(
        &self,
        id: SessionId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, Fault> {
        let turn = self.0.db().write_one(Durability::Relaxed).await?;
        account::slide(&turn, id, now - NOTED_EVERY, now, expires_at).await
    }
}

fn caller(found: Principal, client: Client) -> Caller {
    match found {
        Principal::Customer { who: SignedIn { customer, session }, .. } => {
            Caller::customer(SignedIn { customer, session }, client)
        }
        Principal::Staff { who, .. } => {
            let origin = client.origin();
            Caller::acting(Actor::staff(who, origin), client)
        }
    }
}
