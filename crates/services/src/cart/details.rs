//! Note and attributes, and what is said of who buys.

use super::{
    TooManyUnits,
    edit::{CartError, Edited, MerchandiseRefusal, Touched, edit},
};
use crate::{Context, account::Caller, pricing::ShopRules};
use std::sync::Arc;
use stoa_domain::{
    cart::{Attribute, Cart, cart_limits as limits},
    pricing,
    shared::{CartId, CountryCode, EmailAddress, Fault, VariantId},
};

/// Why details are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetailsRefusal {
    /// The note is longer than [`limits::NOTE`] characters.
    NoteTooLong,
    /// Attributes are too many, too long, or repeat a key.
    BadAttributes,
    /// Not an e-mail address.
    BadEmail,
    /// Longer than a telephone number can be, or empty.
    BadPhone,
    /// Longer than a tax number can be.
    BadTaxNumber,
    /// The cart has gift cards, which are worth nothing in the currency of that country.
    GiftCardsOfCurrency,
}

impl MerchandiseRefusal for DetailsRefusal {
    // Details touch no lines, so nothing is ever asked whether it is for sale, or counted.
    fn not_for_sale(_: VariantId) -> Self {
        Self::BadAttributes
    }

    fn too_many_units(_: TooManyUnits) -> Self {
        Self::BadAttributes
    }
}

/// What to change of who buys; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityChange {
    /// E-mail address, as typed; empty takes it away.
    pub email: Option<String>,
    /// Telephone, as typed; empty takes it away.
    pub phone: Option<String>,
    /// Country.
    pub country: Option<CountryCode>,
    /// Tax number, as typed; empty takes it away.
    pub tax_number: Option<String>,
}

/// Changes what is said about a cart.
pub struct CartDetails(pub(crate) Arc<Context>);

impl CartDetails {
    /// Replaces the note; an empty one takes it away.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn set_note(
        &self,
        by: &Caller,
        cart: CartId,
        note: &str,
    ) -> Result<Edited, CartError<DetailsRefusal>> {
        edit(&self.0, by, cart, |cart| set_note(cart, note)).await
    }

    /// Replaces the attributes.
    ///
    /// # Errors
    /// No such cart, a refusal, or a fault. Nothing has changed then.
    pub async fn set_attributes(
        &self,
        by: &Caller,
        cart: CartId,
        attributes: &[Attribute],
    ) -> Result<Edited, CartError<DetailsRefusal>> {
        edit(&self.0, by, cart, |cart| set_attributes(cart, attributes)).await
    }
}

pub(super) fn set_note(cart: &mut Cart, note: &str) -> Result<Touched, DetailsRefusal> {
    if note.chars().count() > limits::NOTE {
        return Err(DetailsRefusal::NoteTooLong);
    }
    // Postgres keeps no NUL in a text, and nobody means one.
    cart.note = Some(note.replace('\0', "")).filter(|n| !n.is_empty());
    Ok(Touched::NOTHING)
}

pub(super) fn set_attributes(cart: &mut Cart, attributes: &[Attribute]) -> Result<Touched, DetailsRefusal> {
    let long = |s: &str| s.chars().count() > limits::ATTRIBUTE_TEXT || s.contains('\0');
    let mut keys: Vec<&str> = attributes.iter().map(|a| a.key.as_str()).collect();
    keys.sort_unstable();
    let repeated = keys.windows(2).any(|pair| pair[0] == pair[1]);
    let too_long = attributes.iter().any(|a| a.key.is_empty() || long(&a.key) || long(&a.value));
    if repeated || too_long || attributes.len() > limits::ATTRIBUTES {
        return Err(DetailsRefusal::BadAttributes);
    }
    let before = std::mem::replace(&mut cart.attributes, attributes.to_vec());
    if cart.text() > limits::TEXT {
        cart.attributes = before;
        return Err(DetailsRefusal::BadAttributes);
    }
    Ok(Touched::NOTHING)
}

pub(super) fn set_identity(cart: &mut Cart, change: &IdentityChange) -> Result<Touched, DetailsRefusal> {
    if let Some(email) = &change.email {
        cart.buyer.email = match email.trim() {
            "" => None,
            text => Some(EmailAddress::parse(text).map_err(|_| DetailsRefusal::BadEmail)?),
        };
    }
    if let Some(phone) = &change.phone {
        let phone = phone.trim();
        // E.164 numbers have at most 15 digits; people write them with spaces, dashes and brackets.
        let plausible =
            phone.len() <= 40 && phone.chars().all(|c| c.is_ascii_digit() || "+ -().x/".contains(c));
        if !plausible {
            return Err(DetailsRefusal::BadPhone);
        }
        cart.buyer.phone = Some(phone.to_owned()).filter(|p| !p.is_empty());
    }
    if let Some(number) = &change.tax_number {
        let number = number.trim();
        if number.chars().count() > limits::TAX_NUMBER || number.contains('\0') {
            return Err(DetailsRefusal::BadTaxNumber);
        }
        cart.buyer.tax_number = Some(number.to_owned()).filter(|number| !number.is_empty());
    }
    if let Some(country) = change.country {
        cart.buyer.country = Some(country);
    }
    Ok(Touched::NOTHING)
}

/// The same, unless the country has another currency and the cart has gift cards, which nobody could pay with there. `rules` are needed where a
/// country is named; without them nothing is looked at.
pub(super) fn set_buyer(
    cart: &mut Cart,
    change: &IdentityChange,
    rules: Option<&ShopRules>,
) -> Result<Touched, DetailsRefusal> {
    let country = cart.buyer.country;
    let currency = |country| rules.map(|rules| pricing::Context::of(&rules.rules, country).currency);
    let touched = set_identity(cart, change)?;
    if !cart.gift_cards.is_empty() && currency(cart.buyer.country) != currency(country) {
        cart.buyer.country = country;
        return Err(DetailsRefusal::GiftCardsOfCurrency);
    }
    Ok(touched)
}

/// The rules that a change is judged by, where it names a country.
pub(super) async fn rules_of(
    ctx: &Context,
    change: &IdentityChange,
) -> Result<Option<Arc<ShopRules>>, Fault> {
    match change.country {
        Some(_) => ctx.shown_rules().await.map(Some),
        None => Ok(None),
    }
}
