//! Addresses of files in a folder: of public ones `<id>/<name>`, of private ones `<end>.<code>/<id>/<name>`.
//!
//! The code is an HMAC-SHA256 over the file's path and the end, so an address is good for one file and until its end, and only
//! who has the key can make one. It stands in the path and not behind a question mark: the last part stays the file's name.

use crate::MAX_LIFETIME;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use std::time::Duration;
use stoa_domain::{
    media::{FileName, MediaKey, Visibility},
    shared::{Fault, MediaId, Timestamp},
};
use url::Url;
use uuid::Uuid;

/// The keys under which addresses of private files are signed.
#[derive(Debug)]
pub struct LinkKeys(Vec<SecretBox<[u8; 32]>>);

impl LinkKeys {
    /// The newest signs; those that came before it are still good for the addresses that they signed.
    pub fn new(newest: [u8; 32], older: impl IntoIterator<Item = [u8; 32]>) -> Self {
        let keys = std::iter::once(newest).chain(older);
        Self(keys.map(|key| SecretBox::new(Box::new(key))).collect())
    }

    fn codes<'a>(
        &'a self,
        key: &'a MediaKey,
        end: i64,
    ) -> impl Iterator<Item = Result<Hmac<Sha256>, Fault>> + 'a {
        self.0.iter().map(move |secret| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret())
                .map_err(|e| Fault::internal("media.link", e))?;
            // A path has neither line ends nor digits before them, so no two of these are the same text.
            mac.update(format!("{end}\n{}", key.path()).as_bytes());
            Ok(mac)
        })
    }
}

/// Makes addresses, and reads them back.
pub(super) struct Links {
    /// Without a slash at its end.
    base: String,
    keys: LinkKeys,
}

impl Links {
    pub(super) fn new(base: &Url, keys: LinkKeys) -> Self {
        Self { base: base.as_str().trim_end_matches('/').to_owned(), keys }
    }

    pub(super) fn address(
        &self,
        key: &MediaKey,
        lifetime: Duration,
        now: Timestamp,
    ) -> Result<String, Fault> {
        let (base, id, name) = (&self.base, key.id, &key.name);
        match key.visibility {
            Visibility::Public => Ok(format!("{base}/{id}/{name}")),
            Visibility::Private => {
                if lifetime > MAX_LIFETIME {
                    return Err(Fault::bug("media.link: an address that lives too long"));
                }
                // Whole seconds, and not less than was asked for.
                let end = (now + lifetime).timestamp_micros().div_euclid(1_000_000) + 1;
                let mac =
                    self.keys.codes(key, end).next().ok_or_else(|| Fault::bug("media.link: no key"))??;
                let code = BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
                Ok(format!("{base}/{end}.{code}/{id}/{name}"))
            }
        }
    }

    pub(super) fn key_at(&self, path: &str, now: Timestamp) -> Option<MediaKey> {
        let mut parts = path.rsplitn(3, '/');
        let (name, id, signed) = (FileName::parse(parts.next()?)?, id(parts.next()?)?, parts.next());
        let Some(signed) = signed else {
            return Some(MediaKey { visibility: Visibility::Public, id, name });
        };
        let key = MediaKey { visibility: Visibility::Private, id, name };
        let (end, code) = signed.split_once('.')?;
        let code = BASE64_URL_SAFE_NO_PAD.decode(code).ok()?;
        // Read strictly: an end that is written in another way would be another address of the same file.
        let end = end.parse::<i64>().ok().filter(|n| n.to_string() == end)?;
        let is_ours =
            self.keys.codes(&key, end).any(|mac| mac.is_ok_and(|mac| mac.verify_slice(&code).is_ok()));
        (is_ours && now.timestamp() < end).then_some(key)
    }
}

/// An id as it is written out; there are other ways of writing one, and they lead nowhere.
fn id(text: &str) -> Option<MediaId> {
    let id = Uuid::try_parse(text).ok()?;
    (id.to_string() == text).then(|| MediaId::new(id))
}
