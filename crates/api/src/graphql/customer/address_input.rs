//! An address for a customer's book, as storefronts write it.

use crate::graphql::{cart::InputPath, codes::CountryCode};
use async_graphql::InputObject;
use stoa_domain::shared::{self, Address};

use super::{CustomerErrorCode, CustomerUserError};

/// A postal address. Each part has at most 255 characters.
#[derive(Clone, InputObject)]
pub struct MailingAddressInput {
    /// Street and number.
    pub address1: Option<String>,
    /// Flat, floor, building.
    pub address2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// The country, by its code or its English name.
    pub country: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The province, by its code.
    pub province: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
}

/// Hides where.
impl std::fmt::Debug for MailingAddressInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailingAddressInput(…)")
    }
}

impl MailingAddressInput {
    /// In the domain's words.
    ///
    /// # Errors
    /// There is no such country.
    pub fn into_address(self) -> Result<Address, CustomerUserError> {
        let country = match self.country.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(country(text).ok_or_else(|| {
                let path = InputPath::argument("address").field("country");
                CustomerUserError::new(CustomerErrorCode::Invalid, path, "There is no such country.")
            })?),
            None => None,
        };
        Ok(Address {
            first_name: self.first_name,
            last_name: self.last_name,
            company: self.company,
            address1: self.address1,
            address2: self.address2,
            city: self.city,
            province_code: self.province,
            zip: self.zip,
            country,
            phone: self.phone,
        })
    }
}

/// A country by its code or its English name, in any letter case.
fn country(text: &str) -> Option<shared::CountryCode> {
    let named = |code: &&CountryCode| {
        code.as_str().eq_ignore_ascii_case(text) || code.english().to_lowercase() == text.to_lowercase()
    };
    let code = CountryCode::EVERY.iter().find(named)?;
    shared::CountryCode::parse(code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_code_and_by_name() {
        let germany = shared::CountryCode::parse("DE");
        for text in ["DE", "de", "Germany", "germany"] {
            assert_eq!(country(text), germany, "{text}");
        }
        assert_eq!(country("Türkiye"), shared::CountryCode::parse("TR"));
        assert_eq!(country("Atlantis"), None);
    }
}
