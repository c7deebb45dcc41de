//! Making, changing and taking away zones, each with its rates.

use super::{
    entities::{rates, zones},
    map,
};
use crate::{
    catalog,
    db::{Raw, WriteTx, bind_chunks, fault, stored},
    pricing::{Removed, Saved, removed, saved},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use stoa_domain::{
    shared::{Fault, TaxZoneId, Timestamp},
    tax::TaxZone,
};

/// Names may be alike.
const NONE: &str = "";

/// Makes a zone with its rates. Unknown where one of them is for a category that there is not.
///
/// # Errors
/// The database does not answer.
pub async fn insert_zone(tx: &WriteTx, new: &TaxZone, now: Timestamp) -> Result<Saved, Fault> {
    catalog::raise_prices(tx).await?;
    let row = zones::ActiveModel {
        id: Set(new.id.uuid()),
        version: Set(1),
        created_at: Set(stored(now)),
        ..map::to_zone(new, now)?
    };
    let written = zones::Entity::insert(row).exec_without_returning(tx.raw()).await;
    written.map_err(fault("tax.insert_zone"))?;
    charge(tx, new).await
}

/// Makes of a zone, if it still is of the version that was read, what it may become: its rates are these and no others.
///
/// # Errors
/// The database does not answer.
pub async fn update_zone(tx: &WriteTx, version: i64, to: &TaxZone, now: Timestamp) -> Result<Saved, Fault> {
    catalog::raise_prices(tx).await?;
    let written = zones::Entity::update_many()
        .set(map::to_zone(to, now)?)
        .col_expr(zones::Column::Version, Expr::col(zones::Column::Version).add(1_i64))
        .filter(zones::Column::Id.eq(to.id.uuid()))
        .filter(zones::Column::Version.eq(version))
        .exec(tx.raw())
        .await;
    let written = written.map(|written| written.rows_affected);
    if saved(written, NONE, fault("tax.update_zone"))? == Saved::Stale {
        return Ok(Saved::Stale);
    }
    charge_nothing(tx, to.id).await?;
    charge(tx, to).await
}

/// Takes a zone away with its rates.
///
/// # Errors
/// The database does not answer.
pub async fn remove_zone(tx: &WriteTx, id: TaxZoneId, version: i64) -> Result<Removed, Fault> {
    catalog::raise_prices(tx).await?;
    // Zones are locked before their rates.
    let row = zones::Entity::find_by_id(id.uuid())
        .filter(zones::Column::Version.eq(version))
        .lock(LockType::Update);
    if row.one(tx.raw()).await.map_err(fault("tax.remove_zone"))?.is_none() {
        return Ok(Removed::Stale);
    }
    charge_nothing(tx, id).await?;
    let gone = zones::Entity::delete_by_id(id.uuid()).exec(tx.raw()).await;
    Ok(removed(gone.map_err(fault("tax.remove_zone"))?.rows_affected))
}

async fn charge(tx: &WriteTx, zone: &TaxZone) -> Result<Saved, Fault> {
    let rows: Vec<rates::ActiveModel> = zone.rates.iter().map(|rate| map::to_rate(zone.id, rate)).collect();
    for some in bind_chunks(&rows, 10) {
        let written = rates::Entity::insert_many(some.iter().cloned()).exec_without_returning(tx.raw()).await;
        let outcome = saved(written, NONE, fault("tax.charge"))?;
        if outcome != Saved::Saved {
            return Ok(outcome);
        }
    }
    Ok(Saved::Saved)
}

async fn charge_nothing(tx: &WriteTx, zone: TaxZoneId) -> Result<(), Fault> {
    let all = rates::Entity::delete_many().filter(rates::Column::TaxZoneId.eq(zone.uuid()));
    all.exec(tx.raw()).await.map(drop).map_err(fault("tax.charge_nothing"))
}
