//! A posted form.

use crate::error::PageError;
use axum::{
    Form,
    extract::{FromRequest, Request, rejection::FormRejection},
};
use http::StatusCode;
use serde::de::DeserializeOwned;

/// The fields of a posted form. What cannot be read gets an error page instead of the parser's words.
#[derive(Clone, Debug)]
pub(crate) struct Submitted<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Submitted<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let form = Form::<T>::from_request(request, state).await;
        form.map(|Form(fields)| Self(fields)).map_err(|rejection| refusal(&rejection))
    }
}

fn refusal(rejection: &FormRejection) -> PageError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => PageError::TooLarge,
        _ => PageError::Malformed,
    }
}
