//! Jobs as staff see them: listed, tried again, dropped.

use super::entity::{Column, Entity, Model};
use crate::db::{Conn, Key, Keyset, ListError, Writes, fault, padded, stored};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use std::collections::HashMap;
use stoa_domain::shared::{
    Fault, JobId, Timestamp,
    page::{Page, PageRequest},
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xa1;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// It waits for its time, or for somebody to take it.
    Waiting,
    /// Somebody has it.
    Running,
    /// It failed too often.
    Dead,
}

impl JobState {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Running, Self::Dead];
}

/// A job, with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobView {
    /// Which.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// With what, as JSON.
    pub payload: String,
    /// Where it stands.
    pub state: JobState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before.
    pub run_at: Timestamp,
    /// Why it failed the last time.
    pub last_error: Option<String>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// When it was put in.
    pub created_at: Timestamp,
}

/// A page of the jobs in a state, or of all, the latest first. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_jobs(
    conn: &impl Conn,
    state: Option<JobState>,
    request: &PageRequest,
    now: Timestamp,
) -> Result<Page<JobId>, ListError> {
    let j = |column: Column| Expr::col((Entity, column));
    let mut query = Query::select().from(Entity).take();
    let held = || j(Column::LockedUntil).gt(stored(now));
    match state {
        None => {}
        Some(JobState::Dead) => {
            query.and_where(j(Column::DeadAt).is_not_null());
        }
        Some(JobState::Running) => {
            query.and_where(j(Column::DeadAt).is_null()).and_where(held());
        }
        Some(JobState::Waiting) => {
            let free = j(Column::LockedUntil).is_null().or(held().not());
            query.and_where(j(Column::DeadAt).is_null()).and_where(free);
        }
    }
    let keyset = Keyset { order: ORDER, key: Key::Id, id: j(Column::Id), ascending: false };
    keyset.page(conn, &mut query, request).await
}

/// Those with these ids that there are still, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_jobs(conn: &impl Conn, ids: &[JobId], now: Timestamp) -> Result<Vec<JobView>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().filter(Column::Id.is_in(padded(&uuids))).all(conn.raw()).await;
    let rows = rows.map_err(fault("outbox.find_jobs"))?;
    let mut found: HashMap<Uuid, Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(uuids.iter().filter_map(|id| found.remove(id)).map(|row| view(row, now)).collect())
}

fn view(row: Model, now: Timestamp) -> JobView {
    let state = match (row.dead_at, row.locked_until) {
        (Some(_), _) => JobState::Dead,
        (None, Some(until)) if until > now => JobState::Running,
        (None, _) => JobState::Waiting,
    };
    JobView {
        id: row.id.into(),
        kind: row.kind,
        payload: row.payload,
        state,
        attempts: u32::try_from(row.attempts).unwrap_or(0),
        run_at: row.run_at,
        last_error: row.last_error,
        dead_at: row.dead_at,
        created_at: row.created_at,
    }
}

/// Tries a job again that was given up: now, and as often as one that is new. False, and nothing changed, if it is not there or was
/// not given up. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn revive(on: &impl Writes, id: JobId, now: Timestamp) -> Result<bool, Fault> {
    let revived = Entity::update_many()
        .col_expr(Column::DeadAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::RunAt, Expr::value(stored(now)))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::DeadAt.is_not_null())
        .exec(on.raw())
        .await
        .map_err(fault("outbox.revive"))?;
    Ok(revived.rows_affected == 1)
}

/// Drops a job that was given up; gives it as it was. `None`, and nothing changed, if it is not there or was not given up. One
/// statement.
///
/// # Errors
/// The database does not answer.
pub async fn discard(on: &impl Writes, id: JobId, now: Timestamp) -> Result<Option<JobView>, Fault> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::DeadAt.is_not_null())
        .exec_with_returning(on.raw())
        .await
        .map_err(fault("outbox.discard"))?;
    Ok(gone.into_iter().next().map(|row| view(row, now)))
}
