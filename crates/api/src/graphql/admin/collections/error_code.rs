//! The codes of refusals about collections.

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
use stoa_services::admin::CollectionError;

/// Why a collection stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AdminCollectionErrorCode {
    /// A text is missing; the message says which.
    Blank,
    /// Another collection has the handle.
    HandleTaken,
    /// The value is not valid.
    Invalid,
    /// There is no such collection or product, or the product is not in it.
    NotFound,
    /// A text is too long; the message says which.
    TooLong,
    /// There is more of something than there may be.
    TooMany,
}

impl RefusalCode for AdminCollectionErrorCode {
    const ERROR: &'static str = "AdminCollectionUserError";
}

/// A refusal about a collection.
pub type AdminCollectionUserError = AdminUserError<AdminCollectionErrorCode>;

/// A collection that stays as it is: the place and a sentence. `id` is the argument that names it, `input` the one that says what it is
/// to be or to hold.
///
/// # Errors
/// A fault.
pub fn collection_refusal(
    error: CollectionError,
    id: &'static str,
    input: &'static str,
) -> Result<AdminCollectionUserError, ApiError> {
    use AdminCollectionErrorCode as Code;
    let message = sentence(&error);
    let (id, input) = (InputPath::argument(id), InputPath::argument(input));
    let (code, path) = match error {
        CollectionError::NotFound => (Code::NotFound, id),
        CollectionError::NoProduct(_) => (Code::NotFound, input),
        CollectionError::HandleTaken(_) => (Code::HandleTaken, input.field("handle")),
        CollectionError::TooMany => (Code::TooMany, input),
        CollectionError::Invalid(refused) => match refused {
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
        CollectionError::Fault(fault) => return Err(fault.into()),
    };
    Ok(AdminCollectionUserError::new(code, path, message))
}
