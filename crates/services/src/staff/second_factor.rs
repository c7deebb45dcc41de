//! Getting, replacing and giving up a second factor.

use super::{
    code::{CodeError, RightCode, count, hashes, kept, secret},
    person::{lives, oneself, subject},
};
use crate::{
    Context,
    account::{Client, Proved, SignInError, prove_staff_again, still_proved},
    audit::AuditedTx,
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc, time::Duration};
use stoa_auth::{TotpSecret, recovery_codes};
use stoa_domain::{
    access::{
        Permit,
        grants::{Enrolment, OwnCredentials},
    },
    account::{Realm, RevokedBecause},
    audit::Changes,
    shared::{Fault, SessionId, StaffId},
};
use stoa_persistence::{
    account,
    db::retrying,
    staff::{self, Authenticator},
};

/// What an authenticator app is to be told. It is shown once.
pub struct TotpBegun {
    /// For typing: base 32.
    pub secret: SecretString,
    /// For scanning: an `otpauth:` URL.
    pub url: SecretString,
}

/// Hides the secret.
impl fmt::Debug for TotpBegun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpBegun(…)")
    }
}

/// Why a second factor stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    /// The password is wrong, or was guessed at too often, or the sign-in is over.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// They have an authenticator: that has to be given up first.
    #[error("there is an authenticator already")]
    Enrolled,
    /// There is none: it has to be begun first.
    #[error("there is no authenticator")]
    NotEnrolled,
    /// The code is wrong.
    #[error("the code is wrong")]
    WrongCode,
    /// Too many codes were wrong.
    #[error("too many codes were tried")]
    TooManyGuesses {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}
super::may_fault!(SecondFactorError);

impl From<CodeError> for SecondFactorError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Wrong => Self::WrongCode,
            CodeError::TooManyGuesses { retry_after } => Self::TooManyGuesses { retry_after },
            CodeError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Second factors, by whom they belong to.
pub struct SecondFactor(pub(crate) Arc<Context>);

impl SecondFactor {
    /// A new secret for whoever has no authenticator and types their password once more: who finds a sign-in open must not make it theirs.
    /// It counts from [`confirm`](Self::confirm) on.
    ///
    /// # Errors
    /// They have an authenticator, or the password is wrong.
    #[tracing::instrument(name = "staff.totp_begin", skip_all)]
    pub async fn begin(
        &self,
        by: &Permit<Enrolment>,
        password: &str,
        client: &Client,
    ) -> Result<TotpBegun, SecondFactorError> {
        let ctx = &self.0;
        let (id, session) = oneself(by)?;
        let proved = prove_staff_again(ctx, (id, session), password, client).await?;
        let member = staff::find(ctx.db().read(), id).await?.ok_or(SignInError::Unidentified)?;
        let secret = TotpSecret::generate()?;
        let url = secret.url(&ctx.settings.shop_name, member.email.as_str())?;
        retrying(|| self.begin_once(by, id, &proved, &secret)).await?;
        Ok(TotpBegun { secret: secret.base32(), url })
    }

    async fn begin_once(
        &self,
        by: &Permit<Enrolment>,
        id: StaffId,
        proved: &Proved,
        secret: &TotpSecret,
    ) -> Result<(), SecondFactorError> {
        let ctx = &self.0;
        let audited = AuditedTx::begin(ctx, by).await?;
        if !still_proved(ctx, audited.tx(), proved).await? {
            return Err(SignInError::Unidentified.into());
        }
        if !staff::begin_totp(audited.tx(), id, kept(secret).expose_secret(), ctx.now()).await? {
            return Err(SecondFactorError::Enrolled);
        }
        audited.commit("staff.totp_begin", &Changes::of(subject(id))).await?;
        Ok(())
    }

