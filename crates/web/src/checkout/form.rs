//! The checkout's form: what was typed, and what is wrong with it, field by field.

use crate::{countries, forms::FieldErrors};
use minijinja::Value;
use serde::Deserialize;
use std::collections::BTreeMap;
use stoa_domain::{
    cart::Cart,
    customer::{Customer, CustomerName},
    shared::{Address, CountryCode, Currency, DeliveryGroupId, EmailAddress, Money},
};
use stoa_services::Settings;

/// The fields that an address is typed into, but for its country, which is never empty.
const ADDRESS: [&str; 8] =
    ["first_name", "last_name", "company", "address1", "address2", "city", "province", "zip"];

/// The way of delivering that was chosen for what goes to the selected address.
fn chosen_delivery(cart: &Cart) -> &str {
    let group = cart.selected_address().map_or(DeliveryGroupId::NIL, |to| DeliveryGroupId::new(to.id.uuid()));
    cart.selection(group).map_or("", |chosen| chosen.option.as_str())
}

/// Everything the form sends, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct CheckoutForm {
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) company: String,
    pub(super) address1: String,
    pub(super) address2: String,
    pub(super) city: String,
    pub(super) province: String,
    pub(super) zip: String,
    pub(super) country: String,
    pub(super) delivery: String,
    /// What else was sent: how the further groups are delivered, as `delivery_2`, `delivery_3` and so on.
    #[serde(flatten)]
    pub(super) others: BTreeMap<String, String>,
    /// What the page said the order costs, as `12.50 USD`.
    pub(super) expected_total: String,
    /// Made when the form was, so that sending it twice places one order.
    pub(super) idempotency_key: String,
}

impl CheckoutForm {
    /// What the cart knows already.
    pub(super) fn of_cart(cart: &Cart, settings: &Settings) -> Self {
        let address = cart.selected_address().map(|a| a.address.clone()).unwrap_or_default();
        let text = |part: Option<String>| part.unwrap_or_default();
        let country = address.country.or(cart.buyer.country).unwrap_or(settings.country);
        Self {
            email: cart.buyer.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            phone: text(cart.buyer.phone.clone().or(address.phone)),
            first_name: text(address.first_name),
            last_name: text(address.last_name),
            company: text(address.company),
            address1: text(address.address1),
            address2: text(address.address2),
            city: text(address.city),
            province: text(address.province_code),
            zip: text(address.zip),
            country: country.to_string(),
            delivery: chosen_delivery(cart).to_owned(),
            ..Self::default()
        }
    }

    /// What the account knows, where the cart does not say it. `address` is the one that the account has by default.
    pub(super) fn or_of(mut self, account: &Customer, address: Option<&Address>) -> Self {
        if self.email.is_empty() {
            self.email = account.email.to_string();
        }
        if self.phone.is_empty() {
            self.phone = account.phone.clone().unwrap_or_default();
        }
        // One address is not put together of two.
        let said =
            self.fields().into_iter().any(|(name, typed)| ADDRESS.contains(&name) && !typed.is_empty());
        if said {
            return self;
        }
        let name = |name: &Option<CustomerName>| name.as_ref().map(ToString::to_string).unwrap_or_default();
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        let Some(address) = address else {
            return Self {
                first_name: name(&account.first_name),
                last_name: name(&account.last_name),
                ..self
            };
        };
        Self {
            first_name: text(&address.first_name),
            last_name: text(&address.last_name),
            company: text(&address.company),
            address1: text(&address.address1),
            address2: text(&address.address2),
            city: text(&address.city),
            province: text(&address.province_code),
            zip: text(&address.zip),
            country: address.country.map_or(self.country, |country| country.to_string()),
            ..self
        }
    }

    /// The address, as typed.
    pub(super) fn address(&self) -> Address {
        let text = |part: &String| Some(part.clone());
        Address {
            first_name: text(&self.first_name),
            last_name: text(&self.last_name),
            company: text(&self.company),
            address1: text(&self.address1),
            address2: text(&self.address2),
            city: text(&self.city),
            province_code: text(&self.province),
            zip: text(&self.zip),
            country: CountryCode::parse(&self.country),
            phone: text(&self.phone),
        }
    }

    /// How a group is to be delivered, by its place among the cart's groups; empty where nothing is said of it.
    pub(super) fn delivery_of(&self, group: usize) -> &str {
        match group {
            0 => &self.delivery,
            further => self.others.get(&delivery_field(further)).map_or("", String::as_str),
        }
    }

    /// The total that the page showed.
    pub(super) fn expected(&self) -> Option<Money> {
        let (decimal, code) = self.expected_total.split_once(' ')?;
        Money::parse(decimal, Currency::parse(code).ok()?).ok()
    }

    /// Everything that can be seen to be wrong without asking anybody. `ships` says whether an address is needed.
    pub(super) fn check(&self, ships: bool, settings: &Settings) -> FieldErrors {
        let mut errors = FieldErrors::default();
        match self.email.trim() {
            "" => errors.add("email", "Please give an e-mail address: we send the confirmation there."),
            email if EmailAddress::parse(email).is_err() => {
                errors.add("email", "This is no e-mail address. One looks like ada@example.org.");
            }
            _ => {}
        }
        if !ships {
            return errors;
        }
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
        match CountryCode::parse(&self.country)
            .filter(|code| countries::all().any(|(known, _)| known == *code))
        {
            None => errors.add("country", "Please choose a country."),
            Some(country) if !settings.delivers_to(country) => errors.add("country", COUNTRY_NOT_SERVED),
            Some(_) => {}
        }
        if let Err(error) = self.address().tidy() {
            errors.add_address(error);
        }
        errors
    }

    /// For a template: `{ field: { value, error } }` for every field.
    pub(super) fn values(&self, errors: &FieldErrors) -> Value {
        let fields = self.fields().map(|(name, value)| (name, errors.field(name, value)));
        fields.into_iter().collect::<BTreeMap<&str, Value>>().into()
    }

    /// What is wrong, for the summary at the top of the page: in the form's order.
    pub(super) fn summary(&self, errors: &FieldErrors) -> Vec<Value> {
        errors.summary(self.fields().map(|(name, _)| name))
    }

    fn fields(&self) -> [(&'static str, &str); 12] {
        [
            ("email", &self.email),
            ("phone", &self.phone),
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("company", &self.company),
            ("address1", &self.address1),
            ("address2", &self.address2),
            ("city", &self.city),
            ("province", &self.province),
            ("zip", &self.zip),
            ("country", &self.country),
            ("delivery", &self.delivery),
        ]
    }
}

/// The field in which a group's way of delivering is chosen.
pub(super) fn delivery_field(group: usize) -> String {
    match group {
        0 => "delivery".to_owned(),
        further => format!("delivery_{}", further + 1),
    }
}

/// What is said beside the country when the shop does not deliver there.
pub(super) const COUNTRY_NOT_SERVED: &str = "We do not deliver there. Please choose another country.";

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
