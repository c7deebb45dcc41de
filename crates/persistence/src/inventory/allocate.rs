//! Promising stock to an order.

use super::{
    counters::{Delta, ItemDeltas, add_to_levels, by_variant, level_totals, lock, lock_and_move_items},
    entities::{item, level, location},
    ledger::{self, Entry},
    snapshots::snapshot_of,
};
use crate::db::{Batch, Raw, WriteTx, fault};
use sea_orm::{
    Condition, EntityTrait, JoinType, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, IntoCondition},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use stoa_domain::{
    inventory::{AllocateError, Allocated, Allocation, LedgerKind, StockCause},
    shared::{Fault, LocationId, VariantId},
};
use uuid::Uuid;

/// Promises units to an order, all of them or none: on an error the caller drops the transaction.
///
/// A variant may stand in the demand several times; it is the sum that counts. Units come from the location that the buyer was
/// told of, if that is in `prefer`, and then from the others in the order of their positions, from as many as it takes; what is sold
/// beyond the stock is owed by the first of all. Three statements, however many variants; four on SQLite.
///
/// # Errors
/// There is too little of a variant, or it is gone.
pub async fn allocate(
    tx: &WriteTx,
    demand: &[(VariantId, i64)],
    prefer: &BTreeMap<VariantId, LocationId>,
    cause: &StockCause,
) -> Result<Allocated, AllocateError> {
    let mut wanted = ItemDeltas::new();
    for (variant, quantity) in demand.iter().filter(|(_, quantity)| *quantity > 0) {
        let total = &mut wanted.entry(*variant).or_default().allocated;
        *total = total.saturating_add(*quantity);
    }
    let snapshots =
        lock_and_move_items(tx.raw(), &wanted, enough(&wanted)).await.map_err(fault("allocating stock"))?;
    if snapshots.len() < wanted.len() {
        // All of them are locked by now, whether they moved or not.
        let rows = tracked(tx, &mut wanted).await?;
        let moved: HashSet<VariantId> = snapshots.iter().map(|snapshot| snapshot.variant).collect();
        if let Some(refused) = wanted.iter().find(|(variant, _)| !moved.contains(variant)) {
            return Err(shortage(refused, &rows));
        }
    }
    let allocations = split(tx, &wanted, prefer).await?;
    let entries: Vec<Entry> = allocations
        .iter()
        .map(|a| Entry { variant: a.variant, location: a.location, delta: promised(a.quantity) })
        .collect();
    let mut batch = Batch::new();
    add_to_levels(&mut batch, &level_totals(&allocations, promised));
    ledger::add(&mut batch, LedgerKind::Allocated, cause, &entries);
    batch.run(tx.raw()).await.map_err(fault("allocating stock at locations"))?;
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
    Condition::all().add(Expr::col(item::Column::Tracked).eq(true)).add(
        Condition::any()
            .add(Expr::col(item::Column::BackorderLimit).is_null())
            .add(sellable.gte(by_variant(wanted, |d| d.allocated))),
    )
}

/// The stock rows of what is wanted, locked; what is not tracked is wanted no more.
async fn tracked(
    tx: &WriteTx,
    wanted: &mut ItemDeltas,
) -> Result<HashMap<VariantId, item::Model>, AllocateError> {
    let rows = lock(tx.raw(), wanted.keys().copied()).await.map_err(fault("locking stock"))?;
    let rows: HashMap<VariantId, item::Model> =
        rows.into_iter().map(|row| (VariantId::new(row.variant_id), row)).collect();
    if let Some(unknown) = wanted.keys().find(|variant| !rows.contains_key(variant)) {
        return Err(AllocateError::UnknownVariant(*unknown));
    }
    wanted.retain(|variant, _| rows[variant].tracked);
    Ok(rows)
}

