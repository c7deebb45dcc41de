//! Parts of countries as staff write them down, the same for taxes and for delivery.

use super::{InputPlace, InputRefusal, Unfit, place::refuse};
use stoa_domain::{
    shared::{CountryCode, Place},
    tax::PostalRange,
};

/// Characters of a province's code, and of a postal code.
pub(super) const CODE: usize = 32;

/// A province as addresses are compared with it: its code by ISO 3166-2 without the country. One that the country does not have stays as it is
/// written, in upper case.
///
/// # Errors
/// It is blank, or too long, or nothing that somebody types.
pub(super) fn province(
    country: Option<CountryCode>,
    code: &str,
    at: &InputPlace,
) -> Result<Box<str>, InputRefusal> {
    let code = short(code, at)?;
    refuse(code.is_empty(), || at.clone(), Unfit::Blank)?;
    Ok(country.map_or_else(|| code.to_uppercase().into(), |country| Place::province_of(country, code)))
}

/// Postal codes from one to another.
///
/// # Errors
/// One is blank, too long or nothing that somebody types, or the second comes before the first.
pub(super) fn range((from, to): &(String, String), at: &InputPlace) -> Result<PostalRange, InputRefusal> {
    for (end, field) in [(from, "from"), (to, "to")] {
        let blank = short(end, &at.then(field))?.chars().all(|c| c == '-' || c.is_whitespace());
        refuse(blank, || at.then(field), Unfit::Blank)?;
    }
    PostalRange::parse(from, to).ok_or_else(|| InputRefusal::new(at.then("to"), Unfit::RangeReversed))
}

fn short<'a>(text: &'a str, at: &InputPlace) -> Result<&'a str, InputRefusal> {
    let text = text.trim();
    refuse(text.chars().count() > CODE, || at.clone(), Unfit::TooLong { max: CODE })?;
    let odd = text.chars().any(char::is_control);
    refuse(odd, || at.clone(), Unfit::Unlike("a code has letters, digits, spaces and dashes"))?;
    Ok(text)
}
