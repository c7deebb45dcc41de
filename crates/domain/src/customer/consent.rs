//! What customers have agreed to, and when, and how: what has to be shown when somebody asks (GDPR, article 7).

use crate::shared::Timestamp;

/// To what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsentKind {
    /// Advertisements by mail.
    EmailMarketing,
}

impl ConsentKind {
    /// The name it is stored and shown under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EmailMarketing => "email_marketing",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::EmailMarketing].into_iter().find(|k| k.name() == name)
    }
}

/// Where it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsentSource {
    /// While registering.
    Register,
    /// In the account.
    Account,
    /// To staff, who wrote it down.
    Staff,
    /// By having oneself erased.
    Erase,
}

impl ConsentSource {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Register, Self::Account, Self::Staff, Self::Erase];

    /// The name it is stored and shown under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Account => "account",
            Self::Staff => "staff",
            Self::Erase => "erase",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// One word given or taken back. Rows of them are only ever added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub kind: ConsentKind,
    /// Whether they agree from now on.
    pub granted: bool,
    /// What they were shown, in their language.
    pub wording: Option<String>,
    /// Where.
    pub source: ConsentSource,
    /// Who wrote it down: "customer", or a member of staff.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// The wording is longer than anybody reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the wording of a consent has at most {} characters", Consent::MAX_WORDING)]
pub struct WordingTooLong;

impl Consent {
    /// The longest wording, in characters.
    pub const MAX_WORDING: usize = 5_000;

    /// What they were shown, as it is kept; blank is none.
    ///
    /// # Errors
    /// It is longer than [`MAX_WORDING`](Self::MAX_WORDING).
    pub fn wording(text: &str) -> Result<Option<String>, WordingTooLong> {
        if text.chars().count() > Self::MAX_WORDING {
            return Err(WordingTooLong);
        }
        // Postgres keeps no NUL in a text.
        Ok(Some(text.replace('\0', "").trim().to_owned()).filter(|t| !t.is_empty()))
    }
}

/// Whether they agree now: what was said last counts, in whatever order the rows come. Nothing said is no.
pub fn granted(history: &[Consent], kind: ConsentKind) -> bool {
    // Of two in the same moment the later row counts, as it does in the account.
    history.iter().filter(|c| c.kind == kind).max_by_key(|c| c.at).is_some_and(|c| c.granted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    fn said(granted: bool, hour: i64, source: ConsentSource) -> Consent {
        let at = DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        let kind = ConsentKind::EmailMarketing;
        Consent { kind, granted, wording: None, source, actor: "customer".into(), at }
    }

    #[test]
    fn what_was_said_last_counts() {
        let kind = ConsentKind::EmailMarketing;
        assert!(!granted(&[], kind));
        let mut history = vec![said(true, 1, ConsentSource::Register)];
        assert!(granted(&history, kind));
        history.insert(0, said(false, 5, ConsentSource::Account));
        assert!(!granted(&history, kind));
        history.push(said(true, 5, ConsentSource::Staff));
        assert!(granted(&history, kind));
    }

    #[test]
    fn names_are_read_back_and_a_wording_is_bounded() {
        for source in ConsentSource::ALL {
            assert_eq!(ConsentSource::from_name(source.name()), Some(source));
        }
        assert_eq!(ConsentKind::from_name("email_marketing"), Some(ConsentKind::EmailMarketing));
        assert_eq!(Consent::wording(" Yes,\0 please "), Ok(Some("Yes, please".into())));
        assert_eq!(Consent::wording(" "), Ok(None));
        assert_eq!(Consent::wording(&"é".repeat(5_001)), Err(WordingTooLong));
    }
}
