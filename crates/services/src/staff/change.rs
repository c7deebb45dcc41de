//! A new password, by the member of staff who is signed in.

use super::person::{lives, oneself, subject};
use crate::{
    Context,
    account::{AccountMail, Client, NewPasswordError, SignInError, hashed},
    audit::AuditedTx,
    jobs,
};
use std::sync::Arc;
use stoa_domain::{
    access::{Permit, grants::OwnCredentials},
    account::{Realm, RevokedBecause, TokenKind},
    audit::Changes,
    shared::{Fault, SessionId, StaffId},
};
use stoa_persistence::{
    Batch,
    account::{self, PasswordHash},
    db::retrying,
    staff,
};
use uuid::Uuid;

/// Why a password stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangeStaffError {
    /// The sign-in is over.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The new one cannot be taken.
    #[error(transparent)]
    New(#[from] NewPasswordError),
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(ChangeStaffError);

/// Sets new passwords of staff.
pub struct ChangeStaffPassword(pub(crate) Arc<Context>);

impl ChangeStaffPassword {
    /// Sets the password of whoever has just proved who they are, and ends every other sign-in. They are told by mail.
    ///
    /// # Errors
    /// The new one cannot be taken, the sign-in is over, or the database does not answer.
    #[tracing::instrument(name = "staff.password_change", skip_all)]
    pub async fn run(
        &self,
        by: &Permit<OwnCredentials>,
        new: &str,
        client: &Client,
    ) -> Result<(), ChangeStaffError> {
        let ctx = &self.0;
        let (id, session) = oneself(by)?;
        let member = staff::find(ctx.db().read(), id).await?.ok_or(SignInError::Unidentified)?;
        let password = hashed(ctx, new, &[member.email.as_str(), member.name.as_str()], client).await?;
        let about = ctx.ports.ids.id();
        retrying(|| self.change_once(by, (id, session), &password, about)).await?;
        ctx.jobs_waiting.notify_one();
        Ok(())
    }

    async fn change_once(
        &self,
        by: &Permit<OwnCredentials>,
        (id, session): (StaffId, SessionId),
        password: &PasswordHash,
        about: Uuid,
    ) -> Result<(), ChangeStaffError> {
        let (ctx, now) = (&self.0, self.0.now());
        let whose = (Realm::Staff, id.uuid());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        if !staff::set_password(tx, id, password, now).await? || !lives(ctx, tx, (id, session)).await? {
            return Err(SignInError::Unidentified.into());
        }
        account::revoke_all(tx, whose, Some(session), RevokedBecause::PasswordChanged, now).await?;
        account::void_tokens(tx, whose, &[TokenKind::Reset], now).await?;
        let mut batch = Batch::new();
        let mail = AccountMail::StaffPasswordChanged { of: id, about, at: now };
        jobs::write_to_account(ctx, &mut batch, &mail, now);
        batch.write(tx).await?;
        audited.commit("staff.password_change", &Changes::of(subject(id))).await?;
        Ok(())
    }
}
