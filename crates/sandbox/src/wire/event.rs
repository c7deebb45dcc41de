//! How an event is written, to a caller and to the webhook target.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{API_VERSION, Show, raw};
use crate::{
    model::{Delivery, DeliveryState, Event},
    store::Tx,
};

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    object: &'static str,
    api_version: &'static str,
    created: i64,
    data: Data<'a>,
    livemode: bool,
    pending_webhooks: u32,
    request: Request<'a>,
    #[serde(rename = "type")]
    kind: &'a str,
}

#[derive(Serialize)]
struct Data<'a> {
    object: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_attributes: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Request<'a> {
    id: Option<&'a str>,
    idempotency_key: Option<&'a str>,
}

impl<'a> View<'a> {
    fn new(event: &'a Event, pending_webhooks: u32) -> Self {
        Self {
            id: &event.id,
            object: "event",
            api_version: API_VERSION,
            created: event.created,
            data: Data { object: &event.object, previous_attributes: event.previous.as_deref() },
            livemode: false,
            pending_webhooks,
            request: Request {
                id: event.request_id.as_deref(),
                idempotency_key: event.idempotency_key.as_deref(),
            },
            kind: &event.kind,
        }
    }
}

impl Show for Event {
    fn show(&self, tx: &Tx<'_>) -> Box<RawValue> {
        let waits =
            tx.find::<Delivery>(&self.id).is_some_and(|delivery| delivery.state == DeliveryState::Pending);
        raw(&View::new(self, u32::from(waits)))
    }
}

/// The body of the webhook that tells of an event: the same bytes for every attempt.
pub(crate) fn delivered_body(event: &Event) -> Box<RawValue> {
    raw(&View::new(event, 1))
}
