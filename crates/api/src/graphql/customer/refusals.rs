//! From refusals of the use cases to user errors: a code, the place in the input, and a sentence.
//!
//! No match here has a `_` arm: a new refusal does not compile until somebody decides what the customer sees. None of what they see
//! depends on whether an address has an account.

use super::{CustomerErrorCode as Code, CustomerUserError};
use crate::graphql::{ApiError, cart::InputPath};
use stoa_domain::{
    account::PasswordRefusal, customer::AddressBookRefusal, customer::NameRefusal, shared::AddressError,
};
use stoa_services::{
    account::SignInError,
    customer::{DetailsRefusal, LinkUseError},
};

/// A password that cannot be taken.
pub fn password(refusal: PasswordRefusal, at: InputPath) -> CustomerUserError {
    let code = match refusal {
        PasswordRefusal::TooShort { min: _ } => Code::TooShort,
        PasswordRefusal::TooLong { max: _ } => Code::TooLong,
        PasswordRefusal::Common | PasswordRefusal::ControlCharacter => Code::Invalid,
        PasswordRefusal::Whitespace => Code::PasswordStartsOrEndsWithWhitespace,
    };
    CustomerUserError::new(code, at, password_message(refusal))
}

/// The same in words.
pub(crate) fn password_message(refusal: PasswordRefusal) -> String {
    match refusal {
        PasswordRefusal::TooShort { min } => format!("A password has at least {min} characters."),
        PasswordRefusal::TooLong { max } => format!("A password has at most {max} characters."),
        PasswordRefusal::Common => "The password is too easy to guess.".to_owned(),
        PasswordRefusal::Whitespace => "A password does not begin or end with white space.".to_owned(),
        PasswordRefusal::ControlCharacter => "A password has no control characters.".to_owned(),
    }
}

/// What somebody says of themselves that cannot be taken. `at` is the object that says it.
pub fn details(refusal: DetailsRefusal, at: &InputPath) -> CustomerUserError {
    match refusal {
        DetailsRefusal::FirstName(why) => name(why, at.field("firstName")),
        DetailsRefusal::LastName(why) => name(why, at.field("lastName")),
        DetailsRefusal::Phone => {
            CustomerUserError::new(Code::Invalid, at.field("phone"), "This is not a telephone number.")
        }
    }
}

fn name(refusal: NameRefusal, at: InputPath) -> CustomerUserError {
    match refusal {
        NameRefusal::TooLong { max } => {
            CustomerUserError::new(Code::TooLong, at, format!("A name has at most {max} characters."))
        }
        NameRefusal::HtmlTags => {
            CustomerUserError::new(Code::ContainsHtmlTags, at, "A name contains no HTML tags.")
        }
        NameRefusal::Url => CustomerUserError::new(Code::ContainsUrl, at, "A name contains no URL."),
    }
}

/// An e-mail address that is none.
pub fn email(at: InputPath) -> CustomerUserError {
    CustomerUserError::new(Code::Invalid, at, "This is not an e-mail address.")
}

/// What they were shown when they agreed is longer than anybody reads.
pub fn wording(at: InputPath) -> CustomerUserError {
    CustomerUserError::new(Code::TooLong, at, "The text is too long.")
}

/// An address book that stays as it was. `address` is where the address stands, `id` which of the book is meant.
pub fn address_book(refusal: AddressBookRefusal, address: &InputPath, id: &'static str) -> CustomerUserError {
    match refusal {
        AddressBookRefusal::Full { max } => {
            let message = format!("An address book holds at most {max} addresses.");
            CustomerUserError::new(Code::TooLong, address.clone(), message)
        }
        AddressBookRefusal::Unknown => unknown_address(id),
        AddressBookRefusal::Address(error) => {
            let (code, field, problem) = match error {
                AddressError::Required { field } => (Code::Blank, field, "is missing"),
                AddressError::TooLong { field } => (Code::TooLong, field, "is too long"),
                AddressError::HtmlTags { field } => (Code::ContainsHtmlTags, field, "contains HTML tags"),
            };
            // Carts write country and province as codes, address books as they are called.
            let field = match field {
                "countryCode" => "country",
                "provinceCode" => "province",
                other => other,
            };
            CustomerUserError::new(code, address.field(field), format!("{field} {problem}."))
        }
    }
}

/// No such address is in the book.
pub fn unknown_address(id: &'static str) -> CustomerUserError {
    CustomerUserError::new(Code::NotFound, InputPath::argument(id), "There is no such address.")
}

/// A proof that is none: a refusal, or an error where it is not even looked at.
///
/// # Errors
/// Too many guesses, too much to do, or a fault.
pub fn sign_in(error: SignInError) -> Result<CustomerUserError, ApiError> {
    match error {
        SignInError::Unidentified => Ok(CustomerUserError::unidentified()),
        SignInError::TooManyGuesses { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
        SignInError::Busy => Err(ApiError::busy()),
        SignInError::Fault(fault) => Err(fault.into()),
    }
}

/// A link that does not set a password. `token` is where its token stands.
///
/// # Errors
/// Too many tries, too much to do, or a fault.
pub fn link_use(error: LinkUseError, token: &'static str) -> Result<CustomerUserError, ApiError> {
    let input = InputPath::argument("input");
    match error {
        LinkUseError::Invalid => {
            let message = "The link does not work: it was used, or is over.";
            Ok(CustomerUserError::new(Code::TokenInvalid, input.field(token), message))
        }
        LinkUseError::Password(refusal) => Ok(password(refusal, input.field("password"))),
        LinkUseError::TooManyTries { retry_after } => Err(ApiError::too_many_guesses(retry_after)),
        LinkUseError::Busy => Err(ApiError::busy()),
        LinkUseError::Fault(fault) => Err(fault.into()),
    }
}
