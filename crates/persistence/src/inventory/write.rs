//! Counting and correcting stock, at as many places as are named: a request costs the same statements whether it names one or hundreds.

use super::{
    counters::{Delta, ItemDeltas, LevelDeltas, by_variant, lock, lower_levels, move_items, raise_levels},
    entities::item,
    ledger::{self, Entry},
    locations::locations,
    several::levels_of,
    snapshots::snapshot_of,
};
use crate::db::{Raw, WriteTx, fault};
use sea_orm::{
    Condition,
    sea_query::{Expr, ExprTrait},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stoa_domain::{
    catalog::limits,
    inventory::{LedgerKind, SetStockError, StockCause, StockLevel, StockSnapshot},
    shared::{Fault, LocationId, VariantId},
};

/// What becomes of the units at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StockTo {
    /// So many more; fewer, if it is negative.
    By(i64),
    /// So many.
    Count(i64),
}

/// A change of a variant's stock at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockChange {
    /// Of what.
    pub variant: VariantId,
    /// Where.
    pub location: LocationId,
    /// To what.
    pub to: StockTo,
    /// How many were there when that was decided; `None`: it does not matter.
    pub compare: Option<i64>,
}

/// What changes have come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockChanged {
    /// What was at each place and what is, in the order of the changes.
    pub levels: Vec<(StockLevel, StockLevel)>,
    /// The stock of the variants as it is now, whether or not it has moved.
    pub stock: Vec<StockSnapshot>,
}

/// A change that is refused, and with it all of them. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
#[error("change {at}: {error}")]
pub struct ChangeRefused {
    /// Which, counted from 0.
    pub at: usize,
    /// Why.
    pub error: SetStockError,
}

impl From<Fault> for ChangeRefused {
    fn from(fault: Fault) -> Self {
        Self { at: 0, error: fault.into() }
    }
}

/// Changes stock, all of it or nothing; to say what is so already changes nothing. Each place may be named once. No more than eight
/// statements, however many changes.
///
/// # Errors
/// A change is refused: fewer than none would be there, fewer than the place has promised to orders, or another number is there than was
/// seen.
pub async fn change_stock(
    tx: &WriteTx,
    changes: &[StockChange],
    cause: &StockCause,
) -> Result<StockChanged, ChangeRefused> {
    let variants: BTreeSet<VariantId> = changes.iter().map(|change| change.variant).collect();
    let variants: Vec<VariantId> = variants.into_iter().collect();
    let rows = lock(tx.raw(), variants.iter().copied()).await.map_err(fault("locking stock"))?;
    let items: BTreeMap<VariantId, item::Model> =
        rows.into_iter().map(|row| (VariantId::new(row.variant_id), row)).collect();
    let levels = levels_of(tx, &variants).await?;
    let places = places_beside(tx, changes, &levels).await?;
    let mut moves = Moves::default();
    let mut seen = Vec::with_capacity(changes.len());
    for (at, change) in changes.iter().enumerate() {
        let told = change.decide(&items, level_at(&levels, change), &places);
        let (before, after) = told.map_err(|error| ChangeRefused { at, error })?;
        moves.add(change, after.on_hand - before.on_hand)?;
        seen.push((before, after));
    }
    moves.refuse_beyond_promises(changes, &items)?;
    let moved = moves.write(tx, cause).await?;
    let stock = items.iter().map(|(variant, row)| match moved.iter().find(|new| new.variant == *variant) {
        Some(new) => *new,
        None => snapshot_of(row),
    });
    Ok(StockChanged { levels: seen, stock: stock.collect() })
}

impl StockChange {
    /// What is there, and what is to be. `level` is none where the variant never was.
    fn decide(
        &self,
        items: &BTreeMap<VariantId, item::Model>,
        level: Option<StockLevel>,
        places: &BTreeSet<LocationId>,
    ) -> Result<(StockLevel, StockLevel), SetStockError> {
        let item = items.get(&self.variant).ok_or(SetStockError::UnknownVariant(self.variant))?;
        if level.is_none() && !places.contains(&self.location) {
            return Err(SetStockError::UnknownLocation(self.location));
        }
        let before = level.unwrap_or(StockLevel { location: self.location, on_hand: 0, allocated: 0 });
        if self.compare.is_some_and(|seen| seen != before.on_hand) {
            return Err(SetStockError::Stale { current: before.on_hand });
        }
        let on_hand = match self.to {
            StockTo::Count(units) => Some(units),
            StockTo::By(by) => before.on_hand.checked_add(by),
        };
        let on_hand = on_hand.filter(|units| (0..=limits::STOCK).contains(units));
        let on_hand = on_hand.ok_or(SetStockError::OutOfRange)?;
        // What was sold beyond the stock is owed by a place that never had it: so much may be missing there, and no more.
        let missing = |limit: i64| on_hand.saturating_add(limit) < before.allocated;
        if on_hand < before.on_hand && item.backorder_limit.is_some_and(missing) {
            return Err(SetStockError::BelowAllocated { allocated: before.allocated });
        }
        Ok((before, StockLevel { on_hand, ..before }))
    }
}

