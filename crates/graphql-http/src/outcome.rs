//! What came of one GraphQL request, before HTTP.

use std::collections::BTreeMap;

use async_graphql::{Response, ServerError, Value};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{
    cost_extension::{COST, CostReport},
    refusal::Refusal,
    splice::Splicing,
};

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
    /// What goes into `extensions` beside what is there.
    pub(crate) cost: Option<CostReport>,
    /// Headers that tell how the caller stands; in a batch the last ones count.
    pub(crate) standing: Vec<(HeaderName, HeaderValue)>,
}

impl Outcome {
    /// The errors of the answer.
    pub(crate) fn errors(&self) -> &[ServerError] {
        match self {
            Self::Refused(refusal) => refusal.errors(),
            Self::Executed(executed) => &executed.errors,
        }
    }

    /// The headers that resolvers asked for.
    pub(crate) fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Refused(_) => None,
            Self::Executed(executed) => Some(&executed.headers),
        }
    }

    /// The headers that tell how the caller stands.
    pub(crate) fn standing(&self) -> &[(HeaderName, HeaderValue)] {
        match self {
            Self::Refused(refusal) => refusal.of_standing().map_or(&[], |standing| &standing.headers),
            Self::Executed(executed) => &executed.standing,
        }
    }

    /// What was executed gave this.
    pub(crate) fn data(&self) -> Option<&Value> {
        match self {
            Self::Refused(_) => None,
            Self::Executed(executed) => Some(&executed.data),
        }
    }

    /// The answer as async-graphql's type, for transports of its own.
    pub(crate) fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => Response::from_errors(refusal.into_errors()),
            Self::Executed(executed) => {
                let mut executed = *executed;
                if let Some(cost) = executed.cost {
                    executed.extensions.insert(COST.to_owned(), cost.into_value());
                }
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

impl Outcome {
    /// The answer as JSON. As in the GraphQL specification, 7.1: `errors` first, `data` only if the operation ran.
    ///
    /// # Errors
    /// An error's extensions cannot be written.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        out.push(b'{');
        let mut first = true;
        let mut member = |name: &str, out: &mut Vec<u8>| {
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            out.push(b'"');
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"\":");
        };
        if !self.errors().is_empty() {
            member("errors", out);
            serde_json::to_writer(&mut *out, self.errors())?;
        }
        match self {
            Self::Refused(refusal) => {
                let cost = refusal.of_standing().and_then(|standing| standing.cost);
                let omitted = (refusal.omitted() > 0).then(|| (OMITTED, refusal.omitted()));
                if omitted.is_some() || cost.is_some() {
                    member("extensions", out);
                    write_extensions(omitted, cost, out)?;
                }
            }
            Self::Executed(executed) => {
                member("data", out);
                Splicing::write(&executed.data, out);
                if !executed.extensions.is_empty() || executed.cost.is_some() {
                    member("extensions", out);
                    write_extensions(&executed.extensions, executed.cost, out)?;
                }
            }
        }
        out.push(b'}');
        Ok(())
    }
}

fn write_extensions<K: Serialize, V: Serialize>(
    members: impl IntoIterator<Item = (K, V)>,
    cost: Option<CostReport>,
    out: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let mut serializer = serde_json::Serializer::new(out);
    let mut map = serializer.serialize_map(None)?;
    for (name, value) in members {
        map.serialize_entry(&name, &value)?;
    }
    if let Some(cost) = cost {
        map.serialize_entry(COST, &cost)?;
    }
    map.end()
}
