//! Counting stock: setting it, adjusting it, and saying whether it is counted at all.

use super::{
    counters::{Delta, ItemDeltas, LevelDeltas, lock, lower_levels, move_items, raise_levels},
    entities::{item, level},
    ledger::{self, Entry},
    snapshots::snapshot_of,
};
use crate::db::{Raw, Violation, WriteTx, fault, violation};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use stoa_domain::{
    catalog::limits,
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
    if !(0..=limits::STOCK).contains(&on_hand) {
        return Err(SetStockError::OutOfRange);
    }
    let row = lock_one(tx, variant).await?;
    let current = on_hand_at(tx, variant, location).await?;
    if compare.is_some_and(|seen| seen != current) {
        return Err(SetStockError::Stale { current });
    }
    change(tx, &row, location, on_hand - current, LedgerKind::Counted, cause).await
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
    let row = lock_one(tx, variant).await?;
    let after = on_hand_at(tx, variant, location).await?.checked_add(by);
    if !after.is_some_and(|after| (0..=limits::STOCK).contains(&after)) {
        return Err(SetStockError::OutOfRange);
    }
    change(tx, &row, location, by, LedgerKind::Adjusted, cause).await
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

async fn on_hand_at(tx: &WriteTx, variant: VariantId, location: LocationId) -> Result<i64, Fault> {
    let level = level::Entity::find_by_id((variant.uuid(), location.uuid())).one(tx.raw()).await;
    Ok(level.map_err(fault("reading a stock level"))?.map_or(0, |level| level.on_hand))
}

async fn change(
    tx: &WriteTx,
    row: &item::Model,
    location: LocationId,
    by: i64,
    kind: LedgerKind,
    cause: &StockCause,
) -> Result<StockSnapshot, SetStockError> {
    if by == 0 {
        return Ok(snapshot_of(row));
    }
    let variant = VariantId::new(row.variant_id);
    let delta = Delta { on_hand: by, allocated: 0 };
    let after = Expr::col(item::Column::OnHand).add(by);
    let snapshot = move_items(
        tx.raw(),
        &ItemDeltas::from([(variant, delta)]),
        covers(after, Expr::col(item::Column::BackorderLimit)),
    )
    .await
    .map_err(fault("counting stock"))?
    .pop()
    .ok_or(SetStockError::BelowAllocated { allocated: row.allocated })?;
    let moved = LevelDeltas::from([((variant, location), delta)]);
    let written =
        if by > 0 { raise_levels(tx.raw(), &moved).await } else { lower_levels(tx.raw(), &moved).await };
    written.map_err(|error| unknown_location(error, location))?;
    ledger::append(tx.raw(), kind, cause, &[Entry { variant, location, delta }])
        .await
        .map_err(fault("writing the stock ledger"))?;
    Ok(snapshot)
}

/// Stock and allowance cover what is promised. No limit covers everything, and so does stock that is not counted.
fn covers(on_hand: Expr, backorder_limit: Expr) -> Condition {
    Condition::any()
        .add(backorder_limit.clone().is_null())
        .add(on_hand.add(backorder_limit).gte(Expr::col(item::Column::Allocated)))
}

fn unknown_location(error: DbErr, location: LocationId) -> SetStockError {
    match violation(&error) {
        Some(Violation::ForeignKey) => SetStockError::UnknownLocation(location),
        _ => fault("counting stock at a location")(error).into(),
    }
}
