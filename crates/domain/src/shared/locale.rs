//! The languages we have words in.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A language that mails are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Japanese.
    Ja,
}

/// A language we have no words in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is one of en, de, fr, es and ja")]
pub struct UnknownLocale;

impl Locale {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Ja];

    /// The language's code (ISO 639-1), which is what is stored, and what stands in `lang` and `Content-Language`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ja => "ja",
        }
    }

    /// Reads a language tag (BCP 47) by its first part, in any letter case: `de`, `de-CH`, and `PT_BR` as GraphQL writes it. `None`
    /// for a language we have no words in.
    pub fn parse(tag: &str) -> Option<Self> {
        let language = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|l| l.code().eq_ignore_ascii_case(language))
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Locale {
    type Error = UnknownLocale;
    fn try_from(tag: String) -> Result<Self, Self::Error> {
        Self::parse(&tag).ok_or(UnknownLocale)
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_by_its_language_alone() {
        for (tag, expected) in [
            ("de", Some(Locale::De)),
            ("de-CH", Some(Locale::De)),
            ("DE_AT", Some(Locale::De)),
            ("ja-Jpan-JP", Some(Locale::Ja)),
            (" en-GB ", Some(Locale::En)),
            ("den", None),
            ("pt-BR", None),
            ("-de", None),
            ("", None),
        ] {
            assert_eq!(Locale::parse(tag), expected, "{tag:?}");
        }
    }

    #[test]
    fn it_is_kept_as_its_code_and_read_back() {
        for locale in Locale::ALL {
            let text = serde_json::to_string(&locale).unwrap();
            assert_eq!(text, format!("\"{locale}\""));
            assert_eq!(serde_json::from_str::<Locale>(&text).unwrap(), locale);
        }
        let refused = serde_json::from_str::<Locale>("\"tlh\"").unwrap_err().to_string();
        assert!(refused.contains("one of en, de, fr, es and ja"), "{refused}");
    }
}
