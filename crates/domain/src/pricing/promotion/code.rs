//! Codes, as buyers type them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What tells codes apart: without the space around them, in upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeKey(Box<str>);

impl CodeKey {
    /// The key of a text; `None` for a blank one.
    pub fn of(text: &str) -> Option<Self> {
        // Postgres keeps no NUL in a text, and is asked for none.
        let key = text.trim().replace('\0', "").to_uppercase();
        (!key.is_empty()).then(|| Self(key.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code on a cart, whether or not there is such a one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredCode {
    /// As it was typed.
    pub text: Box<str>,
    /// What it is looked up by.
    pub key: CodeKey,
}

impl EnteredCode {
    /// A code as it was typed; `None` for a blank one.
    pub fn parse(text: &str) -> Option<Self> {
        CodeKey::of(text).map(|key| Self { text: text.trim().into(), key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_and_space_around_make_no_other_code() {
        let typed = EnteredCode::parse(" Summer-ä10 ").unwrap();
        assert_eq!((&*typed.text, typed.key.as_str()), ("Summer-ä10", "SUMMER-Ä10"));
        assert_eq!(CodeKey::of("sum\0mer"), CodeKey::of("SUMMER"));
        assert_eq!(EnteredCode::parse("  "), None);
        assert_eq!(CodeKey::of("\0"), None);
    }

    #[test]
    fn a_code_on_a_cart_is_read_back() {
        let written = r#"{"text":"Ten","key":"TEN"}"#;
        let code: EnteredCode = serde_json::from_str(written).unwrap();
        assert_eq!(Some(&code), EnteredCode::parse("Ten").as_ref());
        assert_eq!(serde_json::to_string(&code).unwrap(), written);
    }
}