/// Why the stock of a variant did not move.
fn shortage((variant, delta): (&VariantId, &Delta), rows: &HashMap<VariantId, item::Model>) -> AllocateError {
    match snapshot_of(&rows[variant]).sellable {
        Some(sellable) if sellable < delta.allocated => AllocateError::NotEnough {
            variant: *variant,
            wanted: delta.allocated,
            sellable: Ord::max(sellable, 0),
        },
        // A row that was there would have been locked, and would still be as it was: this one was not there when it should have moved,
        // and was made anew since.
        _ => {
            tracing::warn!(%variant, "a variant's stock was not there when an order asked for it, and is there now");
            AllocateError::UnknownVariant(*variant)
        }
    }
}

/// Decides which locations the units come from.
async fn split(
    tx: &WriteTx,
    wanted: &ItemDeltas,
    prefer: &BTreeMap<VariantId, LocationId>,
) -> Result<Vec<Allocation>, Fault> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let variants: Vec<Uuid> = wanted.keys().map(|variant| variant.uuid()).collect();
    let of_location = location::Entity::belongs_to(level::Entity)
        .from(location::Column::Id)
        .to(level::Column::LocationId)
        .on_condition(move |_, level| {
            Expr::col((level, level::Column::VariantId)).is_in(variants.clone()).into_condition()
        });
    let levels = location::Entity::find()
        .select_only()
        .column(location::Column::Id)
        .columns([level::Column::VariantId, level::Column::OnHand, level::Column::Allocated])
        .join(JoinType::LeftJoin, of_location.into())
        .order_by_asc(location::Column::Position)
        .order_by_asc(location::Column::Id)
        .into_tuple::<(Uuid, Option<Uuid>, Option<i64>, Option<i64>)>()
        .all(tx.raw())
        .await
        .map_err(fault("reading stock levels"))?;
    let mut places: Vec<LocationId> = Vec::new();
    let mut free: HashMap<(VariantId, LocationId), i64> = HashMap::new();
    for (place, variant, on_hand, allocated) in levels {
        let place = LocationId::new(place);
        if places.last() != Some(&place) {
            places.push(place);
        }
        if let (Some(variant), Some(on_hand), Some(allocated)) = (variant, on_hand, allocated) {
            free.insert((VariantId::new(variant), place), on_hand - allocated);
        }
    }
    let mut allocations = Vec::with_capacity(wanted.len());
    for (variant, delta) in wanted {
        let free_at: Vec<(LocationId, i64)> = places
            .iter()
            .map(|place| (*place, free.get(&(*variant, *place)).copied().unwrap_or(0)))
            .collect();
        let parts = take(&free_at, prefer.get(variant), delta.allocated)
            .ok_or_else(|| Fault::bug("allocating: the shop has no location"))?;
        allocations.extend(parts.into_iter().map(|(location, quantity)| Allocation {
            variant: *variant,
            location,
            quantity,
        }));
    }
    Ok(allocations)
}

/// Takes `wanted` units from the places in turn, from the preferred one before all others; what none of them has is owed by the first. `None`
/// without a place.
fn take(
    free: &[(LocationId, i64)],
    preferred: Option<&LocationId>,
    wanted: i64,
) -> Option<Vec<(LocationId, i64)>> {
    let mut left = wanted;
    let mut parts: Vec<(LocationId, i64)> = Vec::new();
    let is_preferred = |(place, _): &&(LocationId, i64)| Some(place) == preferred;
    let in_turn = free.iter().filter(is_preferred).chain(free.iter().filter(|place| !is_preferred(place)));
    for (place, units) in in_turn {
        let part = (*units).clamp(0, left);
        if part > 0 {
            parts.push((*place, part));
            left -= part;
        }
    }
    if left > 0 {
        let (first, _) = *free.first()?;
        match parts.iter_mut().find(|(place, _)| *place == first) {
            Some((_, units)) => *units += left,
            None => parts.insert(0, (first, left)),
        }
    }
    Some(parts)
}
