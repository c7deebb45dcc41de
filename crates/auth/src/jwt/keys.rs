//! The keys of access tokens: one signs, and each that signed lately is known.

use super::provider;
use crate::random::random;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    jwk::{
        AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, OctetKeyPairParameters,
        OctetKeyPairType, PublicKeyUse, ThumbprintHash,
    },
};
use ring::signature::{Ed25519KeyPair, KeyPair};
use stoa_domain::shared::{Fault, Timestamp};
use zeroize::Zeroizing;

/// As many letters of a key's thumbprint as name it: 128 bits.
const KID_LETTERS: usize = 22;

/// A key that tokens are checked with.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    pub(super) kid: String,
    pub(super) public: [u8; 32],
    pub(super) ends_at: Option<Timestamp>,
    pub(super) decoding: DecodingKey,
}

impl VerifyingKey {
    /// A public key whose tokens are good until then, if it has an end. It should be known for as long as a token that it
    /// signed last may live.
    ///
    /// # Errors
    /// None that is known; naming a key has no place to panic.
    pub fn new(public: [u8; 32], ends_at: Option<Timestamp>) -> Result<Self, Fault> {
        provider::install();
        let fault = |e| Fault::internal("naming a signing key", e);
        let mut kid = jwk(&public, None).thumbprint(ThumbprintHash::SHA256).map_err(fault)?;
        kid.truncate(KID_LETTERS);
        Ok(Self { kid, public, ends_at, decoding: DecodingKey::from_ed_der(&public) })
    }

    /// Its name: the beginning of its thumbprint (RFC 7638), so that another key never has it.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// As other services read it (RFC 8037).
    pub(super) fn jwk(&self) -> Jwk {
        jwk(&self.public, Some(&self.kid))
    }

    pub(super) fn is_good_at(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

fn jwk(public: &[u8; 32], kid: Option<&str>) -> Jwk {
    let common = CommonParameters {
        public_key_use: kid.map(|_| PublicKeyUse::Signature),
        key_algorithm: kid.map(|_| KeyAlgorithm::EdDSA),
        key_id: kid.map(str::to_owned),
        ..CommonParameters::default()
    };
    let algorithm = AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
        key_type: OctetKeyPairType::OctetKeyPair,
        curve: EllipticCurve::Ed25519,
        x: URL_SAFE_NO_PAD.encode(public),
    });
    Jwk { common, algorithm }
}

/// The key that tokens are signed with.
#[derive(Clone, Debug)]
pub struct SigningKey {
    pub(super) encoding: EncodingKey,
    pub(super) verifying: VerifyingKey,
}

impl SigningKey {
    /// The one algorithm.
    pub(super) const ALGORITHM: Algorithm = Algorithm::EdDSA;

    /// A new key, and what is to be kept of it, sealed: 32 bytes.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<(Self, Zeroizing<[u8; 32]>), Fault> {
        let seed = Zeroizing::new(random()?);
        Ok((Self::from_seed(&seed)?, seed))
    }

    /// A key that was kept.
    ///
    /// # Errors
    /// None that is known: any 32 bytes are a key (RFC 8032).
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, Fault> {
        let fault = |_| Fault::bug("reading a signing key");
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(fault)?;
        let public =
            pair.public_key().as_ref().try_into().map_err(|_| Fault::bug("reading a signing key"))?;
        Ok(Self { encoding: EncodingKey::from_ed_der(seed), verifying: VerifyingKey::new(public, None)? })
    }

    /// Its name.
    pub fn kid(&self) -> &str {
        &self.verifying.kid
    }

    /// Its public half.
    pub const fn public(&self) -> &[u8; 32] {
        &self.verifying.public
    }
}
