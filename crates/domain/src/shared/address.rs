//! Postal addresses and country codes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 3166-1 alpha-2 country code in upper case, such as `DE`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Reads two upper-case letters. Which of them exist is the schema's enum's to say.
    pub fn parse(code: &str) -> Option<Self> {
        match code.as_bytes() {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Some(Self([*a, *b])),
            _ => None,
        }
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }
}

impl TryFrom<String> for CountryCode {
    type Error = &'static str;
    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::parse(&code).ok_or("not a country code")
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A postal address, each part as it was typed and trimmed; absent parts are `None`, never an empty text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Street and number.
    pub address1: Option<String>,
    /// Flat, floor, building.
    pub address2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// The country's subdivision, as its code (`CA`, `BY`).
    pub province_code: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
    /// Country.
    pub country: Option<CountryCode>,
    /// Telephone.
    pub phone: Option<String>,
}

/// Which part of an address cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A part that delivery needs is missing.
    #[error("{field} is required")]
    Required {
        /// The part, by its name in the API.
        field: &'static str,
    },
    /// A part is longer than [`Address::MAX_FIELD`] characters.
    #[error("{field} is too long")]
    TooLong {
        /// The part, by its name in the API.
        field: &'static str,
    },
    /// A part contains markup.
    #[error("{field} contains HTML tags")]
    HtmlTags {
        /// The part, by its name in the API.
        field: &'static str,
    },
}

impl Address {
    /// The longest a part may be, in characters (as in the Shopify Storefront API).
    pub const MAX_FIELD: usize = 255;

    /// Trims every part and makes empty ones absent; refuses overlong parts and markup.
    pub fn tidy(mut self) -> Result<Self, AddressError> {
        for (field, part) in self.parts_mut() {
            // Postgres keeps no NUL in a text.
            *part = part.take().map(|p| p.replace('\0', "").trim().to_owned()).filter(|p| !p.is_empty());
            let Some(text) = part.as_deref() else { continue };
            if text.chars().count() > Self::MAX_FIELD {
                return Err(AddressError::TooLong { field });
            }
            if text.contains('<') && text.contains('>') {
                return Err(AddressError::HtmlTags { field });
            }
        }
        Ok(self)
    }

    /// Whether a parcel could be sent there: a name, a street, a town and a country.
    pub fn deliverable(&self) -> Result<(), AddressError> {
        let required = [
            ("lastName", self.last_name.is_some()),
            ("address1", self.address1.is_some()),
            ("city", self.city.is_some()),
            ("countryCode", self.country.is_some()),
        ];
        match required.into_iter().find(|(_, present)| !present) {
            Some((field, _)) => Err(AddressError::Required { field }),
            None => Ok(()),
        }
    }

    /// First and last name in one.
    pub fn name(&self) -> Option<String> {
        let parts: Vec<&str> =
            [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// The lines of a label, without the person's name and company unless asked.
    pub fn formatted(&self, with_name: bool, with_company: bool) -> Vec<String> {
        let mut lines = Vec::with_capacity(6);
        lines.extend(self.name().filter(|_| with_name));
        lines.extend(self.company.clone().filter(|_| with_company));
        lines.extend(self.address1.clone());
        lines.extend(self.address2.clone());
        let town: Vec<&str> =
            [&self.zip, &self.city, &self.province_code].into_iter().flatten().map(String::as_str).collect();
        if !town.is_empty() {
            lines.push(town.join(" "));
        }
        lines.extend(self.country.map(|c| c.to_string()));
        lines
    }

    fn parts_mut(&mut self) -> [(&'static str, &mut Option<String>); 9] {
        [
            ("firstName", &mut self.first_name),
            ("lastName", &mut self.last_name),
            ("company", &mut self.company),
            ("address1", &mut self.address1),
            ("address2", &mut self.address2),
            ("city", &mut self.city),
            ("provinceCode", &mut self.province_code),
            ("zip", &mut self.zip),
            ("phone", &mut self.phone),
        ]
    }
}

/// Hides the person, so that an address cannot slip into a log through `{:?}`.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address(… {:?})", self.country)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Address {
        Address {
            first_name: Some(" Ada ".into()),
            last_name: Some("Lovelace".into()),
            address1: Some("12 St James's Square".into()),
            address2: Some("  ".into()),
            city: Some("London".into()),
            zip: Some("SW1Y 4JH".into()),
            country: CountryCode::parse("GB"),
            ..Address::default()
        }
    }

    #[test]
    fn tidying_trims_and_drops_what_is_empty() {
        let tidy = ada().tidy().unwrap();
        assert_eq!(tidy.name().as_deref(), Some("Ada Lovelace"));
        assert_eq!(tidy.address2, None);
        assert_eq!(
            tidy.formatted(true, true),
            ["Ada Lovelace", "12 St James's Square", "SW1Y 4JH London", "GB"]
        );
    }

    #[test]
    fn markup_and_endless_text_are_refused_by_name() {
        let long = Address { city: Some("x".repeat(256)), ..ada() };
        assert_eq!(long.tidy(), Err(AddressError::TooLong { field: "city" }));
        let html = Address { company: Some("<b>Co</b>".into()), ..ada() };
        assert_eq!(html.tidy(), Err(AddressError::HtmlTags { field: "company" }));
    }

    #[test]
    fn a_parcel_needs_a_street() {
        assert_eq!(ada().deliverable(), Ok(()));
        let nowhere = Address { address1: None, ..ada() };
        assert_eq!(nowhere.deliverable(), Err(AddressError::Required { field: "address1" }));
    }

    #[test]
    fn a_person_does_not_reach_a_log() {
        assert_eq!(format!("{:?}", ada()), "Address(… Some(GB))");
    }
}