    /// A code shows that the secret was kept: from now on it is asked for. Every other sign-in of theirs ends, since none of them has shown
    /// it. Gives the codes for whoever loses the authenticator, which are shown once.
    ///
    /// # Errors
    /// The code is wrong, or there is nothing to confirm.
    #[tracing::instrument(name = "staff.totp_confirm", skip_all)]
    pub async fn confirm(
        &self,
        by: &Permit<Enrolment>,
        code: &str,
        client: &Client,
    ) -> Result<Vec<SecretString>, SecondFactorError> {
        let ctx = &self.0;
        let (id, session) = oneself(by)?;
        let found = staff::authenticator(ctx.db().read(), id).await?;
        let read = found.ok_or(SecondFactorError::NotEnrolled)?;
        if read.confirmed_at.is_some() {
            return Err(SecondFactorError::Enrolled);
        }
        // One that was begun and never confirmed is known to whoever was shown it, and to nobody else.
        secret(&read)?;
        let counted = count(ctx, (id, read), code, None, client).await?;
        let RightCode::Totp(read, step) = &counted.code else { return Err(SecondFactorError::WrongCode) };
        let codes = recovery_codes()?.to_vec();
        let kept = hashes(id, &codes)?;
        retrying(|| self.confirm_once(by, (id, session), (read, *step), &kept)).await?;
        counted.was_right().await;
        Ok(codes)
    }

    async fn confirm_once(
        &self,
        by: &Permit<Enrolment>,
        (id, session): (StaffId, SessionId),
        (read, step): (&Authenticator, i64),
        codes: &[String],
    ) -> Result<(), SecondFactorError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        if !staff::confirm_totp(tx, id, read, step, now).await? {
            return Err(SecondFactorError::NotEnrolled);
        }
        staff::set_recovery_codes(tx, id, codes, now).await?;
        let whose = (Realm::Staff, id.uuid());
        account::revoke_all(tx, whose, Some(session), RevokedBecause::ByOwner, now).await?;
        if !account::step_up(tx, session, true, now).await? {
            return Err(SignInError::Unidentified.into());
        }
        let changes = Changes::of(subject(id)).field("secondFactor", false, true);
        audited.commit("staff.totp_confirm", &changes).await?;
        Ok(())
    }

    /// Gives the authenticator up, and the codes with it. Every sign-in ends, this one too: none of them has shown more than a password
    /// from now on.
    ///
    /// # Errors
    /// There is none.
    #[tracing::instrument(name = "staff.totp_disable", skip_all)]
    pub async fn disable(&self, by: &Permit<OwnCredentials>) -> Result<(), SecondFactorError> {
        let (id, session) = oneself(by)?;
        retrying(|| self.disable_once(by, (id, session))).await
    }

    async fn disable_once(
        &self,
        by: &Permit<OwnCredentials>,
        (id, session): (StaffId, SessionId),
    ) -> Result<(), SecondFactorError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        if !staff::remove_totp(tx, id, now).await? {
            return Err(SecondFactorError::NotEnrolled);
        }
        if !lives(ctx, tx, (id, session)).await? {
            return Err(SignInError::Unidentified.into());
        }
        account::revoke_all(tx, (Realm::Staff, id.uuid()), None, RevokedBecause::ByOwner, now).await?;
        let changes = Changes::of(subject(id)).field("secondFactor", true, false);
        audited.commit("staff.totp_disable", &changes).await?;
        Ok(())
    }

    /// Ten new recovery codes, shown once. Those there were work no more.
    ///
    /// # Errors
    /// There is no authenticator that they could stand in for.
    #[tracing::instrument(name = "staff.recovery_codes_create", skip_all)]
    pub async fn new_codes(
        &self,
        by: &Permit<OwnCredentials>,
    ) -> Result<Vec<SecretString>, SecondFactorError> {
        let (id, session) = oneself(by)?;
        let codes = recovery_codes()?.to_vec();
        let kept = hashes(id, &codes)?;
        retrying(|| self.new_codes_once(by, (id, session), &kept)).await?;
        Ok(codes)
    }

    async fn new_codes_once(
        &self,
        by: &Permit<OwnCredentials>,
        (id, session): (StaffId, SessionId),
        codes: &[String],
    ) -> Result<(), SecondFactorError> {
        let ctx = &self.0;
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        // Locks them: nobody takes the authenticator away from here on.
        staff::set_recovery_codes(tx, id, codes, ctx.now()).await?;
        let authenticator = staff::authenticator(tx, id).await?;
        if authenticator.is_none_or(|authenticator| authenticator.confirmed_at.is_none()) {
            return Err(SecondFactorError::NotEnrolled);
        }
        if !lives(ctx, tx, (id, session)).await? {
            return Err(SignInError::Unidentified.into());
        }
        audited.commit("staff.recovery_codes_create", &Changes::of(subject(id))).await?;
        Ok(())
    }
}
