//! Descriptions, cut to length.

use crate::graphql::ApiError;
use std::borrow::Cow;
use stoa_domain::catalog::Description;

/// The text of a description, of at most `truncate_at` characters.
///
/// # Errors
/// [`ApiError::BAD_USER_INPUT`] for a negative length.
pub(super) fn truncated(
    description: &Description,
    truncate_at: Option<i32>,
) -> Result<Cow<'_, str>, ApiError> {
    match truncate_at.map(usize::try_from) {
        None => Ok(Cow::Borrowed(&description.text)),
        Some(Ok(length)) => Ok(Cow::Owned(description.truncated(length))),
        Some(Err(_)) => Err(ApiError::bad_input("truncateAt must not be negative.")),
    }
}
