//! Passwords and the rules for new ones, which are those of NIST SP 800-63B-4, 3.1.1.2.

use secrecy::{ExposeSecret, SecretString};

/// A password as it was typed; who hashes it brings it into Unicode's normal form C first. It has no text for a log, and its memory
/// is wiped.
pub struct Password(SecretString);

/// How long a new password must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRule {
    min: usize,
}

/// A rule that is none, or that nobody would keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the least length of a password is between {} and {} characters",
    PasswordRule::LEAST,
    PasswordRule::MOST
)]
pub struct InvalidPasswordRule;

/// Why a password cannot be taken. There are no rules of which characters it must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// It is too short.
    #[error("a password has at least {min} characters")]
    TooShort {
        /// The least.
        min: usize,
    },
    /// It is too long.
    #[error("a password has at most {max} characters")]
    TooLong {
        /// The most.
        max: usize,
    },
    /// Others use it, or it is made of the account's own name.
    #[error("the password is too easy to guess")]
    Common,
    /// It begins or ends with white space, which programs like to drop.
    #[error("a password does not begin or end with white space")]
    Whitespace,
    /// It has a character that no keyboard types and not everything passes on.
    #[error("a password has no control characters")]
    ControlCharacter,
}

impl PasswordRule {
    /// The least that can be asked for: what NIST wants where there is a second factor.
    pub const LEAST: usize = 8;
    /// The most that can be asked for.
    pub const MOST: usize = 64;

    /// At least so many characters.
    ///
    /// # Errors
    /// Fewer than [`LEAST`](Self::LEAST) or more than [`MOST`](Self::MOST).
    pub const fn try_new(min: usize) -> Result<Self, InvalidPasswordRule> {
        if min < Self::LEAST || min > Self::MOST { Err(InvalidPasswordRule) } else { Ok(Self { min }) }
    }

    /// The least length, in characters.
    pub const fn min(self) -> usize {
        self.min
    }
}

/// What NIST wants of a password that is the only factor.
impl Default for PasswordRule {
    fn default() -> Self {
        Self { min: 15 }
    }
}

impl Password {
    /// The longest, in characters.
    pub const MAX: usize = 256;

    /// A new password, by the rule. Whether it is a common one is for whoever has the list to say. Length counts characters (code
    /// points), whatever their bytes.
    ///
    /// # Errors
    /// It cannot be taken.
    pub fn parse(text: &str, rule: PasswordRule) -> Result<Self, PasswordRefusal> {
        let length = text.chars().count();
        if length > Self::MAX {
            return Err(PasswordRefusal::TooLong { max: Self::MAX });
        }
        if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) {
            return Err(PasswordRefusal::Whitespace);
        }
        if text.contains(char::is_control) {
            return Err(PasswordRefusal::ControlCharacter);
        }
        if length < rule.min {
            return Err(PasswordRefusal::TooShort { min: rule.min });
        }
        Ok(Self(text.into()))
    }

    /// What somebody claims their password to be. By no rule: it may be older than the rule, and whoever refused it at once would
    /// tell that it is nobody's.
    pub fn presented(text: &str) -> Self {
        Self(text.into())
    }

    /// The text, for the one who hashes it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str, min: usize) -> Option<PasswordRefusal> {
        Password::parse(text, PasswordRule::try_new(min).unwrap()).err()
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        let eight = "pässwörd";
        assert!(eight.len() > 8);
        assert_eq!(refusal(eight, 8), None);
        assert_eq!(refusal(eight, 9), Some(PasswordRefusal::TooShort { min: 9 }));
        assert_eq!(refusal("鍵鍵鍵鍵鍵鍵鍵", 8), Some(PasswordRefusal::TooShort { min: 8 }));
        assert_eq!(refusal(&"鍵".repeat(256), 15), None);
        assert_eq!(refusal(&"a".repeat(257), 15), Some(PasswordRefusal::TooLong { max: 256 }));
    }

    #[test]
    fn anything_that_can_be_typed_will_do() {
        for good in
            ["correct horse battery", "111111111111111", "😀 und noch ein Pferd", "tab is no key, space is"]
        {
            assert_eq!(refusal(good, 15), None, "{good:?}");
        }
        for bad in [" correct horse battery", "correct horse battery\n", "\u{3000}correct horse battery"] {
            assert_eq!(refusal(bad, 15), Some(PasswordRefusal::Whitespace), "{bad:?}");
        }
        assert_eq!(refusal("correct\0horse battery", 15), Some(PasswordRefusal::ControlCharacter));
        assert_eq!(refusal("", 8), Some(PasswordRefusal::TooShort { min: 8 }));
    }

    #[test]
    fn it_is_kept_as_it_came_and_has_no_text_for_a_log() {
        // Two ways to write an é stay two: whoever typed one gets in with that one.
        let password = Password::parse("cafe\u{301} correct horse", PasswordRule::default()).unwrap();
        assert_eq!(password.expose(), "cafe\u{301} correct horse");
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert_eq!(Password::presented("short").expose(), "short");
    }

    #[test]
    fn no_shop_can_ask_for_less_than_eight() {
        assert_eq!(PasswordRule::try_new(7), Err(InvalidPasswordRule));
        assert_eq!(PasswordRule::try_new(65), Err(InvalidPasswordRule));
        assert_eq!(PasswordRule::try_new(8).unwrap().min(), 8);
        assert_eq!(PasswordRule::default().min(), 15);
        assert!(InvalidPasswordRule.to_string().contains("between 8 and 64"));
    }
}
