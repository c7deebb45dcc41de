//! Writing staff, inside the caller's transaction. Whoever changes a member of staff has the lock of their row first; what is asked
//! of the owner is asked behind it, so that nobody is shut out who is being made the owner.

use super::{
    entities::{owner, recovery_codes, staff, staff_roles},
    read::shop_owner,
};
use crate::{
    account::{self, PasswordHash},
    db::{Raw, Violation, WriteTx, Writes, fault, stored, violation},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};
use stoa_domain::{
    account::{Realm, RevokedBecause},
    shared::{EmailAddress, Fault, Locale, StaffId, Timestamp},
    staff::{StaffMember, StaffName, StaffState},
};
use uuid::Uuid;

/// Somebody who is asked to join.
#[derive(Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// Which they are to be.
    pub id: StaffId,
    /// Their address.
    pub email: EmailAddress,
    /// What they are called, as far as is known; they say so themselves when they join.
    pub name: StaffName,
    /// The language they are written to in.
    pub locale: Option<Locale>,
}

/// Hides the person.
impl std::fmt::Debug for NewStaff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewStaff({})", self.id)
    }
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invited {
    /// They are on the list, and have not answered yet.
    New(StaffId),
    /// Somebody with that address is on it. Nothing has changed.
    Known(StaffId),
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffSaved {
    /// It is written.
    Saved,
    /// Somebody else has changed it since it was read. Nothing has changed.
    Stale,
    /// Another one has that address; the transaction must be given up.
    Taken,
    /// They own the shop. Nothing has changed.
    OwnerProtected,
}

/// Puts somebody on the staff who has still to answer. Two at once with one address make one.
///
/// # Errors
/// The database does not answer.
pub async fn invite(tx: &WriteTx, new: &NewStaff, now: Timestamp) -> Result<Invited, Fault> {
    let row = staff::ActiveModel {
        id: Set(new.id.uuid()),
        email: Set(new.email.as_str().to_owned()),
        email_key: Set(new.email.key()),
        name: Set(new.name.as_str().to_owned()),
        state: Set(StaffState::Invited.name().to_owned()),
        locale: Set(new.locale.map(|locale| locale.code().to_owned())),
        password_hash: Set(None),
        password_changed_at: Set(None),
        totp_secret: Set(None),
        totp_confirmed_at: Set(None),
        totp_step: Set(None),
        version: Set(1),
        created_at: Set(stored(now)),
        updated_at: Set(stored(now)),
    };
    let address = OnConflict::column(staff::Column::EmailKey).do_nothing().to_owned();
    // Again where the one who had the address got another one, or was taken off the staff, at this moment.
    for _ in 0..3 {
        let insert = staff::Entity::insert(row.clone()).on_conflict(address.clone());
        match insert.exec_without_returning(tx.raw()).await {
            Ok(1) => return Ok(Invited::New(new.id)),
            Ok(_) | Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(fault("staff.invite")(error)),
        }
        let known: Option<Uuid> = staff::Entity::find()
            .select_only()
            .column(staff::Column::Id)
            .filter(staff::Column::EmailKey.eq(new.email.key()))
            .into_tuple()
            .one(tx.raw())
            .await
            .map_err(fault("staff.invite"))?;
        if let Some(known) = known {
            return Ok(Invited::Known(StaffId::new(known)));
        }
    }
    Err(Fault::bug("staff.invite: an address that somebody has and nobody has"))
}

/// Writes what has changed of a member of staff since they were read as `before`: state, address, name, language. Roles, password
/// and second factor have functions of their own; who owns the shop has [`set_owner`]. Whoever is shut out is signed out everywhere,
/// for good: letting them in again brings no sign-in back.
///
/// # Errors
/// The database does not answer.
pub async fn save(
    tx: &WriteTx,
    before: &StaffMember,
    after: &StaffMember,
    now: Timestamp,
) -> Result<StaffSaved, Fault> {
    use staff::Column as S;
    lock(tx, &[before.id]).await?;
    let shut_out = matches!(after.state, StaffState::Disabled { .. } | StaffState::Invited);
    if shut_out && shop_owner(tx).await? == Some(before.id) {
        return Ok(StaffSaved::OwnerProtected);
    }
    let written = raised(before.id, now)
        .col_expr(S::State, Expr::value(after.state.name()))
        .col_expr(S::Email, Expr::value(after.email.as_str()))
        .col_expr(S::EmailKey, Expr::value(after.email.key()))
        .col_expr(S::Name, Expr::value(after.name.as_str()))
        .col_expr(S::Locale, Expr::value(after.locale.map(Locale::code)))
        .filter(S::Version.eq(before.version))
        .exec(tx.raw())
        .await;
    match written {
        Ok(written) if written.rows_affected == 0 => Ok(StaffSaved::Stale),
        Ok(_) => {
            if shut_out {
                let whose = (Realm::Staff, before.id.uuid());
                account::revoke_all(tx, whose, None, RevokedBecause::AccountClosed, now).await?;
            }
            Ok(StaffSaved::Saved)
        }
        Err(error) if violation(&error) == Some(Violation::Unique("uq_staff_email_key".to_owned())) => {
            Ok(StaffSaved::Taken)
        }
        Err(error) => Err(fault("staff.save")(error)),
    }
}

/// What became of taking somebody off the staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// They are gone, with their roles, sign-ins, links and codes.
    Removed,
    /// They were not on it.
    Unknown,
    /// They own the shop. Nothing has changed.
    OwnerProtected,
}

