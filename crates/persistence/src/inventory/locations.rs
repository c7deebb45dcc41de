//! Places that hold stock.

use super::entities::{level, location};
use crate::db::{Conn, Raw, WriteTx, fault, stored};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use stoa_domain::{
    inventory::{Location, StockLevel},
    shared::{Fault, LocationId, Timestamp, VariantId},
};

/// All places, in the order stock is taken from them.
///
/// # Errors
/// The database does not answer.
pub async fn locations(conn: &impl Conn) -> Result<Vec<Location>, Fault> {
    let rows = location::Entity::find()
        .order_by_asc(location::Column::Position)
        .order_by_asc(location::Column::Id)
        .all(conn.raw())
        .await
        .map_err(fault("reading locations"))?;
    let place = |row: location::Model| Location {
        id: LocationId::new(row.id),
        name: row.name,
        position: row.position,
    };
    Ok(rows.into_iter().map(place).collect())
}

/// Adds a place.
///
/// # Errors
/// Its name is taken, or the database does not answer.
pub async fn add_location(tx: &WriteTx, place: &Location, now: Timestamp) -> Result<(), Fault> {
    let row = location::ActiveModel {
        id: Set(place.id.uuid()),
        name: Set(place.name.clone()),
        position: Set(place.position),
        created_at: Set(stored(now)),
    };
    location::Entity::insert(row)
        .exec_without_returning(tx.raw())
        .await
        .map(drop)
        .map_err(fault("adding a location"))
}

/// A variant's stock, place by place.
///
/// # Errors
/// The database does not answer.
pub async fn levels(conn: &impl Conn, variant: VariantId) -> Result<Vec<StockLevel>, Fault> {
    let rows = level::Entity::find()
        .filter(level::Column::VariantId.eq(variant.uuid()))
        .order_by_asc(level::Column::LocationId)
        .all(conn.raw())
        .await
        .map_err(fault("reading stock levels"))?;
    let level = |row: level::Model| StockLevel {
        location: LocationId::new(row.location_id),
        on_hand: row.on_hand,
        allocated: row.allocated,
    };
    Ok(rows.into_iter().map(level).collect())
}
