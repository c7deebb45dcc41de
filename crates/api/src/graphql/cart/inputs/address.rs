//! Delivery addresses to add and to change.

use super::{AddressBook, InputError, bounded};
use crate::graphql::{
    cart::{CartErrorCode, CartUserError, InputPath, refusals},
    codes::CountryCode,
    scalars::gid,
};
use async_graphql::{Enum, ID, InputObject};
use stoa_domain::shared::{self, Address, AddressId, CustomerId};
use stoa_services::cart::{AddressChange, NewAddress};

/// How closely an address is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum DeliveryAddressValidationStrategy {
    /// Only whether the shop delivers to its country. What is missing is asked for when the order is placed.
    #[default]
    CountryCodeOnly,
    /// Also whether everything is there that delivery needs.
    Strict,
}

/// An address to put on a cart.
#[derive(Clone, Debug, InputObject)]
pub struct CartSelectableAddressInput {
    /// Where.
    pub address: CartAddressInput,
    /// Whether it must not be kept in the customer's address book.
    pub one_time_use: Option<bool>,
    /// Whether the cart is delivered there. The first address of a cart is selected though nobody says so.
    pub selected: Option<bool>,
    /// How closely it is checked.
    pub validation_strategy: Option<DeliveryAddressValidationStrategy>,
}

/// A change of an address of a cart. Members that are left out stay, but an address is taken as a whole.
#[derive(Clone, Debug, InputObject)]
pub struct CartSelectableAddressUpdateInput {
    /// All of it anew: fields that are left out become empty.
    pub address: Option<CartAddressInput>,
    /// Which: the global id that `delivery { addresses }` gives.
    pub id: ID,
    /// Whether it must not be kept in the customer's address book.
    pub one_time_use: Option<bool>,
    /// Whether the cart is delivered there.
    pub selected: Option<bool>,
    /// How closely it is checked.
    pub validation_strategy: Option<DeliveryAddressValidationStrategy>,
}

/// An address, written out or taken from an address book.
#[derive(Clone, Debug, InputObject)]
pub struct CartAddressInput {
    /// An address of the book of the customer who is signed in; it is copied, and stays as it is when the book changes. Nobody but that
    /// customer is shown it, and nobody else orders with it.
    pub copy_from_customer_address_id: Option<ID>,
    /// The address itself.
    pub delivery_address: Option<CartDeliveryAddressInput>,
}

/// Where to deliver. Each part has at most 255 characters.
#[derive(Clone, Debug, InputObject)]
pub struct CartDeliveryAddressInput {
    /// Street and number.
    pub address1: Option<String>,
    /// Flat, floor, building.
    pub address2: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// The country's code.
    pub country_code: Option<CountryCode>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The province's code.
    pub province_code: Option<String>,
    /// Postal code.
    pub zip: Option<String>,
}

/// Reads addresses to add. `at` is where the list stands, `book` that of who calls.
///
/// # Errors
/// The first entry that cannot be.
pub fn new_addresses(
    inputs: Vec<CartSelectableAddressInput>,
    at: &InputPath,
    book: &AddressBook,
) -> Result<Vec<NewAddress>, InputError> {
    bounded("addresses", &inputs)?;
    let new = |(index, input): (usize, CartSelectableAddressInput)| {
        let (address, book_of) = address(input.address, input.validation_strategy, &at.entry(index), book)?;
        Ok(NewAddress {
            address,
            book_of,
            selected: input.selected.unwrap_or(false),
            one_time_use: input.one_time_use.unwrap_or(false),
        })
    };
    inputs.into_iter().enumerate().map(new).collect()
}

/// Reads changes of addresses. `at` is where the list stands, `book` that of who calls.
///
/// # Errors
/// The first entry that cannot be.
pub fn address_changes(
    inputs: Vec<CartSelectableAddressUpdateInput>,
    at: &InputPath,
    book: &AddressBook,
) -> Result<Vec<AddressChange>, InputError> {
    bounded("addresses", &inputs)?;
    let change = |(index, input): (usize, CartSelectableAddressUpdateInput)| {
        let at = at.entry(index);
        let id: Option<AddressId> = gid::decode(&input.id)?;
        let strategy = input.validation_strategy;
        Ok(AddressChange {
            id: id.ok_or_else(|| refusals::unknown_address(at.field("id")))?,
            address: input.address.map(|written| address(written, strategy, &at, book)).transpose()?,
            selected: input.selected,
            one_time_use: input.one_time_use,
        })
    };
    inputs.into_iter().enumerate().map(change).collect()
}

/// Reads the ids of addresses to remove. `at` is where the list stands.
///
/// # Errors
/// The first one that cannot be.
pub fn removed_addresses(ids: &[ID], at: &InputPath) -> Result<Vec<AddressId>, InputError> {
    bounded("addressIds", ids)?;
    let address = |(index, id): (usize, &ID)| {
        gid::decode(id)?.ok_or_else(|| refusals::unknown_address(at.entry(index)).into())
    };
    ids.iter().enumerate().map(address).collect()
}

/// Reads an address, and whose book it is copied from.
fn address(
    input: CartAddressInput,
    strategy: Option<DeliveryAddressValidationStrategy>,
    at: &InputPath,
    book: &AddressBook,
) -> Result<(Address, Option<CustomerId>), InputError> {
    let place = refusals::delivery_address(at);
    let (address, book_of) = match (input.copy_from_customer_address_id, input.delivery_address) {
        (Some(id), _) => {
            let (known, owner) = book.find(&id)?.ok_or_else(|| {
                let path = at.field("address").field("copyFromCustomerAddressId");
                let message = "There is no such address of a signed-in customer.";
                CartUserError::new(CartErrorCode::InvalidDeliveryAddressId, path, message)
            })?;
            (known, Some(owner))
        }
        (None, Some(written)) => (Address::from(written), None),
        (None, None) => {
            return Err(CartUserError::new(CartErrorCode::Invalid, place, "The address is missing.").into());
        }
    };
    match strategy.unwrap_or_default() {
        DeliveryAddressValidationStrategy::CountryCodeOnly => Ok((address, book_of)),
        DeliveryAddressValidationStrategy::Strict => {
            let complete = address.tidy().and_then(|tidy| tidy.deliverable().map(|()| tidy));
            let complete = complete.map_err(|error| refusals::address_field(error, &place))?;
            Ok((complete, book_of))
        }
    }
}

impl From<CartDeliveryAddressInput> for Address {
    fn from(input: CartDeliveryAddressInput) -> Self {
        Self {
            first_name: input.first_name,
            last_name: input.last_name,
            company: input.company,
            address1: input.address1,
            address2: input.address2,
            city: input.city,
            province_code: input.province_code,
            zip: input.zip,
            country: input.country_code.and_then(country),
            phone: input.phone,
        }
    }
}

/// A country in the domain's words. Every code of the schema has two capital letters.
pub(super) fn country(code: CountryCode) -> Option<shared::CountryCode> {
    shared::CountryCode::parse(code.as_str())
}