/// Takes somebody off the staff.
///
/// # Errors
/// The database does not answer.
pub async fn remove(tx: &WriteTx, id: StaffId) -> Result<Removed, Fault> {
    if lock(tx, &[id]).await?.is_empty() {
        return Ok(Removed::Unknown);
    }
    if shop_owner(tx).await? == Some(id) {
        return Ok(Removed::OwnerProtected);
    }
    let gone = fault("staff.remove");
    let roles = staff_roles::Entity::delete_many().filter(staff_roles::Column::StaffId.eq(id.uuid()));
    roles.exec(tx.raw()).await.map_err(gone)?;
    let codes = recovery_codes::Entity::delete_many().filter(recovery_codes::Column::StaffId.eq(id.uuid()));
    codes.exec(tx.raw()).await.map_err(fault("staff.remove"))?;
    account::forget(tx, Realm::Staff, id.uuid()).await?;
    staff::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await.map_err(fault("staff.remove"))?;
    Ok(Removed::Removed)
}

/// What became of giving the shop to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owned {
    /// It is theirs.
    Given,
    /// It has another owner by now than the one it was taken from. Nothing has changed.
    Stale,
    /// They cannot sign in: they are not on the staff, not enabled, or have no password. Nothing has changed.
    NotEnabled,
}

/// Gives the shop from one to another; from nobody, if it is nobody's yet. Of two at once one gets it.
///
/// # Errors
/// The database does not answer.
pub async fn set_owner(tx: &WriteTx, from: Option<StaffId>, to: StaffId) -> Result<Owned, Fault> {
    let both: Vec<StaffId> = from.into_iter().chain([to]).collect();
    // Behind the lock nobody shuts the new one out, and the one before is still whoever they are.
    let signs_in =
        |row: &staff::Model| row.id == to.uuid() && row.state == "enabled" && row.password_hash.is_some();
    if !lock(tx, &both).await?.iter().any(signs_in) {
        return Ok(Owned::NotEnabled);
    }
    let given = match from {
        Some(from) => {
            let given = owner::Entity::update_many()
                .col_expr(owner::Column::StaffId, Expr::value(to.uuid()))
                .filter(owner::Column::Id.eq(1))
                .filter(owner::Column::StaffId.eq(from.uuid()))
                .exec(tx.raw())
                .await;
            given.map_err(fault("staff.set_owner"))?.rows_affected
        }
        None => {
            let row = owner::ActiveModel { id: Set(1), staff_id: Set(to.uuid()) };
            let has_one = OnConflict::column(owner::Column::Id).do_nothing().to_owned();
            match owner::Entity::insert(row).on_conflict(has_one).exec_without_returning(tx.raw()).await {
                Ok(written) => written,
                Err(DbErr::RecordNotInserted) => 0,
                Err(error) => return Err(fault("staff.set_owner")(error)),
            }
        }
    };
    Ok(if given == 1 { Owned::Given } else { Owned::Stale })
}

/// Sets the password of somebody who is enabled. False, and nothing changed, of anybody else.
///
/// # Errors
/// The database does not answer.
pub async fn set_password(
    tx: &WriteTx,
    id: StaffId,
    password: &PasswordHash,
    now: Timestamp,
) -> Result<bool, Fault> {
    let set = raised(id, now)
        .col_expr(staff::Column::PasswordHash, Expr::value(password.as_str()))
        .col_expr(staff::Column::PasswordChangedAt, Expr::value(stored(now)))
        .filter(staff::Column::State.eq("enabled"))
        .exec(tx.raw())
        .await
        .map_err(fault("staff.set_password"))?;
    Ok(set.rows_affected == 1)
}

/// Puts a costlier hash of the same password in the place of the one that was compared. False if another password was set since.
/// One statement.
///
/// # Errors
/// The database does not answer.
pub async fn rehash(
    on: &impl Writes,
    id: StaffId,
    old: &PasswordHash,
    new: &PasswordHash,
) -> Result<bool, Fault> {
    let set = staff::Entity::update_many()
        .col_expr(staff::Column::PasswordHash, Expr::value(new.as_str()))
        .filter(staff::Column::Id.eq(id.uuid()))
        .filter(staff::Column::PasswordHash.eq(old.as_str()))
        .exec(on.raw())
        .await
        .map_err(fault("staff.rehash"))?;
    Ok(set.rows_affected == 1)
}

/// Locks those of the members of staff that there are, in id order.
pub(super) async fn lock(tx: &WriteTx, ids: &[StaffId]) -> Result<Vec<staff::Model>, Fault> {
    staff::Entity::find()
        .filter(staff::Column::Id.is_in(ids.iter().map(|id| id.uuid())))
        .order_by_asc(staff::Column::Id)
        .lock(LockType::Update)
        .all(tx.raw())
        .await
        .map_err(fault("staff.lock"))
}

/// An update that raises the version.
pub(super) fn raised(id: StaffId, now: Timestamp) -> UpdateMany<staff::Entity> {
    staff::Entity::update_many()
        .col_expr(staff::Column::Version, Expr::col(staff::Column::Version).add(1_i64))
        .col_expr(staff::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(staff::Column::Id.eq(id.uuid()))
}
