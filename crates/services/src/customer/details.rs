//! Names and telephone, as somebody types them.

use serde::{Deserialize, Serialize};
use stoa_domain::{
    customer::{Customer, CustomerName, NameRefusal},
    shared::Locale,
};

/// Which of the details cannot be taken, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsRefusal {
    /// The given name.
    #[error("the first name: {0}")]
    FirstName(NameRefusal),
    /// The family name.
    #[error("the last name: {0}")]
    LastName(NameRefusal),
    /// It is no telephone number.
    #[error("no telephone number")]
    Phone,
}

/// What to say of oneself; `None` leaves it as it is, an empty text takes it away.
#[derive(Clone, Default)]
pub struct GivenDetails {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The language to be written to in.
    pub locale: Option<Locale>,
}

/// Hides the person.
impl std::fmt::Debug for GivenDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GivenDetails(…)")
    }
}

/// Details that can be taken: `None` leaves one as it is, `Some("")` takes it away.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Details {
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    pub(crate) locale: Option<Locale>,
}

impl Details {
    pub(crate) fn parse(given: &GivenDetails) -> Result<Self, DetailsRefusal> {
        let name = |text: &Option<String>, refusal: fn(NameRefusal) -> DetailsRefusal| {
            let parse = |text: &String| match CustomerName::parse(text) {
                Ok(name) => Ok(name.map_or_else(String::new, |name| name.as_str().to_owned())),
                Err(why) => Err(refusal(why)),
            };
            text.as_ref().map(parse).transpose()
        };
        Ok(Self {
            first_name: name(&given.first_name, DetailsRefusal::FirstName)?,
            last_name: name(&given.last_name, DetailsRefusal::LastName)?,
            phone: given.phone.as_deref().map(phone).transpose()?,
            locale: given.locale,
        })
    }

    /// The customer with these details.
    pub(crate) fn of(self, customer: &Customer) -> Customer {
        let mut after = customer.clone();
        let name = |text: String| Some(text).filter(|t| !t.is_empty()).map(CustomerName::stored);
        if let Some(first_name) = self.first_name {
            after.first_name = name(first_name);
        }
        if let Some(last_name) = self.last_name {
            after.last_name = name(last_name);
        }
        if let Some(phone) = self.phone {
            after.phone = Some(phone).filter(|p| !p.is_empty());
        }
        after.locale = self.locale.or(after.locale);
        after
    }

    /// What is said of a person, for the one who weighs their password.
    pub(super) fn words(&self) -> Vec<String> {
        [&self.first_name, &self.last_name].into_iter().flatten().cloned().collect()
    }
}

/// As carts take them: E.164 numbers have at most 15 digits; people write them with spaces, dashes and brackets.
fn phone(text: &str) -> Result<String, DetailsRefusal> {
    let phone = text.trim();
    let plausible = phone.len() <= 40 && phone.chars().all(|c| c.is_ascii_digit() || "+ -().x/".contains(c));
    if plausible { Ok(phone.to_owned()) } else { Err(DetailsRefusal::Phone) }
}
