//! Who a provider vouches for.

use std::fmt;
use stoa_domain::shared::EmailAddress;

/// An address, as far as a provider knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Email {
    /// It tells none, or none that mail could reach.
    Unknown,
    /// It tells one, and either does not say that the person showed it to be theirs or is not trusted to know. Nothing may
    /// be decided by it.
    Claimed(EmailAddress),
    /// The person showed it to be theirs: the provider says so, and is trusted with that by the shop's settings.
    Proved(EmailAddress),
}

/// Who a provider vouches for. The issuer and the subject together are one person for ever; all else may change or be given
/// to somebody else (OpenID Connect Core 1.0, section 5.7).
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider, as it names itself.
    pub issuer: String,
    /// The person at this provider: 1 to 255 printable ASCII characters.
    pub subject: String,
    /// Their address.
    pub email: Email,
    /// Their given name, as they or the provider like to write it: at most 255 characters, none of control.
    pub given_name: Option<String>,
    /// Their family name, likewise.
    pub family_name: Option<String>,
}

impl Identity {
    /// The address, if it was proved.
    pub fn proved_email(&self) -> Option<&EmailAddress> {
        match &self.email {
            Email::Proved(address) => Some(address),
            Email::Claimed(_) | Email::Unknown => None,
        }
    }
}

/// Hides the person.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("issuer", &self.issuer)
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

impl Email {
    /// What a provider says, and whether it is trusted with it.
    pub(crate) fn told(address: Option<&str>, verified: Option<bool>, trusted: bool) -> Self {
        match address.and_then(|text| EmailAddress::parse(text).ok()) {
            None => Self::Unknown,
            Some(address) if trusted && verified == Some(true) => Self::Proved(address),
            Some(address) => Self::Claimed(address),
        }
    }
}

/// A name that can be kept, or none.
pub(crate) fn name(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    let fits = !text.is_empty() && text.chars().count() <= 255 && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_provider_that_says_so_proves_an_address() {
        for (verified, trusted, proved) in [
            (Some(true), true, true),
            (Some(true), false, false),
            (Some(false), true, false),
            (None, true, false),
        ] {
            let email = Email::told(Some("ada@example.org"), verified, trusted);
            assert_eq!(matches!(email, Email::Proved(_)), proved, "{verified:?} {trusted}");
            assert_ne!(email, Email::Unknown);
        }
        assert_eq!(Email::told(None, Some(true), true), Email::Unknown);
        assert_eq!(Email::told(Some("ada"), Some(true), true), Email::Unknown);
    }

    #[test]
    fn names_that_cannot_be_kept_are_left_out() {
        assert_eq!(name(Some(" Ada ")), Some("Ada".to_owned()));
        assert_eq!(name(Some(&"ä".repeat(255))), Some("ä".repeat(255)));
        for bad in [None, Some(""), Some("  "), Some("A\u{0}da"), Some(&*"ä".repeat(256))] {
            assert_eq!(name(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn debug_shows_no_person() {
        let identity = Identity {
            issuer: "https://id.example".into(),
            subject: "248289761001".into(),
            email: Email::told(Some("ada@example.org"), Some(true), true),
            given_name: Some("Ada".into()),
            family_name: Some("Lovelace".into()),
        };
        let text = format!("{identity:?}");
        assert!(text.contains("id.example"));
        for hidden in ["24828", "ada", "Ada", "Lovelace"] {
            assert!(!text.contains(hidden), "{text}");
        }
    }
}
