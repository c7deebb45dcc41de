//! Putting jobs in, claiming them with a lease, and what becomes of them.
//!
//! A job that is done is deleted; one that failed too often is dead: it is kept, listed, and never claimed. A worker that dies
//! lets its lease run out, and another takes the job: so each runs at least once.

use super::entity::{ActiveModel, Column, Entity, Model};
use crate::db::{Batch, Conn, Place, Writes, fault};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{CommonTableExpression, Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query},
};
use stoa_domain::shared::{Fault, JobId, Timestamp};

/// A job to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Which.
    pub id: JobId,
    /// What to do: the name of a handler.
    pub kind: &'static str,
    /// What to do it with, as JSON.
    pub payload: String,
    /// Not before.
    pub run_at: Timestamp,
    /// While a job with the same key waits, another one is not put in.
    pub dedup_key: Option<String>,
}

/// What the kinds of mails begin with.
const MAILS: &str = "mail.";

/// Which jobs are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// Whatever is due.
    All,
    /// All but mails.
    NotMails,
}

impl Kinds {
    /// What the rows of these are.
    fn are(self) -> Condition {
        match self {
            Self::All => Condition::all(),
            Self::NotMails => Condition::all().add(Column::Kind.not_like(format!("{MAILS}%"))),
        }
    }
}

/// A job that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// What to do it with, as JSON.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// Until when it is this worker's. With the attempt it tells one claim from another: a crash of Postgres may undo a claim, and
    /// then the next one has the same number.
    lease: Option<Timestamp>,
}

impl Job {
    /// Whether it writes to somebody.
    #[must_use]
    pub fn is_mail(&self) -> bool {
        self.kind.starts_with(MAILS)
    }

    /// The job's row, as long as nobody has claimed it since: a worker that overran its lease leaves it to the one that has it now.
    fn own(&self) -> Condition {
        Condition::all()
            .add(Column::Id.eq(self.id.uuid()))
            .add(Column::Attempts.eq(self.attempt))
            .add(Column::LockedUntil.eq(self.lease))
    }
}

/// A job that failed too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// Which.
    pub id: JobId,
    /// What was to be done.
    pub kind: String,
    /// With what, as JSON.
    pub payload: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Why it failed the last time.
    pub last_error: String,
    /// When it was given up.
    pub dead_at: Timestamp,
}

/// Puts a job in. No row is written if one with the same key is there already.
pub fn enqueue(batch: &mut Batch, job: NewJob, now: Timestamp) -> Place {
    let row = ActiveModel {
        id: Set(job.id.uuid()),
        kind: Set(job.kind.to_owned()),
        payload: Set(job.payload),
        dedup_key: Set(job.dedup_key),
        run_at: Set(job.run_at),
        attempts: Set(0),
        locked_until: Set(None),
        last_error: Set(None),
        dead_at: Set(None),
        created_at: Set(now),
    };
    let known = OnConflict::column(Column::DedupKey).do_nothing().to_owned();
    batch.insert(Entity::insert(row).on_conflict(known).into_query())
}

/// Takes up to `limit` jobs that are due, for as long as the lease runs. Two workers never get the same one while it does. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn claim(
    on: &impl Writes,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u64,
) -> Result<Vec<Job>, Fault> {
    claim_of(on, Kinds::All, now, lease_until, limit).await
}

/// The same, of these kinds alone.
///
/// # Errors
/// The database does not answer.
pub async fn claim_of(
    on: &impl Writes,
    kinds: Kinds,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u64,
) -> Result<Vec<Job>, Fault> {
    const DUE: &str = "due";
    let mut due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::DeadAt.is_null())
        .filter(Column::RunAt.lte(now))
        .filter(Column::LockedUntil.is_null().or(Column::LockedUntil.lte(now)))
        .filter(kinds.are())
        .order_by_asc(Column::RunAt)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    if let Some(relaxed) = relaxed(on) {
        due = due.filter(relaxed);
    }
    // A table of its own, which is read once: what it has locked it would pass over when it is read again.
    let due = CommonTableExpression::new().query(due.into_query()).table_name(DUE).to_owned();
    let mut update = Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(lease_until))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.in_subquery(Query::select().column(Column::Id).from(DUE).take()));
    QueryTrait::query(&mut update).with_cte(due);
    let claimed = update.exec_with_returning(on.raw()).await.map_err(fault("outbox.claim"))?;
    Ok(claimed
        .into_iter()
        .map(|row| Job {
            id: row.id.into(),
            kind: row.kind,
            payload: row.payload,
            attempt: row.attempts,
            lease: row.locked_until,
        })
        .collect())
}

/// On Postgres, of a statement that is a transaction of its own: its commit does not wait for the disk. A claim or the end of a job
/// that a power cut undoes is a job that runs twice, which every handler may. Part of a transaction it has to say nothing: that one
/// may hold money. SQLite's connection is told by [`Durability`].
///
/// [`Durability`]: crate::Durability
fn relaxed(on: &impl Writes) -> Option<Expr> {
    let postgres = on.raw().get_database_backend() == DbBackend::Postgres;
    (postgres && on.is_one_statement())
        .then(|| Expr::cust("(SELECT set_config('synchronous_commit', 'off', true)) = 'off'"))
}

