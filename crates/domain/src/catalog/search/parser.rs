//! From tokens to a query.

use super::{
    Comparison, Moments, QueryTooComplex, SearchQuery, SearchTerm, TermField, TextField, Word,
    lexer::{RawTerm, Token},
    limits,
};
use crate::{
    catalog::{fold_key, search_terms},
    shared::{Timestamp, parse_minor},
};
use chrono::{DateTime, Days, NaiveDate, SubsecRound, TimeDelta, Utc};

/// Reads the whole query.
pub(super) fn parse(tokens: &[Token], exponent: u32) -> Result<SearchQuery, QueryTooComplex> {
    let mut parser = Parser { tokens, at: 0, terms: 0, exponent };
    let mut parts = Vec::new();
    // A closing parenthesis without its partner ends one round and is passed over.
    while parser.at < tokens.len() {
        parts.extend(parser.either(0)?);
        parser.at += 1;
    }
    Ok(all_of(parts).unwrap_or_default())
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    terms: usize,
    exponent: u32,
}

impl Parser<'_> {
    /// `a b OR c`, up to a closing parenthesis or the end; `None` where nothing is asked for.
    fn either(&mut self, depth: usize) -> Result<Option<SearchQuery>, QueryTooComplex> {
        let mut alternatives = Vec::new();
        let mut together = Vec::new();
        while let Some(token) = self.tokens.get(self.at).filter(|t| **t != Token::Close) {
            match token {
                Token::Or => {
                    self.at += 1;
                    alternatives.extend(all_of(std::mem::take(&mut together)));
                }
                Token::And => self.at += 1,
                _ => together.extend(self.operand(depth)?),
            }
        }
        alternatives.extend(all_of(together));
        Ok(any_of(alternatives))
    }

    /// A term, a group, or the negation of one.
    fn operand(&mut self, depth: usize) -> Result<Option<SearchQuery>, QueryTooComplex> {
        if depth >= limits::DEPTH {
            return Err(QueryTooComplex);
        }
        let token = self.tokens.get(self.at);
        match token {
            Some(Token::Not) => {
                self.at += 1;
                Ok(self.operand(depth + 1)?.map(|part| SearchQuery::Not(Box::new(part))))
            }
            Some(Token::Open) => {
                self.at += 1;
                let group = self.either(depth + 1)?;
                self.at += 1;
                Ok(group)
            }
            Some(Token::Term(term)) => {
                self.at += 1;
                let parts = self.term(term);
                self.terms += parts.len();
                if self.terms > limits::TERMS { Err(QueryTooComplex) } else { Ok(all_of(parts)) }
            }
            // A negation before an operator or at the end: nothing to negate.
            Some(Token::And | Token::Or | Token::Close) | None => Ok(None),
        }
    }

    fn term(&self, term: &RawTerm) -> Vec<SearchQuery> {
        let one = |term: SearchTerm| vec![SearchQuery::Term(term)];
        let Some(field) = term.field.as_deref() else { return words(None, term) };
        if term.value.is_empty() && !term.prefix {
            return Vec::new();
        }
        let text = |field| one(text(field, term));
        match field.to_lowercase().as_str() {
            "title" => words(Some(TermField::Title), term),
            "vendor" => text(TextField::Vendor),
            "product_type" => text(TextField::ProductType),
            "tag" => text(TextField::Tag),
            "sku" => text(TextField::Sku),
            "handle" => text(TextField::Handle),
            "available_for_sale" => one(match term.value.to_lowercase().as_str() {
                "true" => SearchTerm::Available(true),
                "false" => SearchTerm::Available(false),
                _ => SearchTerm::Impossible,
            }),
            "variants.price" | "price" => one(self.price(term)),
            "created_at" => one(moments(term).map_or(SearchTerm::Impossible, SearchTerm::Created)),
            "updated_at" => one(moments(term).map_or(SearchTerm::Impossible, SearchTerm::Updated)),
            _ => {
                let name = RawTerm { value: field.to_owned(), ..RawTerm::default() };
                words(None, &name).into_iter().chain(words(None, term)).collect()
            }
        }
    }

    fn price(&self, term: &RawTerm) -> SearchTerm {
        let (comparison, value) = comparison(term);
        match parse_minor(value, self.exponent) {
            Ok(minor) => SearchTerm::Price(comparison, minor),
            Err(_) => SearchTerm::Impossible,
        }
    }
}

/// Every word of a term's value; an asterisk goes with the last.
fn words(field: Option<TermField>, term: &RawTerm) -> Vec<SearchQuery> {
    let mut words: Vec<Word> = search_terms(&term.value).map(|text| Word { text, prefix: false }).collect();
    if let Some(last) = words.last_mut() {
        last.prefix = term.prefix;
    }
    words.into_iter().map(|word| SearchQuery::Term(SearchTerm::Word { field, word })).collect()
}

fn text(field: TextField, term: &RawTerm) -> SearchTerm {
    let key = fold_key(&term.value);
    if term.prefix { SearchTerm::Begins(field, key) } else { SearchTerm::Is(field, key) }
}

/// Takes the sign off a value.
fn comparison(term: &RawTerm) -> (Comparison, &str) {
    const SIGNS: [(&str, Comparison); 4] = [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ];
    SIGNS
        .into_iter()
        .find_map(|(sign, comparison)| term.value.strip_prefix(sign).map(|rest| (comparison, rest)))
        .unwrap_or((Comparison::Equal, &term.value))
}

/// The moments a value means: a day is all of its moments, a moment is itself.
pub(super) fn moments(term: &RawTerm) -> Option<Moments> {
    let (comparison, value) = comparison(term);
    let (first, beyond) = span(value)?;
    let (from, until) = match comparison {
        Comparison::Less => (None, Some(first)),
        Comparison::AtMost => (None, Some(beyond)),
        Comparison::Equal => (Some(first), Some(beyond)),
        Comparison::AtLeast => (Some(first), None),
        Comparison::Greater => (Some(beyond), None),
    };
    Some(Moments { from, until })
}

/// From when, inclusive, to when, exclusive.
fn span(value: &str) -> Option<(Timestamp, Timestamp)> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(value) {
        let moment = moment.with_timezone(&Utc).trunc_subsecs(6);
        return Some((moment, moment.checked_add_signed(TimeDelta::microseconds(1))?));
    }
    let day = value.parse::<NaiveDate>().ok()?;
    let next = day.checked_add_days(Days::new(1))?;
    Some((day.and_time(chrono::NaiveTime::MIN).and_utc(), next.and_time(chrono::NaiveTime::MIN).and_utc()))
}

/// All parts together; parts that are themselves conjunctions are taken apart.
fn all_of(parts: Vec<SearchQuery>) -> Option<SearchQuery> {
    let flat = parts.into_iter().flat_map(|part| match part {
        SearchQuery::And(parts) => parts,
        part => vec![part],
    });
    joined(flat.collect(), SearchQuery::And)
}

/// Any of the parts; parts that are themselves alternatives are taken apart.
fn any_of(parts: Vec<SearchQuery>) -> Option<SearchQuery> {
    let flat = parts.into_iter().flat_map(|part| match part {
        SearchQuery::Or(parts) => parts,
        part => vec![part],
    });
    joined(flat.collect(), SearchQuery::Or)
}

fn joined(mut parts: Vec<SearchQuery>, several: fn(Vec<SearchQuery>) -> SearchQuery) -> Option<SearchQuery> {
    if parts.len() > 1 { Some(several(parts)) } else { parts.pop() }
}
