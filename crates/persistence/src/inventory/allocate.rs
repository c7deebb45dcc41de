//! Promising stock to an order.

use super::{
    counters::{Delta, ItemDeltas, by_variant, level_totals, lock, move_items, raise_levels},
    entities::{item, level, location},
    ledger::{self, Entry},
    snapshots::snapshot_of,
};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;
use stoa_domain::{
    inventory::{AllocateError, Allocated, Allocation, LedgerKind, StockCause},
    shared::{Fault, LocationId, VariantId},
};

/// Promises units to an order, all of them or none: on an error the caller drops the transaction.
///
/// A variant may stand in the demand several times; it is the sum that counts. Units come from the locations in the
/// order of their positions, from as many as it takes; what is sold beyond the stock is owed by the first. Six
/// statements, however many variants.
///
/// # Errors
/// There is too little of a variant, or it is gone.
pub async fn allocate(
    tx: &WriteTx,
    demand: &[(VariantId, i64)],
    cause: &StockCause,
) -> Result<Allocated, AllocateError> {
    let mut wanted = ItemDeltas::new();
    for (variant, quantity) in demand.iter().filter(|(_, quantity)| *quantity > 0) {
        let total = &mut wanted.entry(*variant).or_default().allocated;
        *total = total.saturating_add(*quantity);
    }
    let rows = lock(tx.raw(), wanted.keys().copied()).await.map_err(fault("locking stock"))?;
    let rows: HashMap<VariantId, item::Model> =
        rows.into_iter().map(|row| (VariantId::new(row.variant_id), row)).collect();
    if let Some(unknown) = wanted.keys().find(|variant| !rows.contains_key(variant)) {
        return Err(AllocateError::UnknownVariant(*unknown));
    }
    wanted.retain(|variant, _| rows[variant].tracked);

    let snapshots =
        move_items(tx.raw(), &wanted, enough(&wanted)).await.map_err(fault("allocating stock"))?;
    if snapshots.len() < wanted.len() {
        return Err(first_shortage(&wanted, &rows));
    }
    let allocations = split(tx, &wanted).await?;
    raise_levels(tx.raw(), &level_totals(&allocations, promised))
        .await
        .map_err(fault("allocating stock at locations"))?;
    let entries: Vec<Entry> = allocations
        .iter()
        .map(|a| Entry { variant: a.variant, location: a.location, delta: promised(a.quantity) })
        .collect();
    ledger::append(tx.raw(), LedgerKind::Allocated, cause, &entries)
        .await
        .map_err(fault("writing the stock ledger"))?;
    Ok(Allocated { allocations, snapshots })
}

const fn promised(quantity: i64) -> Delta {
    Delta { on_hand: 0, allocated: quantity }
}

/// What is left, and what may be sold beyond it, covers what is wanted.
fn enough(wanted: &ItemDeltas) -> Condition {
    let sellable = Expr::col(item::Column::OnHand)
        .sub(Expr::col(item::Column::Allocated))
        .add(Expr::col(item::Column::BackorderLimit));
    Condition::all().add(item::Column::Tracked.eq(true)).add(
        Condition::any()
            .add(item::Column::BackorderLimit.is_null())
            .add(sellable.gte(by_variant(wanted, |d| d.allocated))),
    )
}

fn first_shortage(wanted: &ItemDeltas, rows: &HashMap<VariantId, item::Model>) -> AllocateError {
    for (variant, delta) in wanted {
        if let Some(sellable) = snapshot_of(&rows[variant]).sellable
            && sellable < delta.allocated
        {
            return AllocateError::NotEnough {
                variant: *variant,
                wanted: delta.allocated,
                sellable: Ord::max(sellable, 0),
            };
        }
    }
    // The rows are locked: what was enough a moment ago still is.
    Fault::bug("allocating: stock changed under its lock").into()
}

/// Decides which locations the units come from.
async fn split(tx: &WriteTx, wanted: &ItemDeltas) -> Result<Vec<Allocation>, Fault> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let locations = location::Entity::find()
        .order_by_asc(location::Column::Position)
        .order_by_asc(location::Column::Id)
        .all(tx.raw())
        .await
        .map_err(fault("reading locations"))?;
    let levels = level::Entity::find()
        .filter(level::Column::VariantId.is_in(wanted.keys().map(|v| v.uuid())))
        .all(tx.raw())
        .await
        .map_err(fault("reading stock levels"))?;
    let free: HashMap<(VariantId, LocationId), i64> = levels
        .iter()
        .map(|l| ((VariantId::new(l.variant_id), LocationId::new(l.location_id)), l.on_hand - l.allocated))
        .collect();
    let places: Vec<LocationId> = locations.iter().map(|l| LocationId::new(l.id)).collect();
    let mut allocations = Vec::with_capacity(wanted.len());
    for (variant, delta) in wanted {
        let free_at: Vec<(LocationId, i64)> = places
            .iter()
            .map(|place| (*place, free.get(&(*variant, *place)).copied().unwrap_or(0)))
            .collect();
        let parts = take(&free_at, delta.allocated)
            .ok_or_else(|| Fault::bug("allocating: the shop has no location"))?;
        allocations.extend(parts.into_iter().map(|(location, quantity)| Allocation {
            variant: *variant,
            location,
            quantity,
        }));
    }
    Ok(allocations)
}

/// Takes `wanted` units from the places in turn; what none of them has is owed by the first. `None` without a place.
fn take(free: &[(LocationId, i64)], wanted: i64) -> Option<Vec<(LocationId, i64)>> {
    let mut left = wanted;
    let mut parts: Vec<(LocationId, i64)> = Vec::new();
    for (place, units) in free {
        let part = (*units).clamp(0, left);
        if part > 0 {
            parts.push((*place, part));
            left -= part;
        }
    }
    if left > 0 {
        let (first, _) = *free.first()?;
        match parts.first_mut() {
            Some((place, units)) if *place == first => *units += left,
            _ => parts.insert(0, (first, left)),
        }
    }
    Some(parts)
}
