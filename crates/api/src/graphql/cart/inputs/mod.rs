//! What mutations of carts take, read into the words of the use cases.

mod address;
mod address_book;
mod buyer;
mod error;
mod line;

pub use address::{
    CartAddressInput, CartDeliveryAddressInput, CartSelectableAddressInput, CartSelectableAddressUpdateInput,
    DeliveryAddressValidationStrategy, address_changes, new_addresses, removed_addresses,
};
pub use address_book::AddressBook;
pub use buyer::{
    CartBuyerIdentityInput, CartDeliveryCoordinatesPreferenceInput, CartDeliveryPreferenceInput,
    CartPreferencesInput, identity_change,
};
pub use error::{InputError, bounded};
pub use line::{
    CartLineInput, CartLineParentInput, CartLineUpdateInput, added_lines, line_updates, removed_lines,
};
