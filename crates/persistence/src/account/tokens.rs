//! Links in mails. The token of one is kept nowhere: it is made over its row.

use super::{entities::tokens, map};
use crate::db::{Conn, Raw, WriteTx, Writes, fault, stored};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockType},
};
use stoa_domain::{
    account::{AccountToken, Realm, TokenKind},
    shared::{AccountTokenId, Fault, Timestamp},
};
use uuid::Uuid;

/// Makes a link.
///
/// # Errors
/// The database does not answer.
pub async fn insert_token(tx: &WriteTx, token: &AccountToken) -> Result<(), Fault> {
    let row = map::token_row(token, tx.sealer())?;
    let written = tokens::Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map(drop).map_err(fault("account.insert_token"))
}

/// By id, whether or not it still works.
///
/// # Errors
/// The database does not answer.
pub async fn find_token(conn: &impl Conn, id: AccountTokenId) -> Result<Option<AccountToken>, Fault> {
    let row = tokens::Entity::find_by_id(id.uuid()).one(conn.raw()).await;
    let row = row.map_err(fault("account.find_token"))?;
    row.map(|row| map::token(&row, conn.sealer())).transpose()
}

/// All of somebody's links of a kind, the oldest first, whether or not they still work. Of archives, read behind the lock of their
/// account before it is erased, they name the files that have to go.
///
/// # Errors
/// The database does not answer.
pub async fn tokens_of(
    conn: &impl Conn,
    (realm, subject): (Realm, Uuid),
    kind: TokenKind,
) -> Result<Vec<AccountToken>, Fault> {
    let rows = tokens::Entity::find()
        .filter(tokens::Column::SubjectId.eq(subject))
        .filter(tokens::Column::Realm.eq(realm.name()))
        .filter(tokens::Column::Kind.eq(kind.name()))
        .order_by_asc(tokens::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("account.tokens_of"))?;
    rows.iter().map(|row| map::token(row, conn.sealer())).collect()
}

/// Links to archives that were over before `before`, at most so many: delete the file, then the row by [`remove_token`].
///
/// # Errors
/// The database does not answer.
pub async fn archives_over(
    conn: &impl Conn,
    before: Timestamp,
    limit: u64,
) -> Result<Vec<AccountToken>, Fault> {
    let rows = tokens::Entity::find()
        .filter(tokens::Column::Kind.eq(TokenKind::Archive.name()))
        .filter(tokens::Column::ExpiresAt.lt(stored(before)))
        .order_by_asc(tokens::Column::ExpiresAt)
        .limit(limit)
        .all(conn.raw())
        .await
        .map_err(fault("account.archives_over"))?;
    rows.iter().map(|row| map::token(row, conn.sealer())).collect()
}

/// Takes a link away, of which nothing is left to be done. False if it is gone already. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn remove_token(on: &impl Writes, id: AccountTokenId) -> Result<bool, Fault> {
    let gone = tokens::Entity::delete_by_id(id.uuid()).exec(on.raw()).await;
    Ok(gone.map_err(fault("account.remove_token"))?.rows_affected == 1)
}

/// Uses a link of this kind and for these people: what works once is taken, and of two at once one gets it. `None` if it does not
/// work, for whatever reason. Lock its subject first: what it opens changes them.
///
/// # Errors
/// The database does not answer.
pub async fn take_token(
    tx: &WriteTx,
    id: AccountTokenId,
    (realm, kind): (Realm, TokenKind),
    now: Timestamp,
) -> Result<Option<AccountToken>, Fault> {
    let mut taking = tokens::Entity::update_many()
        .col_expr(tokens::Column::UsedAt, Expr::value(stored(now)))
        .filter(tokens::Column::Id.eq(id.uuid()))
        .filter(tokens::Column::Realm.eq(realm.name()))
        .filter(tokens::Column::Kind.eq(kind.name()))
        .filter(tokens::Column::ExpiresAt.gt(stored(now)));
    if kind.works_once() {
        taking = taking.filter(tokens::Column::UsedAt.is_null());
    }
    let taken = taking.exec_with_returning(tx.raw()).await.map_err(fault("account.take_token"))?;
    taken.into_iter().next().map(|row| map::token(&row, tx.sealer())).transpose()
}

/// Makes all of somebody's links of these kinds that still lie about work no more, and tells how many there were.
///
/// # Errors
/// The database does not answer.
pub async fn void_tokens(
    tx: &WriteTx,
    (realm, subject): (Realm, Uuid),
    kinds: &[TokenKind],
    now: Timestamp,
) -> Result<u64, Fault> {
    lock(tx, realm, subject).await?;
    let voided = tokens::Entity::update_many()
        .col_expr(tokens::Column::UsedAt, Expr::value(stored(now)))
        // An archive may be fetched more than once, so that it was says nothing.
        .col_expr(tokens::Column::ExpiresAt, Expr::value(stored(now)))
        .filter(tokens::Column::SubjectId.eq(subject))
        .filter(tokens::Column::Realm.eq(realm.name()))
        .filter(tokens::Column::Kind.is_in(kinds.iter().map(|kind| kind.name())))
        .filter(tokens::Column::ExpiresAt.gt(stored(now)))
        .exec(tx.raw())
        .await
        .map_err(fault("account.void_tokens"))?;
    Ok(voided.rows_affected)
}

/// Takes all links of somebody away, so that nothing is left of them.
pub(super) async fn remove_all(tx: &WriteTx, realm: Realm, subject: Uuid) -> Result<(), Fault> {
    lock(tx, realm, subject).await?;
    tokens::Entity::delete_many()
        .filter(tokens::Column::SubjectId.eq(subject))
        .filter(tokens::Column::Realm.eq(realm.name()))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("account.remove_tokens"))
}

/// Locks somebody's links in id order. SQLite's writer is alone.
async fn lock(tx: &WriteTx, realm: Realm, subject: Uuid) -> Result<(), Fault> {
    if tx.is_alone() {
        return Ok(());
    }
    tokens::Entity::find()
        .select_only()
        .column(tokens::Column::Id)
        .filter(tokens::Column::SubjectId.eq(subject))
        .filter(tokens::Column::Realm.eq(realm.name()))
        .order_by_asc(tokens::Column::Id)
        .lock(LockType::Update)
        .into_tuple::<Uuid>()
        .all(tx.raw())
        .await
        .map(drop)
        .map_err(fault("account.lock_tokens"))
}
