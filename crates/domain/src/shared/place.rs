//! Where something is, as far as taxes and carriers ask.

use super::{Address, CountryCode};

/// An address without what tells people and houses apart.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// Country.
    pub country: CountryCode,
    /// The country's subdivision, as its code (`CA`, `BY`).
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
        Some(Self {
            country: address.country?,
            province: part(&address.province_code),
            zip: part(&address.zip),
            city: part(&address.city),
        })
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
