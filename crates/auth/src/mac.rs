//! Authentication codes under the root keys: whoever shows one had it from us.

use crate::{random::random, root_key::RootKeys};
use ring::{hkdf, hmac};
use secrecy::SecretString;
use stoa_domain::shared::Fault;
use zeroize::Zeroizing;

/// HMAC-SHA256 for one use, under each root key.
#[derive(Clone, Debug)]
pub struct Mac {
    newest: hmac::Key,
    older: Vec<hmac::Key>,
}

impl Mac {
    /// For the use that `label` names. Codes of one label are worth nothing under another.
    ///
    /// # Errors
    /// None that is known; deriving a key has no place to panic.
    pub fn new(roots: &RootKeys, label: &str) -> Result<Self, Fault> {
        let mut keys = roots.derive(label, hmac::HMAC_SHA256)?.into_iter().map(|(_, key)| key);
        let newest = keys.next().ok_or_else(|| Fault::bug("deriving a key: there is no root key"))?;
        Ok(Self { newest, older: keys.collect() })
    }

    /// The keys of this use under the root keys behind the newest, as 64 hexadecimal digits each: for what has to be verified when
    /// the root key is gone. Whoever has one makes codes with it.
    ///
    /// # Errors
    /// None that is known; deriving a key has no place to panic.
    pub fn older_keys(roots: &RootKeys, label: &str) -> Result<Vec<SecretString>, Fault> {
        let keys: Vec<(_, Bytes)> = roots.derive(label, hmac::HMAC_SHA256)?;
        keys.into_iter().skip(1).map(|(_, key)| Ok(key.0?.into())).collect()
    }

    /// A key that comes from no root key, as 64 hexadecimal digits, for codes that must stay what they are when root keys change. Whoever keeps
    /// it keeps it sealed.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub fn new_key() -> Result<SecretString, Fault> {
        let bytes = Zeroizing::new(random::<32>()?);
        Ok(hex::encode(bytes.as_slice()).into())
    }

    /// The code of one part, under a key that [`older_keys`](Self::older_keys) or [`new_key`](Self::new_key) gave.
    ///
    /// # Errors
    /// It is no such key.
    pub fn under(key: &str) -> Result<impl Fn(&[u8]) -> [u8; 32] + Sync + use<>, Fault> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(key, bytes.as_mut_slice()).map_err(|_| Fault::bug("mac: a key that is none"))?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, bytes.as_slice());
        Ok(move |part: &[u8]| code(&key, &[part]))
    }

    /// The code of these parts, under the newest key. Parts do not run together: `["ab", "c"]` is not `["a", "bc"]`.
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        code(&self.newest, parts)
    }

    /// Each key as a function that gives the code of one part, the newest first: for what was written down under an older
    /// one, such as a chain that is verified from its beginning.
    pub fn each(&self) -> impl Iterator<Item = impl Fn(&[u8]) -> [u8; 32] + Sync> {
        self.keys().map(|key| move |part: &[u8]| code(key, &[part]))
    }

    /// Whether this is the code of these parts, under any of the keys. Takes as long for one that is nearly right.
    pub fn verify(&self, parts: &[&[u8]], shown: &[u8]) -> bool {
        let message = message(parts);
        self.keys().any(|key| hmac::verify(key, &message, shown).is_ok())
    }

    fn keys(&self) -> impl Iterator<Item = &hmac::Key> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

/// What a key is made of, in hexadecimal digits.
struct Bytes(Result<String, Fault>);

impl From<hkdf::Okm<'_, hmac::Algorithm>> for Bytes {
    fn from(okm: hkdf::Okm<'_, hmac::Algorithm>) -> Self {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        let filled = okm.fill(bytes.as_mut_slice());
        Self(filled.map(|()| hex::encode(bytes.as_slice())).map_err(|_| Fault::bug("deriving a key")))
    }
}

fn code(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let tag = hmac::sign(key, &message(parts));
    let mut code = [0; 32];
    code.copy_from_slice(tag.as_ref());
    code
}

fn message(parts: &[&[u8]]) -> Vec<u8> {
    let mut message = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        message.extend((part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    fn roots(texts: &[&SecretString]) -> RootKeys {
        let texts: Vec<SecretString> = texts.iter().map(|&text| text.clone()).collect();
        RootKeys::parse(&texts).unwrap()
    }

    #[test]
    fn a_code_is_of_its_label_its_parts_and_its_root() {
        let ((first, old), (second, new)) = (RootKeys::generate().unwrap(), RootKeys::generate().unwrap());
        let mac = Mac::new(&first, "a").unwrap();
        let code = mac.sign(&[b"ab", b"c"]);

        assert!(mac.verify(&[b"ab", b"c"], &code));
        assert!(!mac.verify(&[b"a", b"bc"], &code));
        assert!(!mac.verify(&[b"abc"], &code));
        assert!(!mac.verify(&[b"ab", b"c"], &code[..31]));
        assert!(!Mac::new(&first, "b").unwrap().verify(&[b"ab", b"c"], &code));
        assert!(!Mac::new(&second, "a").unwrap().verify(&[b"ab", b"c"], &code));

        let rotated = Mac::new(&roots(&[&new, &old]), "a").unwrap();
        assert!(rotated.verify(&[b"ab", b"c"], &code));
        assert_ne!(rotated.sign(&[b"ab", b"c"]), code);

        let each: Vec<[u8; 32]> = rotated.each().map(|code| code(b"abc")).collect();
        assert_eq!(each, [rotated.sign(&[b"abc"]), mac.sign(&[b"abc"])]);
    }

    #[test]
    fn an_older_key_makes_its_codes_without_its_root() {
        let ((first, old), (_, new)) = (RootKeys::generate().unwrap(), RootKeys::generate().unwrap());
        let both = roots(&[&new, &old]);
        let [kept] = &Mac::older_keys(&both, "a").unwrap()[..] else { panic!("there is one") };
        let under = Mac::under(secrecy::ExposeSecret::expose_secret(kept)).unwrap();
        assert_eq!(under(b"abc"), Mac::new(&first, "a").unwrap().sign(&[b"abc"]));
        assert!(Mac::older_keys(&first, "a").unwrap().is_empty() && Mac::under("abc").is_err());
    }
}
