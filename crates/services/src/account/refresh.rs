//! The next access token for a refresh token, which works once: whoever uses one again has stolen it, or was stolen from.

use super::{AuthError, SignedInNow, begin::credential};
use crate::Context;
use std::sync::Arc;
use stoa_auth::PresentedRefresh;
use stoa_domain::{
    account::{Realm, Refresh, SessionKind},
    shared::{Fault, SessionId, Timestamp},
};
use stoa_persistence::{
    Durability,
    account::{self, Principal},
    db::retrying,
};

/// Refreshes sign-ins.
pub struct RefreshTokens(pub(crate) Arc<Context>);

impl RefreshTokens {
    /// New tokens in the place of this one. Of two who use the same one, one gets them and the other ends the sign-in, tokens and all:
    /// which of the two is its owner nobody knows.
    ///
    /// # Errors
    /// The token is not ours, was used before, or its sign-in is over: all alike.
    #[tracing::instrument(name = "account.refresh", skip_all)]
    pub async fn run(&self, realm: Realm, token: &str) -> Result<SignedInNow, AuthError> {
        let ctx = &self.0;
        let shown = PresentedRefresh::parse(token).ok_or(AuthError::Invalid)?;
        let id = SessionId::new(shown.id());
        let found = account::find_session(ctx.db().read(), id).await?;
        let found = found.filter(|session| session.realm == realm && session.kind == SessionKind::Tokens);
        let found = found.ok_or(AuthError::Invalid)?;
        if !ctx.ports.auth.tokens.proves_refresh(&shown, realm.name(), found.salt.bytes()) {
            return Err(AuthError::Invalid);
        }
        // All that may fail comes before the token is used up: who does not get the next one would be taken for a thief.
        ctx.ports.auth.signing.ready(ctx).await?;
        let now = ctx.now();
        let expires_at = found.slide(now, &ctx.settings.accounts.session_rule(realm));
        let (rotated, principal) =
            retrying(|| self.rotate_once((id, realm), shown.generation(), now, expires_at)).await?;
        match rotated {
            Refresh::Rotate { .. } => {}
            Refresh::Reused => {
                tracing::warn!(session.id = %id, "a refresh token was used twice: its sign-in is ended");
                return Err(AuthError::Invalid);
            }
            Refresh::Over => return Err(AuthError::Invalid),
        }
        // Whose account was closed since gets nothing that others would believe.
        let principal = principal.ok_or(AuthError::Invalid)?;
        let session = principal.session();
        let credential = credential(ctx, session).await?;
        Ok(SignedInNow { realm, subject: session.subject, session: id, credential, device: None })
    }

    /// Kept whatever comes of it: that a token was used twice must not be forgotten.
    async fn rotate_once(
        &self,
        (id, realm): (SessionId, Realm),
        generation: u32,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(Refresh, Option<Principal>), Fault> {
        let tx = self.0.db().write(Durability::Full).await?;
        let rotated = account::rotate(&tx, id, generation, now, expires_at).await?;
        let principal = match rotated {
            Refresh::Rotate { .. } => account::principal(&tx, id, realm, now).await?,
            Refresh::Reused | Refresh::Over => None,
        };
        tx.commit().await?;
        Ok((rotated, principal))
    }
}
