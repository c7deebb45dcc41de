//! From where people have signed in before, so that they can be told of a place that is new.

use super::entities::devices;
use crate::db::{Conn, Raw, WriteTx, fault, stored};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use stoa_domain::{
    account::Realm,
    shared::{Fault, Timestamp},
};
use uuid::Uuid;

/// Writes down that somebody has signed in from this network, and tells whether it is one they have not been seen in since
/// `known_since`. Of two sign-ins at once from a new one only one is told so.
///
/// # Errors
/// The database does not answer.
pub async fn is_new_network(
    tx: &WriteTx,
    (realm, subject): (Realm, Uuid),
    network: &str,
    known_since: Timestamp,
    now: Timestamp,
) -> Result<bool, Fault> {
    use devices::Column as D;
    let now = stored(now);
    let known = devices::Entity::update_many()
        .col_expr(D::SeenAt, Expr::value(now))
        .filter(D::Realm.eq(realm.name()))
        .filter(D::SubjectId.eq(subject))
        .filter(D::Network.eq(network))
        .filter(D::SeenAt.gte(stored(known_since)))
        .exec(tx.raw())
        .await
        .map_err(fault("account.seen_network"))?;
    if known.rows_affected == 1 {
        return Ok(false);
    }
    let row = devices::ActiveModel {
        realm: Set(realm.name().to_owned()),
        subject_id: Set(subject),
        network: Set(network.to_owned()),
        seen_at: Set(now),
    };
    let long_ago = Expr::col((devices::Entity, D::SeenAt)).lt(stored(known_since));
    let mut forgotten = OnConflict::columns([D::Realm, D::SubjectId, D::Network]);
    forgotten.update_column(D::SeenAt).action_and_where(long_ago);
    match devices::Entity::insert(row).on_conflict(forgotten).exec_without_returning(tx.raw()).await {
        Ok(written) => Ok(written == 1),
        Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(fault("account.new_network")(error)),
    }
}

/// The networks that somebody has signed in from, as far as they are still known, and when they were last seen there. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn networks_of(
    conn: &impl Conn,
    (realm, subject): (Realm, Uuid),
) -> Result<Vec<(String, Timestamp)>, Fault> {
    let rows = devices::Entity::find()
        .filter(devices::Column::Realm.eq(realm.name()))
        .filter(devices::Column::SubjectId.eq(subject))
        .order_by_asc(devices::Column::Network)
        .all(conn.raw())
        .await
        .map_err(fault("account.networks"))?;
    Ok(rows.into_iter().map(|row| (row.network, row.seen_at)).collect())
}

/// Takes all places of somebody away.
pub(super) async fn remove_all(tx: &WriteTx, realm: Realm, subject: Uuid) -> Result<(), Fault> {
    devices::Entity::delete_many()
        .filter(devices::Column::Realm.eq(realm.name()))
        .filter(devices::Column::SubjectId.eq(subject))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("account.remove_devices"))
}
