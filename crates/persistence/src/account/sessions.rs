//! Sign-ins. A session lives in one row; whatever changes it does so on the condition that it still lives.

use super::{entities::sessions, map};
use crate::db::{Conn, Key, Keyset, ListError, Raw, WriteTx, Writes, fault, padded, stored};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, ExprTrait, LockType, Query},
};
use std::collections::HashMap;
use stoa_domain::{
    account::{Realm, Refresh, RevokedBecause, Session, SessionKind},
    shared::{
        Fault, SessionId, Timestamp,
        page::{Page, PageRequest, PageRow},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0x70;

/// Begins a session. In the same transaction, and before it, ask whether its owner is still who was compared with:
/// [`customer::still`](crate::customer::still), [`staff::still`](crate::staff::still) or [`still_waits`](super::still_waits). Else a
/// sign-in that was under way outlives a new password, or the account.
///
/// # Errors
/// The database does not answer.
pub async fn insert_session(on: &impl Writes, session: &Session) -> Result<(), Fault> {
    let row = map::session_row(session);
    let written = sessions::Entity::insert(row).exec_without_returning(on.raw()).await;
    written.map(drop).map_err(fault("account.insert_session"))
}

/// By id, whether or not it still lives.
///
/// # Errors
/// The database does not answer.
pub async fn find_session(conn: &impl Conn, id: SessionId) -> Result<Option<Session>, Fault> {
    let row = sessions::Entity::find_by_id(id.uuid()).one(conn.raw()).await;
    row.map_err(fault("account.find_session"))?.map(map::session).transpose()
}

/// Uses the refresh token of this generation, whose signature is ours: it gives way to the next one, and the session lasts until
/// `expires_at`, at most until its end. One that was used before ends the session, for one of the two who used it is a thief; of
/// two at once one gets the next token, and the other ends the session. Commit whatever comes of it.
///
/// # Errors
/// The database does not answer.
pub async fn rotate(
    tx: &WriteTx,
    id: SessionId,
    presented: u32,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Refresh, Fault> {
    use sessions::Column as S;
    let Some(next) = presented.checked_add(1) else { return Ok(Refresh::Over) };
    let rotated = living(id, now)
        .col_expr(S::Generation, Expr::value(i64::from(next)))
        .col_expr(S::UsedAt, Expr::value(stored(now)))
        .col_expr(
            S::ExpiresAt,
            Expr::case(Expr::col(S::EndsAt).lt(stored(expires_at)), Expr::col(S::EndsAt))
                .finally(stored(expires_at))
                .into(),
        )
        .filter(S::Kind.eq(SessionKind::Tokens.name()))
        .filter(S::Generation.eq(i64::from(presented)))
        .filter(S::EndsAt.gt(stored(now)))
        .exec(tx.raw())
        .await
        .map_err(fault("account.rotate"))?;
    if rotated.rows_affected == 1 {
        return Ok(Refresh::Rotate { next });
    }
    let ended = revoking(RevokedBecause::Reuse, now)
        .filter(S::Id.eq(id.uuid()))
        .filter(S::Kind.eq(SessionKind::Tokens.name()))
        .filter(S::Generation.ne(i64::from(presented)))
        .filter(S::ExpiresAt.gt(stored(now)))
        .exec(tx.raw())
        .await
        .map_err(fault("account.reused"))?;
    Ok(if ended.rows_affected == 1 { Refresh::Reused } else { Refresh::Over })
}

/// Writes down that a session was used, so that it lasts until `expires_at`; not more often than its last use was before
/// `not_since`. One that is over stays over. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn slide(
    on: &impl Writes,
    id: SessionId,
    not_since: Timestamp,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, Fault> {
    let slid = living(id, now)
        .col_expr(sessions::Column::UsedAt, Expr::value(stored(now)))
        .col_expr(sessions::Column::ExpiresAt, Expr::value(stored(expires_at)))
        .filter(sessions::Column::UsedAt.lte(stored(not_since)))
        .filter(sessions::Column::EndsAt.gte(stored(expires_at)))
        .exec(on.raw())
        .await
        .map_err(fault("account.slide"))?;
    Ok(slid.rows_affected == 1)
}

/// Writes down that the one who signed in has just proved again who they are; with `mfa`, by a second factor, or by having got one.
/// False if the session is over. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn step_up(on: &impl Writes, id: SessionId, mfa: bool, now: Timestamp) -> Result<bool, Fault> {
    let mut proved = living(id, now).col_expr(sessions::Column::SteppedUpAt, Expr::value(stored(now)));
    if mfa {
        proved = proved.col_expr(sessions::Column::Mfa, Expr::value(true));
    }
    let proved = proved.exec(on.raw()).await.map_err(fault("account.step_up"))?;
    Ok(proved.rows_affected == 1)
}

/// Ends a session before its time. False if it is not this subject's, or was ended before. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn revoke(
    on: &impl Writes,
    (realm, subject): (Realm, Uuid),
    id: SessionId,
    because: RevokedBecause,
    now: Timestamp,
) -> Result<bool, Fault> {
    let ended = of(revoking(because, now), realm, subject)
        .filter(sessions::Column::Id.eq(id.uuid()))
        .exec(on.raw())
        .await
        .map_err(fault("account.revoke"))?;
    Ok(ended.rows_affected == 1)
}

/// Ends every session of somebody before its time, but for one, and tells how many there were.
///
/// # Errors
/// The database does not answer.
pub async fn revoke_all(
    tx: &WriteTx,
    (realm, subject): (Realm, Uuid),
    but: Option<SessionId>,
    because: RevokedBecause,
    now: Timestamp,
) -> Result<u64, Fault> {
    lock(tx, realm, subject).await?;
    let mut all = of(revoking(because, now), realm, subject).filter(sessions::Column::EndsAt.gt(stored(now)));
    if let Some(but) = but {
        all = all.filter(sessions::Column::Id.ne(but.uuid()));
    }
    Ok(all.exec(tx.raw()).await.map_err(fault("account.revoke_all"))?.rows_affected)
}

/// A page of somebody's sessions that live, the latest sign-in first. Two statements.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_sessions(
    conn: &impl Conn,
    (realm, subject): (Realm, Uuid),
    now: Timestamp,
    request: &PageRequest,
) -> Result<Page<Session>, ListError> {
    let s = |column: sessions::Column| Expr::col((sessions::Entity, column));
    let mut query = Query::select()
        .from(sessions::Entity)
        .and_where(s(sessions::Column::SubjectId).eq(subject))
        .and_where(s(sessions::Column::Realm).eq(realm.name()))
        .and_where(s(sessions::Column::RevokedAt).is_null())
        .and_where(s(sessions::Column::ExpiresAt).gt(stored(now)))
        .take();
    let keyset = Keyset { order: ORDER, key: Key::Id, id: s(sessions::Column::Id), ascending: false };
    let page: Page<SessionId> = keyset.page(conn, &mut query, request).await?;
    let ids: Vec<Uuid> = page.nodes().map(|id| id.uuid()).collect();
    if ids.is_empty() {
        return Ok(Page { rows: Vec::new(), info: page.info });
    }
    let rows = sessions::Entity::find()
        .filter(sessions::Column::Id.is_in(padded(&ids)))
        .all(conn.raw())
        .await
        .map_err(fault("account.list_sessions"))?;
    let read = |row: sessions::Model| Ok((row.id, map::session(row)?));
    let mut found: HashMap<Uuid, Session> = rows.into_iter().map(read).collect::<Result<_, Fault>>()?;
    let info = page.info;
    // One that was swept away between the two statements is left out.
    let rows = page.rows.into_iter().filter_map(|row| {
        let node = found.remove(&row.node.uuid())?;
        Some(PageRow { cursor: row.cursor, node })
    });
    Ok(Page { rows: rows.collect(), info })
}

