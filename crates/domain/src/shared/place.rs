//! Where something is, as far as taxes and carriers ask.

use super::{Address, CountryCode, subdivision};

/// An address without what tells people and houses apart.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Country.
    pub country: CountryCode,
    /// The country's subdivision, as its code (`CA`, `BY`); one that the country does not have as it was typed, in upper case.
    pub province: Option<Box<str>>,
    /// Postal code, as it was typed.
    pub zip: Option<Box<str>>,
    /// Town.
    pub city: Option<Box<str>>,
}

impl Place {
    /// A country, nothing nearer being known.
    pub const fn somewhere_in(country: CountryCode) -> Self {
        Self { country, province: None, zip: None, city: None }
    }

    /// Where an address is; `None` for one without a country.
    pub fn of(address: &Address) -> Option<Self> {
        let part = |text: &Option<String>| text.as_deref().map(Box::from);
        let country = address.country?;
        let province = address.province_code.as_deref().map(|text| Self::province_of(country, text));
        Some(Self { country, province, zip: part(&address.zip), city: part(&address.city) })
    }

    /// A subdivision as rules are compared with it, however it was typed.
    pub fn province_of(country: CountryCode, text: &str) -> Box<str> {
        subdivision(country, text).map_or_else(|| text.trim().to_uppercase().into(), Box::from)
    }
}

/// Hides the town: a postal code can be one house.
impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place(… {} {:?})", self.country, self.province)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_province_is_the_same_however_it_is_typed() {
        let country = CountryCode::parse("US");
        let typed = |text: &str| Address { province_code: Some(text.into()), country, ..Address::default() };
        for text in ["NY", "ny", "US-NY", "New York"] {
            assert_eq!(Place::of(&typed(text)).unwrap().province.as_deref(), Some("NY"), "{text}");
        }
        assert_eq!(Place::of(&typed("somewhere")).unwrap().province.as_deref(), Some("SOMEWHERE"));
    }

    #[test]
    fn a_place_keeps_no_street_and_no_name() {
        let address = Address {
            last_name: Some("Lovelace".into()),
            address1: Some("12 St James's Square".into()),
            city: Some("London".into()),
            zip: Some("SW1Y 4JH".into()),
            country: CountryCode::parse("GB"),
            ..Address::default()
        };
        let place = Place::of(&address).unwrap();
        assert_eq!((place.zip.as_deref(), place.city.as_deref()), (Some("SW1Y 4JH"), Some("London")));
        assert_eq!(format!("{place:?}"), "Place(… GB None)");
        assert_eq!(Place::of(&Address::default()), None, "taxes and carriers go by country first");
    }
}
