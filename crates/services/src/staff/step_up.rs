//! Proving once more who is at the keyboard, before something that a thief of the session must not do.

use super::{
    code::{CodeError, Counted, count},
    guessed::{Guessed, tell_of_guesses},
    person::oneself,
    sign_in::confirmed,
};
use crate::{
    Context,
    account::{Client, Proved, SignInError, prove_staff_again, still_proved},
    audit::AuditedTx,
};
use std::{fmt, sync::Arc, time::Duration};
use stoa_domain::{
    access::{Permit, grants::Enrolment},
    account::ChallengeKind,
    audit::{Changes, Subject},
    limits::{LimitKey, Quota},
    shared::{Fault, SessionId, StaffId, Timestamp},
};
use stoa_persistence::{account, db::retrying, staff::Authenticator};

/// Wrong codes of one sign-in that nobody is told of. One more is, as at a sign-in; over a day, or whoever waits between them would never be.
const UNTOLD: Quota = Quota::new(ChallengeKind::Totp.tries() - 1, Duration::from_hours(24));

/// What somebody proves it with.
#[derive(Clone, Copy)]
pub struct StepUpProof<'a> {
    /// The password, as typed.
    pub password: &'a str,
    /// A code of the authenticator, or a recovery code: of whoever has an authenticator. The one that they have signed in with is used
    /// up; the next comes within half a minute.
    pub code: Option<&'a str>,
}

/// Hides both.
impl fmt::Debug for StepUpProof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StepUpProof(…)")
    }
}

/// Why it is no proof.
#[derive(Debug, thiserror::Error)]
pub enum StepUpError {
    /// The password is wrong, or was guessed at too often, or the sign-in is over.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// They have an authenticator, and there is no code.
    #[error("a code is needed as well")]
    CodeNeeded,
    /// The code is wrong, or was used.
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
super::may_fault!(StepUpError);

impl From<CodeError> for StepUpError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Wrong => Self::WrongCode,
            CodeError::TooManyGuesses { retry_after } => Self::TooManyGuesses { retry_after },
            CodeError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// What the wrong codes of a sign-in are counted under.
fn wrong_codes(of: SessionId) -> LimitKey {
    LimitKey::new("step-up-codes", of.uuid())
}

/// Has members of staff prove once more who they are.
pub struct StepUp(pub(crate) Arc<Context>);

impl StepUp {
    /// By the password, and by a code for whoever has an authenticator. Tells until when it counts, in this sign-in and in no other. If as many
    /// codes are wrong as a sign-in takes, somebody has the password and the session who is not their owner: they are told by mail, and
    /// the log has it.
    ///
    /// # Errors
    /// It is no proof.
    #[tracing::instrument(name = "staff.step_up", skip_all)]
    pub async fn run(
        &self,
        by: &Permit<Enrolment>,
        given: StepUpProof<'_>,
        client: &Client,
    ) -> Result<Timestamp, StepUpError> {
        let ctx = &self.0;
        let (id, session) = oneself(by)?;
        let proved = prove_staff_again(ctx, (id, session), given.password, client).await?;
        let second = (confirmed(ctx, id).await?, given.code);
        let coded = matches!(second, (Some(_), Some(_)));
        let done = self.proved_by((by, (id, session)), &proved, second, client).await;
        match &done {
            Ok(()) if coded => {
                let key = wrong_codes(session);
                if let Err(fault) = ctx.limiter().give_back(&key, UNTOLD, UNTOLD.limit()).await {
                    tracing::debug!(error = %fault, "wrong codes before one that was right count on");
                }
            }
            Err(StepUpError::WrongCode | StepUpError::TooManyGuesses { .. }) => {
                self.was_wrong((id, session), client).await?;
            }
            _ => {}
        }
        done.map(|()| ctx.now() + ctx.settings.accounts.staff_access.step_up)
    }

    /// Looks at the code of somebody whose password was right.
    async fn proved_by(
        &self,
        (by, (id, session)): (&Permit<Enrolment>, (StaffId, SessionId)),
        proved: &Proved,
        second: (Option<Authenticator>, Option<&str>),
        client: &Client,
    ) -> Result<(), StepUpError> {
        let ctx = &self.0;
        let counted = match second {
            (None, _) => None,
            (Some(_), None) => return Err(StepUpError::CodeNeeded),
            (Some(authenticator), Some(code)) => {
                Some(count(ctx, (id, authenticator), code, proved.device, client).await?)
            }
        };
        retrying(|| self.step_up_once(by, (id, session), proved, counted.as_ref())).await?;
        if let Some(counted) = counted {
            counted.was_right().await;
        }
        Ok(())
    }

    /// Counts a wrong code of a sign-in, and has its owner told if there were as many as a sign-in takes. Then they are counted anew.
    async fn was_wrong(&self, (id, session): (StaffId, SessionId), client: &Client) -> Result<(), Fault> {
        let (ctx, key) = (&self.0, wrong_codes(session));
        if ctx.limiter().take(&key, UNTOLD, 1).await?.is_allowed() {
            return Ok(());
        }
        let wrong = ChallengeKind::Totp.tries();
        let guessed = Guessed { place: "staff step-up", about: ctx.ports.ids.id(), wrong };
        tell_of_guesses(ctx, id, guessed, client).await?;
        ctx.limiter().give_back(&key, UNTOLD, UNTOLD.limit()).await
    }

    async fn step_up_once(
        &self,
        by: &Permit<Enrolment>,
        (id, session): (StaffId, SessionId),
        proved: &Proved,
        counted: Option<&Counted>,
    ) -> Result<(), StepUpError> {
        let (ctx, now) = (&self.0, self.0.now());
        let audited = AuditedTx::begin(ctx, by).await?;
        let tx = audited.tx();
        if !still_proved(ctx, tx, proved).await? {
            return Err(SignInError::Unidentified.into());
        }
        if let Some(counted) = counted
            && !counted.code.use_up(tx, id, now).await?
        {
            return Err(StepUpError::WrongCode);
        }
        if !account::step_up(tx, session, counted.is_some(), now).await? {
            return Err(SignInError::Unidentified.into());
        }
        let second = counted.map(|counted| counted.code.name());
        let changes = Changes::of(Subject::new(SessionId::TYPE, session));
        audited.commit("staff.step_up", &changes.field("secondFactor", None::<&str>, second)).await?;
        Ok(())
    }
}
