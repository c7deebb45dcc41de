//! From refusals of the use cases to user errors: a code, the place in the input, and a sentence.
//!
//! No match here has a `_` arm: a new refusal does not compile until somebody decides what the buyer sees.

use super::{CartErrorCode as Code, CartUserError, InputPath};
use crate::graphql::ApiError;
use std::borrow::Cow;
use stoa_domain::{
    cart::{LineChangeError, MergeRefusal, cart_limits as limits},
    shared::{AddressError, VariantId},
};
use stoa_services::cart::{
    AddressRefusal, CardsRefusal, CartError, CodesRefusal, CreditRefusal, DetailsRefusal, IdentityRefusal,
    LinesRefusal, MergeCartsRefusal, TooManyUnits,
};

/// Where the parts of a cart stand in a mutation's input.
#[derive(Clone, Debug)]
pub struct Places {
    /// The list of lines.
    pub lines: InputPath,
    /// The note.
    pub note: InputPath,
    /// The attributes.
    pub attributes: InputPath,
    /// Who buys.
    pub buyer: InputPath,
    /// The list of addresses.
    pub addresses: InputPath,
}

impl Places {
    /// As arguments of the mutation.
    pub fn arguments() -> Self {
        Self {
            lines: InputPath::argument("lines"),
            note: InputPath::argument("note"),
            attributes: InputPath::argument("attributes"),
            buyer: InputPath::argument("buyerIdentity"),
            addresses: InputPath::argument("addresses"),
        }
    }

    /// As fields of `cartCreate`'s input.
    pub fn cart_input() -> Self {
        let input = InputPath::argument("input");
        Self {
            lines: input.field("lines"),
            note: input.field("note"),
            attributes: input.field("attributes"),
            buyer: input.field("buyerIdentity"),
            addresses: input.field("delivery").field("addresses"),
        }
    }
}

/// Why lines were refused. `variants` are those of the request's entries, to find the one that is meant.
pub fn lines(refusal: LinesRefusal, at: &InputPath, variants: &[Option<VariantId>]) -> CartUserError {
    match refusal {
        LinesRefusal::NotForSale(variant) => {
            let entry = variants.iter().position(|v| *v == Some(variant));
            let path = entry.map_or_else(|| at.clone(), |index| at.entry(index).field("merchandiseId"));
            not_for_sale(path)
        }
        LinesRefusal::TooManyUnits(why) => too_many_units(why, at.clone()),
        LinesRefusal::Rule(error) => line_change(error, at),
    }
}

/// More units than one buyer, or one network, may have in carts.
fn too_many_units(why: TooManyUnits, path: InputPath) -> CartUserError {
    let message = match why {
        TooManyUnits::InCart { max } => format!("A cart holds at most {max} units.").into(),
        TooManyUnits::FromNetwork => Cow::Borrowed(
            "Too much has been put into carts from your network just now. Take less, or try again later.",
        ),
    };
    CartUserError::new(Code::MaximumExceeded, path, message)
}

/// No cart has this id, it has become an order, or it is another customer's.
pub fn no_such_cart(path: InputPath) -> CartUserError {
    CartUserError::new(Code::Invalid, path, "The specified cart does not exist.")
}

/// Why a cart was not merged into another one. `at` is where the one stands that was to go.
pub fn merge(refusal: MergeCartsRefusal, at: &InputPath) -> CartUserError {
    match refusal {
        MergeCartsRefusal::NoSuchCart => no_such_cart(at.clone()),
        MergeCartsRefusal::TooManyUnits(why) => too_many_units(why, at.clone()),
        MergeCartsRefusal::Rule(rule) => merge_rule(rule, at.clone()),
    }
}

fn merge_rule(rule: MergeRefusal, at: InputPath) -> CartUserError {
    let message = format!("The carts are not merged: {rule}.");
    let code = match rule {
        MergeRefusal::SameCart | MergeRefusal::OtherCustomer | MergeRefusal::TooManyAttributes { .. } => {
            Code::Invalid
        }
        MergeRefusal::MergingElsewhere | MergeRefusal::OtherWay => Code::ServiceUnavailable,
        MergeRefusal::TooManyAddresses { .. } => Code::TooManyDeliveryAddresses,
        MergeRefusal::Lines(error) => match error {
            LineChangeError::QuantityTooHigh { .. } => Code::MaximumExceeded,
            LineChangeError::TooManyLines { .. } | LineChangeError::TooMuchText { .. } => Code::CartTooLarge,
            // No line of a cart that is kept is like this.
            LineChangeError::QuantityTooLow { .. }
            | LineChangeError::UnknownLine { .. }
            | LineChangeError::GiftLine { .. }
            | LineChangeError::BadAttributes { .. } => Code::Invalid,
        },
    };
    CartUserError::new(code, at, message)
}

