//! What a client may see of the errors of an execution.

use std::{error::Error as StdError, fmt::Write as _};

use async_graphql::{ErrorExtensionValues, ServerError, Value};

use crate::{error_code::ErrorCode, request_id::RequestId};

/// The message of every fault.
const FAULT_MESSAGE: &str = "internal error";
/// How async-graphql's own errors about argument values begin (custom scalars, `#[graphql(validator(…))]`).
const INPUT_ERRORS: [&str; 2] = ["Failed to parse \"", "Expected input type \""];

/// Makes a resolver's error out of a fault: the whole chain of causes goes to the log, `INTERNAL` to the client.
///
/// Any error without `extensions.code` is treated so; this only spells the chain out.
#[must_use]
pub fn fault(error: &dyn StdError) -> async_graphql::Error {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    async_graphql::Error::new(text)
}

/// Makes a resolver's error that the client may read, with a stable code of its own.
#[must_use]
pub fn client_error(code: &str, message: impl Into<String>) -> async_graphql::Error {
    let mut error = async_graphql::Error::new(message);
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code);
    error
}

/// The same for what would be let in later: `extensions.retryAfter` says in how many seconds. Of a single request `Retry-After` says it
/// as well.
#[must_use]
pub fn client_error_until(code: &str, message: impl Into<String>, seconds: u64) -> async_graphql::Error {
    let mut error = client_error(code, message);
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("retryAfter", seconds);
    error
}

/// In how many seconds an error says to come again.
pub(crate) fn retry_after(error: &ServerError) -> Option<u64> {
    match error.extensions.as_ref()?.get("retryAfter")? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}

/// Gives every error a code. A fault is logged here, once, and its text is replaced.
pub(crate) fn mask(errors: &mut [ServerError], request_id: &RequestId) {
    for error in errors {
        match code_of(error) {
            Some(code) if code != ErrorCode::Internal.as_str() => {}
            None if is_about_input(error) => set(error, "code", ErrorCode::BadUserInput.as_str()),
            _ => mask_fault(error, request_id),
        }
    }
}

/// The code of an error, if it has one.
pub(crate) fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// async-graphql's errors about argument values come without a source; an error that `?` made out of another has one.
fn is_about_input(error: &ServerError) -> bool {
    error.source.is_none() && INPUT_ERRORS.iter().any(|start| error.message.starts_with(start))
}

fn mask_fault(error: &mut ServerError, request_id: &RequestId) {
    tracing::error!(
        request.id = %request_id,
        graphql.path = %path(error),
        error.message = %error.message,
        "a resolver failed"
    );
    error.message = FAULT_MESSAGE.to_owned();
    error.source = None;
    error.extensions = None;
    set(error, "code", ErrorCode::Internal.as_str());
    set(error, "requestId", request_id.as_str());
}

fn set(error: &mut ServerError, name: &str, value: &str) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
}

fn path(error: &ServerError) -> String {
    let mut text = String::new();
    for segment in &error.path {
        if !text.is_empty() {
            text.push('.');
        }
        let _ = match segment {
            async_graphql::PathSegment::Field(name) => write!(text, "{name}"),
            async_graphql::PathSegment::Index(index) => write!(text, "{index}"),
        };
    }
    text
}

/// The error of a whole request that failed, for example by a panic.
pub(crate) fn fault_answer(request_id: &RequestId) -> crate::refusal::Refusal {
    let mut error = ServerError::new(FAULT_MESSAGE, None);
    set(&mut error, "requestId", request_id.as_str());
    crate::refusal::Refusal::from_errors(ErrorCode::Internal, vec![error])
}
