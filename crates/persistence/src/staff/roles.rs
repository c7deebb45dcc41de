//! Roles, and who has which.

use super::{
    entities::{roles, staff_roles},
    map,
    write::{lock, raised},
};
use crate::db::{Conn, Raw, Violation, WriteTx, fault, stored, violation};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};
use stoa_domain::{
    catalog::fold_key,
    shared::{Fault, IdGenerator, RoleId, StaffId, Timestamp},
    staff::{BuiltInRole, Role, RoleDraft},
};
use uuid::Uuid;

/// Every role, by name. A shop has a handful.
///
/// # Errors
/// The database does not answer.
pub async fn roles(conn: &impl Conn) -> Result<Vec<Role>, Fault> {
    let rows = roles::Entity::find().order_by_asc(roles::Column::NameKey).all(conn.raw()).await;
    rows.map_err(fault("staff.roles"))?.into_iter().map(map::role).collect()
}

/// Those with these ids that there are, in the order of their ids.
///
/// # Errors
/// The database does not answer.
pub async fn find_roles(conn: &impl Conn, ids: &[RoleId]) -> Result<Vec<Role>, Fault> {
    let rows = roles::Entity::find()
        .filter(roles::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .order_by_asc(roles::Column::Id)
        .all(conn.raw())
        .await;
    rows.map_err(fault("staff.find_roles"))?.into_iter().map(map::role).collect()
}

/// Makes a role. False, and nothing changed, if another one has the name, in any letter case.
///
/// # Errors
/// The database does not answer.
pub async fn insert_role(tx: &WriteTx, id: RoleId, role: &RoleDraft, now: Timestamp) -> Result<bool, Fault> {
    let row = row(id.uuid(), role.name(), map::names(role.permissions())?, false, now);
    let name = OnConflict::column(roles::Column::NameKey).do_nothing().to_owned();
    match roles::Entity::insert(row).on_conflict(name).exec_without_returning(tx.raw()).await {
        Ok(written) => Ok(written == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(fault("staff.insert_role")(error)),
    }
}

/// What became of a change of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleSaved {
    /// It is written.
    Saved,
    /// Somebody else has changed it since it was read, or it is built in. Nothing has changed.
    Stale,
    /// Another one has that name; the transaction must be given up.
    Taken,
}

/// Makes of a role, if it still is as it was read, what it may become.
///
/// # Errors
/// The database does not answer.
pub async fn update_role(
    tx: &WriteTx,
    read: &Role,
    to: &RoleDraft,
    now: Timestamp,
) -> Result<RoleSaved, Fault> {
    let written = roles::Entity::update_many()
        .col_expr(roles::Column::Name, Expr::value(to.name()))
        .col_expr(roles::Column::NameKey, Expr::value(fold_key(to.name())))
        .col_expr(roles::Column::Permissions, Expr::value(map::names(to.permissions())?))
        .col_expr(roles::Column::Version, Expr::col(roles::Column::Version).add(1_i64))
        .col_expr(roles::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(roles::Column::Id.eq(read.id.uuid()))
        .filter(roles::Column::Version.eq(read.version))
        .filter(roles::Column::BuiltIn.eq(false))
        .exec(tx.raw())
        .await;
    match written {
        Ok(written) if written.rows_affected == 0 => Ok(RoleSaved::Stale),
        Ok(_) => Ok(RoleSaved::Saved),
        Err(error) if violation(&error) == Some(Violation::Unique("uq_roles_name_key".to_owned())) => {
            Ok(RoleSaved::Taken)
        }
        Err(error) => Err(fault("staff.update_role")(error)),
    }
}

/// What became of taking a role away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleRemoved {
    /// It is gone.
    Removed,
    /// There was none.
    Unknown,
    /// Somebody has it. Nothing has changed.
    InUse,
    /// The shop came with it. Nothing has changed.
    BuiltIn,
}

/// Takes a role away that nobody has.
///
/// # Errors
/// The database does not answer.
pub async fn remove_role(tx: &WriteTx, id: RoleId) -> Result<RoleRemoved, Fault> {
    // Behind the lock nobody is given it.
    let row = roles::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(tx.raw()).await;
    let Some(row) = row.map_err(fault("staff.remove_role"))? else { return Ok(RoleRemoved::Unknown) };
    if row.built_in {
        return Ok(RoleRemoved::BuiltIn);
    }
    let somebody = staff_roles::Entity::find().filter(staff_roles::Column::RoleId.eq(id.uuid()));
    if somebody.one(tx.raw()).await.map_err(fault("staff.remove_role"))?.is_some() {
        return Ok(RoleRemoved::InUse);
    }
    roles::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await.map_err(fault("staff.remove_role"))?;
    Ok(RoleRemoved::Removed)
}

/// What became of giving somebody roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RolesSet {
    /// They have these and no others.
    Set,
    /// There is no such member of staff. Nothing has changed.
    NoStaff,
    /// There is no such role. Nothing has changed.
    NoRole(RoleId),
}

