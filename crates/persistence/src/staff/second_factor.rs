//! Second factors: the secret of an authenticator, which is sealed, and the codes for whoever has lost it, which are hashed.

use super::{
    entities::{recovery_codes, staff},
    map::TOTP_SECRET,
    write::raised,
};
use crate::db::{Conn, Raw, WriteTx, Writes, fault, stored};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use stoa_domain::shared::{Fault, StaffId, Timestamp};

/// Somebody's authenticator.
#[derive(Clone, PartialEq, Eq)]
pub struct Authenticator {
    /// Its secret, as a text.
    pub secret: String,
    /// Since when it counts; `None`: no code has proved yet that the secret was kept.
    pub confirmed_at: Option<Timestamp>,
    /// The step of the last code that was used.
    pub last_step: Option<i64>,
    /// The version of the member of staff that it was read of.
    pub version: i64,
}

/// Hides the secret.
impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authenticator(since {:?})", self.confirmed_at)
    }
}

/// The authenticator of somebody who is enabled, confirmed or not.
///
/// # Errors
/// The database does not answer, or the secret cannot be opened.
pub async fn authenticator(conn: &impl Conn, of: StaffId) -> Result<Option<Authenticator>, Fault> {
    let row = staff::Entity::find_by_id(of.uuid())
        .filter(staff::Column::State.eq("enabled"))
        .one(conn.raw())
        .await
        .map_err(fault("staff.authenticator"))?;
    let Some(row) = row else { return Ok(None) };
    let Some(sealed) = row.totp_secret else { return Ok(None) };
    Ok(Some(Authenticator {
        secret: conn.sealer().open(TOTP_SECRET, row.id, &sealed)?,
        confirmed_at: row.totp_confirmed_at,
        last_step: row.totp_step,
        version: row.version,
    }))
}

/// Keeps the secret that somebody has been shown, in the place of one that was never confirmed. False, and nothing changed, if
/// they have an authenticator. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn begin_totp(on: &impl Writes, of: StaffId, secret: &str, now: Timestamp) -> Result<bool, Fault> {
    let sealed = on.sealer().seal(TOTP_SECRET, of.uuid(), secret)?;
    let begun = raised(of, now)
        .col_expr(staff::Column::TotpSecret, Expr::value(sealed))
        .col_expr(staff::Column::TotpStep, Expr::value(Option::<i64>::None))
        .filter(staff::Column::State.eq("enabled"))
        .filter(staff::Column::TotpConfirmedAt.is_null())
        .exec(on.raw())
        .await
        .map_err(fault("staff.begin_totp"))?;
    Ok(begun.rows_affected == 1)
}

/// Lets an authenticator count whose code of this step was right, as it was read: since then somebody may have been shown another
/// secret. False, and nothing changed, if it is not so any more. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn confirm_totp(
    on: &impl Writes,
    of: StaffId,
    read: &Authenticator,
    step: i64,
    now: Timestamp,
) -> Result<bool, Fault> {
    let confirmed = raised(of, now)
        .col_expr(staff::Column::TotpConfirmedAt, Expr::value(stored(now)))
        .col_expr(staff::Column::TotpStep, Expr::value(step))
        .filter(staff::Column::Version.eq(read.version))
        .filter(staff::Column::State.eq("enabled"))
        .filter(staff::Column::TotpSecret.is_not_null())
        .filter(staff::Column::TotpConfirmedAt.is_null())
        .exec(on.raw())
        .await
        .map_err(fault("staff.confirm_totp"))?;
    Ok(confirmed.rows_affected == 1)
}

