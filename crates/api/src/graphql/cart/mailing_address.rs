//! Postal addresses as storefronts read them.

use crate::graphql::{codes::CountryCode, scalars::gid};
use async_graphql::{ID, Object};
use stoa_domain::shared::Address;
use uuid::Uuid;

/// A postal address.
#[derive(Clone, Debug)]
pub struct MailingAddress {
    id: Uuid,
    address: Address,
}

impl MailingAddress {
    /// The type's name in a global id.
    pub const TYPE: &'static str = "MailingAddress";

    /// An address with the id of what it was written on.
    pub const fn new(id: Uuid, address: Address) -> Self {
        Self { id, address }
    }
}

/// A postal address.
#[Object]
impl MailingAddress {
    /// Street and number.
    fn address1(&self) -> Option<&str> {
        self.address.address1.as_deref()
    }

    /// Flat, floor, building.
    fn address2(&self) -> Option<&str> {
        self.address.address2.as_deref()
    }

    /// Town.
    fn city(&self) -> Option<&str> {
        self.address.city.as_deref()
    }

    /// Company.
    fn company(&self) -> Option<&str> {
        self.address.company.as_deref()
    }

    /// The country's English name.
    fn country(&self) -> Option<&str> {
        country(&self.address).map(CountryCode::english)
    }

    /// The country's code.
    #[graphql(name = "countryCodeV2")]
    fn country_code_v2(&self) -> Option<CountryCode> {
        country(&self.address)
    }

    /// Given name.
    fn first_name(&self) -> Option<&str> {
        self.address.first_name.as_deref()
    }

    /// The address as lines of a label.
    fn formatted(
        &self,
        #[graphql(desc = "Whether the company is among the lines.", default_with = "Some(true)")]
        with_company: Option<bool>,
        #[graphql(desc = "Whether the person's name is among the lines.", default_with = "Some(false)")]
        with_name: Option<bool>,
    ) -> Vec<String> {
        formatted(&self.address, with_name.unwrap_or(false), with_company.unwrap_or(true))
    }

    /// Town, province and country in one line.
    fn formatted_area(&self) -> Option<String> {
        formatted_area(&self.address)
    }

    /// The address's global id.
    fn id(&self) -> ID {
        ID(gid::text(Self::TYPE, self.id))
    }

    /// Family name.
    fn last_name(&self) -> Option<&str> {
        self.address.last_name.as_deref()
    }

    /// Always null: addresses are not looked up on a map.
    fn latitude(&self) -> Option<f64> {
        None
    }

    /// Always null: addresses are not looked up on a map.
    fn longitude(&self) -> Option<f64> {
        None
    }

    /// Given and family name.
    fn name(&self) -> Option<String> {
        self.address.name()
    }

    /// Telephone.
    fn phone(&self) -> Option<&str> {
        self.address.phone.as_deref()
    }

    /// The province, as its code: carts take no other name of it.
    fn province(&self) -> Option<&str> {
        self.address.province_code.as_deref()
    }

    /// The province's code.
    fn province_code(&self) -> Option<&str> {
        self.address.province_code.as_deref()
    }

    /// Postal code.
    fn zip(&self) -> Option<&str> {
        self.address.zip.as_deref()
    }
}

/// The country of an address in the schema's words.
pub(super) fn country(address: &Address) -> Option<CountryCode> {
    address.country.map(Into::into)
}

/// The lines of a label, the country by its English name.
pub(super) fn formatted(address: &Address, with_name: bool, with_company: bool) -> Vec<String> {
    let mut lines = address.formatted(with_name, with_company);
    if let (Some(last), Some(country)) = (lines.last_mut(), country(address)) {
        country.english().clone_into(last);
    }
    lines
}

/// Town, province and country in one line; nothing for an address without any.
pub(super) fn formatted_area(address: &Address) -> Option<String> {
    let country = country(address).map(CountryCode::english);
    let parts: Vec<&str> =
        [address.city.as_deref(), address.province_code.as_deref(), country].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address {
            last_name: Some("Lovelace".into()),
            company: Some("Engines Ltd".into()),
            address1: Some("12 St James's Square".into()),
            city: Some("London".into()),
            zip: Some("SW1Y 4JH".into()),
            country: stoa_domain::shared::CountryCode::parse("GB"),
            ..Address::default()
        }
    }

    #[test]
    fn a_label_names_the_country() {
        let label = formatted(&address(), false, true);
        assert_eq!(label, ["Engines Ltd", "12 St James's Square", "SW1Y 4JH London", "United Kingdom"]);
        let nowhere = Address { country: None, ..address() };
        assert_eq!(formatted(&nowhere, false, false), ["12 St James's Square", "SW1Y 4JH London"]);
    }

    #[test]
    fn an_area_is_what_is_known_of_it() {
        assert_eq!(formatted_area(&address()).as_deref(), Some("London, United Kingdom"));
        assert_eq!(formatted_area(&Address::default()), None);
    }
}
