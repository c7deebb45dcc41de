//! What becomes of a promise: given back, or fulfilled.

use super::{
    counters::{Delta, ItemDeltas, by_variant, level_totals, lock, lower_levels, move_items, totals},
    entities::{item, level},
    ledger::{self, Entry},
};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;
use stoa_domain::{
    inventory::{Allocation, FulfilError, LedgerKind, StockCause, StockSnapshot},
    shared::Fault,
};

/// Takes a promise back, when an order is cancelled or expires. Doing it once is the caller's part: the order's state
/// says whether it has been done.
///
/// # Errors
/// More is given back than was promised, which is a bug; or the database does not answer.
pub async fn give_back(
    tx: &WriteTx,
    allocations: &[Allocation],
    cause: &StockCause,
) -> Result<Vec<StockSnapshot>, Fault> {
    end(tx, allocations, LedgerKind::GivenBack, cause, |quantity| Delta { on_hand: 0, allocated: -quantity })
        .await
}

/// Ends a promise by handing the units over: they leave the stock.
///
/// # Errors
/// Units that were sold beyond the stock have not come in yet; nothing has changed then.
pub async fn fulfil(
    tx: &WriteTx,
    allocations: &[Allocation],
    cause: &StockCause,
) -> Result<Vec<StockSnapshot>, FulfilError> {
    lock(tx.raw(), allocations.iter().map(|a| a.variant)).await.map_err(fault("locking stock"))?;
    let levels = level::Entity::find()
        .filter(level::Column::VariantId.is_in(allocations.iter().map(|a| a.variant.uuid())))
        .all(tx.raw())
        .await
        .map_err(fault("reading stock levels"))?;
    let on_hand: HashMap<_, _> = levels.iter().map(|l| ((l.variant_id, l.location_id), l.on_hand)).collect();
    for allocation in allocations {
        let there =
            on_hand.get(&(allocation.variant.uuid(), allocation.location.uuid())).copied().unwrap_or(0);
        if there < allocation.quantity {
            return Err(FulfilError::NotThere { allocation: *allocation, on_hand: there });
        }
    }
    let leave = |quantity: i64| Delta { on_hand: -quantity, allocated: -quantity };
    Ok(end(tx, allocations, LedgerKind::Fulfilled, cause, leave).await?)
}

async fn end(
    tx: &WriteTx,
    allocations: &[Allocation],
    kind: LedgerKind,
    cause: &StockCause,
    of: impl Fn(i64) -> Delta,
) -> Result<Vec<StockSnapshot>, Fault> {
    let deltas = totals(allocations, &of);
    lock(tx.raw(), deltas.keys().copied()).await.map_err(fault("locking stock"))?;
    let snapshots =
        move_items(tx.raw(), &deltas, promised(&deltas)).await.map_err(fault("releasing stock"))?;
    if snapshots.len() < deltas.len() {
        return Err(Fault::bug("releasing more stock than was promised"));
    }
    lower_levels(tx.raw(), &level_totals(allocations, &of))
        .await
        .map_err(fault("releasing stock at locations"))?;
    let entries: Vec<Entry> = allocations
        .iter()
        .map(|a| Entry { variant: a.variant, location: a.location, delta: of(a.quantity) })
        .collect();
    ledger::append(tx.raw(), kind, cause, &entries).await.map_err(fault("writing the stock ledger"))?;
    Ok(snapshots)
}

/// As much is promised as is given back. Deltas are negative here.
fn promised(deltas: &ItemDeltas) -> Condition {
    let after = Expr::col(item::Column::Allocated).add(by_variant(deltas, |d| d.allocated));
    Condition::all().add(after.gte(0_i64))
}
