//! What the storefront API does with its `customerAccessToken`, beside making one by signing in.

use super::{
    AuthError, Authenticate, Client, Credential, Issued, SessionHolder, Sessions, begin::credential,
};
use crate::Context;
use secrecy::SecretString;
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    account::Standing,
    shared::{Fault, SessionId, Timestamp},
};
use stoa_persistence::{Durability, account, db::retrying};

/// Storefronts' tokens.
pub struct StorefrontTokens(pub(crate) Arc<Context>);

impl StorefrontTokens {
    /// Has a token last for longer: as long as a new one, but not beyond the end of its sign-in. It stays the same token.
    ///
    /// # Errors
    /// The token is worth nothing.
    #[tracing::instrument(name = "account.token_renew", skip_all)]
    pub async fn renew(&self, token: &SecretString, client: Client) -> Result<Issued, AuthError> {
        let ctx = &self.0;
        let who = self.who(token, client).await?;
        let found = account::find_session(ctx.db().read(), who.session).await?;
        let found = found.ok_or(AuthError::Invalid)?;
        let now = ctx.now();
        let expires_at = found.slide(now, &ctx.settings.accounts.session_rule(found.realm));
        // The clock of another instance, which wrote down its last use, may be ahead of ours.
        let not_since = found.used_at.max(now);
        // Of two at once one writes, and both have it.
        retrying(|| self.renew_once(who.session, not_since, now, expires_at)).await?;
        let renewed = account::find_session(ctx.db().read(), who.session).await?;
        let renewed = renewed.filter(|session| session.standing(now) == Standing::Live);
        Ok(credential(ctx, &renewed.ok_or(AuthError::Invalid)?).await?)
    }

    /// Ends a token, and gives the sign-in that it was of.
    ///
    /// # Errors
    /// The token is worth nothing.
    #[tracing::instrument(name = "account.token_delete", skip_all)]
    pub async fn delete(&self, token: &SecretString, client: Client) -> Result<SessionId, AuthError> {
        let who = self.who(token, client).await?;
        Sessions(Arc::clone(&self.0)).end(SessionHolder::from(who)).await?;
        Ok(who.session)
    }

    async fn who(&self, token: &SecretString, client: Client) -> Result<SignedIn, AuthError> {
        let credential = Credential::Storefront(token.clone());
        let caller = Authenticate(Arc::clone(&self.0)).run(&credential, client).await?;
        caller.signed_in().ok_or(AuthError::Invalid)
    }

    async fn renew_once(
        &self,
        id: SessionId,
        not_since: Timestamp,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, Fault> {
        let turn = self.0.db().write_one(Durability::Relaxed).await?;
        account::slide(&turn, id, not_since, now, expires_at).await
    }
}
