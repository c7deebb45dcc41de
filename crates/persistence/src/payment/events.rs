//! Events of a gateway, each once. What cannot be applied yet waits here as it came. What is applied keeps nothing but that it was: the
//! gateway's own form asks buyers for names and addresses that are none of the shop's, and events repeat them.

use super::entities::gateway_events as rows;
use crate::db::{Conn, Raw, WriteTx, Writes, fault, stored};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict},
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
    /// The body, byte for byte; empty once it is not needed any more.
    pub body: String,
    /// When it happened, by the gateway's clock.
    pub occurred_at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
}

const WAITING: &str = "waiting";
const APPLIED: &str = "applied";
/// What the body of an event is that nobody will read again.
const FORGOTTEN: &str = "";

/// Writes an event down as applied, without its body, in the transaction that applies it; one that waits is taken from its waiting. False
/// if somebody else has applied it: apply nothing then. Where it turns out that it cannot be applied yet, see [`wait`].
///
/// # Errors
/// The database does not answer.
pub async fn take_event(tx: &WriteTx, event: &StoredEvent, now: Timestamp) -> Result<bool, Fault> {
    let row = rows::ActiveModel {
        id: Set(event.id.clone()),
        gateway: Set(event.gateway.clone()),
        kind: Set(event.kind.clone()),
        intent: Set(event.intent.clone()),
        state: Set(APPLIED.to_owned()),
        body: Set(FORGOTTEN.to_owned()),
        occurred_at: Set(event.occurred_at),
        received_at: Set(event.received_at),
        applied_at: Set(Some(now)),
    };
    let waits = Expr::col((rows::Entity, rows::Column::State)).eq(WAITING);
    let mut known = OnConflict::column(rows::Column::Id);
    let ended = [rows::Column::State, rows::Column::AppliedAt, rows::Column::Body];
    known.update_columns(ended).action_and_where(waits);
    let written = rows::Entity::insert(row).on_conflict(known).exec_without_returning(tx.raw()).await;
    match written {
        Ok(written) => Ok(written == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(fault("payment.take_event")(error)),
    }
}

/// Lets an event that was taken in this transaction wait, as it came: what it is about is not known yet, or does not tell enough.
///
/// # Errors
/// The database does not answer.
pub async fn wait(tx: &WriteTx, event: &StoredEvent) -> Result<(), Fault> {
    rows::Entity::update_many()
        .col_expr(rows::Column::State, Expr::value(WAITING))
        .col_expr(rows::Column::AppliedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(rows::Column::Body, Expr::value(event.body.as_str()))
        .filter(rows::Column::Id.eq(event.id.as_str()))
        .exec(tx.raw())
        .await
        .map_err(fault("payment.wait"))?;
    Ok(())
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

/// Marks an event that waits as applied. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn mark_applied(on: &impl Writes, id: &str, now: Timestamp) -> Result<(), Fault> {
    rows::Entity::update_many()
        .col_expr(rows::Column::State, Expr::value(APPLIED))
        .col_expr(rows::Column::AppliedAt, Expr::value(now))
        .col_expr(rows::Column::Body, Expr::value(FORGOTTEN))
        .filter(rows::Column::Id.eq(id))
        .filter(rows::Column::State.eq(WAITING))
        .exec(on.raw())
        .await
        .map_err(fault("payment.mark_applied"))?;
    Ok(())
}

/// Takes the bodies off events that nobody will read again, at most `limit` of them, and tells how many there were: of what was applied,
/// which versions before this one have left, and of what has waited since before `waited`, which is about nothing of ours.
///
/// # Errors
/// The database does not answer.
pub async fn forget_bodies(tx: &WriteTx, waited: Timestamp, limit: u64) -> Result<u64, Fault> {
    let over = Condition::any()
        .add(rows::Column::State.ne(WAITING))
        .add(rows::Column::ReceivedAt.lt(stored(waited)));
    let ids: Vec<String> = rows::Entity::find()
        .select_only()
        .column(rows::Column::Id)
        // As the index of them has it, to the letter.
        .filter(Expr::cust("body <> ''"))
        .filter(over)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("payment.forget_bodies"))?;
    if ids.is_empty() {
        return Ok(0);
    }
    let forgotten = rows::Entity::update_many()
        .col_expr(rows::Column::Body, Expr::value(FORGOTTEN))
        .filter(rows::Column::Id.is_in(ids))
        .exec(tx.raw())
        .await
        .map_err(fault("payment.forget_bodies"))?;
    Ok(forgotten.rows_affected)
}

/// Events that came before we knew their payment object, the oldest first. Not those that have waited for so long that what they said is
/// forgotten.
///
/// # Errors
/// The database does not answer.
pub async fn early_events(conn: &impl Conn, gateway: &str, intent: &str) -> Result<Vec<StoredEvent>, Fault> {
    let waiting = rows::Entity::find()
        .filter(rows::Column::Gateway.eq(gateway))
        .filter(rows::Column::Intent.eq(intent))
        .filter(rows::Column::State.eq(WAITING))
        .filter(rows::Column::Body.ne(FORGOTTEN))
        .order_by_asc(rows::Column::OccurredAt)
        .order_by_asc(rows::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("payment.early_events"))?;
    Ok(waiting.into_iter().map(event).collect())
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
    Ok(waiting.into_iter().map(event).collect())
}

fn event(row: rows::Model) -> StoredEvent {
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
