//! What happened to an order, when, and by whom.

use super::entities::events;
use crate::db::{Batch, Conn, fault};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait};
use stoa_domain::shared::{Fault, OrderId, Timestamp};
use uuid::Uuid;

/// One entry of an order's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Time-ordered.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who: `buyer`, `gateway`, `system`, or a member of staff.
    pub actor: String,
    /// What: `placed`, `paid`, `cancelled`, `refunded`, …
    pub kind: String,
    /// In words, for the merchant.
    pub detail: String,
}

/// Adds an entry, in the transaction of what it tells.
pub fn append(batch: &mut Batch, order: OrderId, entry: HistoryEntry) {
    let row = events::ActiveModel {
        id: Set(entry.id),
        order_id: Set(order.uuid()),
        at: Set(entry.at),
        actor: Set(entry.actor),
        kind: Set(entry.kind),
        detail: Set(entry.detail),
    };
    batch.insert(events::Entity::insert(row).into_query());
}

/// An order's history, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn history(conn: &impl Conn, order: OrderId) -> Result<Vec<HistoryEntry>, Fault> {
    let rows = events::Entity::find()
        .filter(events::Column::OrderId.eq(order.uuid()))
        .order_by_asc(events::Column::At)
        .order_by_asc(events::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("order.history"))?;
    Ok(rows
        .into_iter()
        .map(|r| HistoryEntry { id: r.id, at: r.at, actor: r.actor, kind: r.kind, detail: r.detail })
        .collect())
}
