//! From refusals of passwords and links to what is said about them. The matches have no `_` arm: a new refusal does not compile until
//! somebody decides what is seen. Nothing of it depends on whether an address has an account.

use super::FormPage;
use crate::error::PageError;
use stoa_domain::account::PasswordRefusal;
use stoa_services::{
    account::{NewPasswordError, SignInError},
    customer::LinkUseError,
};

/// A proof that is none; `wrong` is how the form is shown then.
///
/// # Errors
/// A fault.
pub(crate) fn of_proof(error: SignInError, wrong: FormPage) -> Result<FormPage, PageError> {
    match error {
        SignInError::Unidentified => Ok(wrong),
        SignInError::TooManyGuesses { retry_after } => Ok(FormPage::too_many(retry_after)),
        SignInError::Busy => Ok(FormPage::busy()),
        SignInError::Fault(fault) => Err(fault.into()),
    }
}

/// A password that is not taken; it was typed into `field`.
///
/// # Errors
/// A fault.
pub(crate) fn of_new_password(error: NewPasswordError, field: &'static str) -> Result<FormPage, PageError> {
    match error {
        NewPasswordError::Refused(refusal) => Ok(FormPage::beside(field, password_text(refusal))),
        NewPasswordError::TooManyTries { retry_after } => Ok(FormPage::too_many(retry_after)),
        NewPasswordError::Busy => Ok(FormPage::busy()),
        NewPasswordError::Fault(fault) => Err(fault.into()),
    }
}

/// A link that has set no password; `None`: it does not work, and will not. The password was typed into `field`.
///
/// # Errors
/// A fault.
pub(crate) fn of_link(error: LinkUseError, field: &'static str) -> Result<Option<FormPage>, PageError> {
    let error = match error {
        LinkUseError::Invalid => return Ok(None),
        LinkUseError::Password(refusal) => NewPasswordError::Refused(refusal),
        LinkUseError::TooManyTries { retry_after } => NewPasswordError::TooManyTries { retry_after },
        LinkUseError::Busy => NewPasswordError::Busy,
        LinkUseError::Fault(fault) => NewPasswordError::Fault(fault),
    };
    of_new_password(error, field).map(Some)
}

fn password_text(refusal: PasswordRefusal) -> String {
    match refusal {
        PasswordRefusal::TooShort { min } => {
            format!("At least {min} characters, please. Several words make a good one.")
        }
        PasswordRefusal::TooLong { max } => format!("At most {max} characters, please."),
        PasswordRefusal::Common => "This is too easy to guess. Please think of another.".to_owned(),
        PasswordRefusal::Whitespace => "Please leave out the space at the beginning or the end.".to_owned(),
        PasswordRefusal::ControlCharacter => "Please leave out characters that cannot be seen.".to_owned(),
    }
}
