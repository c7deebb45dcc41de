//! One place's stock, and whether it is counted at all.

use super::{
    counters::{Delta, lock},
    entities::item,
    ledger::{self, Entry},
    snapshots::snapshot_of,
    write::{StockChange, StockTo, change_stock, covers},
};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use stoa_domain::{
    inventory::{LedgerKind, SetStockError, StockCause, StockSnapshot},
    shared::{Fault, LocationId, VariantId},
};
use uuid::Uuid;

/// Writes down how many units a location has. With `compare`, only if that is what it had: a count made on a stale
/// screen is refused. Writing what is there already changes nothing.
///
/// # Errors
/// The count is refused, and nothing has changed.
pub async fn set_on_hand(
    tx: &WriteTx,
    (variant, location): (VariantId, LocationId),
    on_hand: i64,
    compare: Option<i64>,
    cause: &StockCause,
) -> Result<StockSnapshot, SetStockError> {
    change_one(tx, StockChange { variant, location, to: StockTo::Count(on_hand), compare }, cause).await
}

/// Adds units to a location, or takes some away.
///
/// # Errors
/// The change is refused, and nothing has changed.
pub async fn adjust(
    tx: &WriteTx,
    (variant, location): (VariantId, LocationId),
    by: i64,
    cause: &StockCause,
) -> Result<StockSnapshot, SetStockError> {
    change_one(tx, StockChange { variant, location, to: StockTo::By(by), compare: None }, cause).await
}

async fn change_one(
    tx: &WriteTx,
    change: StockChange,
    cause: &StockCause,
) -> Result<StockSnapshot, SetStockError> {
    let changed = change_stock(tx, &[change], cause).await.map_err(|refused| refused.error)?;
    Ok(changed
        .stock
        .into_iter()
        .next()
        .ok_or(Fault::bug("stock.change: of one variant there is no stock"))?)
}

/// Says whether a variant's units are counted, and how many may be sold beyond them (`None`: any number).
///
/// # Errors
/// More is promised to orders than the new limit allows; nothing has changed then.
pub async fn set_policy(
    tx: &WriteTx,
    variant: VariantId,
    tracked: bool,
    backorder_limit: Option<i64>,
    cause: &StockCause,
) -> Result<StockSnapshot, SetStockError> {
    let row = lock_one(tx, variant).await?;
    if (row.tracked, row.backorder_limit) == (tracked, backorder_limit) {
        return Ok(snapshot_of(&row));
    }
    let changed = item::Entity::update_many()
        .col_expr(item::Column::Tracked, Expr::value(tracked))
        .col_expr(item::Column::BackorderLimit, Expr::value(backorder_limit))
        .col_expr(item::Column::Version, Expr::col(item::Column::Version).add(1_i64))
        .filter(item::Column::VariantId.eq(variant.uuid()))
        .filter(covers(Expr::col(item::Column::OnHand), Expr::value(backorder_limit)))
        .exec_with_returning(tx.raw())
        .await
        .map_err(fault("setting a stock policy"))?;
    let snapshot =
        changed.first().map(snapshot_of).ok_or(SetStockError::BelowAllocated { allocated: row.allocated })?;
    let nowhere = Entry { variant, location: LocationId::new(Uuid::nil()), delta: Delta::default() };
    ledger::append(tx.raw(), LedgerKind::Policy, cause, &[nowhere])
        .await
        .map_err(fault("writing the stock ledger"))?;
    Ok(snapshot)
}

async fn lock_one(tx: &WriteTx, variant: VariantId) -> Result<item::Model, SetStockError> {
    let rows = lock(tx.raw(), std::iter::once(variant)).await.map_err(fault("locking stock"))?;
    rows.into_iter().next().ok_or(SetStockError::UnknownVariant(variant))
}
