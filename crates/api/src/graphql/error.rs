//! The errors that end a field: request errors, which a client may read, and faults, which it may not.
//!
//! Refusals of a use case are neither: they are data, in the `userErrors` of its payload.

use async_graphql::Error;
use std::{borrow::Cow, time::Duration};
use stoa_domain::shared::{Fault, FaultKind};
use stoa_services::{catalog::ListError, order::LookupError};

/// Why a field has no value.
///
/// It has no `Display` on purpose: async-graphql would turn any type with one into client-visible text through `?`.
#[derive(Debug)]
pub enum ApiError {
    /// The request cannot be answered as it stands; the client reads code and message.
    Request {
        /// The stable word clients may match on, in `extensions.code`.
        code: &'static str,
        /// What is wrong, and what would be right, for a person.
        message: Cow<'static, str>,
    },
    /// The same of what would be let in later.
    Later {
        /// The stable word clients may match on, in `extensions.code`.
        code: &'static str,
        /// What is wrong, for a person.
        message: Cow<'static, str>,
        /// In how many seconds to come again, in `extensions.retryAfter` and, of a single request, `Retry-After`.
        retry_after: u64,
    },
    /// Something of ours failed; the client learns nothing but the request's id.
    Fault(Fault),
}

impl ApiError {
    /// The code of an argument whose value makes no sense.
    pub const BAD_USER_INPUT: &'static str = "BAD_USER_INPUT";
    /// The code of an id that cannot be read, or that is another thing's.
    pub const INVALID_ID: &'static str = "INVALID_ID";
    /// The code of a lookup that was tried too often in vain.
    pub const TOO_MANY_GUESSES: &'static str = "TOO_MANY_GUESSES";
    /// The code of a credential that was shown and is worth nothing.
    pub const UNAUTHENTICATED: &'static str = "UNAUTHENTICATED";
    /// The code of something that whoever asks may not do.
    pub const FORBIDDEN: &'static str = "FORBIDDEN";
    /// The code of something that takes a recent proof of who asks.
    pub const STEP_UP_REQUIRED: &'static str = "STEP_UP_REQUIRED";
    /// The code of something that takes a second factor, in a shop that wants one of its staff.
    pub const TOTP_ENROLLMENT_REQUIRED: &'static str = "TOTP_ENROLLMENT_REQUIRED";
    /// The code of a store or gateway that does not answer; the same request may work later.
    pub const SERVICE_UNAVAILABLE: &'static str = "SERVICE_UNAVAILABLE";

    /// The code of something that was asked for too often.
    pub const THROTTLED: &'static str = "THROTTLED";

    /// An argument whose value makes no sense.
    pub fn bad_input(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Request { code: Self::BAD_USER_INPUT, message: message.into() }
    }

    /// An id that cannot be read, or that is another thing's.
    pub fn invalid_id(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Request { code: Self::INVALID_ID, message: message.into() }
    }
}

impl ApiError {
    /// Guesses that were too many.
    pub(in crate::graphql) fn too_many_guesses(retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs().saturating_add(1);
        let message = format!("Too many guesses. Try again in {seconds} seconds.");
        Self::Later { code: Self::TOO_MANY_GUESSES, message: message.into(), retry_after: seconds }
    }

    /// Something that was asked for too often.
    pub(super) fn throttled(retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs().saturating_add(1);
        let message = format!("This was asked for too often. Try again in {seconds} seconds.");
        Self::Later { code: Self::THROTTLED, message: message.into(), retry_after: seconds }
    }

    /// More passwords wait to be hashed than may.
    pub(super) const fn busy() -> Self {
        let message = "Too many people sign in at this moment. Try again in a moment.";
        Self::Request { code: Self::SERVICE_UNAVAILABLE, message: Cow::Borrowed(message) }
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<LookupError> for ApiError {
    fn from(error: LookupError) -> Self {
        match error {
            LookupError::TooManyGuesses { retry_after } => {
                let seconds = retry_after.as_secs().saturating_add(1);
                let message = format!(
                    "Too many guesses. Try again in {seconds} seconds, or use the link in the confirmation mail."
                );
                Self::Later { code: Self::TOO_MANY_GUESSES, message: message.into(), retry_after: seconds }
            }
            LookupError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ListError> for ApiError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Cursor(cursor) => cursor.into(),
            ListError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Request { code, message } => stoa_graphql_http::client_error(code, message),
            ApiError::Later { code, message, retry_after } => {
                stoa_graphql_http::client_error_until(code, message, retry_after)
            }
            ApiError::Fault(fault) => match fault.kind() {
                // The transport logs what has no code, gives it `INTERNAL` and the request's id, and hides the text.
                FaultKind::Internal => stoa_graphql_http::fault(&fault),
                FaultKind::Unavailable => {
                    // Logged here, because the transport lets coded errors pass; the request's id is on the span around us.
                    tracing::error!(error = %fault, "a store or gateway does not answer");
                    let message = "The shop cannot answer right now. Try again in a moment.";
                    stoa_graphql_http::client_error(ApiError::SERVICE_UNAVAILABLE, message)
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::Value;

    fn code(error: &Error) -> Option<String> {
        match error.extensions.as_ref()?.get("code")? {
            Value::String(code) => Some(code.clone()),
            _ => None,
        }
    }

    #[test]
    fn a_request_error_tells_its_code_and_message() {
        let error = Error::from(ApiError::bad_input("first must not be negative"));
        assert_eq!(code(&error).as_deref(), Some("BAD_USER_INPUT"));
        assert_eq!(error.message, "first must not be negative");
    }

    #[test]
    fn who_is_to_come_later_is_told_when_in_a_number() {
        for error in [ApiError::too_many_guesses, ApiError::throttled] {
            let error = Error::from(error(Duration::from_millis(2_500)));
            let told = error.extensions.as_ref().and_then(|extensions| extensions.get("retryAfter"));
            assert_eq!(told, Some(&Value::from(3_u64)), "{error:?}");
        }
    }

    #[test]
    fn a_store_that_does_not_answer_is_retryable_and_tells_no_detail() {
        let fault = Fault::unavailable("catalog.read", "connect to 10.0.0.7:5432 refused");
        let error = Error::from(ApiError::from(fault));
        assert_eq!(code(&error).as_deref(), Some("SERVICE_UNAVAILABLE"));
        assert!(!error.message.contains("10.0.0.7"));
    }

    #[test]
    fn an_internal_fault_is_left_to_the_transport_to_mask() {
        let error = Error::from(ApiError::from(Fault::bug("cart.price")));
        assert_eq!(code(&error), None, "an error without a code is logged and masked by the transport");
    }
}
