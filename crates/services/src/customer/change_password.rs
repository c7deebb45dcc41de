//! A new password, by whoever is signed in.

use super::reset::VOID_BY_PASSWORD;
use crate::{
    Context,
    account::{
        AccountMail, Client, NewPasswordError, Proved, Reproof, SignInError, SignedInNow, hashed, issue,
        new_session, note_place, prove_again, still_proved,
    },
    jobs,
};
use std::sync::Arc;
use stoa_domain::{
    access::SignedIn,
    account::{Realm, RevokedBecause, Session, SessionKind},
    shared::Fault,
};
use stoa_persistence::{
    Batch, Durability,
    account::{self, PasswordHash},
    customer,
    db::retrying,
};
use uuid::Uuid;

/// Why a password stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The present one is wrong, was guessed at too often, or the sign-in is too old to do without.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The new one cannot be taken.
    #[error(transparent)]
    New(#[from] NewPasswordError),
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Sets new passwords.
pub struct ChangePassword(pub(crate) Arc<Context>);

impl ChangePassword {
    /// Sets the password of whoever proves once more who they are, ends every sign-in there was, this one too, and begins another. The customer
    /// is told by mail.
    ///
    /// # Errors
    /// The proof is none, the new one cannot be taken, or the database does not answer.
    #[tracing::instrument(name = "customer.change_password", skip_all)]
    pub async fn run(
        &self,
        who: SignedIn,
        (by, new): (Reproof<'_>, &str),
        kind: SessionKind,
        client: &Client,
    ) -> Result<SignedInNow, ChangePasswordError> {
        let ctx = &self.0;
        let proved = prove_again(ctx, who, by, client).await?;
        let customer = customer::find(ctx.db().read(), who.customer).await?;
        let customer = customer.ok_or(SignInError::Unidentified)?;
        let about = [customer.email.as_str(), &customer.display_name()];
        let password = hashed(ctx, new, &about, client).await?;
        let session = new_session(ctx, (Realm::Customer, who.customer.uuid()), kind, false, client);
        let about = ctx.ports.ids.id();
        if !retrying(|| self.change_once(&proved, &password, &session, about)).await? {
            return Err(SignInError::Unidentified.into());
        }
        ctx.jobs_waiting.notify_one();
        Ok(issue(ctx, &session, proved.device).await?)
    }

    /// False, and nothing has changed, if they are not who they were when their password was compared.
    async fn change_once(
        &self,
        proved: &Proved,
        password: &PasswordHash,
        session: &Session,
        about: Uuid,
    ) -> Result<bool, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let id = proved.who.subject.into();
        let whose = (Realm::Customer, proved.who.subject);
        let tx = ctx.db().write(Durability::Full).await?;
        if !still_proved(ctx, &tx, proved).await? || !customer::set_password(&tx, id, password, now).await? {
            return Ok(false);
        }
        account::revoke_all(&tx, whose, None, RevokedBecause::PasswordChanged, now).await?;
        account::insert_session(&tx, session).await?;
        account::void_tokens(&tx, whose, &VOID_BY_PASSWORD, now).await?;
        note_place(&tx, session).await?;
        let mut batch = Batch::new();
        jobs::write_to_account(
            ctx,
            &mut batch,
            &AccountMail::PasswordChanged { of: id, about, at: now, disconnected: false },
            now,
        );
        batch.write(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
