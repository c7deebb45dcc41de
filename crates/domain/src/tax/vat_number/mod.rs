//! VAT identification numbers of the European Union, by form and check digits.
//!
//! Sources: the European Commission's "VIES: VAT number construction rules" (functional description, version 15) for forms and digits; for
//! what is younger than it the tax authorities' own rules: the Dutch numbers of sole traders (2020), the second letter of Irish ones (2013),
//! Belgian numbers that begin with 1 (2023) and Latvian personal codes that begin with 32 (2017). Where a state has published no digits,
//! the form alone decides.
//!
//! A number that is right may still be nobody's: only the Commission's VIES says whose it is. Who sells without tax must ask there.

mod checks;
mod format;

use crate::shared::CountryCode;
use format::{Rule, rule_of};
use serde::{Deserialize, Serialize};
use std::fmt;

pub use format::is_member_state;

/// A VAT identification number whose form and check digits are right, as authorities write it: the state's two letters and up to 12 more, upper case,
/// without separators. Greece is `EL`, Northern Ireland `XI`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VatNumber {
    text: String,
    country: CountryCode,
}

/// Why a text is no VAT identification number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VatNumberError {
    /// It does not begin with the letters of a member state.
    #[error("a VAT number begins with the two letters of a member state of the European Union")]
    Country,
    /// The state's numbers look different.
    #[error("this is not how VAT numbers of this country are written")]
    Form,
    /// The check digits contradict the others.
    #[error("the check digits of the VAT number are wrong")]
    Digits,
}

impl VatNumber {
    /// Reads a number as people write it: in any letter case, with spaces, dots, dashes and slashes, and Greek ones with `GR` too.
    pub fn parse(text: &str) -> Result<Self, VatNumberError> {
        let separates = |c: &char| c.is_whitespace() || matches!(c, '.' | '-' | '/');
        // Longer than any number, and short enough that a book in its place costs nothing.
        let typed = text.chars().filter(|c| !separates(c)).take(Self::MAX_LENGTH + 1);
        let typed: String = typed.map(|c| c.to_ascii_uppercase()).collect();
        let (letters, number) = typed.split_at_checked(2).ok_or(VatNumberError::Country)?;
        let rule = rule_of(letters).ok_or(VatNumberError::Country)?;
        let country = CountryCode::parse(rule.country).ok_or(VatNumberError::Country)?;
        rule.judge(number.as_bytes())?;
        let Rule { prefix, .. } = rule;
        Ok(Self { text: format!("{prefix}{number}"), country })
    }

    /// Characters of the longest numbers, letters of the state included.
    const MAX_LENGTH: usize = 14;

    /// The number with the letters of its state: `EL094014201`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The letters that it begins with. They are those of [`Self::country`], but `EL` for Greece and `XI` for Northern Ireland.
    pub fn prefix(&self) -> &str {
        self.text.get(..2).unwrap_or_default()
    }

    /// The state that gave it, by ISO 3166-1: `GR` for `EL`, `GB` for `XI`.
    pub fn country(&self) -> CountryCode {
        self.country
    }
}

impl TryFrom<String> for VatNumber {
    type Error = VatNumberError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<VatNumber> for String {
    fn from(number: VatNumber) -> Self {
        number.text
    }
}

/// Hides the number, which is a person's where it is a sole trader's.
impl fmt::Debug for VatNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VatNumber({}…)", self.prefix())
    }
}

#[cfg(test)]
mod tests;
