//! The form of a postal address.

use super::FieldErrors;
use crate::countries;
use serde::Deserialize;
use stoa_domain::shared::{Address, CountryCode};

/// An address, as typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct AddressForm {
    first_name: String,
    last_name: String,
    company: String,
    address1: String,
    address2: String,
    city: String,
    province: String,
    zip: String,
    country: String,
    phone: String,
}

impl AddressForm {
    /// An empty one, for somebody who is taken to live there.
    pub(crate) fn empty(country: CountryCode) -> Self {
        Self { country: country.to_string(), ..Self::default() }
    }

    /// An address that is known.
    pub(crate) fn of(address: &Address, country: CountryCode) -> Self {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        Self {
            first_name: text(&address.first_name),
            last_name: text(&address.last_name),
            company: text(&address.company),
            address1: text(&address.address1),
            address2: text(&address.address2),
            city: text(&address.city),
            province: text(&address.province_code),
            zip: text(&address.zip),
            country: address.country.unwrap_or(country).to_string(),
            phone: text(&address.phone),
        }
    }

    /// The country's code, as chosen.
    pub(crate) fn country(&self) -> &str {
        &self.country
    }

    /// The address that was typed.
    ///
    /// # Errors
    /// All that is wrong with it: nothing could be sent there, or a part cannot be taken.
    pub(crate) fn check(&self) -> Result<Address, FieldErrors> {
        let text = |part: &String| Some(part.clone());
        let known = |code: &CountryCode| countries::all().any(|(country, _)| country == *code);
        let typed = Address {
            first_name: text(&self.first_name),
            last_name: text(&self.last_name),
            company: text(&self.company),
            address1: text(&self.address1),
            address2: text(&self.address2),
            city: text(&self.city),
            province_code: text(&self.province),
            zip: text(&self.zip),
            country: CountryCode::parse(&self.country).filter(known),
            phone: text(&self.phone),
        };
        let mut errors = FieldErrors::default();
        let required = [
            ("last_name", &self.last_name, "Please give a last name."),
            ("address1", &self.address1, "Please give street and number."),
            ("city", &self.city, "Please give a city."),
        ];
        for (field, typed, text) in required {
            if typed.trim().is_empty() {
                errors.add(field, text);
            }
        }
        if typed.country.is_none() {
            errors.add("country", "Please choose a country.");
        }
        match typed.tidy() {
            Ok(address) if errors.is_empty() => Ok(address),
            Ok(_) => Err(errors),
            Err(error) => {
                errors.add_address(error);
                Err(errors)
            }
        }
    }

    /// Names of its fields and what was typed, in the form's order.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 10] {
        [
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("company", &self.company),
            ("address1", &self.address1),
            ("address2", &self.address2),
            ("zip", &self.zip),
            ("city", &self.city),
            ("province", &self.province),
            ("country", &self.country),
            ("phone", &self.phone),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn germany() -> CountryCode {
        CountryCode::parse("DE").unwrap()
    }

    #[test]
    fn what_is_known_is_typed_and_read_back() {
        let address = Address {
            last_name: Some("Lovelace".into()),
            address1: Some("12 St James’s Square".into()),
            city: Some("London".into()),
            country: CountryCode::parse("GB"),
            ..Address::default()
        };
        let form = AddressForm::of(&address, germany());
        assert_eq!(form.country(), "GB");
        assert_eq!(form.check(), Ok(address));
    }

    #[test]
    fn everything_that_is_missing_is_said_at_once() {
        let wrong = |form: &AddressForm| form.check().unwrap_err().fields();
        assert_eq!(wrong(&AddressForm::default()), ["address1", "city", "country", "last_name"]);
        let empty = AddressForm::empty(germany());
        assert_eq!(wrong(&empty), ["address1", "city", "last_name"]);
        let nowhere = AddressForm { country: "ZZ".into(), company: "<b>Ltd</b>".into(), ..empty };
        assert_eq!(wrong(&nowhere), ["address1", "city", "company", "country", "last_name"]);
    }
}
