//! Who buys.

use super::InputError;
use crate::graphql::{
    cart::{CartErrorCode, CartUserError, InputPath, PreferenceDeliveryMethodType},
    codes::CountryCode,
};
use async_graphql::{ID, InputObject};
use stoa_services::cart::IdentityChange;

/// Who buys; what is left out stays.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CartBuyerIdentityInput {
    /// The company's location. Refused here: the shop sells to persons.
    pub company_location_id: Option<ID>,
    /// The country the buyer is in.
    pub country_code: Option<CountryCode>,
    /// The access token of the customer whose cart it is to be.
    pub customer_access_token: Option<String>,
    /// Where the order's confirmation goes; an empty text takes it away.
    pub email: Option<String>,
    /// Telephone; an empty text takes it away.
    pub phone: Option<String>,
    /// How the buyer likes to buy. Taken, and changes nothing here.
    pub preferences: Option<CartPreferencesInput>,
    /// The buyer's VAT number, such as `DE136695976`; an empty text takes it away. A business of another member state of the European Union
    /// whose number is well formed pays no tax here. Whether it is in use, nobody asks. An addition of this server to the vocabulary.
    pub tax_number: Option<String>,
}

/// How the buyer likes to buy.
#[derive(Clone, Debug, InputObject)]
pub struct CartPreferencesInput {
    /// How the buyer likes things delivered.
    pub delivery: Option<CartDeliveryPreferenceInput>,
    /// The wallets the buyer likes to pay with.
    pub wallet: Option<Vec<String>>,
}

/// How the buyer likes things delivered.
#[derive(Clone, Debug, InputObject)]
pub struct CartDeliveryPreferenceInput {
    /// Where the buyer is.
    pub coordinates: Option<CartDeliveryCoordinatesPreferenceInput>,
    /// The ways of delivery, the most liked one first.
    pub delivery_method: Option<Vec<PreferenceDeliveryMethodType>>,
    /// The pickup points, the most liked one first.
    pub pickup_handle: Option<Vec<String>>,
}

/// Where the buyer is.
#[derive(Clone, Debug, InputObject)]
pub struct CartDeliveryCoordinatesPreferenceInput {
    /// The country.
    pub country_code: CountryCode,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// Reads what is said of who buys; who they are is another question. `at` is where it stands.
///
/// # Errors
/// It names what this shop does not have.
pub fn identity_change(input: CartBuyerIdentityInput, at: &InputPath) -> Result<IdentityChange, InputError> {
    if input.company_location_id.is_some() {
        let path = at.field("companyLocationId");
        let message = "There is no such company location.";
        return Err(CartUserError::new(CartErrorCode::InvalidCompanyLocation, path, message).into());
    }
    Ok(IdentityChange {
        email: input.email,
        phone: input.phone,
        country: input.country_code.and_then(super::address::country),
        tax_number: input.tax_number,
    })
}
