//! The keys that tokens are signed with, and the proofs by which a root key that is another is noticed.

use super::entities::{key_checks, signing_keys};
use crate::db::{Conn, Raw, WriteTx, Writes, fault, stored};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Func, OnConflict, Query},
};
use stoa_domain::shared::{Fault, Timestamp};
use uuid::Uuid;

/// Where private keys are sealed.
pub(crate) const PRIVATE_KEY: &str = "signing_keys.private_key";

/// A key that tokens are signed with (Ed25519).
#[derive(Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// What tokens call it.
    pub kid: String,
    /// The public half.
    pub public_key: [u8; 32],
    /// The private half, as a text. Sealed where it is kept.
    pub private_key: String,
    /// Since when it is there, and published.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub active_from: Timestamp,
    /// From when on it signs no more; `None`: it is the last.
    pub retires_at: Option<Timestamp>,
}

/// Hides the private half.
impl std::fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredKey({})", self.kid)
    }
}

/// Sets the lock of whoever decides about root keys apart from others of the database.
const TURN: i64 = 0x73_74_6f_61_6b_65_79_73; // "stoakeys" in ASCII

const UNREADABLE: Fault = Fault::bug("account.signing_keys: a key that no version of the program writes");

/// What a private key is sealed for: keys have no UUID, but the first half of the public one is one.
pub(crate) fn signing_key_row(public_key: &[u8]) -> Result<Uuid, Fault> {
    public_key.first_chunk::<16>().map(|half| Uuid::from_bytes(*half)).ok_or(UNREADABLE)
}

/// Adds a key. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn insert_signing_key(on: &impl Writes, key: &StoredKey) -> Result<(), Fault> {
    let row = signing_keys::ActiveModel {
        kid: Set(key.kid.clone()),
        public_key: Set(key.public_key.to_vec()),
        private_key: Set(on.sealer().seal(
            PRIVATE_KEY,
            signing_key_row(&key.public_key)?,
            &key.private_key,
        )?),
        created_at: Set(stored(key.created_at)),
        active_from: Set(stored(key.active_from)),
        retires_at: Set(key.retires_at.map(stored)),
    };
    let written = signing_keys::Entity::insert(row).exec_without_returning(on.raw()).await;
    written.map(drop).map_err(fault("account.insert_signing_key"))
}

/// Every key there is, in the order in which they sign.
///
/// # Errors
/// The database does not answer, or a key cannot be opened: the root key is another.
pub async fn signing_keys(conn: &impl Conn) -> Result<Vec<StoredKey>, Fault> {
    let rows = signing_keys::Entity::find()
        .order_by_asc(signing_keys::Column::ActiveFrom)
        .order_by_asc(signing_keys::Column::Kid)
        .all(conn.raw())
        .await
        .map_err(fault("account.signing_keys"))?;
    rows.into_iter()
        .map(|row| {
            Ok(StoredKey {
                private_key: conn.sealer().open(
                    PRIVATE_KEY,
                    signing_key_row(&row.public_key)?,
                    &row.private_key,
                )?,
                public_key: row.public_key.as_slice().try_into().map_err(|_| UNREADABLE)?,
                kid: row.kid,
                created_at: row.created_at,
                active_from: row.active_from,
                retires_at: row.retires_at,
            })
        })
        .collect()
}

/// Says from when on a key signs no more, unless that was said before. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn retire_signing_key(on: &impl Writes, kid: &str, at: Timestamp) -> Result<bool, Fault> {
    let retired = signing_keys::Entity::update_many()
        .col_expr(signing_keys::Column::RetiresAt, Expr::value(stored(at)))
        .filter(signing_keys::Column::Kid.eq(kid))
        .filter(signing_keys::Column::RetiresAt.is_null())
        .exec(on.raw())
        .await
        .map_err(fault("account.retire_signing_key"))?;
    Ok(retired.rows_affected == 1)
}

/// Takes away the keys that have signed nothing since then, and whose tokens are all over. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn remove_signing_keys(on: &impl Writes, retired_before: Timestamp) -> Result<u64, Fault> {
    let gone = signing_keys::Entity::delete_many()
        .filter(signing_keys::Column::RetiresAt.lt(stored(retired_before)))
        .exec(on.raw())
        .await
        .map_err(fault("account.remove_signing_keys"))?;
    Ok(gone.rows_affected)
}

/// What is known of a root key without knowing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCheck {
    /// The key's name.
    pub key_id: String,
    /// What only that key makes.
    pub proof: String,
}

/// The root keys that this database has been opened with.
///
/// # Errors
/// The database does not answer.
pub async fn key_checks(conn: &impl Conn) -> Result<Vec<KeyCheck>, Fault> {
    let rows = key_checks::Entity::find()
        .order_by_asc(key_checks::Column::CreatedAt)
        .order_by_asc(key_checks::Column::KeyId)
        .all(conn.raw())
        .await
        .map_err(fault("account.key_checks"))?;
    Ok(rows.into_iter().map(|row| KeyCheck { key_id: row.key_id, proof: row.proof }).collect())
}

/// What a database says of the root keys it is to be opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysChecked {
    /// They are its own, the first is known from now on.
    Known,
    /// It was opened with this key as well, which is not among them: what that key has sealed could not be read.
    Missing(String),
    /// The key of this name is another one than it was opened with.
    Other(String),
}

/// Has a database take the root keys it is to be opened with, of which the first is to seal. A database that was never opened takes
/// any; of two that open it at once with different keys one is refused. Refused, nothing has changed.
///
/// # Errors
/// The database does not answer.
pub async fn check_keys(tx: &WriteTx, keys: &[KeyCheck], now: Timestamp) -> Result<KeysChecked, Fault> {
    if !tx.is_alone() {
        // A table without rows has none to lock.
        let lock = Query::select().expr(Func::cust("pg_advisory_xact_lock").arg(TURN)).take();
        tx.raw().execute(&lock).await.map_err(fault("account.check_keys"))?;
    }
    for known in key_checks(tx).await? {
        match keys.iter().find(|key| key.key_id == known.key_id) {
            None => return Ok(KeysChecked::Missing(known.key_id)),
            Some(key) if key.proof != known.proof => return Ok(KeysChecked::Other(known.key_id)),
            Some(_) => {}
        }
    }
    if let Some(first) = keys.first() {
        add_key_check(tx, first, now).await?;
    }
    Ok(KeysChecked::Known)
}

/// Writes down a root key, unless one of its name was before. One statement. Whoever opens a database asks [`check_keys`].
///
/// # Errors
/// The database does not answer.
pub async fn add_key_check(on: &impl Writes, check: &KeyCheck, now: Timestamp) -> Result<(), Fault> {
    let row = key_checks::ActiveModel {
        key_id: Set(check.key_id.clone()),
        proof: Set(check.proof.clone()),
        created_at: Set(stored(now)),
    };
    let known = OnConflict::column(key_checks::Column::KeyId).do_nothing().to_owned();
    match key_checks::Entity::insert(row).on_conflict(known).exec_without_returning(on.raw()).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(fault("account.add_key_check")(error)),
    }
}

/// Forgets a root key that nothing is sealed by any more. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn remove_key_check(on: &impl Writes, key_id: &str) -> Result<bool, Fault> {
    let gone = key_checks::Entity::delete_by_id(key_id.to_owned()).exec(on.raw()).await;
    Ok(gone.map_err(fault("account.remove_key_check"))?.rows_affected == 1)
}
