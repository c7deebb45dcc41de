//! Tokens of which the database keeps nothing: each is an HMAC over a row's id and salt, made again whenever it is needed,
//! and worth nothing once the row is gone, taken or has another salt.
//!
//! A token is read in two steps. [`Presented::parse`] tells which row it claims to be of, and proves nothing;
//! [`Tokens::proves`] decides with that row's salt.

use crate::{mac::Mac, random::random, root_key::RootKeys};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use std::fmt;
use stoa_domain::shared::Fault;
use uuid::Uuid;

/// What a row keeps for its token: 16 random bytes.
pub type Salt = [u8; 16];

const TAG: usize = 32;
const ID: usize = 16;
const GENERATION: usize = 4;

/// What a token is for. One of another purpose is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    name: &'static str,
    prefix: &'static str,
}

impl Purpose {
    /// A storefront's `customerAccessToken`.
    pub const STOREFRONT: Self = Self { name: "storefront", prefix: "stoa_ct_" };
    /// A session in a cookie.
    pub const COOKIE: Self = Self { name: "cookie", prefix: "stoa_cs_" };

    /// A purpose of a link in a mail, or of anything else that nobody keeps for long: without a prefix, which is for
    /// the scanners that look for lost secrets.
    pub const fn of(name: &'static str) -> Self {
        Self { name, prefix: "" }
    }
}

/// A refresh token's prefix.
const REFRESH: &str = "stoa_rt_";

/// A token that somebody showed: which row it claims to be of. Proves nothing.
#[derive(Clone)]
pub struct Presented {
    purpose: Purpose,
    id: Uuid,
    tag: [u8; TAG],
}

impl Presented {
    /// Reads what has the form of a token of this purpose.
    pub fn parse(purpose: Purpose, text: &str) -> Option<Self> {
        let (id, tag) = decode::<ID, { ID + TAG }>(purpose.prefix, text)?;
        Some(Self { purpose, id: Uuid::from_bytes(id), tag })
    }

    /// The row it claims to be of.
    pub const fn id(&self) -> Uuid {
        self.id
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("purpose", &self.purpose.name)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A refresh token that somebody showed: the session and the generation it claims to be of. Proves nothing.
#[derive(Clone)]
pub struct PresentedRefresh {
    id: Uuid,
    generation: u32,
    tag: [u8; TAG],
}

impl PresentedRefresh {
    /// Reads what has the form of a refresh token.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, tag) = decode::<{ ID + GENERATION }, { ID + GENERATION + TAG }>(REFRESH, text)?;
        let (id, generation) = head.split_first_chunk::<ID>()?;
        let generation = u32::from_be_bytes(generation.try_into().ok()?);
        Some(Self { id: Uuid::from_bytes(*id), generation, tag })
    }

    /// The session it claims to be of.
    pub const fn id(&self) -> Uuid {
        self.id
    }

    /// How many times the session had been refreshed when this was given out.
    pub const fn generation(&self) -> u32 {
        self.generation
    }
}

impl fmt::Debug for PresentedRefresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedRefresh")
            .field("id", &self.id)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// Makes tokens and tells whether one is ours.
#[derive(Clone, Debug)]
pub struct Tokens(Mac);

impl Tokens {
    /// Makes them under the newest root key, knows those of each.
    ///
    /// # Errors
    /// None that is known; deriving a key has no place to panic.
    pub fn new(roots: &RootKeys) -> Result<Self, Fault> {
        Ok(Self(Mac::new(roots, "tokens")?))
    }

    /// A salt for a new row.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn salt() -> Result<Salt, Fault> {
        random()
    }

    /// The token of a row: the same one each time, as long as the root key is the same.
    pub fn mint(&self, purpose: Purpose, id: Uuid, salt: &Salt) -> SecretString {
        let tag = self.0.sign(&parts(purpose, &id, salt));
        encode(purpose.prefix, id.as_bytes(), &tag)
    }

    /// Whether a token is the one of the row with this salt.
    pub fn proves(&self, shown: &Presented, salt: &Salt) -> bool {
        self.0.verify(&parts(shown.purpose, &shown.id, salt), &shown.tag)
    }

    /// The refresh token of one generation of a session.
    pub fn refresh(&self, realm: &str, id: Uuid, generation: u32, salt: &Salt) -> SecretString {
        let generation = generation.to_be_bytes();
        let tag = self.0.sign(&refresh_parts(realm, &id, &generation, salt));
        encode(REFRESH, &[id.as_bytes().as_slice(), &generation].concat(), &tag)
    }

    /// Whether a refresh token was given out by us, for the generation it says, of a session of this realm with this salt.
    /// Whether that is the latest one is the session's to say.
    pub fn proves_refresh(&self, shown: &PresentedRefresh, realm: &str, salt: &Salt) -> bool {
        self.0.verify(&refresh_parts(realm, &shown.id, &shown.generation.to_be_bytes(), salt), &shown.tag)
    }
}

fn parts<'a>(purpose: Purpose, id: &'a Uuid, salt: &'a Salt) -> [&'a [u8]; 4] {
    [b"token", purpose.name.as_bytes(), id.as_bytes(), salt]
}

fn refresh_parts<'a>(realm: &'a str, id: &'a Uuid, generation: &'a [u8; 4], salt: &'a Salt) -> [&'a [u8]; 5] {
    [b"refresh", realm.as_bytes(), id.as_bytes(), generation, salt]
}

