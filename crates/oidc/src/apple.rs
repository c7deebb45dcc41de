//! What Apple does in its own way: the client's secret is a statement that we sign, and names come beside the code.

use crate::{config::InvalidProvider, identity};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::{fmt, sync::Arc};
use stoa_domain::shared::{Fault, Timestamp};

/// For how many seconds a statement is good. It is used at once; Apple would take half a year.
const LIFETIME: i64 = 300;

/// A key of an Apple developer account for Sign in with Apple.
#[derive(Clone)]
pub struct AppleKey {
    team_id: String,
    key_id: String,
    pair: Arc<EcdsaKeyPair>,
}

impl AppleKey {
    /// A key as it was downloaded: the text of a `.p8` file (PKCS #8 in PEM, on the curve P-256), with the names of the team
    /// and of the key, 10 letters or digits each.
    ///
    /// # Errors
    /// Which of the three it is that cannot be.
    pub fn parse(team_id: &str, key_id: &str, pem: &SecretString) -> Result<Self, InvalidProvider> {
        let is_id = |text: &str| text.len() == 10 && text.bytes().all(|b| b.is_ascii_alphanumeric());
        for (key, id) in [("apple_team_id", team_id), ("apple_key_id", key_id)] {
            if !is_id(id) {
                return Err(InvalidProvider::new(key, "must be 10 letters and digits"));
            }
        }
        let wrong = |why: &'static str| InvalidProvider::new("client_secret", why);
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem.expose_secret().as_bytes()).map_err(|_| {
            wrong("is not the text of a .p8 file, which begins with -----BEGIN PRIVATE KEY-----")
        })?;
        let pair = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            key.secret_pkcs8_der(),
            &SystemRandom::new(),
        )
        .map_err(|_| wrong("is not a key on the curve P-256"))?;
        Ok(Self { team_id: team_id.to_owned(), key_id: key_id.to_owned(), pair: Arc::new(pair) })
    }

    /// The secret of one request: a statement that we are this client, for this issuer, for five minutes.
    pub(crate) fn secret(&self, client_id: &str, issuer: &str, now: Timestamp) -> Result<String, Fault> {
        let issued_at = now.timestamp();
        let header = json!({ "alg": "ES256", "kid": self.key_id });
        let claims = json!({
            "iss": self.team_id,
            "iat": issued_at,
            "exp": issued_at + LIFETIME,
            "aud": issuer,
            "sub": client_id,
        });
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let said = format!("{}.{}", part(&header), part(&claims));
        let signature = self
            .pair
            .sign(&SystemRandom::new(), said.as_bytes())
            .map_err(|_| Fault::bug("signing Apple's client secret: the system has no randomness"))?;
        Ok(format!("{said}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl fmt::Debug for AppleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AppleKey({})", self.key_id)
    }
}

/// What a person is called.
#[derive(Clone, Default)]
pub(crate) struct Names {
    pub(crate) given: Option<String>,
    pub(crate) family: Option<String>,
}

#[derive(Deserialize)]
struct User {
    name: UserName,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserName {
    first_name: Option<String>,
    last_name: Option<String>,
}

impl Names {
    /// Reads the form's `user`. It comes by way of the browser and unsigned, so it is good for a name to be greeted with and
    /// no more; the address that it holds as well is not even read. What cannot be read says nothing.
    pub(crate) fn read(user: &str) -> Self {
        let Ok(User { name }) = serde_json::from_str(user) else { return Self::default() };
        let (given, family) = (name.first_name.as_deref(), name.last_name.as_deref());
        Self { given: identity::name(given), family: identity::name(family) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;
    use chrono::DateTime;
    use ring::{
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED, KeyPair, UnparsedPublicKey},
    };
    use serde_json::Value;

    fn pkcs8() -> Vec<u8> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        made.unwrap().as_ref().to_vec()
    }

    fn pem(der: &[u8]) -> SecretString {
        let lines: Vec<String> =
            STANDARD.encode(der).as_bytes().chunks(64).map(|l| String::from_utf8_lossy(l).into()).collect();
        let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
        SecretString::from(format!("{begin}\n{}\n{end}\n", lines.join("\n")))
    }

    /// The same key as Apple writes it: with the curve named once more inside (RFC 5915, section 3), 150 bytes in all.
    fn as_apple_writes(der: &[u8]) -> Vec<u8> {
        const CURVE: [u8; 12] = [0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        // SEQUENCE (3), version, algorithm and curve (24), OCTET STRING (2), SEQUENCE (2), version, 32 bytes (37).
        let (before, public) = der.split_at(3 + 24 + 2 + 2 + 37);
        let mut apple = [before, &CURVE, public].concat();
        for length in [2, 28, 30] {
            apple[length] += CURVE.len() as u8;
        }
        apple
    }

    fn key() -> AppleKey {
        AppleKey::parse("TEAM123456", "KEY1234567", &pem(&pkcs8())).unwrap()
    }

    #[test]
    fn a_secret_is_signed_anew_and_good_for_five_minutes() {
        let key = key();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let secret = key.secret("org.example.shop", "https://appleid.apple.com", now).unwrap();

        let (said, signature) = secret.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.pair.public_key().as_ref());
        public.verify(said.as_bytes(), &signature).unwrap();

        let parts: Vec<Value> = said
            .split('.')
            .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
            .collect();
        assert_eq!(parts[0], json!({ "alg": "ES256", "kid": "KEY1234567" }));
        let claims = json!({
            "iss": "TEAM123456", "iat": 1_800_000_000, "exp": 1_800_000_300,
            "aud": "https://appleid.apple.com", "sub": "org.example.shop",
        });
        assert_eq!(parts[1], claims);
    }

    #[test]
    fn a_key_reads_in_both_forms_that_are_written() {
        let der = pkcs8();
        let apple = as_apple_writes(&der);
        assert_eq!((der.len(), apple.len()), (138, 150));
        let public = |der: &[u8]| {
            let key = AppleKey::parse("TEAM123456", "KEY1234567", &pem(der)).unwrap();
            key.pair.public_key().as_ref().to_vec()
        };
        assert_eq!(public(&der), public(&apple));
    }

    #[test]
    fn what_is_wrong_is_named_and_no_key_is_shown() {
        let good = pem(&pkcs8());
        let wrong = |team: &str, id: &str, pem: &SecretString| AppleKey::parse(team, id, pem).unwrap_err();
        assert_eq!(wrong("TEAM", "KEY1234567", &good).key(), "apple_team_id");
        assert_eq!(wrong("TEAM123456", "KEY-234567", &good).key(), "apple_key_id");
        let cut = &STANDARD.encode(pkcs8())[..60];
        for bad in [SecretString::from("hunter2"), pem(b"hunter2"), SecretString::from(cut)] {
            let error = wrong("TEAM123456", "KEY1234567", &bad);
            assert_eq!(error.key(), "client_secret");
            assert!(!error.to_string().contains("hunter2"));
        }
        assert_eq!(format!("{:?}", key()), "AppleKey(KEY1234567)");
    }

    #[test]
    fn names_beside_the_code_are_read_as_far_as_they_go() {
        let names = Names::read(r#"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"a@b.de"}"#);
        assert_eq!((names.given.as_deref(), names.family.as_deref()), (Some("Ada"), Some("Lovelace")));
        for nothing in ["", "{}", "[]", r#"{"name":{}}"#, r#"{"name":{"firstName":"\u0000"}}"#, "{\"name\":"]
        {
            let names = Names::read(nothing);
            assert_eq!((names.given, names.family), (None, None), "{nothing}");
        }
    }
}
