//! Signing staff in: the password, and then, where they have one, the second factor.

use super::{
    code::{CodeError, RightCode, count},
    guessed::{Guessed, tell_of_guesses},
    person::acting,
};
use crate::{
    Context,
    account::{
        AccountMail, Client, PasswordSignIn, SignInError, SignedInNow, issue, new_session, note_place, prove,
    },
    audit::AuditedTx,
    jobs,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc, time::Duration};
use stoa_auth::{Presented, Purpose};
use stoa_domain::{
    account::{Challenge, ChallengeKind, Realm, Salt, Session, SessionKind, Waiter},
    audit::{Changes, Subject},
    shared::{ChallengeId, Fault, SessionId, StaffId, Timestamp},
    staff::StaffMember,
};
use stoa_persistence::{
    Batch, Durability,
    account::{end_challenge, find_challenge, insert_challenge, insert_session, still_waits, try_challenge},
    db::retrying,
    staff::{self, Authenticator},
};
use uuid::Uuid;

/// What the token of a sign-in that waits is for.
const WAITING: Purpose = Purpose::of("staff sign-in");

/// A sign-in whose first half was right.
pub struct WaitingSignIn {
    /// What the second half is to be shown with.
    pub challenge: SecretString,
    /// Until when it is waited.
    pub expires_at: Timestamp,
}

/// What became of a right password.
#[derive(Debug)]
pub enum StaffSignInOutcome {
    /// They are signed in.
    SignedIn(SignedInNow),
    /// They are asked for their second factor.
    Waiting(WaitingSignIn),
}

/// Hides the token.
impl fmt::Debug for WaitingSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WaitingSignIn(until {})", self.expires_at)
    }
}

/// Why a second half is not taken.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The sign-in does not wait any more: it took too long, too many codes were wrong, it is done, or something about the account has
    /// changed. It has to begin anew.
    #[error("the sign-in has to begin anew")]
    Over,
    /// The code is wrong. Another one may be shown.
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

impl From<CodeError> for VerifyError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Wrong => Self::WrongCode,
            CodeError::TooManyGuesses { retry_after } => Self::TooManyGuesses { retry_after },
            CodeError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// What a sign-in that waits knows.
#[derive(Serialize, Deserialize)]
struct Body {
    waiter: Waiter,
    /// As the session is to be shown.
    kind: String,
    device: Option<Uuid>,
}

/// A session that is to begin.
struct Beginning<'a> {
    who: &'a Waiter,
    member: &'a StaffMember,
    session: &'a Session,
    device: Option<Uuid>,
    /// The second factor, and the sign-in that has waited for it.
    second: Option<(&'a RightCode, ChallengeId)>,
    client: &'a Client,
}

/// What became of beginning a session.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    Yes,
    /// Something has changed since the password was compared.
    Changed,
    /// Somebody else has used the code.
    CodeUsed,
}

/// Signs staff in.
pub struct StaffSignIn(pub(crate) Arc<Context>);

impl StaffSignIn {
    /// A session for whoever has no second factor, and for the others a challenge.
    ///
    /// # Errors
    /// Address and password are not those of a member of staff who can sign in; too many guesses; too much to do. Which of the first it
    /// is, neither the answer tells nor the time that it takes.
    #[tracing::instrument(name = "staff.sign_in", skip_all)]
    pub async fn run(
        &self,
        given: PasswordSignIn<'_>,
        client: &Client,
    ) -> Result<StaffSignInOutcome, SignInError> {
        let ctx = &self.0;
        if given.kind == SessionKind::Storefront {
            return Err(Fault::bug("staff.sign_in: a storefront's token is customers' alone").into());
        }
        let proved = prove(ctx, Realm::Staff, (given.email, given.password), client).await?;
        let id = StaffId::new(proved.who.subject);
        if confirmed(ctx, id).await?.is_some() {
            let body = Body { waiter: proved.who, kind: given.kind.name().to_owned(), device: proved.device };
            return Ok(StaffSignInOutcome::Waiting(self.wait(&body).await?));
        }
        let member = staff::find(ctx.db().read(), id).await?.ok_or(SignInError::Unidentified)?;
        let session = new_session(ctx, (Realm::Staff, id.uuid()), given.kind, false, client);
        let beginning = Beginning {
            who: &proved.who,
            member: &member,
            session: &session,
            device: proved.device,
            second: None,
            client,
        };
        if retrying(|| self.begin_once(&beginning)).await? != Begun::Yes {
            return Err(SignInError::Unidentified);
        }
        ctx.jobs_waiting.notify_one();
        Ok(StaffSignInOutcome::SignedIn(issue(ctx, &session, proved.device).await?))
    }

    /// The second half: a code of the authenticator, or a recovery code, which works once. If the last code that a sign-in takes is wrong,
    /// somebody has the password who is not its owner: they are told by mail, and the log has it.
    ///
    /// # Errors
    /// The code is wrong, or the sign-in does not wait for it any more.
    #[tracing::instrument(name = "staff.sign_in_verify", skip_all)]
    pub async fn verify(
        &self,
        challenge: &str,
        code: &str,
        client: &Client,
    ) -> Result<SignedInNow, VerifyError> {
        let ctx = &self.0;
        let shown = Presented::parse(WAITING, challenge).ok_or(VerifyError::Over)?;
        let id = ChallengeId::new(shown.id());
        let found = find_challenge(ctx.db().read(), id).await?.ok_or(VerifyError::Over)?;
        if !ctx.ports.auth.tokens.proves(&shown, found.salt.bytes()) {
            return Err(VerifyError::Over);
        }
        // Counted and kept before the code is looked at, or of many at once all would be.
        let tried = retrying(|| self.try_once(id)).await?.ok_or(VerifyError::Over)?;
        let body: Body = serde_json::from_str(&tried.body)
            .map_err(|e| Fault::internal("staff.sign_in: what it waits for", e))?;
        let done = Box::pin(self.answered(id, &body, code, client)).await;
        let wrong = matches!(done, Err(VerifyError::WrongCode | VerifyError::TooManyGuesses { .. }));
        if wrong && tried.tries >= ChallengeKind::Totp.tries() {
            let seen =
                Guessed { place: "staff sign-in", about: id.uuid(), wrong: ChallengeKind::Totp.tries() };
            tell_of_guesses(ctx, StaffId::new(body.waiter.subject), seen, client).await?;
        }
        done
    }

