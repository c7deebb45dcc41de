//! What came of one GraphQL request, before HTTP.

use std::collections::BTreeMap;

use async_graphql::{Response, ServerError, Value};
use http::HeaderMap;
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::refusal::Refusal;

/// The result of a request: an answer of the executor, or the reason why there is none.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Nothing ran, or what ran was lost: an answer without `data`.
    Refused(Refusal),
    /// The operation ran: an answer with `data`, even if that is `null`.
    Executed(Box<Executed>),
}

/// What the executor gave.
#[derive(Debug)]
pub(crate) struct Executed {
    pub(crate) data: Value,
    pub(crate) errors: Vec<ServerError>,
    pub(crate) extensions: BTreeMap<String, Value>,
    pub(crate) headers: HeaderMap,
}

impl Outcome {
    /// The errors of the answer.
    pub(crate) fn errors(&self) -> &[ServerError] {
        match self {
            Self::Refused(refusal) => refusal.errors(),
            Self::Executed(executed) => &executed.errors,
        }
    }

    /// The answer as async-graphql's type, for transports of its own.
    pub(crate) fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => Response::from_errors(refusal.into_errors()),
            Self::Executed(executed) => {
                let mut response = Response::new(executed.data).http_headers(executed.headers);
                response.errors = executed.errors;
                response.extensions = executed.extensions;
                response
            }
        }
    }
}

impl Executed {
    /// Keeps the first errors only and counts the others.
    pub(crate) fn truncate_errors(&mut self, limit: usize) {
        let omitted = self.errors.len().saturating_sub(limit);
        if omitted > 0 {
            self.errors.truncate(limit);
            self.extensions.insert(OMITTED.to_owned(), Value::from(omitted));
        }
    }
}

/// The member of `extensions` that counts errors not sent.
pub(crate) const OMITTED: &str = "errorsOmitted";

/// As in the GraphQL specification, 7.1: `errors` first, `data` only if the operation ran.
impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.errors().is_empty() {
            map.serialize_entry("errors", self.errors())?;
        }
        match self {
            Self::Refused(refusal) => {
                if refusal.omitted() > 0 {
                    map.serialize_entry("extensions", &BTreeMap::from([(OMITTED, refusal.omitted())]))?;
                }
            }
            Self::Executed(executed) => {
                map.serialize_entry("data", &executed.data)?;
                if !executed.extensions.is_empty() {
                    map.serialize_entry("extensions", &executed.extensions)?;
                }
            }
        }
        map.end()
    }
}
