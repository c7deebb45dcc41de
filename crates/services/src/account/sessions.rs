//! Sign-ins, for whom they belong to: what there is, and ending it here and everywhere.

use super::SessionHolder;
use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    account::{RevokedBecause, Session},
    shared::{
        Fault, SessionId,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    Durability, account,
    db::{ListError, retrying},
};

/// Somebody's own sign-ins.
pub struct Sessions(pub(crate) Arc<Context>);

impl Sessions {
    /// Those that live, the latest first.
    ///
    /// # Errors
    /// A cursor is not of this list.
    pub async fn list(&self, of: SessionHolder, request: &PageRequest) -> Result<Page<Session>, ListError> {
        account::list_sessions(self.0.db().read(), (of.realm, of.subject), self.0.now(), request).await
    }

    /// Ends one of them. False if it is not theirs, or over already: they cannot tell which.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "account.session_revoke", skip_all)]
    pub async fn revoke(&self, of: SessionHolder, session: SessionId) -> Result<bool, Fault> {
        let because = if session == of.session { RevokedBecause::SignedOut } else { RevokedBecause::ByOwner };
        retrying(|| self.revoke_once(of, session, because)).await
    }

    /// Signs out here. Again changes nothing.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "account.sign_out", skip_all)]
    pub async fn end(&self, of: SessionHolder) -> Result<(), Fault> {
        retrying(|| self.revoke_once(of, of.session, RevokedBecause::SignedOut)).await.map(drop)
    }

    /// Signs out everywhere, here as well, and tells how many sign-ins there were.
    ///
    /// # Errors
    /// The database does not answer.
    #[tracing::instrument(name = "account.sign_out_everywhere", skip_all)]
    pub async fn end_all(&self, of: SessionHolder) -> Result<u64, Fault> {
        retrying(|| self.end_all_once(of)).await
    }

    async fn revoke_once(
        &self,
        of: SessionHolder,
        session: SessionId,
        because: RevokedBecause,
    ) -> Result<bool, Fault> {
        let turn = self.0.db().write_one(Durability::Full).await?;
        account::revoke(&turn, (of.realm, of.subject), session, because, self.0.now()).await
    }

    async fn end_all_once(&self, of: SessionHolder) -> Result<u64, Fault> {
        let tx = self.0.db().write(Durability::Full).await?;
        let whose = (of.realm, of.subject);
        let ended = account::revoke_all(&tx, whose, None, RevokedBecause::ByOwner, self.0.now()).await?;
        tx.commit().await?;
        Ok(ended)
    }
}
