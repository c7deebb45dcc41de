//! Attempts that wait for a provider's answer.
//!
//! An attempt is a row, sealed. Two tokens are made over it: the state, which goes to the provider and comes back with its answer, and
//! what the browser keeps in a cookie. Whoever brings an answer shows both, or it was begun by somebody else: a stranger's answer signs
//! nobody in to the stranger's account. The row is gone with the first answer.

use super::code::CodeChallenge;
use crate::Context;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stoa_auth::{Presented, Purpose};
use stoa_domain::{
    account::{Challenge, ChallengeKind, ChallengeStanding, Salt, Waiter},
    shared::{ChallengeId, Fault, SessionId},
};
use stoa_oidc::Attempt;
use stoa_persistence::{
    Durability,
    account::{end_challenge, find_challenge, insert_challenge},
    db::retrying,
};
use url::Url;

/// What a provider is given, and gives back.
const STATE: Purpose = Purpose::of("oidc state");
/// What the browser keeps meanwhile.
const BROWSER: Purpose = Purpose::of("oidc browser");

/// What is known of an attempt.
#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) attempt: Attempt,
    /// Where whoever signs in wants to be then, if they have said so.
    pub(super) return_to: Option<String>,
    /// Who is signed in and wants to be able to do so this way as well; `None`: somebody signs in.
    pub(super) linking: Option<Linking>,
    /// Whose code it is to become in the place of a cookie; `None`: it is none's. Attempts that an older version has begun say nothing
    /// of it.
    #[serde(default)]
    pub(super) code: Option<CodeChallenge>,
}

/// Somebody who has proved once more who they are, and by which sign-in.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Linking {
    pub(super) who: Waiter,
    pub(super) session: SessionId,
}

/// An attempt that is to be, before anything is known of it but its tokens.
pub(super) struct NewAttempt {
    id: ChallengeId,
    salt: Salt,
}

impl NewAttempt {
    pub(super) fn new(ctx: &Context) -> Self {
        Self { id: ChallengeId::new(ctx.ports.ids.id()), salt: Salt::new(ctx.ports.ids.secret_id()) }
    }

    pub(super) fn state(&self, ctx: &Context) -> SecretString {
        ctx.ports.auth.tokens.mint(STATE, self.id.uuid(), self.salt.bytes())
    }

    pub(super) fn browser(&self, ctx: &Context) -> SecretString {
        ctx.ports.auth.tokens.mint(BROWSER, self.id.uuid(), self.salt.bytes())
    }

    /// Lets it wait.
    pub(super) async fn keep(self, ctx: &Context, waiting: &Waiting) -> Result<Challenge, Fault> {
        let (kind, now) = (ChallengeKind::Oidc, ctx.now());
        let challenge = Challenge {
            id: self.id,
            kind,
            salt: self.salt,
            body: serde_json::to_string(waiting).map_err(|e| Fault::internal("account.oidc: waiting", e))?,
            tries: 0,
            expires_at: now + kind.lifetime(),
            created_at: now,
        };
        retrying(|| keep_once(ctx, &challenge)).await?;
        Ok(challenge)
    }
}

pub(super) async fn keep_once(ctx: &Context, challenge: &Challenge) -> Result<(), Fault> {
    let turn = ctx.db().write_one(Durability::Relaxed).await?;
    insert_challenge(&turn, challenge).await
}

/// The attempt at this provider that an answer is to, once: of two answers at once one has it. `None` if there is none that waits, or
/// it was not begun in this browser; that uses nothing up.
pub(super) async fn take(
    ctx: &Context,
    provider: &str,
    (state, browser): (Option<&str>, Option<&str>),
) -> Result<Option<Waiting>, Fault> {
    let shown = state
        .and_then(|state| Presented::parse(STATE, state))
        .zip(browser.and_then(|browser| Presented::parse(BROWSER, browser)))
        .filter(|(state, browser)| state.id() == browser.id());
    let Some((state, browser)) = shown else { return Ok(None) };
    let id = ChallengeId::new(state.id());
    let found = find_challenge(ctx.db().read(), id).await?;
    let tokens = &ctx.ports.auth.tokens;
    let found = found.filter(|challenge| {
        let salt = challenge.salt.bytes();
        challenge.kind == ChallengeKind::Oidc
            && tokens.proves(&state, salt)
            && tokens.proves(&browser, salt)
            && challenge.standing(ctx.now()) == ChallengeStanding::Waiting
    });
    let Some(challenge) = found else { return Ok(None) };
    let waiting: Waiting =
        serde_json::from_str(&challenge.body).map_err(|e| Fault::internal("account.oidc: waiting", e))?;
    // Whoever sends one provider's answer to another's address would have the code given to the wrong one.
    if waiting.attempt.provider() != provider || !retrying(|| take_once(ctx, id)).await? {
        return Ok(None);
    }
    Ok(Some(waiting))
}

/// Committed alone, before anybody is asked about the code.
pub(super) async fn take_once(ctx: &Context, id: ChallengeId) -> Result<bool, Fault> {
    let turn = ctx.db().write_one(Durability::Full).await?;
    end_challenge(&turn, id).await
}

/// The address that a provider answers to.
pub(super) fn answer_to(ctx: &Context, provider: &str) -> Result<Url, Fault> {
    let address = ctx.settings.link(&format!("/auth/oidc/{provider}/callback"));
    Url::parse(&address).map_err(|e| Fault::internal("account.oidc: our own address", e))
}
