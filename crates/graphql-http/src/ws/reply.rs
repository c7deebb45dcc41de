//! The messages of the server.

use async_graphql::ServerError;
use axum::extract::ws::Message;
use serde_json::value::RawValue;

use super::operations::Ticket;
use crate::{error_code::ErrorCode, outcome::Outcome, refusal::Refusal};

/// A message on its way to the writer.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) text: String,
    /// The operation that it is of, and whether that ends with it.
    pub(super) of: Option<(Ticket, bool)>,
}

impl Outgoing {
    pub(super) fn into_message(self) -> Message {
        Message::Text(self.text.into())
    }

    pub(super) fn ack(payload: Option<&serde_json::Map<String, serde_json::Value>>) -> Self {
        let payload = payload.and_then(|payload| serde_json::value::to_raw_value(payload).ok());
        Self::bare("connection_ack", payload.as_deref())
    }

    pub(super) fn pong(payload: Option<&RawValue>) -> Self {
        Self::bare("pong", payload)
    }

    /// One result; more may follow.
    pub(super) fn next(ticket: &Ticket, outcome: &Outcome) -> Self {
        let mut text = start(&ticket.id, "next");
        text.extend_from_slice(b",\"payload\":");
        match outcome.write(&mut text).ok().and_then(|()| closed(text)) {
            Some(text) => Self { text, of: Some((ticket.clone(), false)) },
            None => Self::unwritable(ticket),
        }
    }

    /// Why there was no result, or no more; nothing follows.
    pub(super) fn error(ticket: &Ticket, refusal: &Refusal) -> Self {
        match errors(&ticket.id, refusal.errors()) {
            Some(text) => Self { text, of: Some((ticket.clone(), true)) },
            None => Self::unwritable(ticket),
        }
    }

    /// The same for an operation that never was one.
    pub(super) fn refused(id: &str, refusal: &Refusal) -> Self {
        Self { text: errors(id, refusal.errors()).unwrap_or_default(), of: None }
    }

    /// All results were sent.
    pub(super) fn complete(ticket: &Ticket) -> Self {
        let text = closed(start(&ticket.id, "complete")).unwrap_or_default();
        Self { text, of: Some((ticket.clone(), true)) }
    }

    fn bare(kind: &str, payload: Option<&RawValue>) -> Self {
        let text = match payload {
            Some(payload) => format!(r#"{{"type":"{kind}","payload":{}}}"#, payload.get()),
            None => format!(r#"{{"type":"{kind}"}}"#),
        };
        Self { text, of: None }
    }

    fn unwritable(ticket: &Ticket) -> Self {
        tracing::error!("an answer could not be serialised");
        let refusal = Refusal::new(ErrorCode::Internal, "internal error");
        let text = errors(&ticket.id, refusal.errors()).unwrap_or_default();
        Self { text, of: Some((ticket.clone(), true)) }
    }
}

fn start(id: &str, kind: &str) -> Vec<u8> {
    // a text can always be written
    let id = serde_json::to_string(id).unwrap_or_default();
    format!(r#"{{"id":{id},"type":"{kind}""#).into_bytes()
}

fn errors(id: &str, errors: &[ServerError]) -> Option<String> {
    let mut text = start(id, "error");
    text.extend_from_slice(b",\"payload\":");
    serde_json::to_writer(&mut text, errors).ok()?;
    closed(text)
}

fn closed(mut text: Vec<u8>) -> Option<String> {
    text.push(b'}');
    String::from_utf8(text).ok()
}
