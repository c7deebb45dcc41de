//! A request that is refused before anything runs: one code, one or more messages.

use async_graphql::{ErrorExtensionValues, Pos, ServerError};

use crate::{admission::Standing, error_code::ErrorCode};

/// Why nothing was executed. It becomes the `errors` of an answer without a `data` member.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    code: ErrorCode,
    errors: Vec<ServerError>,
    omitted: usize,
    standing: Option<Box<Standing>>,
}

impl Refusal {
    /// A refusal with one message that points nowhere in the document.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::at(code, message, [])
    }

    /// A refusal with one message that points at places in the document.
    pub(crate) fn at(
        code: ErrorCode,
        message: impl Into<String>,
        places: impl IntoIterator<Item = Pos>,
    ) -> Self {
        let mut error = ServerError::new(message, None);
        error.locations = places.into_iter().collect();
        Self::from_errors(code, vec![error])
    }

    /// A refusal with several messages; those that carry no code get this one.
    pub(crate) fn from_errors(code: ErrorCode, mut errors: Vec<ServerError>) -> Self {
        for error in &mut errors {
            let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
            if extensions.get("code").is_none() {
                extensions.set("code", code.as_str());
            }
        }
        Self { code, errors, omitted: 0, standing: None }
    }

    /// The same for what was asked for before.
    pub(crate) fn standing(mut self, standing: Standing) -> Self {
        self.standing = Some(Box::new(standing));
        self
    }

    /// What goes with it if it is for what was asked for before.
    pub(crate) fn of_standing(&self) -> Option<&Standing> {
        self.standing.as_deref()
    }

    /// The code of the refusal, which decides the HTTP status.
    pub(crate) fn code(&self) -> ErrorCode {
        self.code
    }

    /// The errors to send, each with `extensions.code`.
    pub(crate) fn errors(&self) -> &[ServerError] {
        &self.errors
    }

    /// Keeps the first errors only and counts the others. One document can provoke one error per field: 54 kB of
    /// nonsense came back as 638 kB.
    pub(crate) fn truncate(&mut self, limit: usize) {
        self.omitted += self.errors.len().saturating_sub(limit);
        self.errors.truncate(limit);
    }

    /// How many errors were left out.
    pub(crate) fn omitted(&self) -> usize {
        self.omitted
    }

    /// Gives the errors away.
    pub(crate) fn into_errors(self) -> Vec<ServerError> {
        self.errors
    }
}
