//! Whether a person is really going there.

use crate::error::PageError;
use axum::extract::FromRequestParts;
use http::request::Parts;

/// Passes only what a browser says is a person's navigation, or what says nothing: a link that does something by being
/// followed is not to be set off by a picture on a foreign page, or by a browser that fetches links ahead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Navigation;

impl<S: Sync> FromRequestParts<S> for Navigation {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let navigates = header("sec-fetch-dest").is_none_or(|dest| dest == "document");
        let ahead =
            header("sec-purpose").or_else(|| header("purpose")).is_some_and(|p| p.contains("prefetch"));
        if navigates && !ahead { Ok(Self) } else { Err(PageError::Malformed) }
    }
}
