//! A code in the place of a cookie: how storefronts of other origins, which keep tokens, have people signed in by a provider (ADR 25).
//!
//! A page of theirs makes up a verifier, and sends its hash along when it sends the browser here. What it gets back, in an address, is a
//! code that does nothing without the verifier: neither for who reads that address, nor for who has sent the browser here in the page's
//! place. Nobody is signed in, and no account begins, before both are shown. A code works once, for a minute.

use super::{
    finish::OidcOutcome,
    settle::{self, Means},
    waiting::{keep_once, take_once},
};
use crate::{
    Context,
    account::{Client, SignedInNow},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{ops::RangeInclusive, sync::Arc};
use stoa_auth::{Presented, Purpose};
use stoa_domain::{
    account::{Challenge, ChallengeKind, ChallengeStanding, Salt},
    shared::{ChallengeId, EmailAddress, Fault},
};
use stoa_oidc::{Email, Identity};
use stoa_persistence::{account::find_challenge, db::retrying};

/// What the storefront gets back.
const CODE: Purpose = Purpose::of("oidc code");
/// For how long it is good: until a page has been loaded.
const LIVES: TimeDelta = TimeDelta::seconds(60);
/// How many characters a verifier has (RFC 7636, 4.1).
const VERIFIER: RangeInclusive<usize> = 43..=128;
/// How many bytes its hash has.
const HASH: usize = 32;

/// The hash of a verifier (RFC 7636, S256), as a storefront has sent it. The verifier itself never came this way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Reads one: 32 bytes in base64url, without padding. Only this way of writing them counts.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == HASH).then(|| Self(text.to_owned()))
    }

    /// Whether it is the hash of this verifier. It was in an address: there is nothing to be learnt from how long that takes.
    fn is_of(&self, verifier: &str) -> bool {
        let is_one = VERIFIER.contains(&verifier.len())
            && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        is_one && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == self.0
    }
}

/// What waits behind a code: who the provider vouches for, as far as it counts.
#[derive(Serialize, Deserialize)]
struct Kept {
    challenge: CodeChallenge,
    issuer: String,
    subject: String,
    /// If it was proved.
    email: Option<EmailAddress>,
    given_name: Option<String>,
    family_name: Option<String>,
}

impl From<Kept> for Identity {
    fn from(kept: Kept) -> Self {
        let Kept { challenge: _, issuer, subject, email, given_name, family_name } = kept;
        Self { issuer, subject, email: email.map_or(Email::Unknown, Email::Proved), given_name, family_name }
    }
}

/// A code for whoever has the verifier.
pub(super) async fn give(
    ctx: &Context,
    challenge: CodeChallenge,
    identity: Identity,
) -> Result<SecretString, Fault> {
    let email = identity.proved_email().cloned();
    let Identity { issuer, subject, email: _, given_name, family_name } = identity;
    let kept = Kept { challenge, issuer, subject, email, given_name, family_name };
    let (id, salt, now) =
        (ChallengeId::new(ctx.ports.ids.id()), Salt::new(ctx.ports.ids.secret_id()), ctx.now());
    let waiting = Challenge {
        id,
        kind: ChallengeKind::Oidc,
        salt,
        body: serde_json::to_string(&kept).map_err(|e| Fault::internal("account.oidc: code", e))?,
        tries: 0,
        expires_at: now + LIVES,
        created_at: now,
    };
    retrying(|| keep_once(ctx, &waiting)).await?;
    Ok(ctx.ports.auth.tokens.mint(CODE, id.uuid(), waiting.salt.bytes()))
}

/// Why nobody is signed in for a code.
#[derive(Debug, thiserror::Error)]
pub enum RedeemOidcError {
    /// It is none of ours, was used, is over, is another storefront's, or can do nothing any more: all alike.
    #[error("the code does not work")]
    Invalid,
    /// The database does not answer.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Signs in for codes.
pub struct RedeemOidc(pub(crate) Arc<Context>);

impl RedeemOidc {
    /// Signs in with tokens. Of two who show the same code at once, one is.
    ///
    /// # Errors
    /// Code and verifier do not belong together, or do nothing any more; or the database does not answer.
    #[tracing::instrument(name = "account.oidc_redeem", skip_all)]
    pub async fn run(
        &self,
        (code, verifier): (&str, &str),
        client: &Client,
    ) -> Result<SignedInNow, RedeemOidcError> {
        let ctx = &self.0;
        let kept = take(ctx, code, verifier).await?.ok_or(RedeemOidcError::Invalid)?;
        match Box::pin(settle::sign_in(ctx, Means::Code, &kept.into(), client)).await? {
            OidcOutcome::SignedIn(begun) => Ok(begun),
            // The account has become another since the code was given.
            OidcOutcome::Refused(_)
            | OidcOutcome::LinkMailed(_)
            | OidcOutcome::Linked
            | OidcOutcome::Code(_) => Err(RedeemOidcError::Invalid),
        }
    }
}

/// What waits behind a code, once. A wrong verifier uses nothing up: else whoever reads the address would keep its owner out.
async fn take(ctx: &Context, code: &str, verifier: &str) -> Result<Option<Kept>, Fault> {
    let Some(shown) = Presented::parse(CODE, code) else { return Ok(None) };
    let id = ChallengeId::new(shown.id());
    let found = find_challenge(ctx.db().read(), id).await?.filter(|challenge| {
        challenge.kind == ChallengeKind::Oidc
            && ctx.ports.auth.tokens.proves(&shown, challenge.salt.bytes())
            && challenge.standing(ctx.now()) == ChallengeStanding::Waiting
    });
    let Some(challenge) = found else { return Ok(None) };
    let kept: Kept =
        serde_json::from_str(&challenge.body).map_err(|e| Fault::internal("account.oidc: code", e))?;
    if !kept.challenge.is_of(verifier) || !retrying(|| take_once(ctx, id)).await? {
        return Ok(None);
    }
    Ok(Some(kept))
}

#[cfg(test)]
mod tests;
