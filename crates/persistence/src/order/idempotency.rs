//! Keys that make placing an order safe to repeat. A row lives as long as its order.

use super::entities::keys;
use crate::db::{Batch, Conn, Place, fault};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryTrait, sea_query::OnConflict};
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

/// Writes the key in the order's transaction (after the order: the row points to it). No row is written if somebody else has: the
/// transaction must be given up.
pub(super) fn claim_key(
    batch: &mut Batch,
    (scope, key): (&str, &str),
    known: &KnownKey,
    now: Timestamp,
) -> Place {
    let row = keys::ActiveModel {
        scope: Set(scope.to_owned()),
        key: Set(key.to_owned()),
        fingerprint: Set(known.fingerprint.clone()),
        order_id: Set(known.order.uuid()),
        created_at: Set(now),
    };
    let known = OnConflict::columns([keys::Column::Scope, keys::Column::Key]).do_nothing().to_owned();
    batch.insert(keys::Entity::insert(row).on_conflict(known).into_query())
}
