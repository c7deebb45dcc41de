//! From a refusal to what a buyer can do about it. The matches have no `_` arm: a new refusal does not compile until
//! somebody decides what the buyer sees.

use super::{form::COUNTRY_NOT_SERVED, page::Alert};
use crate::{
    forms::{FieldErrors, form_name},
    price::amount,
};
use http::StatusCode;
use stoa_domain::checkout::PlaceOrderRefusal;
use stoa_services::cart::{AddressRefusal, CartError, DetailsRefusal, IdentityRefusal};

/// What follows from a refusal to place the order.
pub(super) enum Consequence {
    /// There is no such cart (any more).
    Gone,
    /// There is nothing in it.
    Empty,
    /// The form is shown again.
    Again {
        /// With this status.
        status: StatusCode,
        /// Beside the fields.
        errors: FieldErrors,
        /// Above the form.
        alert: Alert,
    },
}

impl Consequence {
    fn beside(field: &'static str, text: &str) -> Self {
        let errors = FieldErrors::beside(field, text);
        Self::Again { status: StatusCode::UNPROCESSABLE_ENTITY, errors, alert: Alert::default() }
    }

    fn above(text: impl Into<String>, mend_in_cart: bool) -> Self {
        let alert = Alert { text: Some(text.into()), mend_in_cart };
        Self::Again { status: StatusCode::CONFLICT, errors: FieldErrors::default(), alert }
    }
}

/// What a buyer sees.
pub(super) fn consequence(refusal: &PlaceOrderRefusal) -> Consequence {
    use Consequence as Then;
    match refusal {
        PlaceOrderRefusal::CartNotFound | PlaceOrderRefusal::AlreadyOrdered => Then::Gone,
        PlaceOrderRefusal::Empty => Then::Empty,
        PlaceOrderRefusal::InProgress => Then::above(
            "An order is being placed from this cart at this moment. Please wait a little and press the button again.",
            false,
        ),
        PlaceOrderRefusal::KeyReused | PlaceOrderRefusal::BadKey => {
            Then::above("Please look through your order once more and press the button again.", false)
        }
        PlaceOrderRefusal::EmailMissing => Then::beside("email", "Please give an e-mail address."),
        PlaceOrderRefusal::AddressMissing => Then::beside("address1", "Please say where to deliver."),
        PlaceOrderRefusal::AddressIncomplete(part) => Then::beside(form_name(part), "Please fill this in."),
        PlaceOrderRefusal::DeliveryMissing => Then::beside("delivery", "Please choose how to deliver."),
        PlaceOrderRefusal::NotForSale(_) => Then::above(
            "Something in your cart is no longer offered. Please take it out, then come back.",
            true,
        ),
        PlaceOrderRefusal::NotEnoughStock { available: 0, .. } => {
            Then::above("Something in your cart has just sold out. Please take it out, then come back.", true)
        }
        PlaceOrderRefusal::NotEnoughStock { available, .. } => Then::above(
            format!(
                "Of something in your cart only {available} can be had now. Please take less, then come back."
            ),
            true,
        ),
        PlaceOrderRefusal::TooMuchUnpaid => Then::above(
            "From your network so much has been ordered and not paid that we cannot put more aside. Please take less, or come back \
             later.",
            true,
        ),
        PlaceOrderRefusal::TotalChanged { actual } => Then::above(
            format!(
                "The total has changed to {} since you were shown it. Nothing has been ordered. If you agree, press \
                 the button again.",
                amount(*actual)
            ),
            false,
        ),
        PlaceOrderRefusal::ChargeChanged { actual } | PlaceOrderRefusal::GiftCardUnavailable { actual } => {
            Then::above(
                format!(
                    "Your gift cards pay less than they did: we would charge you {} now. Nothing has been ordered. If you agree, \
                     press the button again.",
                    amount(*actual)
                ),
                false,
            )
        }
        PlaceOrderRefusal::DiscountUnavailable { actual } => Then::above(
            format!(
                "A discount has just been used up. The total is {} now. Nothing has been ordered. If you agree, press the button \
                 again.",
                amount(*actual)
            ),
            false,
        ),
        PlaceOrderRefusal::TaxUnavailable => {
            Then::above("We cannot work out the tax right now. Please try again in a moment.", false)
        }
        PlaceOrderRefusal::DeliveryUnavailable => {
            Then::beside("delivery", "This delivery costs something else now. Please choose again.")
        }
        PlaceOrderRefusal::AmountTooLarge => Then::above("This order is too large for us to charge.", true),
        PlaceOrderRefusal::AmountTooSmall { least } => Then::above(
            format!("We cannot charge less than {}. Please add something to your cart.", amount(*least)),
            true,
        ),
        PlaceOrderRefusal::AmountUneven { step } => Then::above(
            format!("We can only charge totals in steps of {}. Please change your cart.", amount(*step)),
            true,
        ),
    }
}

/// A refusal of a part of the form.
pub(super) trait Detail {
    /// Says it beside the field.
    fn say(self, errors: &mut FieldErrors);
}

impl Detail for DetailsRefusal {
    fn say(self, errors: &mut FieldErrors) {
        match self {
            Self::BadEmail => errors.add("email", "This is no e-mail address."),
            Self::BadPhone => {
                errors
                    .add("phone", "This is no telephone number. Digits, spaces and + - ( ) . / x are fine.");
            }
            Self::GiftCardsOfCurrency => {
                errors.add("country", "Your gift cards are of no use in the currency of this country.");
            }
            // The form has none of them.
            Self::NoteTooLong | Self::BadAttributes | Self::BadTaxNumber => {
                errors.add("email", "This cannot be saved.");
            }
        }
    }
}

impl Detail for IdentityRefusal {
    fn say(self, errors: &mut FieldErrors) {
        match self {
            Self::Details(refusal) => refusal.say(errors),
            // It is said as nobody, whoever has signed in.
            Self::Merge(_) | Self::UnknownCustomer => errors.add("email", "This cannot be saved."),
        }
    }
}

impl Detail for AddressRefusal {
    fn say(self, errors: &mut FieldErrors) {
        match self {
            Self::Field { error, .. } => errors.add_address(error),
            Self::CountryNotServed { .. } => errors.add("country", COUNTRY_NOT_SERVED),
            Self::UnknownGroup { .. } | Self::UnknownOption { .. } | Self::GroupTwice => {
                errors.add("delivery", "It cannot be delivered like this. Please choose again.");
            }
            // Somebody else changes this cart's addresses at the same time.
            Self::UnknownAddress { .. } | Self::SeveralSelected | Self::TooMany => {
                errors.add("address1", "Your address could not be saved. Please try again.");
            }
        }
    }
}

/// The same error, with what to say beside the fields.
pub(super) fn detail_error<R: Detail>(error: CartError<R>) -> CartError<FieldErrors> {
    match error {
        CartError::NotFound => CartError::NotFound,
        CartError::Busy => CartError::Busy,
        CartError::Fault(fault) => CartError::Fault(fault),
        CartError::Refused(refusal) => {
            let mut errors = FieldErrors::default();
            refusal.say(&mut errors);
            CartError::Refused(errors)
        }
    }
}
