//! Why an input is not handed to a use case.

use crate::graphql::{ApiError, cart::CartUserError};

/// The most entries a list of an input has, as in the Shopify Storefront API.
const MAX_INPUT: usize = 250;

/// An input that cannot be read, or that is refused before any use case sees it.
#[derive(Debug)]
pub enum InputError {
    /// The request makes no sense.
    Request(ApiError),
    /// It does, and the answer is no.
    Refused(CartUserError),
}

impl From<ApiError> for InputError {
    fn from(error: ApiError) -> Self {
        Self::Request(error)
    }
}

impl From<CartUserError> for InputError {
    fn from(error: CartUserError) -> Self {
        Self::Refused(error)
    }
}

/// Refuses a list that is longer than lists may be.
///
/// # Errors
/// `MAX_INPUT_SIZE_EXCEEDED`.
pub fn bounded<T>(name: &str, list: &[T]) -> Result<(), ApiError> {
    if list.len() <= MAX_INPUT {
        return Ok(());
    }
    let message = format!("{name} has {} entries; a list of an input has at most {MAX_INPUT}.", list.len());
    Err(ApiError::Request { code: "MAX_INPUT_SIZE_EXCEEDED", message: message.into() })
}
