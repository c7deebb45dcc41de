//! Sealed values: what a dump of the database must not tell. AES-256-GCM, bound to the place a value stands at, as text
//! `s1.<root key>.<base64url of nonce and ciphertext>`.

use crate::{
    random::random,
    root_key::{KeyId, RootKeys},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fmt::Display;
use stoa_domain::shared::{self, Fault, SEALED, from_plain};
use uuid::Uuid;

/// Why a value does not open.
#[derive(Debug, thiserror::Error)]
enum NotOpened {
    #[error("it is not sealed")]
    Form,
    #[error("it is sealed by root key {0}, which is not among secrets.root_keys")]
    UnknownKey(String),
    #[error("it was changed, or stands at a place that it was not sealed for")]
    NotGenuine,
}

/// Seals and opens.
#[derive(Debug)]
pub struct Sealer {
    newest: (KeyId, LessSafeKey),
    older: Vec<(KeyId, LessSafeKey)>,
}

impl Sealer {
    /// Seals under the newest root key, opens under each.
    ///
    /// # Errors
    /// None that is known; deriving a key has no place to panic.
    pub fn new(roots: &RootKeys) -> Result<Self, Fault> {
        let keys: Vec<(KeyId, UnboundKey)> = roots.derive("seal", &AES_256_GCM)?;
        let mut keys = keys.into_iter().map(|(id, key)| (id, LessSafeKey::new(key)));
        let newest = keys.next().ok_or_else(|| Fault::bug("deriving a key: there is no root key"))?;
        Ok(Self { newest, older: keys.collect() })
    }

    /// Seals a value for `place` (a table's column, as in `customers.phone`) of one row. It opens nowhere else, so sealed
    /// values cannot be exchanged either. Random nonces are safe for 2^32 values a key (NIST SP 800-38D, section 8.3).
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn seal(&self, place: &str, row: impl Display, plain: &[u8]) -> Result<String, Fault> {
        let (id, key) = &self.newest;
        let nonce = random::<NONCE_LEN>()?;
        let mut sealed = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(plain);
        let bound_to = Aad::from(format!("{place}|{row}"));
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound_to, &mut sealed)
            .map_err(|_| Fault::bug("sealing a value: it is too long"))?;
        let body = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
        Ok(format!("{SEALED}{id}.{body}"))
    }

    /// Opens a value where it was sealed for.
    ///
    /// # Errors
    /// It is not sealed, was changed or moved, or its root key is gone.
    pub fn open(&self, place: &str, row: impl Display, text: &str) -> Result<Vec<u8>, Fault> {
        self.try_open(place, row, text).map_err(|why| Fault::internal("opening a sealed value", why))
    }

    /// Opens a value of a column that may hold plain text as well, because it was not sealed from the beginning or need
    /// not be. Whoever can write there can put plain text: a value whose genuineness counts wants [`Sealer::open`].
    ///
    /// # Errors
    /// As [`Sealer::open`], for what is sealed.
    pub fn open_if_sealed(&self, place: &str, row: impl Display, text: &str) -> Result<Vec<u8>, Fault> {
        match from_plain(text) {
            Some(plain) => Ok(plain.as_bytes().to_vec()),
            None => self.open(place, row, text),
        }
    }

    /// Whether a value needs no sealing anew: it is sealed, and by the newest key.
    pub fn is_current(&self, text: &str) -> bool {
        parts(text).is_some_and(|(id, _)| id == self.newest.0.as_str())
    }

    fn try_open(&self, place: &str, row: impl Display, text: &str) -> Result<Vec<u8>, NotOpened> {
        let (id, body) = parts(text).ok_or(NotOpened::Form)?;
        let mut keys = std::iter::once(&self.newest).chain(&self.older);
        let (_, key) = keys
            .find(|(known, _)| known.as_str() == id)
            .ok_or_else(|| NotOpened::UnknownKey(id.to_owned()))?;
        let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| NotOpened::Form)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(NotOpened::Form)?;
        let mut sealed = sealed.to_vec();
        let bound_to = Aad::from(format!("{place}|{row}"));
        let plain = key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), bound_to, &mut sealed)
            .map_err(|_| NotOpened::NotGenuine)?
            .len();
        sealed.truncate(plain);
        Ok(sealed)
    }
}

/// Of columns that hold plain text as well: what was kept before anything was sealed is read, and is due to be sealed.
impl shared::Sealer for Sealer {
    fn seal(&self, place: &'static str, row: Uuid, plain: &str) -> Result<String, Fault> {
        self.seal(place, row, plain.as_bytes())
    }

    fn open(&self, place: &'static str, row: Uuid, text: &str) -> Result<String, Fault> {
        let plain = self.open_if_sealed(place, row, text)?;
        String::from_utf8(plain).map_err(|_| Fault::bug("opening a sealed value: it is no text"))
    }

    fn is_current(&self, text: &str) -> bool {
        self.is_current(text)
    }
}

