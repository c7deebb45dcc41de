//! E-mail addresses, compared in one letter case.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// An e-mail address as a person typed it, trimmed; comparisons go through [`EmailAddress::key`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// The text is no e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Where the addresses of those who were erased are: nowhere (RFC 2606).
    pub const NOWHERE: &'static str = "erased.invalid";

    /// Accepts what a mail server could: one `@`, a local part of at most 64 bytes, a domain with a dot and of labels that a name
    /// server could know, at most 254 bytes together (RFC 5321, 4.5.3.1), no white space or control characters. Not the domain of
    /// those who were erased: an account with such an address would stand in the way of the one whose address it is to be. Nor with a
    /// letter that in lower case is an ordinary one (the sign of kelvin is a k): it would be the same key as somebody else's address.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let folds = |c: char| !c.is_ascii() && c.to_lowercase().any(|lower| lower.is_ascii());
        match Self::stored(text)? {
            email if email.is_erased() || email.0.contains(folds) => Err(InvalidEmail),
            email => Ok(email),
        }
    }

    /// An address that a database keeps: by the same rules, or of somebody who was erased.
    pub fn stored(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let sane =
            |s: &str| !s.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c));
        let labels_ok = domain.split('.').all(is_label);
        let ok = !local.is_empty()
            && local.len() <= 64
            && text.len() <= 254
            && domain.contains('.')
            && labels_ok
            && sane(local)
            && sane(domain)
            && !local.starts_with('.')
            && !local.ends_with('.');
        if ok { Ok(Self(text.to_owned())) } else { Err(InvalidEmail) }
    }

    /// An address that leads nowhere (RFC 2606), for what is left of somebody who was erased.
    pub fn erased(id: Uuid) -> Self {
        Self(format!("erased-{id}@{}", Self::NOWHERE))
    }

    /// Whether it is what is left of somebody who was erased: nobody reads what is written to it.
    pub fn is_erased(&self) -> bool {
        self.domain().eq_ignore_ascii_case(Self::NOWHERE)
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`, as typed.
    pub fn domain(&self) -> &str {
        // The last one, as in `parse`; an address without any was not made by it.
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The form in which two addresses are the same person's: lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A part of a domain between dots (RFC 1035, 2.3.1), in any script; with underscores, which some names have.
fn is_label(text: &str) -> bool {
    let inside = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_".contains(c);
    text.len() <= 63
        && text.starts_with(char::is_alphanumeric)
        && text.ends_with(char::is_alphanumeric)
        && text.chars().all(inside)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Hides the person, so that an address cannot slip into a log through `{:?}`.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_pass_and_compare_in_any_case() {
        let a = EmailAddress::parse(" Ada@Example.org ").unwrap();
        assert_eq!(a.as_str(), "Ada@Example.org");
        assert_eq!(a.key(), "ada@example.org");
        assert_eq!(a.domain(), "Example.org");
        assert_eq!(format!("{a:?}"), "EmailAddress(…)");
    }

    #[test]
    fn what_no_server_takes_is_refused() {
        for bad in [
            "", "ada", "@b.c", "a@", "a@b", "a b@c.de", "a@b..de", "a@-b.de", "a@b@c.de", "a\n@b.de",
            ".a@b.de", "a@b!c.de", "a@_b.de", "a@b.d_",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(InvalidEmail), "{bad:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@b.de", "a".repeat(65))).is_err());
        assert!(EmailAddress::parse(&format!("a@{}.de", "b".repeat(64))).is_err());
    }

    #[test]
    fn nobody_takes_the_address_of_who_was_erased() {
        let erased = EmailAddress::erased(Uuid::from_u128(7));
        assert_eq!(EmailAddress::stored(erased.as_str()), Ok(erased.clone()));
        for taken in [erased.as_str(), "ada@Erased.INVALID"] {
            assert_eq!(EmailAddress::parse(taken), Err(InvalidEmail), "{taken}");
        }
        assert!(erased.is_erased());
        assert!(!EmailAddress::parse("ada@not-erased.invalid").unwrap().is_erased());
        assert!(EmailAddress::parse("ada@not-erased.invalid").is_ok());
    }

    #[test]
    fn no_letter_stands_for_another_in_an_address() {
        let folds = |c: &char| !c.is_ascii() && c.to_lowercase().any(|lower| lower.is_ascii());
        let all: Vec<char> = ('\u{80}'..=char::MAX).filter(folds).collect();
        assert!(all.contains(&'\u{212a}'), "{all:?}");
        for letter in all {
            for text in [format!("mi{letter}e@example.org"), format!("mike@{letter}iln.example")] {
                assert_eq!(EmailAddress::parse(&text), Err(InvalidEmail), "{text}");
            }
        }
    }

    #[test]
    fn unusual_addresses_that_exist_pass() {
        for good in ["ada..b@docomo.co.jp", "o'neil+shop@mail.example.org", "ä@bücher.example", "a@1und1.de"]
        {
            assert!(EmailAddress::parse(good).is_ok(), "{good}");
        }
    }
}
