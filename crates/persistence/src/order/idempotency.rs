//! Keys that make placing an order safe to repeat. A row lives as long as its order.

use super::entities::keys;
use crate::db::{Conn, Raw, WriteTx, fault};
use sea_orm::{ActiveValue::Set, EntityTrait, TryInsertResult};
use stoa_domain::shared::{Fault, OrderId, Timestamp};

/// What a key was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The request it came with, as its fingerprint.
    pub fingerprint: String,
    /// The order that request made.
    pub order: OrderId,
}

/// What the key was used for, if it was.
///
/// # Errors
/// The database does not answer.
pub async fn find_key(conn: &impl Conn, scope: &str, key: &str) -> Result<Option<KnownKey>, Fault> {
    let row = keys::Entity::find_by_id((scope.to_owned(), key.to_owned()))
        .one(conn.raw())
        .await
        .map_err(fault("order.find_key"))?;
    Ok(row.map(|r| KnownKey { fingerprint: r.fingerprint, order: OrderId::new(r.order_id) }))
}

/// Writes the key in the order's transaction (after the order: the row points to it). False if somebody else has: the transaction must be given up.
///
/// # Errors
/// The database does not answer.
pub async fn claim_key(
    tx: &WriteTx,
    scope: &str,
    key: &str,
    known: &KnownKey,
    now: Timestamp,
) -> Result<bool, Fault> {
    let row = keys::ActiveModel {
        scope: Set(scope.to_owned()),
        key: Set(key.to_owned()),
        fingerprint: Set(known.fingerprint.clone()),
        order_id: Set(known.order.uuid()),
        created_at: Set(now),
    };
    let outcome = keys::Entity::insert(row)
        .on_conflict_do_nothing_on([keys::Column::Scope, keys::Column::Key])
        .exec_without_returning(tx.raw())
        .await
        .map_err(fault("order.claim_key"))?;
    Ok(matches!(outcome, TryInsertResult::Inserted(1)))
}