/// A token's text: what says whose it is, then what proves it.
pub(crate) fn encode(prefix: &str, head: &[u8], tag: &[u8; TAG]) -> SecretString {
    let mut text = prefix.to_owned();
    URL_SAFE_NO_PAD.encode_string([head, tag].concat(), &mut text);
    text.into()
}

/// Takes a token's text apart: `HEAD` bytes that say whose it is, `ALL` with what proves it.
pub(crate) fn decode<const HEAD: usize, const ALL: usize>(
    prefix: &str,
    text: &str,
) -> Option<([u8; HEAD], [u8; TAG])> {
    let body = text.strip_prefix(prefix)?;
    // Before anything is decoded: what somebody sends may be of any length.
    if body.len() != base64::encoded_len(ALL, false)? {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
    let (head, tag) = bytes.split_first_chunk::<HEAD>()?;
    Some((*head, tag.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    const RESET: Purpose = Purpose::of("reset");
    const ACTIVATE: Purpose = Purpose::of("activate");
    const ID: Uuid = Uuid::from_u128(7);
    const SALT: Salt = [3; 16];

    fn tokens() -> (Tokens, SecretString) {
        let (roots, text) = RootKeys::generate().unwrap();
        (Tokens::new(&roots).unwrap(), text)
    }

    #[test]
    fn a_token_is_the_same_each_time_it_is_made_and_names_its_row() {
        let (tokens, _) = tokens();
        let token = tokens.mint(RESET, ID, &SALT);
        assert_eq!(token.expose_secret(), tokens.mint(RESET, ID, &SALT).expose_secret());

        let shown = Presented::parse(RESET, token.expose_secret()).unwrap();
        assert_eq!(shown.id(), ID);
        assert!(tokens.proves(&shown, &SALT));
        assert!(!tokens.proves(&shown, &[4; 16]), "a row with another salt has another token");
    }

    #[test]
    fn a_token_of_another_purpose_or_root_is_nobodys() {
        let ((tokens, old), (others, new)) = (tokens(), tokens());
        let token = tokens.mint(RESET, ID, &SALT);
        let as_activation = Presented::parse(ACTIVATE, token.expose_secret()).unwrap();
        assert!(!tokens.proves(&as_activation, &SALT));
        assert!(Presented::parse(Purpose::STOREFRONT, token.expose_secret()).is_none());

        let shown = Presented::parse(RESET, token.expose_secret()).unwrap();
        assert!(!others.proves(&shown, &SALT));
        let rotated = Tokens::new(&RootKeys::parse(&[new, old]).unwrap()).unwrap();
        assert!(rotated.proves(&shown, &SALT), "an older root key still reads");
    }

    #[test]
    fn a_refresh_token_is_of_one_generation_realm_and_session() {
        let (tokens, _) = tokens();
        let token = tokens.refresh("customer", ID, 41, &SALT);
        assert!(token.expose_secret().starts_with("stoa_rt_"));
        let shown = PresentedRefresh::parse(token.expose_secret()).unwrap();
        assert_eq!((shown.id(), shown.generation()), (ID, 41));
        assert!(tokens.proves_refresh(&shown, "customer", &SALT));
        assert!(!tokens.proves_refresh(&shown, "staff", &SALT));

        let moved_on = PresentedRefresh { generation: 42, ..shown.clone() };
        assert!(!tokens.proves_refresh(&moved_on, "customer", &SALT));
        let of_another = PresentedRefresh { id: Uuid::from_u128(8), ..shown };
        assert!(!tokens.proves_refresh(&of_another, "customer", &SALT));
    }

    #[test]
    fn debug_text_shows_no_token() {
        let (tokens, _) = tokens();
        let token = tokens.mint(RESET, ID, &SALT);
        let shown = Presented::parse(RESET, token.expose_secret()).unwrap();
        let tag = format!("{:?}", shown.tag);
        assert!(!format!("{shown:?} {token:?}").contains(&tag));
        assert!(!format!("{token:?}").contains(token.expose_secret()));
    }

    #[test]
    fn a_token_has_one_spelling() {
        let (tokens, _) = tokens();
        let token = tokens.refresh("customer", ID, 1, &SALT).expose_secret().to_owned();
        for near in [
            format!("{token}="),
            format!("{token}A"),
            format!(" {token}"),
            token[..token.len() - 1].to_owned(),
        ] {
            assert!(PresentedRefresh::parse(&near).is_none(), "{near}");
        }
        // The last letter carries four bits that mean nothing; only one of the sixteen spellings is taken.
        let (rest, _) = token.split_at(token.len() - 1);
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars();
        let proved = letters
            .filter_map(|last| PresentedRefresh::parse(&format!("{rest}{last}")))
            .filter(|shown| tokens.proves_refresh(shown, "customer", &SALT));
        assert_eq!(proved.count(), 1);
    }

    proptest! {
        #[test]
        fn no_text_makes_parse_panic_or_is_taken(text in "(stoa_rt_)?[A-Za-z0-9_-]{0,100}|.*") {
            let (tokens, _) = tokens();
            if let Some(shown) = Presented::parse(RESET, &text) {
                prop_assert!(!tokens.proves(&shown, &SALT));
            }
            if let Some(shown) = PresentedRefresh::parse(&text) {
                prop_assert!(!tokens.proves_refresh(&shown, "customer", &SALT));
            }
        }
    }
}
