//! The codes of refusals about products.

use crate::graphql::{
    ApiError,
    admin::{
        refusals::sentence,
        user_error::{AdminUserError, RefusalCode},
    },
    cart::InputPath,
};
use async_graphql::Enum;
use stoa_domain::catalog::InvalidProduct;
use stoa_services::admin::ProductError;

/// Why a product stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ProductErrorCode {
    /// A text is missing; the message says which.
    Blank,
    /// Another product has the handle.
    HandleTaken,
    /// Its variants are chosen by options already.
    HasOptions,
    /// The value is not valid.
    Invalid,
    /// There is no such product or variant.
    NotFound,
    /// Units of variants that would be gone are promised to orders, which have to be sent or cancelled first.
    Promised,
    /// A text is too long; the message says which.
    TooLong,
    /// There is more of something than there may be; the message says of what.
    TooMany,
}

impl RefusalCode for ProductErrorCode {
    const ERROR: &'static str = "ProductUserError";
}

/// A refusal about a product.
pub type ProductUserError = AdminUserError<ProductErrorCode>;

/// A product that stays as it is: the place and a sentence. `id` is the argument that names it, `input` the one that says what it is to
/// be.
///
/// # Errors
/// A fault.
pub fn product_refusal(
    error: ProductError,
    id: &'static str,
    input: &'static str,
) -> Result<ProductUserError, ApiError> {
    use ProductErrorCode as Code;
    let message = sentence(&error);
    let (id, input) = (InputPath::argument(id), InputPath::argument(input));
    let (code, path) = match error {
        ProductError::NotFound => (Code::NotFound, id),
        ProductError::NoVariant(_) => (Code::NotFound, input),
        ProductError::HasOptions => (Code::HasOptions, input),
        ProductError::HandleTaken(_) => (Code::HandleTaken, input.field("handle")),
        ProductError::Promised(_) => (Code::Promised, id),
        ProductError::Stock { .. } | ProductError::Units | ProductError::Sides { number: _ } => {
            (Code::Invalid, input)
        }
        ProductError::NoTaxCategory(_) => (Code::NotFound, input.field("taxCategoryId")),
        ProductError::Invalid(refused) => match refused {
            InvalidProduct::Missing(_) | InvalidProduct::NoVariants => (Code::Blank, input),
            InvalidProduct::TooLong { .. } => (Code::TooLong, input),
            InvalidProduct::TooMany { .. } => (Code::TooMany, input),
            InvalidProduct::Handle(_) => (Code::Invalid, input.field("handle")),
            InvalidProduct::NothingToChooseBy
            | InvalidProduct::DuplicateOption(_)
            | InvalidProduct::DuplicateValue { .. }
            | InvalidProduct::WrongValueCount { .. }
            | InvalidProduct::MissingValue { .. }
            | InvalidProduct::DuplicateVariant { .. }
            | InvalidProduct::OutOfRange { .. }
            | InvalidProduct::UnknownImage(_)
            | InvalidProduct::ImageAddress(_) => (Code::Invalid, input),
        },
        ProductError::Fault(fault) => return Err(fault.into()),
    };
    Ok(ProductUserError::new(code, path, message))
}
