//! Groups that staff sort customers into.

use super::{
    Saved,
    entities::{customers, groups, members},
};
use crate::db::{
    Conn, Key, Keyset, ListError, Raw, Violation, WriteTx, bind_chunks, fault, padded, stored, violation,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, OnConflict, Query},
};
use std::collections::{BTreeSet, HashMap};
use stoa_domain::{
    catalog::fold_key,
    customer::CustomerGroup,
    shared::{
        CustomerGroupId, CustomerId, Fault, Timestamp,
        page::{Page, PageRequest},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0x63;

/// Makes a group. False, and nothing changed, if another one has the name, in any letter case.
///
/// # Errors
/// The database does not answer.
pub async fn insert_group(tx: &WriteTx, group: &CustomerGroup) -> Result<bool, Fault> {
    let row = groups::ActiveModel {
        id: Set(group.id.uuid()),
        name: Set(group.name.clone()),
        name_key: Set(fold_key(&group.name)),
        version: Set(group.version),
        created_at: Set(stored(group.created_at)),
        updated_at: Set(stored(group.updated_at)),
    };
    let name = OnConflict::column(groups::Column::NameKey).do_nothing().to_owned();
    match groups::Entity::insert(row).on_conflict(name).exec_without_returning(tx.raw()).await {
        Ok(written) => Ok(written == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(fault("customer.insert_group")(error)),
    }
}

/// Gives a group another name, if it still is as it was read.
///
/// # Errors
/// The database does not answer.
pub async fn rename_group(
    tx: &WriteTx,
    read: &CustomerGroup,
    name: &str,
    now: Timestamp,
) -> Result<Saved, Fault> {
    let renamed = groups::Entity::update_many()
        .col_expr(groups::Column::Name, Expr::value(name))
        .col_expr(groups::Column::NameKey, Expr::value(fold_key(name)))
        .col_expr(groups::Column::Version, Expr::col(groups::Column::Version).add(1_i64))
        .col_expr(groups::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(groups::Column::Id.eq(read.id.uuid()))
        .filter(groups::Column::Version.eq(read.version))
        .exec(tx.raw())
        .await;
    match renamed {
        Ok(renamed) if renamed.rows_affected == 0 => Ok(Saved::Stale),
        Ok(_) => Ok(Saved::Saved),
        Err(e) if violation(&e) == Some(Violation::Unique("uq_customer_groups_name_key".to_owned())) => {
            Ok(Saved::Taken)
        }
        Err(error) => Err(fault("customer.rename_group")(error)),
    }
}

/// Takes a group away; its members stay customers. False if there is none.
///
/// # Errors
/// The database does not answer.
pub async fn remove_group(tx: &WriteTx, id: CustomerGroupId) -> Result<bool, Fault> {
    let group = groups::Entity::find_by_id(id.uuid()).lock(LockType::Update);
    if group.one(tx.raw()).await.map_err(fault("customer.remove_group"))?.is_none() {
        return Ok(false);
    }
    let of_it = members::Entity::delete_many().filter(members::Column::GroupId.eq(id.uuid()));
    of_it.exec(tx.raw()).await.map_err(fault("customer.remove_group"))?;
    let gone = groups::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await;
    Ok(gone.map_err(fault("customer.remove_group"))?.rows_affected == 1)
}

/// A page of the groups, by name. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_groups(
    conn: &impl Conn,
    request: &PageRequest,
) -> Result<Page<CustomerGroupId>, ListError> {
    let g = |column: groups::Column| Expr::col((groups::Entity, column));
    let keyset = Keyset {
        order: ORDER,
        key: Key::Text(g(groups::Column::NameKey)),
        id: g(groups::Column::Id),
        ascending: true,
    };
    keyset.page(conn, &mut Query::select().from(groups::Entity).take(), request).await
}

/// Those with these ids that there are, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_groups(conn: &impl Conn, ids: &[CustomerGroupId]) -> Result<Vec<CustomerGroup>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = groups::Entity::find()
        .filter(groups::Column::Id.is_in(padded(&uuids)))
        .all(conn.raw())
        .await
        .map_err(fault("customer.find_groups"))?;
    let mut found: HashMap<Uuid, groups::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(uuids.iter().filter_map(|id| found.remove(id)).map(group).collect())
}

/// Each customer's groups, by name; those in none are not in it. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn groups_of(
    conn: &impl Conn,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<CustomerGroup>>, Fault> {
    let ids: Vec<Uuid> = customers.iter().map(|id| id.uuid()).collect();
    let mut found: HashMap<CustomerId, Vec<CustomerGroup>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let group_of =
        members::Entity::belongs_to(groups::Entity).from(members::Column::GroupId).to(groups::Column::Id);
    let rows = members::Entity::find()
        .join(sea_orm::JoinType::InnerJoin, group_of.into())
        .select_also(groups::Entity)
        .filter(members::Column::CustomerId.is_in(padded(&ids)))
        .order_by_asc(groups::Column::NameKey)
        .all(conn.raw())
        .await
        .map_err(fault("customer.groups_of"))?;
    for (member, in_group) in rows {
        let groups = found.entry(CustomerId::new(member.customer_id)).or_default();
        groups.extend(in_group.map(group));
    }
    Ok(found)
}

/// Puts customers into a group, and gives those of them that there are: who was in it stays. `None` if there is no such group.
///
/// # Errors
/// The database does not answer.
pub async fn add_members(
    tx: &WriteTx,
    id: CustomerGroupId,
    customers: &[CustomerId],
) -> Result<Option<Vec<CustomerId>>, Fault> {
    let there = hold_all(tx, customers).await?;
    if !hold_group(tx, id).await? {
        return Ok(None);
    }
    for some in bind_chunks(&there, 2) {
        let rows = some
            .iter()
            .map(|customer| members::ActiveModel { group_id: Set(id.uuid()), customer_id: Set(*customer) });
        let known = [members::Column::GroupId, members::Column::CustomerId];
        let known = OnConflict::columns(known).do_nothing().to_owned();
        match members::Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx.raw()).await {
            Ok(_) | Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(fault("customer.add_members")(error)),
        }
    }
    Ok(Some(there.into_iter().map(CustomerId::new).collect()))
}

/// Takes customers out of a group, and tells how many were in it.
///
/// # Errors
/// The database does not answer.
pub async fn remove_members(
    tx: &WriteTx,
    id: CustomerGroupId,
    customers: &[CustomerId],
) -> Result<u64, Fault> {
    let there = hold_all(tx, customers).await?;
    if !hold_group(tx, id).await? {
        return Ok(0);
    }
    let mut removed = 0;
    for some in bind_chunks(&there, 1) {
        let gone = members::Entity::delete_many()
            .filter(members::Column::GroupId.eq(id.uuid()))
            .filter(members::Column::CustomerId.is_in(some.iter().copied()))
            .exec(tx.raw())
            .await
            .map_err(fault("customer.remove_members"))?;
        removed += gone.rows_affected;
    }
    Ok(removed)
}

/// Locks those of the customers that there are, in id order: nobody else moves them into a group or out of it, or erases them.
async fn hold_all(tx: &WriteTx, ids: &[CustomerId]) -> Result<Vec<Uuid>, Fault> {
    let ids: BTreeSet<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut there = Vec::with_capacity(ids.len());
    for some in bind_chunks(&ids, 1) {
        let held: Vec<Uuid> = customers::Entity::find()
            .select_only()
            .column(customers::Column::Id)
            .filter(customers::Column::Id.is_in(some.iter().copied()))
            .filter(customers::Column::State.ne("erased"))
            .order_by_asc(customers::Column::Id)
            .lock(LockType::Update)
            .into_tuple()
            .all(tx.raw())
            .await
            .map_err(fault("customer.hold_all"))?;
        there.extend(held);
    }
    Ok(there)
}

/// Keeps a group from being taken away meanwhile; false if there is none.
async fn hold_group(tx: &WriteTx, id: CustomerGroupId) -> Result<bool, Fault> {
    let group = groups::Entity::find_by_id(id.uuid()).lock(LockType::Share).one(tx.raw()).await;
    Ok(group.map_err(fault("customer.hold_group"))?.is_some())
}

pub(super) async fn leave_all(tx: &WriteTx, customer: CustomerId) -> Result<(), Fault> {
    let all = members::Entity::delete_many().filter(members::Column::CustomerId.eq(customer.uuid()));
    all.exec(tx.raw()).await.map(drop).map_err(fault("customer.leave_groups"))
}

fn group(row: groups::Model) -> CustomerGroup {
    CustomerGroup {
        id: CustomerGroupId::new(row.id),
        name: row.name,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