/// All sign-ins of somebody that are still kept, also those that are over, the first one first. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn sessions_of(conn: &impl Conn, (realm, subject): (Realm, Uuid)) -> Result<Vec<Session>, Fault> {
    let rows = sessions::Entity::find()
        .filter(sessions::Column::SubjectId.eq(subject))
        .filter(sessions::Column::Realm.eq(realm.name()))
        // Ids are in the order of their making.
        .order_by_asc(sessions::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("account.sessions_of"))?;
    rows.into_iter().map(map::session).collect()
}

/// Takes all sessions of somebody away, so that nothing is left of them.
pub(super) async fn remove_all(tx: &WriteTx, realm: Realm, subject: Uuid) -> Result<(), Fault> {
    lock(tx, realm, subject).await?;
    sessions::Entity::delete_many()
        .filter(sessions::Column::SubjectId.eq(subject))
        .filter(sessions::Column::Realm.eq(realm.name()))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("account.remove_sessions"))
}

/// Locks somebody's sessions in id order. SQLite's writer is alone.
async fn lock(tx: &WriteTx, realm: Realm, subject: Uuid) -> Result<(), Fault> {
    if tx.is_alone() {
        return Ok(());
    }
    sessions::Entity::find()
        .select_only()
        .column(sessions::Column::Id)
        .filter(sessions::Column::SubjectId.eq(subject))
        .filter(sessions::Column::Realm.eq(realm.name()))
        .order_by_asc(sessions::Column::Id)
        .lock(LockType::Update)
        .into_tuple::<Uuid>()
        .all(tx.raw())
        .await
        .map(drop)
        .map_err(fault("account.lock_sessions"))
}

/// An update of a session that lives.
fn living(id: SessionId, now: Timestamp) -> UpdateMany<sessions::Entity> {
    sessions::Entity::update_many()
        .filter(sessions::Column::Id.eq(id.uuid()))
        .filter(sessions::Column::RevokedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(stored(now)))
}

/// An update that ends sessions which were not ended before.
fn revoking(because: RevokedBecause, now: Timestamp) -> UpdateMany<sessions::Entity> {
    sessions::Entity::update_many()
        .col_expr(sessions::Column::RevokedAt, Expr::value(stored(now)))
        .col_expr(sessions::Column::RevokedBecause, Expr::value(because.name()))
        .filter(sessions::Column::RevokedAt.is_null())
}

fn of(update: UpdateMany<sessions::Entity>, realm: Realm, subject: Uuid) -> UpdateMany<sessions::Entity> {
    update.filter(sessions::Column::SubjectId.eq(subject)).filter(sessions::Column::Realm.eq(realm.name()))
}
