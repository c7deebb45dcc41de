//! Why a mutation of an account was refused.

use super::AccountErrorCode as Code;
use crate::graphql::{ApiError, cart::InputPath, customer::refusals::password_message};
use async_graphql::Object;
use std::borrow::Cow;
use stoa_domain::account::PasswordRefusal;
use stoa_services::account::SignInError;

/// A refusal, with the place in the input that it is about. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountUserError {
    code: Code,
    message: Cow<'static, str>,
    path: InputPath,
}

impl AccountUserError {
    /// A refusal because of what stands at `path`.
    pub fn new(code: Code, path: InputPath, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), path }
    }

    /// Who asks is nobody.
    pub fn not_signed_in() -> Self {
        Self::new(Code::NotSignedIn, InputPath::default(), "Sign in first.")
    }

    /// A token that is worth nothing.
    pub fn of_token(at: InputPath) -> Self {
        Self::new(Code::TokenInvalid, at, "The token does not work: it was used, or is over.")
    }

    /// A proof that is none: a refusal, or an error where it is not even looked at.
    ///
    /// # Errors
    /// Too many guesses, too much to do, or a fault.
    pub fn of_sign_in(error: SignInError, at: InputPath) -> Result<Self, ApiError> {
        match error {
            SignInError::Unidentified => {
                Ok(Self::new(Code::Unidentified, at, "The address or the password is wrong."))
            }
            SignInError::TooManyGuesses { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
            SignInError::Busy => Err(ApiError::busy()),
            SignInError::Fault(fault) => Err(fault.into()),
        }
    }

    /// A password that cannot be taken.
    pub fn of_password(refusal: PasswordRefusal, at: InputPath) -> Self {
        let code = match refusal {
            PasswordRefusal::TooShort { min: _ } => Code::PasswordTooShort,
            PasswordRefusal::TooLong { max: _ } => Code::PasswordTooLong,
            PasswordRefusal::Common => Code::PasswordTooCommon,
            PasswordRefusal::Whitespace | PasswordRefusal::ControlCharacter => Code::PasswordInvalid,
        };
        Self::new(code, at, password_message(refusal))
    }
}

/// Why a mutation of an account was refused.
#[Object]
impl AccountUserError {
    /// The reason, for programs.
    fn code(&self) -> Code {
        self.code
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