    /// Looks at a code that was counted.
    async fn answered(
        &self,
        id: ChallengeId,
        body: &Body,
        code: &str,
        client: &Client,
    ) -> Result<SignedInNow, VerifyError> {
        let ctx = &self.0;
        let kind = SessionKind::from_name(&body.kind)
            .ok_or(Fault::bug("staff.sign_in: a session of a newer version"))?;
        let of = StaffId::new(body.waiter.subject);
        let authenticator = confirmed(ctx, of).await?.ok_or(VerifyError::Over)?;
        let member = staff::find(ctx.db().read(), of).await?.ok_or(VerifyError::Over)?;
        let counted = count(ctx, (of, authenticator), code, body.device, client).await?;
        let session = new_session(ctx, (Realm::Staff, of.uuid()), kind, true, client);
        let beginning = Beginning {
            who: &body.waiter,
            member: &member,
            session: &session,
            device: body.device,
            second: Some((&counted.code, id)),
            client,
        };
        match retrying(|| self.begin_once(&beginning)).await? {
            Begun::Yes => {}
            Begun::Changed => return Err(VerifyError::Over),
            Begun::CodeUsed => return Err(VerifyError::WrongCode),
        }
        counted.was_right().await;
        ctx.jobs_waiting.notify_one();
        Ok(issue(ctx, &session, body.device).await?)
    }

    async fn wait(&self, body: &Body) -> Result<WaitingSignIn, Fault> {
        let (ctx, kind) = (&self.0, ChallengeKind::Totp);
        let now = ctx.now();
        let challenge = Challenge {
            id: ChallengeId::new(ctx.ports.ids.id()),
            kind,
            salt: Salt::new(ctx.ports.ids.secret_id()),
            body: serde_json::to_string(body).map_err(|e| Fault::internal("staff.sign_in: waiting", e))?,
            tries: 0,
            expires_at: now + kind.lifetime(),
            created_at: now,
        };
        retrying(|| self.wait_once(&challenge)).await?;
        let token = ctx.ports.auth.tokens.mint(WAITING, challenge.id.uuid(), challenge.salt.bytes());
        Ok(WaitingSignIn { challenge: token, expires_at: challenge.expires_at })
    }

    async fn wait_once(&self, challenge: &Challenge) -> Result<(), Fault> {
        let turn = self.0.db().write_one(Durability::Relaxed).await?;
        insert_challenge(&turn, challenge).await
    }

    async fn try_once(&self, id: ChallengeId) -> Result<Option<Challenge>, Fault> {
        let turn = self.0.db().write_one(Durability::Full).await?;
        try_challenge(&turn, id, ChallengeKind::Totp, self.0.now()).await
    }

    async fn begin_once(&self, b: &Beginning<'_>) -> Result<Begun, Fault> {
        let (ctx, id) = (&self.0, b.member.id);
        let by = acting(b.member, Some(b.session.id), b.client);
        let audited = AuditedTx::begin_by(ctx, by).await?;
        let tx = audited.tx();
        if !still_waits(tx, b.who).await? {
            return Ok(Begun::Changed);
        }
        match b.second {
            Some((code, _)) if !code.use_up(tx, id, b.session.created_at).await? => {
                return Ok(Begun::CodeUsed);
            }
            Some(_) => {}
            // They have got one since.
            None if is_confirmed(staff::authenticator(tx, id).await?.as_ref()) => return Ok(Begun::Changed),
            None => {}
        }
        insert_session(tx, b.session).await?;
        if let Some((_, challenge)) = b.second
            && !end_challenge(tx, challenge).await?
        {
            return Ok(Begun::Changed);
        }
        if note_place(tx, b.session).await? && b.device.is_none() {
            let mut batch = Batch::new();
            let mail = AccountMail::NewSignIn(b.session.id);
            jobs::write_to_account(ctx, &mut batch, &mail, b.session.created_at);
            batch.write(tx).await?;
        }
        let second = b.second.map(|(code, _)| code.name());
        let changes = Changes::of(Subject::new(SessionId::TYPE, b.session.id));
        audited.commit("staff.sign_in", &changes.field("secondFactor", None::<&str>, second)).await?;
        Ok(Begun::Yes)
    }
}

fn is_confirmed(authenticator: Option<&Authenticator>) -> bool {
    authenticator.is_some_and(|authenticator| authenticator.confirmed_at.is_some())
}

/// Somebody's authenticator, if it counts.
pub(super) async fn confirmed(ctx: &Context, of: StaffId) -> Result<Option<Authenticator>, Fault> {
    let found = staff::authenticator(ctx.db().read(), of).await?;
    Ok(found.filter(|authenticator| authenticator.confirmed_at.is_some()))
}
