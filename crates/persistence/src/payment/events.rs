//! Events of a gateway, raw, each once. What cannot be applied yet waits here.

use super::entities::gateway_events as rows;
use crate::db::{Conn, Raw, WriteTx, fault};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult,
    sea_query::Expr,
};
use stoa_domain::shared::{Fault, Timestamp};

/// An event as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// The gateway's id.
    pub id: String,
    /// The gateway.
    pub gateway: String,
    /// The gateway's name for what happened.
    pub kind: String,
    /// The payment object it is about.
    pub intent: Option<String>,
    /// The body, byte for byte.
    pub body: String,
    /// When it happened, by the gateway's clock.
    pub occurred_at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
}

const WAITING: &str = "waiting";
const APPLIED: &str = "applied";

/// Writes an event down, as waiting. False if it is known: somebody has applied it, or it waits already.
///
/// # Errors
/// The database does not answer.
pub async fn record_event(tx: &WriteTx, event: &StoredEvent) -> Result<bool, Fault> {
    let row = rows::ActiveModel {
        id: Set(event.id.clone()),
        gateway: Set(event.gateway.clone()),
        kind: Set(event.kind.clone()),
        intent: Set(event.intent.clone()),
        state: Set(WAITING.to_owned()),
        body: Set(event.body.clone()),
        occurred_at: Set(event.occurred_at),
        received_at: Set(event.received_at),
        applied_at: Set(None),
    };
    let outcome = rows::Entity::insert(row)
        .on_conflict_do_nothing_on([rows::Column::Id])
        .exec_without_returning(tx.raw())
        .await
        .map_err(fault("payment.record_event"))?;
    Ok(matches!(outcome, TryInsertResult::Inserted(1)))
}

/// Writes down which payment object a waiting event is about, where it did not say so itself.
///
/// # Errors
/// The database does not answer.
pub async fn name_intent(tx: &WriteTx, id: &str, intent: &str) -> Result<(), Fault> {
    rows::Entity::update_many()
        .col_expr(rows::Column::Intent, Expr::value(intent))
        .filter(rows::Column::Id.eq(id))
        .filter(rows::Column::Intent.is_null())
        .exec(tx.raw())
        .await
        .map_err(fault("payment.name_intent"))?;
    Ok(())
}

/// Marks an event as applied, in the transaction that applies it. False if somebody else has: apply nothing then.
///
/// # Errors
/// The database does not answer.
pub async fn mark_applied(tx: &WriteTx, id: &str, now: Timestamp) -> Result<bool, Fault> {
    let updated = rows::Entity::update_many()
        .col_expr(rows::Column::State, Expr::value(APPLIED))
        .col_expr(rows::Column::AppliedAt, Expr::value(now))
        .filter(rows::Column::Id.eq(id))
        .filter(rows::Column::State.eq(WAITING))
        .exec(tx.raw())
        .await
        .map_err(fault("payment.mark_applied"))?;
    Ok(updated.rows_affected == 1)
}

/// Events that came before we knew their payment object, the oldest first.
///
/// # Errors
/// The database does not answer.
pub async fn early_events(conn: &impl Conn, gateway: &str, intent: &str) -> Result<Vec<StoredEvent>, Fault> {
    let waiting = rows::Entity::find()
        .filter(rows::Column::Gateway.eq(gateway))
        .filter(rows::Column::Intent.eq(intent))
        .filter(rows::Column::State.eq(WAITING))
        .order_by_asc(rows::Column::OccurredAt)
        .order_by_asc(rows::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("payment.early_events"))?;
    Ok(waiting.into_iter().map(stored).collect())
}

/// How many events wait for their payment object, for the operator. Those of somebody else's objects wait for ever.
///
/// # Errors
/// The database does not answer.
pub async fn waiting_events(conn: &impl Conn, limit: u64) -> Result<Vec<StoredEvent>, Fault> {
    let waiting = rows::Entity::find()
        .filter(rows::Column::State.eq(WAITING))
        .order_by_desc(rows::Column::ReceivedAt)
        .limit(limit)
        .all(conn.raw())
        .await
        .map_err(fault("payment.waiting_events"))?;
    Ok(waiting.into_iter().map(stored).collect())
}

fn stored(row: rows::Model) -> StoredEvent {
    StoredEvent {
        id: row.id,
        gateway: row.gateway,
        kind: row.kind,
        intent: row.intent,
        body: row.body,
        occurred_at: row.occurred_at,
        received_at: row.received_at,
    }
}
