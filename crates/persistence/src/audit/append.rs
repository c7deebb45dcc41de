//! Adding to the log, in the transaction of what it tells.

use super::{
    entities::{head, log},
    map,
};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};
use stoa_domain::{
    audit::{AuditActor, Chained, Changes, Entry, Head, Mac, links},
    shared::{Fault, Timestamp},
};

/// What somebody has done.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// Who.
    pub by: AuditActor,
    /// What, such as `product.update`.
    pub action: &'a str,
    /// What changed, and of what.
    pub changes: &'a Changes,
    /// When.
    pub at: Timestamp,
}

/// There is one row from the first migration on.
const HEADLESS: Fault = Fault::bug("audit.append: the log has no head");

/// Adds a row to the log and gives the chain's new end; `None`, and nothing written, if nothing was done. The end is locked from then
/// on: call it last, right before the commit. Three statements.
///
/// # Errors
/// The database does not answer.
pub async fn append(tx: &WriteTx, act: Act<'_>, mac: Mac<'_>) -> Result<Option<Head>, Fault> {
    if act.changes.subject().is_none() {
        return Ok(None);
    }
    let locked = head::Entity::find_by_id(1).lock(LockType::Update).one(tx.raw()).await;
    let end = map::head(&locked.map_err(fault("audit.append"))?.ok_or(HEADLESS)?)?;
    let Act { by, action, changes, at } = act;
    let Some(entry) = Entry::new(end.seq + 1, at, by, action, changes) else { return Ok(None) };
    let entry = map::kept(entry);
    let hash = links(end.hash, &entry, mac);
    let chained = Chained { entry, prev: end.hash, hash };
    let next = chained.head();
    let written = log::Entity::insert(map::row(chained)).exec_without_returning(tx.raw()).await;
    written.map_err(fault("audit.append"))?;
    let moved = head::Entity::update_many()
        .col_expr(head::Column::Seq, Expr::value(next.seq))
        .col_expr(head::Column::Hash, Expr::value(next.hash.to_string()))
        .filter(head::Column::Id.eq(1))
        .filter(head::Column::Seq.eq(end.seq))
        .exec(tx.raw())
        .await
        .map_err(fault("audit.append"))?;
    if moved.rows_affected == 1 { Ok(Some(next)) } else { Err(HEADLESS) }
}