/// What moves, by place and in all.
#[derive(Default)]
struct Moves {
    items: ItemDeltas,
    counted: LevelDeltas,
    adjusted: LevelDeltas,
}

impl Moves {
    fn add(&mut self, change: &StockChange, by: i64) -> Result<(), Fault> {
        if by == 0 {
            return Ok(());
        }
        let place = (change.variant, change.location);
        if self.counted.contains_key(&place) || self.adjusted.contains_key(&place) {
            return Err(Fault::bug("stock.change: a place is named twice"));
        }
        let levels = match change.to {
            StockTo::Count(_) => &mut self.counted,
            StockTo::By(_) => &mut self.adjusted,
        };
        levels.insert(place, Delta { on_hand: by, allocated: 0 });
        self.items.entry(change.variant).or_default().on_hand += by;
        Ok(())
    }

    /// Refuses what each place could bear alone, and not all of them together.
    fn refuse_beyond_promises(
        &self,
        changes: &[StockChange],
        items: &BTreeMap<VariantId, item::Model>,
    ) -> Result<(), ChangeRefused> {
        for (variant, delta) in &self.items {
            let Some(row) = items.get(variant) else { continue };
            let covered = row.backorder_limit.map(|limit| limit.saturating_add(row.on_hand + delta.on_hand));
            if covered.is_some_and(|units| units < row.allocated) {
                let at = changes.iter().position(|change| change.variant == *variant).unwrap_or_default();
                let error = SetStockError::BelowAllocated { allocated: row.allocated };
                return Err(ChangeRefused { at, error });
            }
        }
        Ok(())
    }

    async fn write(&self, tx: &WriteTx, cause: &StockCause) -> Result<Vec<StockSnapshot>, Fault> {
        if self.items.is_empty() {
            return Ok(Vec::new());
        }
        let after = Expr::col(item::Column::OnHand).add(by_variant(&self.items, |delta| delta.on_hand));
        let covered = covers(after, Expr::col(item::Column::BackorderLimit));
        let moved = move_items(tx.raw(), &self.items, covered).await.map_err(fault("counting stock"))?;
        if moved.len() < self.items.len() {
            return Err(Fault::bug("stock.change: it has moved under its lock"));
        }
        let these = |up: bool| -> LevelDeltas {
            let all =
                self.counted.iter().chain(&self.adjusted).filter(|(_, delta)| (delta.on_hand > 0) == up);
            all.map(|(place, delta)| (*place, *delta)).collect()
        };
        raise_levels(tx.raw(), &these(true)).await.map_err(fault("counting stock at locations"))?;
        lower_levels(tx.raw(), &these(false)).await.map_err(fault("counting stock at locations"))?;
        for (kind, levels) in [(LedgerKind::Counted, &self.counted), (LedgerKind::Adjusted, &self.adjusted)] {
            let entry = |(place, delta): (&(VariantId, LocationId), &Delta)| Entry {
                variant: place.0,
                location: place.1,
                delta: *delta,
            };
            let entries: Vec<Entry> = levels.iter().map(entry).collect();
            ledger::append(tx.raw(), kind, cause, &entries)
                .await
                .map_err(fault("writing the stock ledger"))?;
        }
        Ok(moved)
    }
}

/// All places, if one is named where its variant never was; none of them need be known otherwise.
async fn places_beside(
    tx: &WriteTx,
    changes: &[StockChange],
    levels: &HashMap<VariantId, Vec<StockLevel>>,
) -> Result<BTreeSet<LocationId>, Fault> {
    if changes.iter().all(|change| level_at(levels, change).is_some()) {
        return Ok(BTreeSet::new());
    }
    Ok(locations(tx).await?.into_iter().map(|place| place.id).collect())
}

fn level_at(levels: &HashMap<VariantId, Vec<StockLevel>>, change: &StockChange) -> Option<StockLevel> {
    levels.get(&change.variant)?.iter().find(|level| level.location == change.location).copied()
}

/// Stock and allowance cover what is promised. No limit covers everything, and so does stock that is not counted.
pub(super) fn covers(on_hand: Expr, backorder_limit: Expr) -> Condition {
    Condition::any()
        .add(backorder_limit.clone().is_null())
        .add(on_hand.add(backorder_limit).gte(Expr::col(item::Column::Allocated)))
}
