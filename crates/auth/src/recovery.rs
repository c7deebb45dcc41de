//! Recovery codes: what lets a member of staff in once whose authenticator is lost.

use crate::random::random;
use ring::digest::{Context, SHA256};
use secrecy::SecretString;
use stoa_domain::shared::Fault;
use uuid::Uuid;

/// Letters that are not mistaken for each other on paper (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const GROUPS: usize = 4;
const GROUP: usize = 4;

/// What is kept of a recovery code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecoveryHash(String);

impl RecoveryHash {
    /// The hash of a code of this person, however it was typed; nothing for what cannot be one. The codes have 80 bits of
    /// chance, and each person's are hashed apart, so whoever has the hashes finds none by trying.
    pub fn of(staff: Uuid, typed: &str) -> Option<Self> {
        let letters = read(typed)?;
        let mut context = Context::new(&SHA256);
        context.update(staff.as_bytes());
        context.update(&letters);
        Some(Self(hex::encode(context.finish())))
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Ten codes such as `k3p9-0xwz-7f2m-q8tn`, to be shown once.
///
/// # Errors
/// The system has no randomness.
pub fn recovery_codes() -> Result<[SecretString; 10], Fault> {
    let mut codes: [SecretString; 10] = std::array::from_fn(|_| SecretString::default());
    for code in &mut codes {
        let chance = random::<{ GROUPS * GROUP }>()?.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        let groups: Vec<String> = chance.chunks(GROUP).map(|group| group.iter().collect()).collect();
        *code = groups.join("-").into();
    }
    Ok(codes)
}

/// The letters of a code: in either case, with or without hyphens and blanks, and with `o`, `i`, `l` for what they look like.
fn read(typed: &str) -> Option<[u8; GROUPS * GROUP]> {
    let mut letters = [0; GROUPS * GROUP];
    let mut filled = 0;
    for typed in typed.chars().filter(|c| !matches!(c, '-' | ' ')) {
        let letter = match typed.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        };
        let letter = u8::try_from(letter).ok().filter(|letter| LETTERS.contains(letter))?;
        *letters.get_mut(filled)? = letter;
        filled += 1;
    }
    (filled == letters.len()).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;
    use std::collections::HashSet;

    const ANNA: Uuid = Uuid::from_u128(1);

    #[test]
    fn ten_codes_none_like_another() {
        let codes = recovery_codes().unwrap();
        let hashes: HashSet<RecoveryHash> =
            codes.iter().map(|code| RecoveryHash::of(ANNA, code.expose_secret()).unwrap()).collect();
        assert_eq!(hashes.len(), 10);
        assert!(codes.iter().all(|code| code.expose_secret().len() == 19));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RecoveryHash::of(ANNA, "k3p9-0xw1-7f2m-q8tn");
        assert!(code.is_some());
        for typed in
            ["K3P9-0XW1-7F2M-Q8TN", "k3p90xw17f2mq8tn", " k3p9 oxwl 7f2m q8tn ", "k3p9-OxwI-7f2m-q8tn"]
        {
            assert_eq!(RecoveryHash::of(ANNA, typed), code, "{typed}");
        }
        for other in
            ["k3p9-0xw1-7f2m-q8t", "k3p9-0xw1-7f2m-q8tnn", "k3p9-0xw1-7f2m-q8tu", "", "k3p9-0xw1-7f2m-q8tö"]
        {
            assert_eq!(RecoveryHash::of(ANNA, other), None, "{other}");
        }
    }

    #[test]
    fn a_code_is_of_one_person() {
        let code = "k3p9-0xw1-7f2m-q8tn";
        assert_ne!(RecoveryHash::of(ANNA, code), RecoveryHash::of(Uuid::from_u128(2), code));
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(typed in ".*") {
            // Only sixteen letters make a code, and it is read the same when it is typed again.
            prop_assert_eq!(RecoveryHash::of(ANNA, &typed), RecoveryHash::of(ANNA, &typed.to_ascii_uppercase()));
        }
    }
}
