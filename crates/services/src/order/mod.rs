//! Placed orders, for the buyer.

mod find;
mod guesses;
mod told;

pub(crate) use find::view_of;
pub use find::{FindOrder, LookupError, OrderView};
pub use told::OrderExplained;

use crate::Context;
use stoa_domain::{
    order::Order,
    shared::{ProductId, Timestamp},
};
use stoa_persistence::{
    Batch,
    order::{HistoryEntry, append},
};

/// Units sold of each product, for the ranking of best sellers.
pub(crate) fn sold(order: &Order) -> Vec<(ProductId, i64)> {
    order.lines.iter().map(|line| (line.product, i64::from(line.quantity))).collect()
}

/// Adds to an order's history who did what, and in words what of it a merchant may want to know.
pub(crate) fn write_history(
    ctx: &Context,
    batch: &mut Batch,
    order: &Order,
    (actor, kind, detail): (&str, &str, &str),
    at: Timestamp,
) {
    let entry = HistoryEntry {
        id: ctx.ports.ids.id(),
        at,
        actor: actor.to_owned(),
        kind: kind.to_owned(),
        detail: detail.to_owned(),
    };
    append(batch, order.id, entry);
}
