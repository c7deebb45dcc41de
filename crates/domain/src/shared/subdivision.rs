//! The subdivisions of countries, by ISO 3166-2: states, provinces, regions.

use super::CountryCode;
use rust_iso3166::iso3166_2::{SUBDIVISION_COUNTRY_MAP, Subdivision};

/// The code of a country's subdivision without the country, such as `NY`: from its code in any letter case, with the country or without (`ny`, `US-NY`), or
/// from its name as ISO writes it (`New York`). `None`: the country has no such one.
pub fn subdivision(country: CountryCode, text: &str) -> Option<&'static str> {
    let all = SUBDIVISION_COUNTRY_MAP.get(country.as_str())?;
    let text = text.trim();
    let has_code =
        |of: &&Subdivision| of.code.eq_ignore_ascii_case(text) || own(of).eq_ignore_ascii_case(text);
    let name = text.to_lowercase();
    let found = all.iter().find(has_code).or_else(|| all.iter().find(|of| of.name.to_lowercase() == name));
    found.map(own)
}

/// What of the code is behind the country.
fn own(of: &Subdivision) -> &'static str {
    of.code.split_once('-').map_or(of.code, |(_, own)| own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subdivision_is_known_by_its_code_and_by_its_name() {
        let of = |country, text| subdivision(CountryCode::parse(country).unwrap(), text);
        for text in ["NY", "ny", "US-NY", "us-ny", " New York ", "NEW YORK"] {
            assert_eq!(of("US", text), Some("NY"), "{text}");
        }
        assert_eq!((of("CA", "BC"), of("CA", "British Columbia")), (Some("BC"), Some("BC")));
        assert_eq!((of("JP", "JP-13"), of("DE", "by")), (Some("13"), Some("BY")));
        for (country, text) in [("US", "BC"), ("US", "CA-BC"), ("US", ""), ("US", "Y"), ("ZZ", "NY")] {
            assert_eq!(of(country, text), None, "{country} {text}");
        }
    }
}