/// Why a cart does not get another buyer.
pub fn identity(refusal: IdentityRefusal, at: &Places) -> CartUserError {
    let token = || at.buyer.field("customerAccessToken");
    match refusal {
        IdentityRefusal::Details(refusal) => details(refusal, at),
        IdentityRefusal::Merge(refusal) => merge(refusal, &token()),
        IdentityRefusal::UnknownCustomer => {
            CartUserError::new(Code::Invalid, token(), "The access token is not valid.")
        }
    }
}

/// The merchandise does not exist, or is not for sale: to a buyer the same.
pub fn not_for_sale(path: InputPath) -> CartUserError {
    CartUserError::new(Code::Invalid, path, "The merchandise does not exist or is not for sale.")
}

/// The cart has no such line.
pub fn unknown_line(path: InputPath) -> CartUserError {
    CartUserError::new(Code::InvalidMerchandiseLine, path, "The cart has no such line.")
}

/// A quantity below the least.
pub fn quantity_too_low(path: InputPath, min: u32) -> CartUserError {
    CartUserError::new(Code::MinimumNotMet, path, format!("The quantity must be at least {min}."))
}

/// More lines than a cart holds.
pub fn too_many_lines(path: InputPath) -> CartUserError {
    let message = format!("A cart holds at most {} lines.", limits::LINES);
    CartUserError::new(Code::CartTooLarge, path, message)
}

fn line_change(error: LineChangeError, at: &InputPath) -> CartUserError {
    match error {
        LineChangeError::QuantityTooLow { index, min } => {
            quantity_too_low(at.entry(index).field("quantity"), min)
        }
        LineChangeError::QuantityTooHigh { index, max } => {
            let message = format!("A line holds at most {max} units.");
            CartUserError::new(Code::MaximumExceeded, at.entry(index).field("quantity"), message)
        }
        // Lines are removed by a list of ids, and changed by a list of inputs; the entry is what is wrong in both.
        LineChangeError::UnknownLine { index } => unknown_line(at.entry(index)),
        LineChangeError::GiftLine { index } => {
            let message = "The line is a gift: it can be removed, and not changed.";
            CartUserError::new(Code::InvalidMerchandiseLine, at.entry(index), message)
        }
        LineChangeError::TooManyLines { max: _ } => too_many_lines(at.clone()),
        LineChangeError::TooMuchText { max } => {
            let message =
                format!("The attributes of a cart and its lines have at most {max} bytes together.");
            CartUserError::new(Code::CartTooLarge, at.clone(), message)
        }
        LineChangeError::BadAttributes { index, max, most } => {
            attributes(at.entry(index).field("attributes"), max, most)
        }
    }
}

fn attributes(path: InputPath, max: usize, most: usize) -> CartUserError {
    let message = format!(
        "There may be {most} attributes with different keys; a key or value has at most {max} characters."
    );
    CartUserError::new(Code::Invalid, path, message)
}

/// Why note, attributes or buyer were refused.
pub fn details(refusal: DetailsRefusal, at: &Places) -> CartUserError {
    match refusal {
        DetailsRefusal::NoteTooLong => {
            let message = format!("The note has more than {} characters.", limits::NOTE);
            CartUserError::new(Code::NoteTooLong, at.note.clone(), message)
        }
        DetailsRefusal::BadAttributes => {
            attributes(at.attributes.clone(), limits::ATTRIBUTE_TEXT, limits::ATTRIBUTES)
        }
        DetailsRefusal::BadEmail => {
            CartUserError::new(Code::Invalid, at.buyer.field("email"), "This is not an e-mail address.")
        }
        DetailsRefusal::BadPhone => {
            CartUserError::new(Code::Invalid, at.buyer.field("phone"), "This is not a telephone number.")
        }
        DetailsRefusal::BadTaxNumber => {
            let message = format!("A tax number has at most {} characters.", limits::TAX_NUMBER);
            CartUserError::new(Code::Invalid, at.buyer.field("taxNumber"), message)
        }
        DetailsRefusal::GiftCardsOfCurrency => {
            let message = "The cart has gift cards, which are of no use in the currency of that country.";
            CartUserError::new(Code::Invalid, at.buyer.field("countryCode"), message)
        }
    }
}

