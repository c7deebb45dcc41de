//! The keys that every other key is derived from. They stand in the settings or in a file, never in the database.

use crate::random::random;
use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use ring::{hkdf, hmac};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, sync::Arc};
use stoa_domain::shared::Fault;
use zeroize::Zeroizing;

/// How long a root key is, in bytes.
const LENGTH: usize = 32;

/// Extracting wants a salt; a fixed one will do for keys that are random throughout (RFC 5869, section 3.1).
const SALT: &[u8] = b"stoa root key";

/// Names a root key without telling anything of it: eight hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A list of root keys that cannot be. No text repeats a key; keys are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// There is none.
    #[error("there must be a root key: 32 random bytes in base64, as `openssl rand -base64 32` makes them")]
    Missing,
    /// It is no base64.
    #[error("root key {at} is no base64: make one by `openssl rand -base64 32`")]
    Encoding {
        /// Which.
        at: usize,
    },
    /// It is too short or too long.
    #[error("root key {at} has {bytes} bytes instead of 32: make one by `openssl rand -base64 32`")]
    Length {
        /// Which.
        at: usize,
        /// Of how many bytes it is.
        bytes: usize,
    },
    /// It stands in the list already.
    #[error("root key {at} stands in the list twice")]
    Twice {
        /// Which.
        at: usize,
    },
}

struct RootKey {
    id: KeyId,
    proof: String,
    derived: hkdf::Prk,
}

impl RootKey {
    fn new(bytes: &[u8; LENGTH]) -> Self {
        let itself = hmac::Key::new(hmac::HMAC_SHA256, bytes);
        let id = hex::encode(&hmac::sign(&itself, b"id").as_ref()[..4]);
        let proof = hex::encode(hmac::sign(&itself, b"proof"));
        let derived = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(bytes);
        Self { id: KeyId(id), proof, derived }
    }
}

/// The root keys, the newest first: that one makes, all of them read.
#[derive(Clone)]
pub struct RootKeys(Arc<[RootKey]>);

impl RootKeys {
    /// Reads root keys: 32 bytes each, in base64 of either alphabet, padded or not.
    ///
    /// # Errors
    /// There is none, or one of them cannot be.
    pub fn parse(keys: &[SecretString]) -> Result<Self, InvalidKey> {
        let mut read: Vec<RootKey> = Vec::with_capacity(keys.len());
        for (at, text) in (1..).zip(keys) {
            let bytes =
                Zeroizing::new(decode(text.expose_secret().trim()).ok_or(InvalidKey::Encoding { at })?);
            let bytes = bytes.as_slice();
            let key = bytes.try_into().map_err(|_| InvalidKey::Length { at, bytes: bytes.len() })?;
            let key = RootKey::new(key);
            // Two keys of one name would be taken for each other, be they the same or, once in four thousand million times, not.
            if read.iter().any(|known| known.id == key.id) {
                return Err(InvalidKey::Twice { at });
            }
            read.push(key);
        }
        if read.is_empty() { Err(InvalidKey::Missing) } else { Ok(Self(read.into())) }
    }

    /// A new key, ready, and as the text that is to be kept.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<(Self, SecretString), Fault> {
        let bytes = Zeroizing::new(random::<LENGTH>()?);
        let text = base64::engine::general_purpose::STANDARD.encode(bytes.as_slice());
        Ok((Self(Arc::new([RootKey::new(&bytes)])), text.into()))
    }

    /// The key that makes.
    pub fn newest_id(&self) -> &KeyId {
        // There is always one: see `parse` and `generate`.
        &self.0[0].id
    }

    /// What tells each key from another one of the same name, and nothing else of it: 64 hexadecimal digits, to be kept
    /// where the data are, so that a program with the wrong key is refused before it writes.
    pub fn proofs(&self) -> impl Iterator<Item = (&KeyId, &str)> {
        self.0.iter().map(|key| (&key.id, key.proof.as_str()))
    }

    /// A key for one use out of each root key, the newest first (HKDF-SHA256; RFC 5869).
    pub(crate) fn derive<L, K>(&self, label: &str, kind: L) -> Result<Vec<(KeyId, K)>, Fault>
    where
        L: hkdf::KeyType + Copy,
        K: for<'a> From<hkdf::Okm<'a, L>>,
    {
        let derive = |key: &RootKey| {
            let info = [label.as_bytes()];
            let okm = key.derived.expand(&info, kind).map_err(|_| Fault::bug("deriving a key"))?;
            Ok((key.id.clone(), K::from(okm)))
        };
        self.0.iter().map(derive).collect()
    }
}

impl fmt::Debug for RootKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [STANDARD, URL_SAFE].iter().find_map(|letters| GeneralPurpose::new(letters, lenient).decode(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> Result<RootKeys, InvalidKey> {
        let texts: Vec<SecretString> = texts.iter().map(|&text| text.into()).collect();
        RootKeys::parse(&texts)
    }

    const ONE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    const TWO: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    #[test]
    fn a_key_is_32_bytes_in_either_base64() {
        let padded = keys(&["++//++//++//++//++//++//++//++//++//++//++8="]).unwrap();
        let other_letters = keys(&["--__--__--__--__--__--__--__--__--__--__--8\n"]).unwrap();
        assert_eq!(padded.newest_id(), other_letters.newest_id());

        assert_eq!(keys(&[]).unwrap_err(), InvalidKey::Missing);
        assert_eq!(keys(&[ONE, "not base64!"]).unwrap_err(), InvalidKey::Encoding { at: 2 });
        assert_eq!(keys(&["AAAA"]).unwrap_err(), InvalidKey::Length { at: 1, bytes: 3 });
        assert_eq!(keys(&[ONE, TWO, ONE]).unwrap_err(), InvalidKey::Twice { at: 3 });
    }

    #[test]
    fn what_is_kept_of_a_new_key_is_that_key() {
        let (made, text) = RootKeys::generate().unwrap();
        let read = RootKeys::parse(&[text]).unwrap();
        assert!(made.proofs().eq(read.proofs()));

        let (another, _) = RootKeys::generate().unwrap();
        assert_ne!(made.proofs().next().unwrap().1, another.proofs().next().unwrap().1);
    }

    #[test]
    fn each_label_and_each_root_derives_another_key() {
        let roots = keys(&[ONE, TWO]).unwrap();
        let tag = |label: &str, root: usize| {
            let derived: Vec<(KeyId, hmac::Key)> = roots.derive(label, hmac::HMAC_SHA256).unwrap();
            hmac::sign(&derived[root].1, b"").as_ref().to_vec()
        };
        assert_eq!(tag("a", 0), tag("a", 0));
        assert_ne!(tag("a", 0), tag("b", 0));
        assert_ne!(tag("a", 0), tag("a", 1));
    }

    #[test]
    fn neither_debug_text_nor_a_proof_shows_a_key() {
        let roots = keys(&[ONE]).unwrap();
        let hex_of_one = "01".repeat(32);
        let shown = format!("{roots:?} {:?}", roots.proofs().collect::<Vec<_>>());
        assert!(shown.contains(roots.newest_id().as_str()));
        assert!(!shown.contains(&hex_of_one) && !shown.contains("AQEB"), "{shown}");
    }
}
