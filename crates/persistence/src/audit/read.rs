//! Reading the log: pages for people, all of it for whoever verifies or exports it.

use super::{
    entities::{head as heads, log},
    map,
};
use crate::db::{Conn, ListError, fault, within};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use stoa_domain::{
    audit::{Broken, Chained, Entry, Head, Mac, Verifier},
    catalog::search::Moments,
    shared::{
        Fault,
        page::{Cursor, CursorKey, InvalidCursor, Page, PageRequest, PageRow},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xa0;
/// Rows that are verified at a time.
const PAGE: u64 = 1_000;

/// Which rows are listed: those of which all of it is true. Nothing said is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditListing {
    /// The latest first.
    pub reverse: bool,
    /// By this member of staff or key.
    pub actor: Option<Uuid>,
    /// To things of this kind.
    pub subject_kind: Option<String>,
    /// To the one with this id.
    pub subject_id: Option<String>,
    /// This act.
    pub action: Option<String>,
    /// Then.
    pub at: Option<Moments>,
}

/// Where the chain ends.
///
/// # Errors
/// The database does not answer.
pub async fn head(conn: &impl Conn) -> Result<Head, Fault> {
    let row = heads::Entity::find_by_id(1).one(conn.raw()).await.map_err(fault("audit.head"))?;
    map::head(&row.ok_or(Fault::bug("audit.head: the log has no head"))?)
}

/// A page of the log. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_audit(
    conn: &impl Conn,
    listing: &AuditListing,
    request: &PageRequest,
) -> Result<Page<Entry>, ListError> {
    use log::Column as L;
    request.check_order(ORDER)?;
    let mut query = log::Entity::find();
    if let Some(actor) = listing.actor {
        query = query.filter(L::ActorId.eq(actor));
    }
    if let Some(kind) = &listing.subject_kind {
        query = query.filter(L::SubjectType.eq(kind.as_str()));
    }
    if let Some(id) = &listing.subject_id {
        query = query.filter(L::SubjectId.eq(id.as_str()));
    }
    if let Some(action) = &listing.action {
        query = query.filter(L::Action.eq(action.as_str()));
    }
    if let Some(moments) = &listing.at {
        query = query.filter(within(Expr::col((log::Entity, L::At)), moments));
    }
    for (cursor, behind) in [(&request.after, true), (&request.before, false)] {
        if let Some(cursor) = cursor {
            let seq = place(cursor)?;
            query = query.filter(if behind == listing.reverse { L::Seq.lt(seq) } else { L::Seq.gt(seq) });
        }
    }
    query = if listing.reverse == request.from_end {
        query.order_by_asc(L::Seq)
    } else {
        query.order_by_desc(L::Seq)
    };
    let rows = query.limit(u64::from(request.size) + 1).all(conn.raw()).await;
    let rows = rows.map_err(fault("audit.list"))?.into_iter().map(|row| {
        let cursor = Cursor { order: ORDER, key: CursorKey::Number(row.seq), id: Uuid::nil() };
        PageRow { cursor, node: map::entry(row) }
    });
    Ok(Page::from_walk(rows.collect(), request))
}

fn place(cursor: &Cursor) -> Result<i64, InvalidCursor> {
    match cursor.key {
        CursorKey::Number(seq) => Ok(seq),
        CursorKey::Id | CursorKey::Text(_) => Err(InvalidCursor),
    }
}

/// The rows behind a place, in their order, at most so many: for whoever takes the log out of the house.
///
/// # Errors
/// The database does not answer.
pub async fn rows_after(conn: &impl Conn, seq: i64, limit: u64) -> Result<Vec<Chained>, Fault> {
    let rows = log::Entity::find()
        .filter(log::Column::Seq.gt(seq))
        .order_by_asc(log::Column::Seq)
        .limit(limit)
        .all(conn.raw())
        .await
        .map_err(fault("audit.rows"))?;
    Ok(rows.into_iter().map(map::chained).collect())
}

/// Whether the log is what was written, behind `from`, which is known to have been right: gives its end, or the first place where it is
/// not. Any of the keys may have chained a row. What is added meanwhile is left for the next time.
///
/// # Errors
/// The database does not answer.
pub async fn verify(conn: &impl Conn, from: Head, macs: Vec<Mac<'_>>) -> Result<Result<Head, Broken>, Fault> {
    prove(conn, Verifier::begin(from, macs)).await
}

/// The same, by a verifier that knows what to look for.
///
/// # Errors
/// The database does not answer.
pub async fn prove(conn: &impl Conn, mut verifier: Verifier<'_>) -> Result<Result<Head, Broken>, Fault> {
    // Before the rows: what comes after is none of it.
    let end = head(conn).await?;
    loop {
        let rows = rows_after(conn, verifier.head().seq, PAGE).await?;
        let full = rows.len() as u64 == PAGE;
        let known: Vec<Chained> = rows.into_iter().filter(|row| row.entry.seq <= end.seq).collect();
        let all_known = known.len() as u64 == PAGE;
        if let Err(broken) = verifier.rows(&known) {
            return Ok(Err(broken));
        }
        if !(full && all_known) {
            return Ok(verifier.end(end));
        }
    }
}
