//! Reading zones with their rates.

use super::{
    entities::{rates, zones},
    map,
};
use crate::{
    db::{Conn, Key, Keyset, ListError, fault, padded},
    pricing::{Kept, arranged},
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, Query},
};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    shared::{
        Fault, TaxZoneId,
        page::{Page, PageRequest},
    },
    tax::{TaxRate, TaxZone},
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xb5;

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find_zone(conn: &impl Conn, id: TaxZoneId) -> Result<Option<Kept<TaxZone>>, Fault> {
    Ok(find_zones(conn, &[id]).await?.pop())
}

/// Those with these ids that there are and that this version can read, in the order of the ids. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn find_zones(conn: &impl Conn, ids: &[TaxZoneId]) -> Result<Vec<Kept<TaxZone>>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = zones::Entity::find().filter(zones::Column::Id.is_in(padded(&uuids)));
    let rows = rows.all(conn.raw()).await.map_err(fault("tax.find_zones"))?;
    let of_them = rates::Entity::find().filter(rates::Column::TaxZoneId.is_in(padded(&uuids)));
    let (mut rates, _) = by_zone(conn, of_them).await?;
    let read = rows.into_iter().filter_map(|row| {
        let id = row.id;
        Some((id, map::from_zone(row, rates.remove(&id).unwrap_or_default())?))
    });
    Ok(arranged(&uuids, read))
}

/// How many there are. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn count(conn: &impl Conn) -> Result<u64, Fault> {
    zones::Entity::find().count(conn.raw()).await.map_err(fault("tax.count_zones"))
}

/// All of them, with the ids of those zones and rates that this version cannot read. Two statements.
///
/// # Errors
/// The database does not answer.
pub async fn all(conn: &impl Conn) -> Result<(Vec<TaxZone>, Vec<Uuid>), Fault> {
    let rows = zones::Entity::find().all(conn.raw()).await.map_err(fault("tax.all_zones"))?;
    let (mut rates, mut unreadable) = by_zone(conn, rates::Entity::find()).await?;
    let mut read = Vec::with_capacity(rows.len());
    for row in rows {
        let id = row.id;
        match map::from_zone(row, rates.remove(&id).unwrap_or_default()) {
            Some(zone) => read.push(zone.rule),
            None => unreadable.push(id),
        }
    }
    Ok((read, unreadable))
}

/// Rates by zone, in their order.
async fn by_zone(
    conn: &impl Conn,
    rates: Select<rates::Entity>,
) -> Result<(HashMap<Uuid, Vec<Arc<TaxRate>>>, Vec<Uuid>), Fault> {
    let rows = rates.order_by_asc(rates::Column::Position).order_by_asc(rates::Column::Id);
    let rows = rows.all(conn.raw()).await.map_err(fault("tax.rates"))?;
    let mut found: HashMap<Uuid, Vec<Arc<TaxRate>>> = HashMap::new();
    let mut unreadable = Vec::new();
    for row in rows {
        let id = row.id;
        match map::from_rate(row) {
            Some((zone, rate)) => found.entry(zone).or_default().push(rate),
            None => unreadable.push(id),
        }
    }
    Ok((found, unreadable))
}

/// A page of the zones, in the order in which they were made. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_zones(conn: &impl Conn, request: &PageRequest) -> Result<Page<TaxZoneId>, ListError> {
    let id = Expr::col((zones::Entity, zones::Column::Id));
    let keyset = Keyset { order: ORDER, key: Key::Id, id, ascending: true };
    keyset.page(conn, &mut Query::select().from(zones::Entity).take(), request).await
}