/// Gives somebody these roles and no others.
///
/// # Errors
/// The database does not answer.
pub async fn set_roles(
    tx: &WriteTx,
    staff: StaffId,
    wanted: &[RoleId],
    now: Timestamp,
) -> Result<RolesSet, Fault> {
    if lock(tx, &[staff]).await?.is_empty() {
        return Ok(RolesSet::NoStaff);
    }
    let there: Vec<Uuid> = roles::Entity::find()
        .select_only()
        .column(roles::Column::Id)
        .filter(roles::Column::Id.is_in(wanted.iter().map(|id| id.uuid())))
        .order_by_asc(roles::Column::Id)
        // nobody takes one away meanwhile
        .lock(LockType::Share)
        .into_tuple()
        .all(tx.raw())
        .await
        .map_err(fault("staff.set_roles"))?;
    if let Some(unknown) = wanted.iter().find(|id| !there.contains(&id.uuid())) {
        return Ok(RolesSet::NoRole(*unknown));
    }
    let of_them = staff_roles::Entity::delete_many().filter(staff_roles::Column::StaffId.eq(staff.uuid()));
    of_them.exec(tx.raw()).await.map_err(fault("staff.set_roles"))?;
    let rows: Vec<_> = there
        .into_iter()
        .map(|role| staff_roles::ActiveModel { staff_id: Set(staff.uuid()), role_id: Set(role) })
        .collect();
    if !rows.is_empty() {
        let given = staff_roles::Entity::insert_many(rows).exec_without_returning(tx.raw()).await;
        given.map_err(fault("staff.set_roles"))?;
    }
    raised(staff, now).exec(tx.raw()).await.map_err(fault("staff.set_roles"))?;
    Ok(RolesSet::Set)
}

/// Makes the roles that a shop comes with, and gives those that an older version made what has been added since. What they have
/// beyond that is a newer version's, which may run at the same time: only a migration takes it away. A role of the shop's own that
/// has the name of one stays as it is. Again changes nothing. Gives the number of roles that were made or changed.
///
/// # Errors
/// The database does not answer.
pub async fn put_built_in_roles(tx: &WriteTx, ids: &dyn IdGenerator, now: Timestamp) -> Result<u64, Fault> {
    let mut rows = Vec::new();
    for role in BuiltInRole::ALL {
        rows.push(row(ids.id(), role.name(), map::names(role.permissions())?, true, now));
    }
    let known = OnConflict::column(roles::Column::NameKey).do_nothing().to_owned();
    let mut written =
        match roles::Entity::insert_many(rows).on_conflict(known).exec_without_returning(tx.raw()).await {
            Ok(made) => made,
            Err(DbErr::RecordNotInserted) => 0,
            Err(error) => return Err(fault("staff.put_built_in_roles")(error)),
        };
    let there = roles::Entity::find()
        .filter(roles::Column::BuiltIn.eq(true))
        .order_by_asc(roles::Column::Id)
        .lock(LockType::Update)
        .all(tx.raw())
        .await
        .map_err(fault("staff.put_built_in_roles"))?;
    for role in there {
        let Some(ours) = BuiltInRole::ALL.into_iter().find(|ours| fold_key(ours.name()) == role.name_key)
        else {
            continue;
        };
        if let Some(permissions) = map::with_names(&role.permissions, ours.permissions())? {
            raise(tx, role.id, permissions, now).await?;
            written += 1;
        }
    }
    Ok(written)
}

async fn raise(tx: &WriteTx, id: Uuid, permissions: String, now: Timestamp) -> Result<(), Fault> {
    roles::Entity::update_many()
        .col_expr(roles::Column::Permissions, Expr::value(permissions))
        .col_expr(roles::Column::Version, Expr::col(roles::Column::Version).add(1_i64))
        .col_expr(roles::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(roles::Column::Id.eq(id))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("staff.put_built_in_roles"))
}

fn row(id: Uuid, name: &str, permissions: String, built_in: bool, now: Timestamp) -> roles::ActiveModel {
    roles::ActiveModel {
        id: Set(id),
        name: Set(name.to_owned()),
        name_key: Set(fold_key(name)),
        permissions: Set(permissions),
        built_in: Set(built_in),
        version: Set(1),
        created_at: Set(stored(now)),
        updated_at: Set(stored(now)),
    }
}