fn parts(text: &str) -> Option<(&str, &str)> {
    let (id, body) = text.strip_prefix(SEALED)?.split_once('.')?;
    let is_an_id = id.len() == 8 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_an_id.then_some((id, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use secrecy::SecretString;
    use stoa_domain::shared::as_plain;

    const PLACE: &str = "customers.phone";
    const ROW: Uuid = Uuid::from_u128(7);

    fn sealer(keys: &[&SecretString]) -> Sealer {
        let keys: Vec<SecretString> = keys.iter().map(|&key| key.clone()).collect();
        Sealer::new(&RootKeys::parse(&keys).unwrap()).unwrap()
    }

    fn any_sealer() -> Sealer {
        Sealer::new(&RootKeys::generate().unwrap().0).unwrap()
    }

    #[test]
    fn sealed_text_opens_only_in_its_row() {
        let sealer = any_sealer();
        let sealed = sealer.seal(PLACE, ROW, b"+49 30 1234567").unwrap();

        assert!(sealed.is_ascii() && !sealed.contains("1234567"));
        assert_eq!(sealer.open(PLACE, ROW, &sealed).unwrap(), b"+49 30 1234567");
        assert!(sealer.open(PLACE, Uuid::from_u128(8), &sealed).is_err());
        assert!(sealer.open("staff.totp_secret", ROW, &sealed).is_err());
        assert!(any_sealer().open(PLACE, ROW, &sealed).is_err());
    }

    #[test]
    fn equal_values_do_not_look_equal() {
        let sealer = any_sealer();
        assert_ne!(sealer.seal(PLACE, ROW, b"same").unwrap(), sealer.seal(PLACE, ROW, b"same").unwrap());
    }

    #[test]
    fn an_old_key_opens_and_is_not_current() {
        let ((_, old), (_, new)) = (RootKeys::generate().unwrap(), RootKeys::generate().unwrap());
        let sealed = sealer(&[&old]).seal(PLACE, ROW, b"kept").unwrap();
        assert!(sealer(&[&old]).is_current(&sealed));

        let rotated = sealer(&[&new, &old]);
        assert_eq!(rotated.open(PLACE, ROW, &sealed).unwrap(), b"kept");
        assert!(!rotated.is_current(&sealed));
        assert!(rotated.is_current(&rotated.seal(PLACE, ROW, b"kept").unwrap()));

        let fault = sealer(&[&new]).open(PLACE, ROW, &sealed).unwrap_err().to_string();
        assert!(fault.contains("secrets.root_keys"), "{fault}");
    }

    #[test]
    fn every_changed_letter_shows() {
        let sealer = any_sealer();
        let sealed = sealer.seal(PLACE, ROW, b"x").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(sealer.open(PLACE, ROW, &changed).is_err(), "{changed} for {sealed}");
        }
    }

    #[test]
    fn what_was_never_sealed_is_read_only_where_that_is_allowed() {
        let sealer = any_sealer();
        assert!(sealer.open(PLACE, ROW, "a note").is_err());
        assert_eq!(sealer.open_if_sealed(PLACE, ROW, "a note").unwrap(), b"a note");
        let sealed = sealer.seal(PLACE, ROW, b"a note").unwrap();
        assert_eq!(sealer.open_if_sealed(PLACE, ROW, &sealed).unwrap(), b"a note");
        // Of what only looks sealed nothing gets into the log.
        let fault = sealer.open(PLACE, ROW, "s1.the door code.is 1234").unwrap_err().to_string();
        assert!(!fault.contains("door"), "{fault}");
    }

    #[test]
    fn a_column_s_sealer_reads_what_was_there_before_it_and_wants_it_sealed() {
        let (kept, sealer) = (any_sealer(), any_sealer());
        let sealer: &dyn shared::Sealer = &sealer;
        let sealed = sealer.seal(PLACE, ROW, "s1.a note").unwrap();
        assert!(sealer.is_current(&sealed) && !sealed.contains("note"));
        assert_eq!(sealer.open(PLACE, ROW, &sealed).unwrap(), "s1.a note");
        assert_eq!(sealer.open(PLACE, ROW, "a note").unwrap(), "a note");
        assert_eq!(sealer.open(PLACE, ROW, &as_plain("s1.a note")).unwrap(), "s1.a note");
        assert!(!sealer.is_current("a note"));
        assert!(sealer.open("staff.totp_secret", ROW, &sealed).is_err());
        assert!(shared::Sealer::open(&kept, PLACE, ROW, &sealed).is_err(), "another's");
    }

    proptest! {
        #[test]
        fn plain_text_comes_back_whatever_it_looks_like(note in "(s[01]\\.)?(s[01]\\.)?([0-9a-f]{8}\\.)?.*") {
            let read = any_sealer().open_if_sealed(PLACE, ROW, &as_plain(&note)).unwrap();
            prop_assert_eq!(read, note.as_bytes());
        }

        #[test]
        fn what_is_sealed_comes_back(plain in proptest::collection::vec(any::<u8>(), 0..200)) {
            let sealer = any_sealer();
            let sealed = sealer.seal(PLACE, ROW, &plain).unwrap();
            prop_assert_eq!(sealer.open(PLACE, ROW, &sealed).unwrap(), plain);
        }

        #[test]
        fn no_text_makes_opening_panic(text in "(s1\\.)?([0-9a-f]{8}\\.)?.*") {
            prop_assert!(any_sealer().open(PLACE, ROW, &text).is_err());
        }
    }
}
