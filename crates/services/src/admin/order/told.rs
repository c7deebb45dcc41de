//! What an order's history and the log say of it.

use crate::{Context, order::write_history};
use stoa_domain::{
    access::Permit,
    order::{FulfillmentStatus, Order},
    shared::{LineItemId, Timestamp},
};
use stoa_persistence::Batch;

/// Characters of a name in an order's history.
const NAME: usize = 255;

/// Adds to an order's history what somebody on the staff has done.
pub(super) fn note<G>(
    ctx: &Context,
    batch: &mut Batch,
    order: &Order,
    by: &Permit<G>,
    (kind, detail): (&str, &str),
    now: Timestamp,
) {
    let name: String = by.actor().name().chars().filter(|c| *c != '\0').take(NAME).collect();
    write_history(ctx, batch, order, (&name, kind, detail), now);
}

/// Units of lines as the log lists them: `<line> x 2`.
pub(super) fn units(lines: impl IntoIterator<Item = (LineItemId, u32)>) -> Vec<String> {
    lines.into_iter().map(|(line, quantity)| format!("{line} x {quantity}")).collect()
}

/// How much was sent, as the log says it.
pub(super) const fn sent_name(status: FulfillmentStatus) -> &'static str {
    match status {
        FulfillmentStatus::Unfulfilled => "unfulfilled",
        FulfillmentStatus::PartiallyFulfilled => "partially_fulfilled",
        FulfillmentStatus::Fulfilled => "fulfilled",
    }
}
