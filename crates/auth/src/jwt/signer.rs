//! Signs access tokens, and tells whether one is ours.

use super::{Claims, SigningKey, VerifyingKey, claims::Signed, provider};
use jsonwebtoken::{Header, Validation, decode, decode_header, encode, jwk::JwkSet};
use quick_cache::sync::Cache;
use ring::digest::{SHA256, digest};
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};
use stoa_domain::shared::{Fault, Timestamp};

/// What a token is, so that no other kind of JWT of ours is taken for one (RFC 9068, section 2.1).
const TYPE: &str = "at+jwt";

/// No token of ours is longer; what is longer is not looked at.
const MOST_BYTES: usize = 2_048;

/// How many tokens are remembered. Each takes some 300 bytes.
const REMEMBERED: usize = 10_000;

/// A token that proves nothing. Clients are told no more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is no token, not ours, for somebody else, or its key is not known (any more).
    #[error("the access token is not ours")]
    NotOurs,
    /// It was ours, and its time is over.
    #[error("the access token is over")]
    Expired,
}

struct Keys {
    signing: SigningKey,
    verifying: Vec<VerifyingKey>,
}

/// A token that was verified.
#[derive(Clone)]
pub(super) struct Known {
    kid: Arc<str>,
    claims: Arc<Claims>,
}

/// Signs access tokens, and tells whether one is ours.
///
/// A token that was verified is remembered, because checking a signature takes longer than all the rest of a small
/// request. A token that was not ours is never remembered: whoever sends many would push out the others.
pub struct Signer {
    url: String,
    validation: Validation,
    keys: RwLock<Arc<Keys>>,
    pub(super) remembered: Cache<[u8; 32], Known>,
}

impl Signer {
    /// Signs with one key and knows its tokens, and those of the others, the ones before it and the ones to come. Issuer and
    /// audience of each token are `url`, the shop's own address.
    pub fn new(url: impl Into<String>, signing: SigningKey, others: Vec<VerifyingKey>) -> Self {
        provider::install();
        let url = url.into();
        let mut validation = Validation::new(SigningKey::ALGORITHM);
        validation.set_issuer(&[&url]);
        validation.set_audience(&[&url]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library asks the machine for the time. We are told it, and hold `exp` against that.
        validation.validate_exp = false;
        validation.leeway = 0;
        let keys = RwLock::new(Arc::new(Keys::new(signing, others)));
        Self { url, validation, keys, remembered: Cache::new(REMEMBERED) }
    }

    /// Signs with another key from now on, and knows these others. What a key that is not among them signed is not ours
    /// from this moment, remembered or not.
    pub fn replace(&self, signing: SigningKey, others: Vec<VerifyingKey>) {
        let keys = Arc::new(Keys::new(signing, others));
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// A token that says this.
    ///
    /// # Errors
    /// None that is known; signing has no place to panic.
    pub fn sign(&self, claims: &Claims) -> Result<String, Fault> {
        let keys = self.keys();
        let mut header = Header::new(SigningKey::ALGORITHM);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(keys.signing.kid().to_owned());
        let signed = Signed { iss: &self.url, aud: &self.url, claims };
        encode(&header, &signed, &keys.signing.encoding)
            .map_err(|e| Fault::internal("signing an access token", e))
    }

    /// What a token says, if it is ours and its time is not over. Whether its session still lives is not known here.
    ///
    /// # Errors
    /// It proves nothing.
    pub fn check(&self, token: &str, now: Timestamp) -> Result<Arc<Claims>, BadToken> {
        if token.len() > MOST_BYTES {
            return Err(BadToken::NotOurs);
        }
        let keys = self.keys();
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        let claims = match self.remembered.get(&fingerprint) {
            // Keys come and go while a token is remembered; a name is of one key only.
            Some(known) => keys.named(&known.kid, now).map(|_| known.claims)?,
            None => {
                let known = self.verify(&keys, token, now)?;
                self.remembered.insert(fingerprint, known.clone());
                known.claims
            }
        };
        if now < claims.expires_at { Ok(claims) } else { Err(BadToken::Expired) }
    }

    /// The public keys whose tokens are good now or will be, for others to check with (RFC 7517).
    ///
    /// # Errors
    /// None that is known; writing them down has no place to panic.
    pub fn jwks(&self, now: Timestamp) -> Result<serde_json::Value, Fault> {
        let keys = self.keys();
        let good = keys.verifying.iter().filter(|key| key.is_good_at(now));
        let set = JwkSet { keys: good.map(VerifyingKey::jwk).collect() };
        serde_json::to_value(set).map_err(|e| Fault::internal("writing down the public keys", e))
    }

    fn verify(&self, keys: &Keys, token: &str, now: Timestamp) -> Result<Known, BadToken> {
        let header = decode_header(token).map_err(|_| BadToken::NotOurs)?;
        // `crit` names extensions that must be understood (RFC 7515, section 4.1.11); we have none.
        if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() {
            return Err(BadToken::NotOurs);
        }
        let key = keys.named(header.kid.as_deref().ok_or(BadToken::NotOurs)?, now)?;
        let token =
            decode::<Claims>(token, &key.decoding, &self.validation).map_err(|_| BadToken::NotOurs)?;
        Ok(Known { kid: key.kid.as_str().into(), claims: Arc::new(token.claims) })
    }

    fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Keys {
    fn new(signing: SigningKey, mut verifying: Vec<VerifyingKey>) -> Self {
        // Whatever else is said of it, what we sign with now is good.
        verifying.retain(|key| key.kid != signing.kid());
        verifying.insert(0, signing.verifying.clone());
        Self { signing, verifying }
    }

    fn named(&self, kid: &str, now: Timestamp) -> Result<&VerifyingKey, BadToken> {
        self.verifying.iter().find(|key| key.kid == kid && key.is_good_at(now)).ok_or(BadToken::NotOurs)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("url", &self.url)
            .field("kid", &self.keys().signing.kid())
            .finish_non_exhaustive()
    }
}
