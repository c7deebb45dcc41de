//! Events: read only.

use std::sync::Arc;

use super::{Answer, page};
use crate::{
    config::matches_event,
    form::Params,
    model::{Delivery, DeliveryState, Event},
    store::Tx,
    wire::Object,
};

/// `GET /v1/events/{id}`
pub(crate) fn retrieve(tx: &Tx<'_>, id: &str, params: &Params<'_>) -> Answer {
    params.only(&["expand"])?;
    tx.get::<Event>(id).map(Object::Event)
}

/// `GET /v1/events`
pub(crate) fn list(tx: &Tx<'_>, params: &Params<'_>) -> Answer {
    page::only(params, &["delivery_success", "type", "types"])?;
    params.not_both("type", "types")?;
    let wanted: Option<Vec<&str>> = match params.text("type")? {
        Some(one) => Some(vec![one]),
        None => params.list("types")?,
    };
    let delivered = params.boolean("delivery_success")?;
    let was_delivered = |event: &Event| match tx.find::<Delivery>(&event.id) {
        Some(delivery) => delivery.state == DeliveryState::Delivered,
        None => true,
    };
    page::page(
        tx,
        params,
        "/v1/events",
        |event: &Event| event.created,
        |row: Arc<Event>| Object::Event(row),
        |event| {
            wanted
                .as_ref()
                .is_none_or(|types| types.iter().any(|pattern| matches_event(pattern, &event.kind)))
                && delivered.is_none_or(|wanted| was_delivered(event) == wanted)
        },
    )
}
