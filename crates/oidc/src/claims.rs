//! What an ID token says, once it is believed (OpenID Connect Core 1.0, section 3.1.3.7).

use crate::{Untrusted, directory::Known, identity::Email};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, ClaimsVerificationError, ClientId, EmptyExtraTokenFields,
    IdTokenFields, IdTokenVerifier, LocalizedClaim, Nonce, SignatureVerificationError, StandardTokenResponse,
    UserInfoClaims as LibraryUserInfo,
    core::{CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreTokenType},
};
use serde::{Deserialize, Serialize};
use stoa_domain::shared::Timestamp;

/// By how many seconds a provider's clock may be ahead of ours.
const LEEWAY: i64 = 60;

/// The claims that the library does not read.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Extra {
    /// From when on the token is good, in seconds.
    nbf: Option<f64>,
}

impl AdditionalClaims for Extra {}

pub(crate) type IdToken = openidconnect::IdToken<
    Extra,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub(crate) type Claims = openidconnect::IdTokenClaims<Extra, CoreGenderClaim>;
pub(crate) type UserInfo = LibraryUserInfo<Extra, CoreGenderClaim>;
type Fields = IdTokenFields<
    Extra,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub(crate) type Tokens = StandardTokenResponse<Fields, CoreTokenType>;

/// What a token is held against.
pub(crate) struct Expected<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) now: Timestamp,
}

/// The claims of a token, if each of them is to be believed.
pub(crate) fn believe<'t>(
    token: &'t IdToken,
    beside: &AccessToken,
    from: &Known,
    expected: &Expected<'_>,
) -> Result<&'t Claims, Untrusted> {
    let now = expected.now;
    // As a public client's, even where there is a secret: then no token is ever checked with a secret, whatever it says of
    // itself. Signatures by a shared secret are not among the allowed ones either.
    let verifier = IdTokenVerifier::new_public_client(
        ClientId::new(expected.client_id.to_owned()),
        from.metadata.issuer().clone(),
        from.metadata.jwks().clone(),
    )
    .set_allowed_algs(from.algorithms.iter().cloned())
    .set_time_fn(move || now);
    let claims =
        token.claims(&verifier, &Nonce::new(expected.nonce.to_owned())).map_err(|error| why(&error))?;

    if claims.authorized_party().is_some_and(|party| party.as_str() != expected.client_id) {
        return Err(Untrusted::AuthorizedParty);
    }
    let latest = now.timestamp() + LEEWAY;
    let not_before = claims.additional_claims().nbf.unwrap_or(f64::NEG_INFINITY);
    if claims.issue_time().timestamp() > latest || not_before > latest as f64 {
        return Err(Untrusted::NotYetValid);
    }
    let subject = claims.subject().as_str();
    if subject.is_empty()
        || subject.len() > 255
        || !subject.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
    {
        return Err(Untrusted::Subject);
    }
    if let Some(hash) = claims.access_token_hash() {
        let signed = token
            .signing_alg()
            .and_then(|algorithm| Ok((algorithm, token.signing_key(&verifier)?)))
            .map_err(|_| Untrusted::AccessToken)?;
        let ours =
            AccessTokenHash::from_token(beside, signed.0, signed.1).map_err(|_| Untrusted::AccessToken)?;
        if ours != *hash {
            return Err(Untrusted::AccessToken);
        }
    }
    Ok(claims)
}

/// The library's reasons, without the words that came in.
fn why(error: &ClaimsVerificationError) -> Untrusted {
    match error {
        ClaimsVerificationError::Expired(_) => Untrusted::Expired,
        ClaimsVerificationError::InvalidAudience(_) => Untrusted::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => Untrusted::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => Untrusted::Nonce,
        ClaimsVerificationError::InvalidSubject(_) => Untrusted::Subject,
        ClaimsVerificationError::SignatureVerification(error) => match error {
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::AmbiguousKeyId(_) => {
                Untrusted::UnknownKey
            }
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::NoSignature
            | SignatureVerificationError::UnsupportedAlg(_) => Untrusted::Algorithm,
            _ => Untrusted::Signature,
        },
        _ => Untrusted::Malformed,
    }
}

/// What is told of the person, by the token or beside it.
pub(crate) struct Told {
    pub(crate) email: Email,
    pub(crate) given: Option<String>,
    pub(crate) family: Option<String>,
}

/// Both kinds of claims have the same ones about the person, and no type in common.
macro_rules! told {
    ($claims:expr, $trust_email:expr) => {{
        let claims = $claims;
        Told {
            email: Email::told(
                claims.email().map(|email| email.as_str()),
                claims.email_verified(),
                $trust_email,
            ),
            given: crate::identity::name(claims.given_name().and_then(plain).map(|name| name.as_str())),
            family: crate::identity::name(claims.family_name().and_then(plain).map(|name| name.as_str())),
        }
    }};
}

impl Told {
    pub(crate) fn by_token(claims: &Claims, trust_email: bool) -> Self {
        told!(claims, trust_email)
    }

    pub(crate) fn by_user_info(claims: &UserInfo, trust_email: bool) -> Self {
        told!(claims, trust_email)
    }
}

/// A name as it is written without a language.
fn plain<T>(names: &LocalizedClaim<T>) -> Option<&T> {
    names.get(None)
}
