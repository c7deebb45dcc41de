//! The same language where no more is understood than a row of conditions that must all hold: what staff ask of lists of orders and
//! of customers.

use super::{
    Moments, QueryTooComplex, Word,
    lexer::{RawTerm, Token, tokens},
    limits, parser,
};
use crate::catalog::search_terms;

/// Why a text is no row of conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFlat {
    /// It has alternatives, negations or groups.
    #[error("such a list is not searched with OR, NOT or parentheses")]
    Nested,
    /// It is beyond the bounds of a query.
    #[error(transparent)]
    TooComplex(#[from] QueryTooComplex),
}

/// One condition of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlatTerm(RawTerm);

impl FlatTerm {
    /// What stands before the colon, in lower case; `None`: nothing does.
    pub fn field(&self) -> Option<String> {
        self.0.field.as_deref().map(str::to_lowercase)
    }

    /// What stands behind it.
    pub fn value(&self) -> &str {
        &self.0.value
    }

    /// Whether an asterisk ends it.
    pub const fn is_prefix(&self) -> bool {
        self.0.prefix
    }

    /// The value as moments: `>=2026-01-31`; `None` if it is none.
    pub fn moments(&self) -> Option<Moments> {
        parser::moments(&self.0)
    }

    /// The words of the value; an asterisk goes with the last.
    pub fn words(&self) -> Vec<Word> {
        let mut words: Vec<Word> =
            search_terms(&self.0.value).map(|text| Word { text, prefix: false }).collect();
        if let Some(last) = words.last_mut() {
            last.prefix = self.0.prefix;
        }
        words
    }
}

/// Reads a row of conditions.
///
/// # Errors
/// It is beyond the bounds, or says something that is no row.
pub fn flat_terms(text: &str) -> Result<Vec<FlatTerm>, NotFlat> {
    if text.len() > limits::LENGTH {
        return Err(QueryTooComplex.into());
    }
    let mut terms = Vec::new();
    for token in tokens(text) {
        match token {
            Token::Term(term) => terms.push(FlatTerm(term)),
            Token::And => {}
            Token::Open | Token::Close | Token::Or | Token::Not => return Err(NotFlat::Nested),
        }
    }
    if terms.len() > limits::TERMS { Err(QueryTooComplex.into()) } else { Ok(terms) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_conditions_is_read_one_by_one() {
        let terms = flat_terms(r#"Ada status:open AND created_at:>=2026-01-31 tag:"very good"*"#).unwrap();
        let read: Vec<_> = terms.iter().map(|term| (term.field(), term.value())).collect();
        let field = |name: &str| Some(name.to_owned());
        assert_eq!(
            read,
            [
                (None, "Ada"),
                (field("status"), "open"),
                (field("created_at"), ">=2026-01-31"),
                (field("tag"), "very good"),
            ]
        );
        assert_eq!(terms[2].moments().unwrap().from.unwrap().to_rfc3339(), "2026-01-31T00:00:00+00:00");
        assert_eq!(terms[1].moments(), None);
        assert!(terms[3].is_prefix());
        let words: Vec<_> = terms[3].words().into_iter().map(|word| (word.text, word.prefix)).collect();
        assert_eq!(words, [("very".to_owned(), false), ("good".to_owned(), true)]);
    }

    #[test]
    fn what_is_no_row_is_refused() {
        for text in ["a OR b", "-a", "(a)", "NOT a"] {
            assert_eq!(flat_terms(text), Err(NotFlat::Nested), "{text}");
        }
        let long = "a ".repeat(65);
        assert_eq!(flat_terms(&long), Err(NotFlat::TooComplex(QueryTooComplex)));
        assert_eq!(flat_terms(&"a".repeat(2_049)), Err(NotFlat::TooComplex(QueryTooComplex)));
        assert_eq!(flat_terms(" "), Ok(Vec::new()));
    }
}
