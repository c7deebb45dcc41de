//! The second factor: a code of an authenticator, or one of the codes for whoever has lost it.

use crate::{
    Context,
    account::Client,
    limits::{Guess, GuessKind, Guesses, TooMany},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc, time::Duration};
use stoa_auth::{RecoveryHash, TotpSecret};
use stoa_domain::{
    account::Realm,
    shared::{Fault, StaffId, Timestamp},
};
use stoa_persistence::{
    WriteTx,
    staff::{Authenticator, use_recovery_code, use_totp_step},
};
use uuid::Uuid;

/// Why a code is not taken.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// It is not right, was used before, or is not right any more.
    #[error("the code is wrong")]
    Wrong,
    /// Too many were wrong.
    #[error("too many codes were tried")]
    TooManyGuesses {
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A code that is right, and is still to be used up.
pub(super) enum RightCode {
    /// Of this step of the authenticator.
    Totp(Authenticator, i64),
    /// One of the codes on paper, if it is one of theirs.
    Recovery(RecoveryHash),
}

impl RightCode {
    /// Which of them, as the log says it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Totp(..) => "authenticator",
            Self::Recovery(_) => "recovery_code",
        }
    }

    /// Uses it up: true once.
    pub(super) async fn use_up(&self, tx: &WriteTx, of: StaffId, now: Timestamp) -> Result<bool, Fault> {
        match self {
            Self::Totp(read, step) => use_totp_step(tx, of, read, *step).await,
            Self::Recovery(hash) => use_recovery_code(tx, of, hash.as_str(), now).await,
        }
    }
}

/// Hides the code.
impl fmt::Debug for RightCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A code that was counted, and looks right.
pub(super) struct Counted {
    pub(super) code: RightCode,
    guesses: Guesses,
    guess: Guess,
}

impl Counted {
    /// It was right and is used up: it was no guess.
    pub(super) async fn was_right(self) {
        self.guesses.forgive(self.guess).await;
    }
}

/// Counts a code and looks at it. `device` is the browser, if it has signed in to this account before: what others have guessed does
/// not keep it out. Using it up decides whether it is right ([`RightCode::use_up`]).
pub(super) async fn count(
    ctx: &Context,
    (of, authenticator): (StaffId, Authenticator),
    typed: &str,
    device: Option<Uuid>,
    client: &Client,
) -> Result<Counted, CodeError> {
    let guesses = Guesses::new(Arc::clone(ctx.limiter()));
    let kind = GuessKind::Code(Realm::Staff);
    // Counted before it is looked at, or of many at once all would be.
    let begun = guesses.begin(client.address, kind, &[&of.to_string()], device).await?;
    let guess = begun.map_err(|TooMany(retry_after)| CodeError::TooManyGuesses { retry_after })?;
    let step = secret(&authenticator)?.step(typed, ctx.now(), authenticator.last_step);
    let code = match step {
        Some(step) => RightCode::Totp(authenticator, step),
        None => RightCode::Recovery(RecoveryHash::of(of.uuid(), typed).ok_or(CodeError::Wrong)?),
    };
    Ok(Counted { code, guesses, guess })
}

/// The secret of an authenticator.
pub(super) fn secret(authenticator: &Authenticator) -> Result<TotpSecret, Fault> {
    let unreadable = || Fault::bug("staff.totp: a secret that no version of the program writes");
    let bytes = URL_SAFE_NO_PAD.decode(&authenticator.secret).map_err(|_| unreadable())?;
    TotpSecret::from_bytes(&bytes).ok_or_else(unreadable)
}

/// The same as it is kept.
pub(super) fn kept(secret: &TotpSecret) -> SecretString {
    URL_SAFE_NO_PAD.encode(secret.as_bytes()).into()
}

/// What is kept of codes on paper.
pub(super) fn hashes(of: StaffId, codes: &[SecretString]) -> Result<Vec<String>, Fault> {
    let hash = |code: &SecretString| RecoveryHash::of(of.uuid(), code.expose_secret());
    let hashes: Option<Vec<_>> =
        codes.iter().map(|code| hash(code).map(|hash| hash.as_str().to_owned())).collect();
    hashes.ok_or(Fault::bug("staff.recovery_codes: a code that was made is none"))
}