/// Uses up a code of the authenticator as it was read: true for the one who uses it first, and false if it has given way to another
/// one since. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn use_totp_step(
    on: &impl Writes,
    of: StaffId,
    read: &Authenticator,
    step: i64,
) -> Result<bool, Fault> {
    let Some(confirmed_at) = read.confirmed_at else { return Ok(false) };
    let later = Condition::any().add(staff::Column::TotpStep.is_null()).add(staff::Column::TotpStep.lt(step));
    let used = staff::Entity::update_many()
        .col_expr(staff::Column::TotpStep, Expr::value(step))
        .filter(staff::Column::Id.eq(of.uuid()))
        .filter(staff::Column::State.eq("enabled"))
        .filter(staff::Column::TotpConfirmedAt.eq(stored(confirmed_at)))
        .filter(later)
        .exec(on.raw())
        .await
        .map_err(fault("staff.use_totp_step"))?;
    Ok(used.rows_affected == 1)
}

/// Takes somebody's authenticator away, and their recovery codes with it. False if they have none.
///
/// # Errors
/// The database does not answer.
pub async fn remove_totp(tx: &WriteTx, of: StaffId, now: Timestamp) -> Result<bool, Fault> {
    let removed = raised(of, now)
        .col_expr(staff::Column::TotpSecret, Expr::value(Option::<String>::None))
        .col_expr(staff::Column::TotpConfirmedAt, Expr::value(Option::<Timestamp>::None))
        .col_expr(staff::Column::TotpStep, Expr::value(Option::<i64>::None))
        .filter(staff::Column::TotpSecret.is_not_null())
        .exec(tx.raw())
        .await
        .map_err(fault("staff.remove_totp"))?;
    if removed.rows_affected == 0 {
        return Ok(false);
    }
    remove_codes(tx, of).await?;
    Ok(true)
}

/// Gives somebody these recovery codes, by their hashes, and makes those they had work no more. False, and nothing changed, if there
/// is nobody.
///
/// # Errors
/// The database does not answer.
pub async fn set_recovery_codes(
    tx: &WriteTx,
    of: StaffId,
    hashes: &[String],
    now: Timestamp,
) -> Result<bool, Fault> {
    let held = raised(of, now).exec(tx.raw()).await.map_err(fault("staff.set_recovery_codes"))?;
    if held.rows_affected == 0 {
        return Ok(false);
    }
    remove_codes(tx, of).await?;
    let rows: Vec<_> = hashes
        .iter()
        .map(|hash| recovery_codes::ActiveModel {
            staff_id: Set(of.uuid()),
            code_hash: Set(hash.clone()),
            used_at: Set(None),
        })
        .collect();
    if !rows.is_empty() {
        let written = recovery_codes::Entity::insert_many(rows).exec_without_returning(tx.raw()).await;
        written.map_err(fault("staff.set_recovery_codes"))?;
    }
    Ok(true)
}

/// Uses up a recovery code: true for the one who uses it first. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn use_recovery_code(
    on: &impl Writes,
    of: StaffId,
    hash: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    let used = recovery_codes::Entity::update_many()
        .col_expr(recovery_codes::Column::UsedAt, Expr::value(stored(now)))
        .filter(recovery_codes::Column::StaffId.eq(of.uuid()))
        .filter(recovery_codes::Column::CodeHash.eq(hash))
        .filter(recovery_codes::Column::UsedAt.is_null())
        .exec(on.raw())
        .await
        .map_err(fault("staff.use_recovery_code"))?;
    Ok(used.rows_affected == 1)
}

/// How many recovery codes somebody has left.
///
/// # Errors
/// The database does not answer.
pub async fn recovery_codes_left(conn: &impl Conn, of: StaffId) -> Result<u64, Fault> {
    recovery_codes::Entity::find()
        .filter(recovery_codes::Column::StaffId.eq(of.uuid()))
        .filter(recovery_codes::Column::UsedAt.is_null())
        .count(conn.raw())
        .await
        .map_err(fault("staff.recovery_codes_left"))
}

async fn remove_codes(tx: &WriteTx, of: StaffId) -> Result<(), Fault> {
    let all = recovery_codes::Entity::delete_many().filter(recovery_codes::Column::StaffId.eq(of.uuid()));
    all.exec(tx.raw()).await.map(drop).map_err(fault("staff.remove_recovery_codes"))
}
