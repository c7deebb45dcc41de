//! The messages of clients, read strictly: what PROTOCOL.md does not specify is 4400.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{close::Close, init::InitPayload};
use crate::{
    gql::Params,
    http::{MapOnly, params_from_object},
};

/// The name of the subprotocol.
pub(super) const SUBPROTOCOL: &str = "graphql-transport-ws";
/// The most that an operation's id may have; it comes back with each message.
const ID_BYTES: usize = 256;

/// A message of a client.
#[derive(Debug)]
pub(super) enum ClientMessage {
    ConnectionInit(InitPayload),
    /// The payload is JSON, an object.
    Ping(Option<Box<RawValue>>),
    Pong,
    Subscribe {
        id: String,
        params: Box<Params>,
    },
    Complete {
        id: String,
    },
}

#[derive(Deserialize)]
struct RawMessage<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default, borrow)]
    payload: Option<&'a RawValue>,
}

/// Reads a message.
///
/// # Errors
/// Why the socket is to be closed.
pub(super) fn read(text: &str) -> Result<ClientMessage, Close> {
    let MapOnly(raw): MapOnly<RawMessage<'_>> = serde_json::from_str(text)
        .map_err(|_| Close::invalid("Messages are JSON objects with a \"type\""))?;
    match &*raw.kind {
        "connection_init" => {
            let payload = raw.object()?.map(|payload| serde_json::from_str(payload.get()));
            let malformed = |_| Close::invalid("The payload cannot be read");
            payload
                .transpose()
                .map_err(malformed)
                .map(Option::unwrap_or_default)
                .map(ClientMessage::ConnectionInit)
        }
        "ping" => Ok(ClientMessage::Ping(raw.object()?.map(ToOwned::to_owned))),
        "pong" => raw.object().map(|_| ClientMessage::Pong),
        "subscribe" => {
            let payload = raw.object()?.ok_or(Close::invalid("\"subscribe\" needs a payload"))?;
            let params = params_from_object(payload.get())
                .map_err(|_| Close::invalid("The payload of \"subscribe\" is not a GraphQL request"))?;
            Ok(ClientMessage::Subscribe { id: raw.id()?, params: Box::new(params) })
        }
        "complete" => Ok(ClientMessage::Complete { id: raw.id()? }),
        _ => Err(Close::invalid("Unknown message type")),
    }
}

impl RawMessage<'_> {
    fn id(self) -> Result<String, Close> {
        match self.id {
            Some(id) if id.len() > ID_BYTES => Err(Close::invalid("The id is too long")),
            Some(id) if !id.is_empty() => Ok(id),
            _ => Err(Close::invalid("The message needs an id")),
        }
    }

    /// The payload, which is an object or nothing.
    fn object(&self) -> Result<Option<&RawValue>, Close> {
        match self.payload {
            Some(payload) if payload.get().starts_with('{') => Ok(Some(payload)),
            Some(payload) if payload.get() != "null" => Err(Close::invalid("The payload is not an object")),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_protocol_specifies_is_read() {
        for good in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"type":"connection_init","payload":{"token":"a"},"more":1}"#,
            r#"{"type":"ping"}"#,
            r#"{"type":"ping","payload":{"at":1}}"#,
            r#" {"type":"pong","payload":null} "#,
            r#"{"id":"1","type":"complete"}"#,
            r#"{"id":"1","type":"subscribe","payload":{"query":"{ a }"}}"#,
            r#"{"id":"1","type":"subscribe","payload":{"query":"{ a }","operationName":null,"variables":null,"extensions":null}}"#,
            r#"{"\u0074ype":"\u0070ing"}"#,
        ] {
            assert!(read(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_it_does_not_is_invalid() {
        let long = format!(r#"{{"id":"{}","type":"complete"}}"#, "x".repeat(ID_BYTES + 1));
        for bad in [
            "",
            "hello",
            "[]",
            "null",
            r#"["ping"]"#,
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"PING"}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"start","id":"1","payload":{"query":"{ a }"}}"#,
            r#"{"type":"ping","type":"ping"}"#,
            r#"{"type":"ping"} {"type":"ping"}"#,
            r#"{"type":"ping","payload":"text"}"#,
            r#"{"type":"pong","payload":[]}"#,
            r#"{"type":"connection_init","payload":1}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"complete","id":""}"#,
            r#"{"type":"complete","id":1}"#,
            r#"{"type":"subscribe","payload":{"query":"{ a }"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":"{ a }"}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":[]}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }","operationName":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{ a }","extensions":1}}"#,
            &long,
        ] {
            assert_eq!(read(bad).unwrap_err().code(), 4400, "{bad}");
        }
    }
}
