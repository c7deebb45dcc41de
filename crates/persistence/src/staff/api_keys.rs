//! Keys of programs. The key itself is kept nowhere, only its hash.

use super::{
    entities::{api_keys, staff},
    map,
};
use crate::db::{Conn, Key, Keyset, ListError, Raw, WriteTx, Writes, fault, padded, stored};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use std::collections::{BTreeSet, HashMap, HashSet};
use stoa_domain::{
    access::Permissions,
    shared::{
        ApiKeyId, Fault, StaffId, Timestamp,
        page::{Page, PageRequest},
    },
    staff::StaffState,
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0x81;

/// A key, as far as anybody may still know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Which.
    pub id: ApiKeyId,
    /// What staff call it.
    pub name: String,
    /// Its last letters, by which people tell keys apart.
    pub hint: String,
    /// What may be done with it.
    pub scopes: Permissions,
    /// Who made it.
    pub created_by: StaffId,
    /// Whether they are shut out, or not on the staff any more. The key works all the same: it is the shop's.
    pub maker_gone: bool,
    /// When.
    pub created_at: Timestamp,
    /// From when on it is over; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, as far as that was written down.
    pub used_at: Option<Timestamp>,
    /// From which network.
    pub used_network: Option<String>,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
}

/// Whom a key speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPrincipal {
    /// Which key.
    pub id: ApiKeyId,
    /// What staff call it.
    pub name: String,
    /// What may be done with it.
    pub scopes: Permissions,
    /// When it was last used, as far as that was written down.
    pub used_at: Option<Timestamp>,
}

/// Makes a key, of which `secret_hash` is what is kept.
///
/// # Errors
/// The database does not answer.
pub async fn insert_api_key(tx: &WriteTx, key: &ApiKey, secret_hash: &str) -> Result<(), Fault> {
    let row = api_keys::ActiveModel {
        id: Set(key.id.uuid()),
        name: Set(key.name.clone()),
        hint: Set(key.hint.clone()),
        secret_hash: Set(secret_hash.to_owned()),
        scopes: Set(map::names(key.scopes)?),
        created_by: Set(key.created_by.uuid()),
        created_at: Set(stored(key.created_at)),
        expires_at: Set(key.expires_at.map(stored)),
        used_at: Set(key.used_at.map(stored)),
        used_network: Set(key.used_network.clone()),
        revoked_at: Set(key.revoked_at.map(stored)),
    };
    let written = api_keys::Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map(drop).map_err(fault("staff.insert_api_key"))
}

/// Whom the key with this hash speaks for, now. `None` if there is none, or it is over or was ended: all alike. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn principal_of_key(
    conn: &impl Conn,
    secret_hash: &str,
    now: Timestamp,
) -> Result<Option<KeyPrincipal>, Fault> {
    let row = api_keys::Entity::find()
        .filter(api_keys::Column::SecretHash.eq(secret_hash))
        .filter(works(now))
        .one(conn.raw())
        .await
        .map_err(fault("staff.principal_of_key"))?;
    let Some(row) = row else { return Ok(None) };
    let scopes = map::permissions(&row.scopes)?;
    Ok(Some(KeyPrincipal { id: ApiKeyId::new(row.id), name: row.name, scopes, used_at: row.used_at }))
}

/// Whether a key works at this moment.
fn works(now: Timestamp) -> Condition {
    let lasts = Condition::any()
        .add(api_keys::Column::ExpiresAt.is_null())
        .add(api_keys::Column::ExpiresAt.gt(stored(now)));
    Condition::all().add(api_keys::Column::RevokedAt.is_null()).add(lasts)
}

/// Writes down that a key was used, not more often than its last use was before `not_since`. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn note_key_use(
    on: &impl Writes,
    id: ApiKeyId,
    network: Option<&str>,
    not_since: Timestamp,
    now: Timestamp,
) -> Result<bool, Fault> {
    let before = Condition::any()
        .add(api_keys::Column::UsedAt.is_null())
        .add(api_keys::Column::UsedAt.lte(stored(not_since)));
    let noted = api_keys::Entity::update_many()
        .col_expr(api_keys::Column::UsedAt, Expr::value(stored(now)))
        .col_expr(api_keys::Column::UsedNetwork, Expr::value(network))
        .filter(api_keys::Column::Id.eq(id.uuid()))
        .filter(before)
        .exec(on.raw())
        .await
        .map_err(fault("staff.note_key_use"))?;
    Ok(noted.rows_affected == 1)
}

