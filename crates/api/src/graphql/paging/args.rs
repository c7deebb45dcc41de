//! What a client asks of a page.

use crate::graphql::ApiError;
use stoa_domain::shared::page::{InvalidCursor, InvalidPage, MAX_PAGE, PageRequest};

/// The arguments of a connection, as they came.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// Only what comes after this cursor.
    pub after: Option<String>,
    /// Only what comes before this cursor.
    pub before: Option<String>,
    /// How many from the front.
    pub first: Option<i32>,
    /// How many from the back.
    pub last: Option<i32>,
}

impl PageArgs {
    /// Checks the arguments: exactly one of `first` and `last`, from 0 to 250, as in the Shopify Storefront API.
    ///
    /// # Errors
    /// [`ApiError::BAD_USER_INPUT`] says which rule is broken.
    pub fn request(&self) -> Result<PageRequest, ApiError> {
        PageRequest::try_new(self.first, self.last, self.after.as_deref(), self.before.as_deref())
            .map_err(Into::into)
    }
}

impl From<InvalidPage> for ApiError {
    fn from(invalid: InvalidPage) -> Self {
        match invalid {
            InvalidPage::SizeMissing => Self::bad_input("You must provide one of first or last."),
            InvalidPage::BothEnds => Self::bad_input("Providing both first and last is not supported."),
            InvalidPage::SizeOutOfRange => {
                Self::bad_input(format!("first and last must be from 0 to {MAX_PAGE}."))
            }
            InvalidPage::Cursor => InvalidCursor.into(),
        }
    }
}

impl From<InvalidCursor> for ApiError {
    fn from(_: InvalidCursor) -> Self {
        Self::bad_input("after and before take a cursor that this list has given, in the same order.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(first: Option<i32>, last: Option<i32>) -> Result<(u32, bool), String> {
        match (PageArgs { first, last, ..PageArgs::default() }).request() {
            Ok(page) => Ok((page.size, page.from_end)),
            Err(ApiError::Request { message, .. }) => Err(message.into_owned()),
            Err(ApiError::Later { .. } | ApiError::Fault(_)) => panic!("arguments are no fault"),
        }
    }

    #[test]
    fn one_end_is_named_and_the_page_is_bounded() {
        assert_eq!(request(Some(250), None), Ok((250, false)));
        assert_eq!(request(None, Some(0)), Ok((0, true)));
        assert!(request(None, None).unwrap_err().contains("one of first or last"));
        assert!(request(Some(1), Some(1)).unwrap_err().contains("both"));
        assert!(request(Some(-1), None).unwrap_err().contains("250"));
        assert!(request(None, Some(251)).unwrap_err().contains("250"));
    }
}
