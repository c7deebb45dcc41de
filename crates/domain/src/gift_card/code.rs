//! Codes of gift cards: made so that nobody guesses one, and read as people type them.

use super::Last4;
use crate::shared::IdGenerator;
use std::fmt;

/// What codes that are made here consist of: no letter that looks like a digit, and no digit that looks like a letter. 32 of them, 5 bits each.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a code that is made here: 15 that nobody guesses (75 bits), and one that says whether they were typed right.
const MADE: usize = 16;

/// The code of a gift card, in the one way in which it is looked up: upper-case letters and digits without separators. Whoever knows it spends the
/// card, so that it is shown nowhere but where it is asked for by name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct GiftCardCode(Box<str>);

/// Why a text is no code of a gift card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCode {
    /// Too short: it could be guessed.
    #[error("a gift card's code has at least {} letters and digits", GiftCardCode::LEAST)]
    TooShort,
    /// Too long.
    #[error("a gift card's code has at most {} letters and digits", GiftCardCode::MOST)]
    TooLong,
    /// Something in it that is neither a letter nor a digit of ASCII, nor a space or a dash.
    #[error("a gift card's code consists of letters and digits")]
    Characters,
    /// It looks like a code of this shop, and its last character says that another one is wrong.
    #[error("the gift card's code has a mistake in it")]
    Mistyped,
}

impl GiftCardCode {
    /// The fewest characters of a code that staff may think of.
    pub const LEAST: usize = 8;
    /// The most.
    pub const MOST: usize = 32;

    /// A new code, of 75 of the random bits of an id that nobody can guess.
    pub fn generate(ids: &dyn IdGenerator) -> Self {
        // A UUID of version 4 says its version and its variant in the middle; all else is random.
        let id = ids.secret_id().into_bytes();
        let mut random = [0; 10];
        random[..7].copy_from_slice(&id[9..]);
        random[7..].copy_from_slice(&id[..3]);
        Self::from_random(random)
    }

    /// The code of 80 random bits, of which the first 75 count. The same bits are the same code: so the code of a card that was sold is made again
    /// from a keyed hash, and kept nowhere.
    pub fn from_random(random: [u8; 10]) -> Self {
        let bits = random.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte)) >> 5;
        let mut symbols = [0_u8; MADE];
        for (n, symbol) in symbols[..MADE - 1].iter_mut().enumerate() {
            *symbol = u8::try_from(bits >> (5 * (MADE - 2 - n)) & 31).unwrap_or(0);
        }
        symbols[MADE - 1] = check(&symbols[..MADE - 1]);
        Self(symbols.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])).collect())
    }

    /// Reads a code as people type it: in any letter case, with spaces and dashes anywhere. A code that staff thought of is one of 8 to 32 letters and
    /// digits; one that looks as if it was made here must have the right character at its end.
    ///
    /// # Errors
    /// It can be no card's code: nobody needs to look for it.
    pub fn normalise(text: &str) -> Result<Self, InvalidCode> {
        let separates =
            |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        // Longer than any code, and short enough that a book in its place costs nothing.
        let typed = text.chars().filter(|c| !separates(c)).take(Self::MOST + 1);
        let code: String = typed.map(|c| c.to_ascii_uppercase()).collect();
        if !code.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(InvalidCode::Characters);
        }
        match code.len() {
            length if length < Self::LEAST => Err(InvalidCode::TooShort),
            length if length > Self::MOST => Err(InvalidCode::TooLong),
            _ if is_mistyped(code.as_bytes()) => Err(InvalidCode::Mistyped),
            _ => Ok(Self(code.into())),
        }
    }

    /// The code, to be hashed or to be told its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The code as it is easily read out, in fours: `7KQ2-…`.
    pub fn grouped(&self) -> String {
        let fours = self.0.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned());
        fours.collect::<Vec<_>>().join("-")
    }

    /// How it ends: all of it that anybody is shown again.
    pub fn last(&self) -> Option<Last4> {
        Last4::parse(self.0.get(self.0.len().checked_sub(4)?..)?).ok()
    }
}

/// Hides the code.
impl fmt::Debug for GiftCardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GiftCardCode(…)")
    }
}

/// Whether a text is of the form of what is made here, and its last character contradicts the others.
fn is_mistyped(code: &[u8]) -> bool {
    let symbols: Option<Vec<u8>> = code.iter().map(|c| symbol(*c)).collect();
    match symbols.as_deref() {
        Some([first @ .., last]) if first.len() + 1 == MADE => check(first) != *last,
        _ => false,
    }
}

fn symbol(character: u8) -> Option<u8> {
    let at = ALPHABET.iter().position(|c| *c == character)?;
    u8::try_from(at).ok()
}

