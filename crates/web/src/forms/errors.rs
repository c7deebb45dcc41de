//! What is wrong with a form, field by field.

use minijinja::{Value, context};
use std::collections::BTreeMap;
use stoa_domain::shared::{Address, AddressError};

/// What is wrong, by the form's names of its fields; at most one thing each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldErrors(BTreeMap<&'static str, String>);

impl FieldErrors {
    /// One thing that is wrong.
    pub(crate) fn beside(field: &'static str, text: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, text);
        errors
    }

    /// Adds one; the first a field gets is the one that is shown.
    pub(crate) fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| text.into());
    }

    /// Adds what the address type says.
    pub(crate) fn add_address(&mut self, error: AddressError) {
        let (part, text) = match error {
            AddressError::Required { field } => (field, "Please fill this in.".to_owned()),
            AddressError::TooLong { field } => {
                (field, format!("At most {} characters, please.", Address::MAX_FIELD))
            }
            AddressError::HtmlTags { field } => (field, "Please leave out < and >.".to_owned()),
        };
        self.add(form_name(part), text);
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A field for a template: `{ value, error }`.
    pub(crate) fn field(&self, name: &str, value: &str) -> Value {
        context! { value => value, error => self.0.get(name) }
    }

    /// For the summary at the top of a page: field and text of what is wrong, in the order of the form's fields.
    pub(crate) fn summary(&self, fields: impl IntoIterator<Item = &'static str>) -> Vec<Value> {
        let known = fields.into_iter().filter_map(|field| Some((field, self.0.get(field)?)));
        known.map(|(field, text)| context! { field, text }).collect()
    }

    /// The fields with which something is wrong.
    #[cfg(test)]
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }
}

/// The form's name of a part of an address, from its name in the API.
pub(crate) fn form_name(part: &str) -> &'static str {
    match part {
        "firstName" => "first_name",
        "lastName" => "last_name",
        "company" => "company",
        "address2" => "address2",
        "city" => "city",
        "provinceCode" => "province",
        "zip" => "zip",
        "countryCode" => "country",
        "phone" => "phone",
        // A part that does not exist yet is complained about beside the street.
        _ => "address1",
    }
}