/// Ends a key. False if there is none, or it was ended before. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn revoke_api_key(on: &impl Writes, id: ApiKeyId, now: Timestamp) -> Result<bool, Fault> {
    let ended = api_keys::Entity::update_many()
        .col_expr(api_keys::Column::RevokedAt, Expr::value(stored(now)))
        .filter(api_keys::Column::Id.eq(id.uuid()))
        .filter(api_keys::Column::RevokedAt.is_null())
        .exec(on.raw())
        .await
        .map_err(fault("staff.revoke_api_key"))?;
    Ok(ended.rows_affected == 1)
}

/// A page of the keys, the newest first, with those that are over. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_api_keys(conn: &impl Conn, request: &PageRequest) -> Result<Page<ApiKeyId>, ListError> {
    let id = Expr::col((api_keys::Entity, api_keys::Column::Id));
    let keyset = Keyset { order: ORDER, key: Key::Id, id, ascending: false };
    keyset.page(conn, &mut Query::select().from(api_keys::Entity).take(), request).await
}

/// Those with these ids that there are, in the order of the ids. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn find_api_keys(conn: &impl Conn, ids: &[ApiKeyId]) -> Result<Vec<ApiKey>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = api_keys::Entity::find()
        .filter(api_keys::Column::Id.is_in(padded(&uuids)))
        .all(conn.raw())
        .await
        .map_err(fault("staff.find_api_keys"))?;
    let mut found: HashMap<Uuid, ApiKey> =
        keys(conn, rows).await?.into_iter().map(|key| (key.id.uuid(), key)).collect();
    Ok(uuids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The keys that somebody has made and that work now, the newest first, at most so many. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn working_keys_of(
    conn: &impl Conn,
    maker: StaffId,
    now: Timestamp,
    most: u64,
) -> Result<Vec<ApiKey>, Fault> {
    let rows = api_keys::Entity::find()
        .filter(api_keys::Column::CreatedBy.eq(maker.uuid()))
        .filter(works(now))
        .order_by_desc(api_keys::Column::Id)
        .limit(most)
        .all(conn.raw())
        .await
        .map_err(fault("staff.working_keys"))?;
    keys(conn, rows).await
}

/// The keys that work now and whose makers are gone, the newest first, at most so many. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn orphaned_keys(conn: &impl Conn, now: Timestamp, most: u64) -> Result<Vec<ApiKey>, Fault> {
    let rows = api_keys::Entity::find()
        .filter(works(now))
        .filter(api_keys::Column::CreatedBy.not_in_subquery(enabled()))
        .order_by_desc(api_keys::Column::Id)
        .limit(most)
        .all(conn.raw())
        .await
        .map_err(fault("staff.orphaned_keys"))?;
    keys(conn, rows).await
}

/// The ids of whoever is on the staff and not shut out.
fn enabled() -> SelectStatement {
    Query::select()
        .column(staff::Column::Id)
        .from(staff::Entity)
        .and_where(staff::Column::State.eq(StaffState::Enabled.name()))
        .take()
}

/// The keys of these rows, in their order. One statement.
async fn keys(conn: &impl Conn, rows: Vec<api_keys::Model>) -> Result<Vec<ApiKey>, Fault> {
    let makers: BTreeSet<Uuid> = rows.iter().map(|row| row.created_by).collect();
    if makers.is_empty() {
        return Ok(Vec::new());
    }
    let makers: Vec<Uuid> = makers.into_iter().collect();
    let here: Vec<Uuid> = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(staff::Column::Id.is_in(padded(&makers)))
        .filter(staff::Column::State.eq(StaffState::Enabled.name()))
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("staff.makers_of_keys"))?;
    let here: HashSet<Uuid> = here.into_iter().collect();
    rows.into_iter()
        .map(|row| {
            let maker_gone = !here.contains(&row.created_by);
            key(row, maker_gone)
        })
        .collect()
}

fn key(row: api_keys::Model, maker_gone: bool) -> Result<ApiKey, Fault> {
    Ok(ApiKey {
        id: ApiKeyId::new(row.id),
        scopes: map::permissions(&row.scopes)?,
        name: row.name,
        hint: row.hint,
        created_by: StaffId::new(row.created_by),
        maker_gone,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
        used_network: row.used_network,
        revoked_at: row.revoked_at,
    })
}
