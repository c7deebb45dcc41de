//! Finding customers.

use super::{entities::customers, map};
use crate::{
    account::{Credentials, PasswordHash},
    db::{Conn, Raw, WriteTx, fault, padded},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, LockType},
};
use std::collections::HashMap;
use stoa_domain::{
    customer::Customer,
    shared::{CustomerId, EmailAddress, Fault, Timestamp},
};
use uuid::Uuid;

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: CustomerId) -> Result<Option<Customer>, Fault> {
    one(conn, customers::Entity::find_by_id(id.uuid())).await
}

/// By address, in any letter case.
///
/// # Errors
/// The database does not answer.
pub async fn find_by_email(conn: &impl Conn, email: &EmailAddress) -> Result<Option<Customer>, Fault> {
    one(conn, customers::Entity::find().filter(customers::Column::EmailKey.eq(email.key()))).await
}

/// By id, locked until the transaction ends: nobody else changes the account, or what belongs to it, meanwhile.
///
/// # Errors
/// The database does not answer.
pub async fn find_for_update(tx: &WriteTx, id: CustomerId) -> Result<Option<Customer>, Fault> {
    one(tx, locked(customers::Entity::find_by_id(id.uuid()))).await
}

/// Those with these ids that there are, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(conn: &impl Conn, ids: &[CustomerId]) -> Result<Vec<Customer>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = customers::Entity::find()
        .filter(customers::Column::Id.is_in(padded(&uuids)))
        .all(conn.raw())
        .await
        .map_err(fault("customer.find_all"))?;
    let mut found: HashMap<Uuid, customers::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let in_order = uuids.iter().filter_map(|id| found.remove(id));
    in_order.map(|row| map::customer(row, conn.sealer())).collect()
}

/// What somebody's password is compared with who signs in with this address. None of accounts that cannot: those that are not
/// there, or not enabled, or have no password are all alike.
///
/// # Errors
/// The database does not answer.
pub async fn credentials(
    conn: &impl Conn,
    email: &EmailAddress,
) -> Result<Option<Credentials<CustomerId>>, Fault> {
    password_of(conn, customers::Column::EmailKey.eq(email.key())).await
}

/// The same of a customer who is signed in, and is asked for their password once more.
///
/// # Errors
/// The database does not answer.
pub async fn credentials_of(
    conn: &impl Conn,
    id: CustomerId,
) -> Result<Option<Credentials<CustomerId>>, Fault> {
    password_of(conn, customers::Column::Id.eq(id.uuid())).await
}

async fn password_of(conn: &impl Conn, whose: Expr) -> Result<Option<Credentials<CustomerId>>, Fault> {
    use customers::Column as C;
    let row: Option<(Uuid, String, Option<Timestamp>)> = customers::Entity::find()
        .select_only()
        .columns([C::Id, C::PasswordHash, C::PasswordChangedAt])
        .filter(whose)
        .filter(customers::Column::State.eq("enabled"))
        .filter(customers::Column::PasswordHash.is_not_null())
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("customer.credentials"))?;
    Ok(row.map(|(id, hash, password_changed_at)| Credentials {
        id: CustomerId::new(id),
        password: PasswordHash::new(hash),
        password_changed_at,
    }))
}

/// Whether a customer still stands as they did when their credentials were read: enabled, and with that password. Their account is
/// locked until the transaction ends, so that what is begun now is not begun behind the back of whoever changes it.
///
/// # Errors
/// The database does not answer.
pub async fn still(tx: &WriteTx, read: &Credentials<CustomerId>) -> Result<bool, Fault> {
    unchanged(tx, read.id, read.password_changed_at).await
}

/// The same by the moment when the password was set.
pub(crate) async fn unchanged(
    tx: &WriteTx,
    id: CustomerId,
    password_changed_at: Option<Timestamp>,
) -> Result<bool, Fault> {
    let row = locked(customers::Entity::find_by_id(id.uuid())).one(tx.raw()).await;
    let row = row.map_err(fault("customer.still"))?;
    Ok(row.is_some_and(|row| row.state == "enabled" && row.password_changed_at == password_changed_at))
}

/// With the rows locked: behind the lock nobody else reads them for a change either.
pub(super) fn locked(which: Select<customers::Entity>) -> Select<customers::Entity> {
    which.lock(LockType::Update)
}

async fn one(conn: &impl Conn, which: Select<customers::Entity>) -> Result<Option<Customer>, Fault> {
    let row = which.one(conn.raw()).await.map_err(fault("customer.find"))?;
    row.map(|row| map::customer(row, conn.sealer())).transpose()
}
