//! How the numbers of each state are written.

use super::{VatNumberError, checks};
use crate::shared::CountryCode;

/// The numbers of a state.
pub(super) struct Rule {
    /// The letters that they begin with.
    pub(super) prefix: &'static str,
    /// The state, by ISO 3166-1.
    pub(super) country: &'static str,
    /// How they are written behind the letters, one character each: `d` is a digit, `p` one that is not 0, `l` a letter, `k` a digit or a
    /// letter other than I and O, `s` a letter, `+` or `*`; what is in upper case, and a digit, is itself.
    forms: &'static [&'static str],
    /// Whether the check digits are right; asked only of what has one of the forms.
    check: fn(&[u8]) -> bool,
}

const fn rule(
    prefix: &'static str,
    country: &'static str,
    forms: &'static [&'static str],
    check: fn(&[u8]) -> bool,
) -> Rule {
    Rule { prefix, country, forms, check }
}

/// The 27 member states, and Northern Ireland, whose traders keep numbers of their own for goods (Protocol on Ireland and Northern Ireland).
static RULES: [Rule; 28] = [
    rule("AT", "AT", &["Udddddddd"], checks::austria),
    rule("BE", "BE", &["0ddddddddd", "1ddddddddd"], checks::belgium),
    rule("BG", "BG", &["ddddddddd", "dddddddddd"], checks::bulgaria),
    rule("CY", "CY", &["ddddddddl"], checks::cyprus),
    rule("CZ", "CZ", &["dddddddd", "ddddddddd", "dddddddddd"], checks::czechia),
    rule("DE", "DE", &["pdddddddd"], checks::germany),
    rule("DK", "DK", &["pddddddd"], checks::denmark),
    rule("EE", "EE", &["ddddddddd"], checks::estonia),
    rule("EL", "GR", &["ddddddddd"], checks::greece),
    rule("ES", "ES", &["ldddddddd", "ldddddddl", "ddddddddl"], checks::spain),
    rule("FI", "FI", &["dddddddd"], checks::finland),
    rule("FR", "FR", &["kkddddddddd"], checks::france),
    rule("HR", "HR", &["ddddddddddd"], checks::croatia),
    rule("HU", "HU", &["dddddddd"], checks::hungary),
    rule("IE", "IE", &["dddddddl", "dddddddll", "dsdddddl"], checks::ireland),
    rule("IT", "IT", &["ddddddddddd"], checks::italy),
    rule("LT", "LT", &["ddddddd1d", "dddddddddd1d"], checks::lithuania),
    rule("LU", "LU", &["dddddddd"], checks::luxembourg),
    rule("LV", "LV", &["ddddddddddd"], checks::latvia),
    rule("MT", "MT", &["pddddddd"], checks::malta),
    rule("NL", "NL", &["dddddddddBdd"], checks::netherlands),
    rule("PL", "PL", &["dddddddddd"], checks::poland),
    rule("PT", "PT", &["pdddddddd"], checks::portugal),
    rule(
        "RO",
        "RO",
        &["pd", "pdd", "pddd", "pdddd", "pddddd", "pdddddd", "pddddddd", "pdddddddd", "pddddddddd"],
        checks::romania,
    ),
    rule("SE", "SE", &["dddddddddddd"], checks::sweden),
    rule("SI", "SI", &["pddddddd"], checks::slovenia),
    rule("SK", "SK", &["pddddddddd"], checks::slovakia),
    rule("XI", "GB", &["ddddddddd", "dddddddddddd", "GDddd", "HAddd"], checks::northern_ireland),
];

/// The rule of numbers that begin with these letters; Greece's own code is taken for the one it uses for VAT.
pub(super) fn rule_of(letters: &str) -> Option<&'static Rule> {
    let prefix = if letters == "GR" { "EL" } else { letters };
    RULES.iter().find(|rule| rule.prefix == prefix)
}

/// Whether a country is one of the 27 member states of the European Union: between them, who has a number is charged no tax but owes it at
/// home (Directive 2006/112/EC, articles 138 and 196). Northern Ireland, where that holds for goods, is no country here.
pub fn is_member_state(country: CountryCode) -> bool {
    RULES.iter().any(|rule| rule.prefix != "XI" && rule.country == country.as_str())
}

impl Rule {
    /// Whether `number`, without the letters of the state, is one of its numbers.
    pub(super) fn judge(&self, number: &[u8]) -> Result<(), VatNumberError> {
        let is_nothing = number.iter().filter(|c| c.is_ascii_digit()).all(|c| *c == b'0');
        if is_nothing || !self.forms.iter().any(|form| is_written(number, form.as_bytes())) {
            return Err(VatNumberError::Form);
        }
        if (self.check)(number) { Ok(()) } else { Err(VatNumberError::Digits) }
    }
}

fn is_written(number: &[u8], form: &[u8]) -> bool {
    number.len() == form.len() && number.iter().zip(form).all(|(c, kind)| is_of(*c, *kind))
}

fn is_of(c: u8, kind: u8) -> bool {
    match kind {
        b'd' => c.is_ascii_digit(),
        b'p' => matches!(c, b'1'..=b'9'),
        b'l' => c.is_ascii_uppercase(),
        b'k' => c.is_ascii_digit() || c.is_ascii_uppercase() && !matches!(c, b'I' | b'O'),
        b's' => c.is_ascii_uppercase() || matches!(c, b'+' | b'*'),
        itself => c == itself,
    }
}
