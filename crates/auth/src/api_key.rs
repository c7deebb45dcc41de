//! API keys: `stoa_sk_`, 32 random letters, and a checksum of six by which a scanner of lost secrets knows one from
//! chance, and we turn away what is mistyped without asking the database.

use crate::random::random;
use ring::digest::{SHA256, digest};
use secrecy::SecretString;
use std::fmt;
use stoa_domain::shared::Fault;
use subtle::ConstantTimeEq;

const PREFIX: &str = "stoa_sk_";
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHANCE: usize = 32;
const CHECKSUM: usize = 6;

/// What is kept of an API key: its SHA-256. Its 190 bits of chance need no slow hash.
#[derive(Clone, Debug)]
pub struct ApiKeyHash(String);

impl ApiKeyHash {
    /// The hash of what has the form and the checksum of an API key.
    pub fn of(text: &str) -> Option<Self> {
        let body = text.strip_prefix(PREFIX)?.as_bytes();
        let (chance, shown) = body.split_at_checked(CHANCE)?;
        let is_well_formed = body.iter().all(u8::is_ascii_alphanumeric) && shown == checksum(chance);
        is_well_formed.then(|| Self(hex::encode(digest(&SHA256, text.as_bytes()))))
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the hash that was kept; takes as long for one that is nearly so.
    pub fn is(&self, kept: &str) -> bool {
        self.0.as_bytes().ct_eq(kept.as_bytes()).into()
    }
}

/// A new API key, to be shown once.
pub struct NewApiKey {
    /// The key itself.
    pub text: SecretString,
    /// What is kept of it.
    pub hash: ApiKeyHash,
    /// Its last four letters, to tell it from others in a list. They are of the checksum.
    pub hint: String,
}

impl NewApiKey {
    /// Makes one.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<Self, Fault> {
        let chance = letters()?;
        let text: String = PREFIX.bytes().chain(chance).chain(checksum(&chance)).map(char::from).collect();
        let hash = ApiKeyHash::of(&text).ok_or(Fault::bug("making an API key"))?;
        let hint = text[text.len() - 4..].to_owned();
        Ok(Self { text: text.into(), hash, hint })
    }
}

impl fmt::Debug for NewApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewApiKey").field("hint", &self.hint).finish_non_exhaustive()
    }
}

/// Letters, each as likely as any other: bytes beyond the last whole 62 are thrown again.
fn letters() -> Result<[u8; CHANCE], Fault> {
    let mut letters = [0; CHANCE];
    let mut filled = 0;
    while filled < CHANCE {
        for byte in random::<CHANCE>()?.into_iter().filter(|byte| *byte < 248).take(CHANCE - filled) {
            letters[filled] = LETTERS[usize::from(byte) % LETTERS.len()];
            filled += 1;
        }
    }
    Ok(letters)
}

/// The CRC-32 of the letters, in base 62.
fn checksum(chance: &[u8]) -> [u8; CHECKSUM] {
    let mut rest = crc32fast::hash(chance) as usize;
    let mut digits = [0; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = LETTERS[rest % LETTERS.len()];
        rest /= LETTERS.len();
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;
    use std::collections::BTreeSet;

    #[test]
    fn a_key_has_a_checksum() {
        let key = NewApiKey::generate().unwrap();
        let text = key.text.expose_secret();
        assert_eq!(text.len(), PREFIX.len() + CHANCE + CHECKSUM);
        assert!(text.ends_with(&key.hint));
        assert!(ApiKeyHash::of(text).unwrap().is(key.hash.as_str()));

        for at in 0..text.len() {
            let mut mistyped = text.to_owned().into_bytes();
            mistyped[at] = if mistyped[at] == b'7' { b'8' } else { b'7' };
            let mistyped = String::from_utf8(mistyped).unwrap();
            assert!(ApiKeyHash::of(&mistyped).is_none(), "{mistyped}");
        }
    }

    #[test]
    fn a_hash_is_the_kept_one_or_not() {
        let (key, another) = (NewApiKey::generate().unwrap(), NewApiKey::generate().unwrap());
        let kept = key.hash.as_str();
        assert!(key.hash.is(kept));
        assert!(!another.hash.is(kept));
        assert!(!key.hash.is(&kept[1..]));
        assert!(!key.hash.is(""));
    }

    #[test]
    fn keys_use_every_letter_and_none_twice_as_often() {
        let mut seen = [0_u32; 128];
        let mut keys = BTreeSet::new();
        for _ in 0..500 {
            let key = NewApiKey::generate().unwrap();
            let chance = &key.text.expose_secret()[PREFIX.len()..PREFIX.len() + CHANCE];
            chance.bytes().for_each(|letter| seen[usize::from(letter)] += 1);
            keys.insert(key.hash.as_str().to_owned());
        }
        assert_eq!(keys.len(), 500);
        // 16,000 letters: 258 of each on average, give or take 16.
        assert!(LETTERS.iter().all(|letter| (150..=370).contains(&seen[usize::from(*letter)])), "{seen:?}");
    }

    #[test]
    fn debug_text_shows_no_key() {
        let key = NewApiKey::generate().unwrap();
        assert!(!format!("{key:?}").contains(&key.text.expose_secret()[PREFIX.len()..PREFIX.len() + 8]));
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in "(stoa_sk_)?[A-Za-z0-9]{0,40}|stoa_sk_.*|.*") {
            prop_assert!(ApiKeyHash::of(&text).is_none());
        }
    }
}