/// Why addresses or delivery were refused. `at` is the list of addresses, or of what is chosen.
pub fn addresses(refusal: AddressRefusal, at: &InputPath) -> CartUserError {
    let part = |index: usize, field| delivery_address(&at.entry(index)).field(field);
    match refusal {
        AddressRefusal::Field { index, error } => address_field(error, &delivery_address(&at.entry(index))),
        AddressRefusal::CountryNotServed { index } => {
            let message = "The shop does not deliver to this country.";
            CartUserError::new(Code::Invalid, part(index, "countryCode"), message)
        }
        AddressRefusal::UnknownAddress { index } => unknown_address(at.entry(index)),
        AddressRefusal::SeveralSelected => {
            let code = Code::OnlyOneDeliveryAddressCanBeSelected;
            CartUserError::new(code, at.clone(), "Only one address can be selected.")
        }
        AddressRefusal::TooMany => {
            let message = format!("A cart holds at most {} addresses.", limits::ADDRESSES);
            CartUserError::new(Code::TooManyDeliveryAddresses, at.clone(), message)
        }
        AddressRefusal::UnknownGroup { index } => unknown_group(&at.entry(index)),
        AddressRefusal::GroupTwice => {
            let message = "An option can be chosen once for each delivery group.";
            CartUserError::new(Code::InvalidDeliveryGroup, at.clone(), message)
        }
        AddressRefusal::UnknownOption { index } => {
            let message = "The delivery group has no such option.";
            CartUserError::new(
                Code::InvalidDeliveryOption,
                at.entry(index).field("deliveryOptionHandle"),
                message,
            )
        }
    }
}

/// Why discount codes were not entered.
pub fn codes(refusal: CodesRefusal, at: &InputPath) -> CartUserError {
    match refusal {
        CodesRefusal::TooMany { max } => {
            let message = format!("A cart has at most {max} discount codes.");
            CartUserError::new(Code::MaximumExceeded, at.clone(), message)
        }
        CodesRefusal::TooLong { index } => {
            let message = format!("A discount code has at most {} characters.", limits::CODE_TEXT);
            CartUserError::new(Code::Invalid, at.entry(index), message)
        }
    }
}

/// Guessers are told when to come again, like everybody who asks too often; other refusals are the cart's.
///
/// # Errors
/// Too many codes were tried that are none.
pub fn not_guessed<T>(
    outcome: Result<T, CartError<CardsRefusal>>,
) -> Result<Result<T, CartError<CardsRefusal>>, ApiError> {
    match outcome {
        Err(CartError::Refused(CardsRefusal::TooManyGuesses { retry_after })) => {
            Err(ApiError::too_many_guesses(retry_after))
        }
        other => Ok(other),
    }
}

/// Why gift cards were not put on the cart. Of a card that is of no use no more is said: whoever guesses learns nothing.
pub fn cards(refusal: CardsRefusal, at: &InputPath) -> CartUserError {
    match refusal {
        CardsRefusal::OfNoUse { index } => {
            let message = "Nothing can be paid with this gift card.";
            CartUserError::new(Code::Invalid, at.entry(index), message)
        }
        CardsRefusal::TooMany { max } => {
            let message = format!("A cart has at most {max} gift cards.");
            CartUserError::new(Code::MaximumExceeded, at.clone(), message)
        }
        // Has been answered by `not_guessed`.
        CardsRefusal::TooManyGuesses { .. } => CartUserError::new(
            Code::ServiceUnavailable,
            at.clone(),
            "Too many codes were tried. Try again later.",
        ),
    }
}

/// Why store credit does not pay.
pub fn credit(refusal: CreditRefusal, at: InputPath) -> CartUserError {
    match refusal {
        CreditRefusal::SignInNeeded => CartUserError::new(
            Code::MissingCustomerAccessToken,
            at,
            "Store credit belongs to a customer: sign in to pay with it.",
        ),
    }
}

/// The cart has no such delivery group.
pub fn unknown_group(entry: &InputPath) -> CartUserError {
    let message = "The cart has no such delivery group.";
    CartUserError::new(Code::InvalidDeliveryGroup, entry.field("deliveryGroupId"), message)
}

/// The cart has no such address.
pub fn unknown_address(path: InputPath) -> CartUserError {
    CartUserError::new(Code::InvalidDeliveryAddressId, path, "The cart has no such delivery address.")
}

/// Where the address itself stands in a selectable address.
pub fn delivery_address(entry: &InputPath) -> InputPath {
    entry.field("address").field("deliveryAddress")
}

/// What is wrong with a part of an address.
pub fn address_field(error: AddressError, at: &InputPath) -> CartUserError {
    let (code, field, problem) = match error {
        AddressError::Required { field } => (Code::AddressFieldIsRequired, field, "is missing"),
        AddressError::TooLong { field } => (Code::AddressFieldIsTooLong, field, "is too long"),
        AddressError::HtmlTags { field } => (Code::AddressFieldContainsHtmlTags, field, "contains HTML tags"),
    };
    CartUserError::new(code, at.field(field), format!("{field} {problem}."))
}