/// The character that makes the sum of all characters, each times a power of its own of 2, nothing in the field of 32 elements. One wrong
/// character, and any two that changed places, make it something: no two of the powers are the same, nor is one of them nothing.
fn check(symbols: &[u8]) -> u8 {
    symbols.iter().fold(0, |sum, symbol| doubled(sum ^ symbol))
}

/// Twice an element of the field of 32 elements, whose polynomial is x⁵ + x² + 1.
const fn doubled(element: u8) -> u8 {
    let twice = element << 1;
    if twice & 32 == 0 { twice } else { (twice ^ 0b10_0101) & 31 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    struct Ids(u128);

    impl IdGenerator for Ids {
        fn id(&self) -> Uuid {
            Uuid::nil()
        }
        fn secret_id(&self) -> Uuid {
            uuid::Builder::from_random_bytes(self.0.to_be_bytes()).into_uuid()
        }
        fn token(&self) -> String {
            String::new()
        }
    }

    fn typed(text: &str) -> Result<String, InvalidCode> {
        GiftCardCode::normalise(text).map(|code| code.expose().to_owned())
    }

    #[test]
    fn a_code_that_was_made_says_what_it_says_for_good() {
        assert_eq!(GiftCardCode::from_random([0; 10]).expose(), "AAAAAAAAAAAAAAAA");
        // 5 bits of 1, then none: the first character is the last letter of the alphabet.
        let code = GiftCardCode::from_random([0xf8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(code.expose(), "9AAAAAAAAAAAAAAU");
        assert_eq!(code.grouped(), "9AAA-AAAA-AAAA-AAAU");
        assert_eq!(code.last(), Last4::parse("AAAU").ok());
        assert_eq!(format!("{code:?}"), "GiftCardCode(…)");
        let five = |last| GiftCardCode::from_random([1, 2, 3, 4, 5, 6, 7, 8, 9, last]);
        assert_eq!(five(0), five(31), "the last five bits do not count");
        assert_ne!(five(0), five(32));
    }

    #[test]
    fn two_ids_are_two_codes() {
        let code = |n| GiftCardCode::generate(&Ids(n));
        assert_ne!(code(1), code(2));
        assert_ne!(code(1 << 127), code(0));
        assert_eq!(code(7), code(7));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(typed(" 9aaa-aaaa aaaa\u{2013}aaau\n"), Ok("9AAAAAAAAAAAAAAU".into()));
        assert_eq!(typed("9AAA-AAAA-AAAA-AAAA"), Err(InvalidCode::Mistyped));
        assert_eq!(typed("merry-2026"), Ok("MERRY2026".into()), "staff have thought of it");
        assert_eq!(typed("10% of it all!"), Err(InvalidCode::Characters));
        assert_eq!(typed("geschenkgutschein-ä"), Err(InvalidCode::Characters));
        assert_eq!(typed("1234567"), Err(InvalidCode::TooShort));
        assert_eq!(typed("- -"), Err(InvalidCode::TooShort));
        assert_eq!(typed(&"A".repeat(32)).map(|code| code.len()), Ok(32));
        assert_eq!(typed(&"A".repeat(33)), Err(InvalidCode::TooLong));
        assert_eq!(typed(&"A".repeat(100_000)), Err(InvalidCode::TooLong));
        assert_eq!(typed("0000000000000000"), Ok("0000000000000000".into()), "no code of ours has a 0");
    }

    proptest! {
        #[test]
        fn what_is_made_is_read(random: [u8; 10]) {
            let code = GiftCardCode::from_random(random);
            prop_assert_eq!(code.expose().len(), MADE);
            prop_assert_eq!(GiftCardCode::normalise(&code.grouped().to_lowercase()), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_found(random: [u8; 10], at in 0..MADE, other in 0_usize..32) {
            let code = GiftCardCode::from_random(random);
            let mut wrong = code.expose().as_bytes().to_vec();
            prop_assume!(wrong[at] != ALPHABET[other]);
            wrong[at] = ALPHABET[other];
            prop_assert_eq!(typed(std::str::from_utf8(&wrong).unwrap()), Err(InvalidCode::Mistyped));
        }

        #[test]
        fn two_that_changed_places_are_found(random: [u8; 10], one in 0..MADE, other in 0..MADE) {
            let code = GiftCardCode::from_random(random);
            let mut wrong = code.expose().as_bytes().to_vec();
            prop_assume!(wrong[one] != wrong[other]);
            wrong.swap(one, other);
            prop_assert_eq!(typed(std::str::from_utf8(&wrong).unwrap()), Err(InvalidCode::Mistyped));
        }
    }
}
