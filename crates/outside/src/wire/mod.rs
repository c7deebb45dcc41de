//! The forms in which services are asked and answer, version 1. What stands in docs/outside-services.md is a promise to those who have written one:
//! members may be added to questions, and to answers if they may be left out; whatever else changes is another version.
//!
//! Nobody's name, street, mail or telephone goes out, and no id of ours: what is asked about is numbered. So two carts with the same in them ask the
//! same question, and what was said to one is good for the other.

pub(crate) mod carrier;
pub(crate) mod tax;

use serde::{Serialize, de::DeserializeOwned};
use std::num::NonZeroI64;
use stoa_domain::shared::{Currency, Place};

/// Of all forms here.
pub(crate) const VERSION: u32 = 1;
/// No amount is larger, in minor units: enough for any order, and far from where sums leave 64 bits.
const MOST: i64 = 1_000_000_000_000;
/// The longest text that a buyer reads, in characters.
const LONGEST_TITLE: usize = 255;

/// An answer that is of no use, and where it was given up if that is known (from 1; 0: it is well formed, and wrong).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) why: &'static str,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

const fn unread(why: &'static str) -> Unread {
    Unread { why, line: 0, column: 0 }
}

/// Where something is.
#[derive(Debug, Serialize)]
struct WirePlace<'a> {
    country: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    province: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zip: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
}

impl<'a> From<&'a Place> for WirePlace<'a> {
    fn from(place: &'a Place) -> Self {
        let Place { country, province, zip, city } = place;
        Self {
            country: country.as_str(),
            province: province.as_deref(),
            zip: zip.as_deref(),
            city: city.as_deref(),
        }
    }
}

/// The currency of a question, with what whoever answers would have to look up.
#[derive(Clone, Copy, Debug, Serialize)]
struct WireCurrency {
    currency: &'static str,
    /// Decimals of the minor unit.
    exponent: u32,
    /// What amounts that are charged are multiples of, in minor units.
    step: i64,
}

impl From<Currency> for WireCurrency {
    fn from(currency: Currency) -> Self {
        Self { currency: currency.code(), exponent: currency.exponent(), step: currency.charge_step() }
    }
}

/// Whether an answer is of our version, and in the currency of the question.
fn check_head(version: u32, currency: &str, asked: Currency) -> Result<(), Unread> {
    if version != VERSION {
        return Err(unread("it is of another version"));
    }
    if currency != asked.code() {
        return Err(unread("it is in another currency"));
    }
    Ok(())
}

/// Reads JSON. What else is in it than we know is passed over.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    serde_json::from_slice(body).map_err(|error| Unread {
        why: "it is not JSON of the form that was asked for",
        line: error.line(),
        column: error.column(),
    })
}

/// The name of the `index`th of what is asked about: `l1` is the first line.
fn number(kind: char, index: usize) -> String {
    format!("{kind}{}", index + 1)
}

/// The reverse; `None` for what names nothing that was asked about.
fn index_of(kind: char, id: &str, count: usize) -> Option<usize> {
    let index = id.strip_prefix(kind)?.parse::<usize>().ok()?.checked_sub(1)?;
    // "l01" and "l+1" are other names.
    (index < count && number(kind, index) == id).then_some(index)
}

/// An amount that can be charged.
fn is_chargeable(amount: i64, currency: Currency) -> bool {
    let step = NonZeroI64::new(currency.charge_step()).map_or(1, NonZeroI64::get);
    (0..=MOST).contains(&amount) && amount % step == 0
}

/// A text for buyers: trimmed, not empty, not endless, on one line.
fn title(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let is_one = !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    is_one.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_about_is_numbered() {
        assert_eq!((number('l', 0).as_str(), number('g', 11).as_str()), ("l1", "g12"));
        assert_eq!(index_of('l', "l1", 2), Some(0));
        assert_eq!(index_of('l', "l2", 2), Some(1));
        for stranger in
            ["l3", "l0", "l", "d1", "1", "l01", "l+1", "l-1", "l1 ", "L1", "l99999999999999999999"]
        {
            assert_eq!(index_of('l', stranger, 2), None, "{stranger}");
        }
    }

    #[test]
    fn an_amount_is_one_that_can_be_charged() {
        let dinar = Currency::parse("KWD").unwrap();
        assert!(is_chargeable(0, dinar) && is_chargeable(510, dinar) && is_chargeable(511, Currency::USD));
        assert!(!is_chargeable(511, dinar), "cards are charged tens of fils");
        assert!(!is_chargeable(-10, dinar) && !is_chargeable(MOST + 10, dinar));
        assert!(is_chargeable(MOST, Currency::USD) && !is_chargeable(i64::MIN, Currency::USD));
    }

    #[test]
    fn a_text_for_buyers_is_one_line() {
        assert_eq!(title("  Express ", 7).as_deref(), Some("Express"));
        assert_eq!(title("\u{e9}\u{e9}", 2).as_deref(), Some("\u{e9}\u{e9}"), "characters count");
        for none in ["", "  ", "Expresss", "a\nb", "a\0b", "a\u{85}b"] {
            assert_eq!(title(none, 7), None, "{none:?}");
        }
    }
}
