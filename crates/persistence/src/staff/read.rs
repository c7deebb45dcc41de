//! Finding staff.

use super::{
    entities::{owner, staff, staff_roles},
    map,
    write::lock,
};
use crate::{
    account::{Credentials, PasswordHash},
    db::{Conn, Key, Keyset, ListError, WriteTx, fault, padded},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use std::collections::HashMap;
use stoa_domain::{
    shared::{
        EmailAddress, Fault, RoleId, StaffId, Timestamp,
        page::{Page, PageRequest},
    },
    staff::StaffMember,
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0x80;

/// By id. Three statements.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: StaffId) -> Result<Option<StaffMember>, Fault> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// By id, locked until the transaction ends.
///
/// # Errors
/// The database does not answer.
pub async fn find_for_update(tx: &WriteTx, id: StaffId) -> Result<Option<StaffMember>, Fault> {
    lock(tx, &[id]).await?;
    find(tx, id).await
}

/// By address, in any letter case.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_email(conn: &impl Conn, email: &EmailAddress) -> Result<Option<StaffMember>, Fault> {
    let id: Option<Uuid> = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(staff::Column::EmailKey.eq(email.key()))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("staff.find_by_email"))?;
    match id {
        Some(id) => find(conn, StaffId::new(id)).await,
        None => Ok(None),
    }
}

/// Those with these ids that there are, in the order of the ids. Three statements.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(conn: &impl Conn, ids: &[StaffId]) -> Result<Vec<StaffMember>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = staff::Entity::find()
        .filter(staff::Column::Id.is_in(padded(&uuids)))
        .all(conn.raw())
        .await
        .map_err(fault("staff.find"))?;
    let owner = shop_owner(conn).await?;
    let mut roles = roles_of(conn, &uuids).await?;
    let mut found: HashMap<Uuid, staff::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let in_order = uuids.iter().filter_map(|id| found.remove(id));
    in_order
        .map(|row| {
            let id = StaffId::new(row.id);
            map::member(row, owner == Some(id), roles.remove(&id).unwrap_or_default())
        })
        .collect()
}

async fn roles_of(conn: &impl Conn, staff: &[Uuid]) -> Result<HashMap<StaffId, Vec<RoleId>>, Fault> {
    let rows = staff_roles::Entity::find()
        .filter(staff_roles::Column::StaffId.is_in(padded(staff)))
        .order_by_asc(staff_roles::Column::StaffId)
        .order_by_asc(staff_roles::Column::RoleId)
        .all(conn.raw())
        .await
        .map_err(fault("staff.roles_of"))?;
    let mut found: HashMap<StaffId, Vec<RoleId>> = HashMap::new();
    for row in rows {
        found.entry(StaffId::new(row.staff_id)).or_default().push(RoleId::new(row.role_id));
    }
    Ok(found)
}

/// Whose the shop is; `None` until it is somebody's.
///
/// # Errors
/// The database does not answer.
pub async fn shop_owner(conn: &impl Conn) -> Result<Option<StaffId>, Fault> {
    let row = owner::Entity::find_by_id(1).one(conn.raw()).await.map_err(fault("staff.owner"))?;
    Ok(row.map(|row| StaffId::new(row.staff_id)))
}

/// Whether anybody is on the staff who has joined.
///
/// # Errors
/// The database does not answer.
pub async fn has_joined(conn: &impl Conn) -> Result<bool, Fault> {
    let found: Option<Uuid> = staff::Entity::find()
        .select_only()
        .column(staff::Column::Id)
        .filter(staff::Column::State.eq("enabled"))
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("staff.has_joined"))?;
    Ok(found.is_some())
}

/// A page of the staff, in the order in which they were invited. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_staff(conn: &impl Conn, request: &PageRequest) -> Result<Page<StaffId>, ListError> {
    let id = Expr::col((staff::Entity, staff::Column::Id));
    let keyset = Keyset { order: ORDER, key: Key::Id, id, ascending: true };
    keyset.page(conn, &mut Query::select().from(staff::Entity).take(), request).await
}

/// What somebody's password is compared with who signs in with this address. None of those who cannot: whoever is not there, not
/// enabled, or has no password are all alike.
///
/// # Errors
/// The database does not answer.
pub async fn credentials(
    conn: &impl Conn,
    email: &EmailAddress,
) -> Result<Option<Credentials<StaffId>>, Fault> {
    password_of(conn, staff::Column::EmailKey.eq(email.key())).await
}

/// The same of a member of staff who is signed in, and is asked for their password once more.
///
/// # Errors
/// The database does not answer.
pub async fn credentials_of(conn: &impl Conn, id: StaffId) -> Result<Option<Credentials<StaffId>>, Fault> {
    password_of(conn, staff::Column::Id.eq(id.uuid())).await
}

async fn password_of(conn: &impl Conn, whose: Expr) -> Result<Option<Credentials<StaffId>>, Fault> {
    use staff::Column as S;
    let row: Option<(Uuid, String, Option<Timestamp>)> = staff::Entity::find()
        .select_only()
        .columns([S::Id, S::PasswordHash, S::PasswordChangedAt])
        .filter(whose)
        .filter(staff::Column::State.eq("enabled"))
        .filter(staff::Column::PasswordHash.is_not_null())
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("staff.credentials"))?;
    Ok(row.map(|(id, hash, password_changed_at)| Credentials {
        id: StaffId::new(id),
        password: PasswordHash::new(hash),
        password_changed_at,
    }))
}

/// Whether a member of staff still stands as they did when their credentials were read: enabled, and with that password. Their row
/// is locked until the transaction ends, so that what is begun now is not begun behind the back of whoever changes it.
///
/// # Errors
/// The database does not answer.
pub async fn still(tx: &WriteTx, read: &Credentials<StaffId>) -> Result<bool, Fault> {
    unchanged(tx, read.id, read.password_changed_at).await
}

/// The same by the moment when the password was set.
pub(crate) async fn unchanged(
    tx: &WriteTx,
    id: StaffId,
    password_changed_at: Option<Timestamp>,
) -> Result<bool, Fault> {
    let row = lock(tx, &[id]).await?.pop();
    Ok(row.is_some_and(|row| row.state == "enabled" && row.password_changed_at == password_changed_at))
}
