//! Parts of the world with their own ways of delivering.

use super::{
    entities::{methods, zones},
    map,
};
use crate::{
    catalog,
    db::{Conn, Key, Keyset, ListError, Raw, WriteTx, fault, padded, stored},
    pricing::{Kept, Removed, Saved, arranged, removed, saved},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use stoa_domain::{
    delivery::DeliveryZone,
    shared::{
        DeliveryZoneId, Fault, Timestamp,
        page::{Page, PageRequest},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xb6;
/// Names may be alike.
const NONE: &str = "";

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find_zone(conn: &impl Conn, id: DeliveryZoneId) -> Result<Option<Kept<DeliveryZone>>, Fault> {
    Ok(find_zones(conn, &[id]).await?.pop())
}

/// Those with these ids that there are and that this version can read, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_zones(conn: &impl Conn, ids: &[DeliveryZoneId]) -> Result<Vec<Kept<DeliveryZone>>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = zones::Entity::find().filter(zones::Column::Id.is_in(padded(&uuids))).all(conn.raw()).await;
    let rows = rows.map_err(fault("delivery.find_zones"))?;
    Ok(arranged(&uuids, rows.into_iter().filter_map(|row| Some((row.id, map::from_zone(row)?)))))
}

/// How many there are. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn count_zones(conn: &impl Conn) -> Result<u64, Fault> {
    zones::Entity::find().count(conn.raw()).await.map_err(fault("delivery.count_zones"))
}

/// All of them, with the ids of those that this version cannot read. One statement.
pub(crate) async fn all(conn: &impl Conn) -> Result<(Vec<DeliveryZone>, Vec<Uuid>), Fault> {
    let rows = zones::Entity::find().all(conn.raw()).await.map_err(fault("delivery.all_zones"))?;
    let (mut read, mut unreadable) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let id = row.id;
        match map::from_zone(row) {
            Some(zone) => read.push(zone.rule),
            None => unreadable.push(id),
        }
    }
    Ok((read, unreadable))
}

/// A page of the zones, in the order in which they were made. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_zones(conn: &impl Conn, request: &PageRequest) -> Result<Page<DeliveryZoneId>, ListError> {
    let id = Expr::col((zones::Entity, zones::Column::Id));
    let keyset = Keyset { order: ORDER, key: Key::Id, id, ascending: true };
    keyset.page(conn, &mut Query::select().from(zones::Entity).take(), request).await
}

/// Makes a zone.
///
/// # Errors
/// The database does not answer.
pub async fn insert_zone(tx: &WriteTx, new: &DeliveryZone, now: Timestamp) -> Result<(), Fault> {
    catalog::raise_rules(tx).await?;
    let row = zones::ActiveModel {
        id: Set(new.id.uuid()),
        version: Set(1),
        created_at: Set(stored(now)),
        ..map::to_zone(new, now)?
    };
    let written = zones::Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map(drop).map_err(fault("delivery.insert_zone"))
}

/// Makes of a zone, if it still is of the version that was read, what it may become.
///
/// # Errors
/// The database does not answer.
pub async fn update_zone(
    tx: &WriteTx,
    version: i64,
    to: &DeliveryZone,
    now: Timestamp,
) -> Result<Saved, Fault> {
    catalog::raise_rules(tx).await?;
    let written = zones::Entity::update_many()
        .set(map::to_zone(to, now)?)
        .col_expr(zones::Column::Version, Expr::col(zones::Column::Version).add(1_i64))
        .filter(zones::Column::Id.eq(to.id.uuid()))
        .filter(zones::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    saved(written.map(|written| written.rows_affected), NONE, fault("delivery.update_zone"))
}

/// Takes a zone away, unless there are ways of delivering to it.
///
/// # Errors
/// The database does not answer.
pub async fn remove_zone(tx: &WriteTx, id: DeliveryZoneId, version: i64) -> Result<Removed, Fault> {
    catalog::raise_rules(tx).await?;
    let method = methods::Entity::find().filter(methods::Column::DeliveryZoneId.eq(id.uuid()));
    if method.one(tx.raw()).await.map_err(fault("delivery.remove_zone"))?.is_some() {
        return Ok(Removed::InUse);
    }
    let gone = zones::Entity::delete_many()
        .filter(zones::Column::Id.eq(id.uuid()))
        .filter(zones::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    Ok(removed(gone.map_err(fault("delivery.remove_zone"))?.rows_affected))
}
