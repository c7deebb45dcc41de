//! Why a mutation of a customer was refused.

use super::CustomerErrorCode;
use crate::graphql::cart::InputPath;
use async_graphql::{Object, SimpleObject};
use std::borrow::Cow;

/// A refusal, with the place in the input that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerUserError {
    code: CustomerErrorCode,
    message: Cow<'static, str>,
    path: InputPath,
}

impl CustomerUserError {
    /// A refusal because of what stands at `path`.
    pub fn new(code: CustomerErrorCode, path: InputPath, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), path }
    }

    /// Who asks is nobody whom we know; why, nobody is told.
    pub fn unidentified() -> Self {
        let message = "Unidentified customer";
        Self::new(CustomerErrorCode::UnidentifiedCustomer, InputPath::default(), message)
    }
}

/// Why a mutation of a customer was refused.
#[Object]
impl CustomerUserError {
    /// The reason, for programs.
    fn code(&self) -> Option<CustomerErrorCode> {
        Some(self.code)
    }

    /// The place in the input that is wrong, from the argument inwards; null if it is about all of it.
    fn field(&self) -> Option<Vec<&str>> {
        let segments = self.path.segments();
        (!segments.is_empty()).then(|| segments.iter().map(AsRef::as_ref).collect())
    }

    /// The reason, for people.
    fn message(&self) -> &str {
        &self.message
    }
}

/// Why something was refused, where clients know no codes.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// The place in the input that is wrong.
    pub field: Option<Vec<String>>,
    /// The reason, for people.
    pub message: String,
}

impl UserError {
    /// The access token is worth nothing.
    pub fn of_token() -> Self {
        let message = "The customer access token is not valid, or is over.".to_owned();
        Self { field: Some(vec!["customerAccessToken".to_owned()]), message }
    }
}