/// The job is done. One statement, as all that may become of it.
///
/// # Errors
/// The database does not answer.
pub async fn done(on: &impl Writes, job: &Job) -> Result<(), Fault> {
    let mut delete = Entity::delete_many().filter(job.own());
    if let Some(relaxed) = relaxed(on) {
        delete = delete.filter(relaxed);
    }
    delete.exec(on.raw()).await.map_err(fault("outbox.done"))?;
    Ok(())
}

/// The job failed; it is tried again at `at`.
///
/// # Errors
/// The database does not answer.
pub async fn retry_later(on: &impl Writes, job: &Job, at: Timestamp, error: &str) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(at))
        .col_expr(Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::LastError, Expr::value(error))
        .filter(job.own())
        .exec(on.raw())
        .await
        .map_err(fault("outbox.retry_later"))?;
    Ok(())
}

/// It was too early for the job: it waits until `at`, and has `payload` then. The attempt counts, because its number is what tells
/// one claim from another.
///
/// # Errors
/// The database does not answer.
pub async fn postpone(on: &impl Writes, job: &Job, at: Timestamp, payload: &str) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::Payload, Expr::value(payload))
        .col_expr(Column::RunAt, Expr::value(at))
        .col_expr(Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
        .filter(job.own())
        .exec(on.raw())
        .await
        .map_err(fault("outbox.postpone"))?;
    Ok(())
}

/// The job failed too often: it is kept, and left alone.
///
/// # Errors
/// The database does not answer.
pub async fn bury(on: &impl Writes, job: &Job, now: Timestamp, error: &str) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::DeadAt, Expr::value(now))
        .col_expr(Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
        .col_expr(Column::LastError, Expr::value(error))
        // The key must not keep the same thing from being asked for again.
        .col_expr(Column::DedupKey, Expr::value(Option::<String>::None))
        .filter(job.own())
        .exec(on.raw())
        .await
        .map_err(fault("outbox.bury"))?;
    Ok(())
}

/// Jobs that were given up, the latest first.
///
/// # Errors
/// The database does not answer.
pub async fn dead_jobs(conn: &impl Conn, limit: u64) -> Result<Vec<DeadJob>, Fault> {
    let rows = Entity::find()
        .filter(Column::DeadAt.is_not_null())
        .order_by_desc(Column::DeadAt)
        .limit(limit)
        .all(conn.raw())
        .await
        .map_err(fault("outbox.dead_jobs"))?;
    Ok(rows.into_iter().filter_map(dead).collect())
}

/// Whether any job of these kinds could be claimed now. Cheap, and takes no lock.
///
/// # Errors
/// The database does not answer.
pub async fn is_due(conn: &impl Conn, kinds: Kinds, now: Timestamp) -> Result<bool, Fault> {
    let due: Option<i32> = Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(Column::DeadAt.is_null())
        .filter(Column::RunAt.lte(now))
        .filter(Column::LockedUntil.is_null().or(Column::LockedUntil.lte(now)))
        .filter(kinds.are())
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("outbox.is_due"))?;
    Ok(due.is_some())
}

/// How many jobs wait (dead ones do not).
///
/// # Errors
/// The database does not answer.
pub async fn pending(conn: &impl Conn) -> Result<u64, Fault> {
    Entity::find().filter(Column::DeadAt.is_null()).count(conn.raw()).await.map_err(fault("outbox.pending"))
}

/// How many jobs should have begun before `before`, and when the oldest of them should have.
///
/// # Errors
/// The database does not answer.
pub async fn overdue(conn: &impl Conn, before: Timestamp) -> Result<(u64, Option<Timestamp>), Fault> {
    let late = || {
        Entity::find()
            .filter(Column::DeadAt.is_null())
            .filter(Column::RunAt.lt(before))
            .filter(Column::LockedUntil.is_null().or(Column::LockedUntil.lt(before)))
    };
    let count = late().count(conn.raw()).await.map_err(fault("outbox.overdue"))?;
    let oldest = late().order_by_asc(Column::RunAt).one(conn.raw()).await.map_err(fault("outbox.overdue"))?;
    Ok((count, oldest.map(|row| row.run_at)))
}

/// How many jobs were given up.
///
/// # Errors
/// The database does not answer.
pub async fn dead_count(conn: &impl Conn) -> Result<u64, Fault> {
    Entity::find()
        .filter(Column::DeadAt.is_not_null())
        .count(conn.raw())
        .await
        .map_err(fault("outbox.dead_count"))
}

fn dead(row: Model) -> Option<DeadJob> {
    Some(DeadJob {
        id: row.id.into(),
        kind: row.kind,
        payload: row.payload,
        attempts: row.attempts,
        last_error: row.last_error.unwrap_or_default(),
        dead_at: row.dead_at?,
    })
}
